"""Figures of an evaluation, drawn with matplotlib, which is imported when the first one is drawn."""
