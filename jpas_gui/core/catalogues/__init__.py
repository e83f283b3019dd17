"""Catalogues of observed photometry: files of several dialects, read into one kind of table."""
