"""Catalogues of predictions: their columns, the parts of a run, and one writer per format."""
