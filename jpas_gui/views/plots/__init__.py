"""Pieces shared by all plots: theme, items, export."""
