"""Catalogues of observed photometry."""
