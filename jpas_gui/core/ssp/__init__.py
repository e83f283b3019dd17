"""Simple stellar populations: the library model, its readers and the catalogue of known libraries."""
