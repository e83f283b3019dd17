"""The tab of degeneracies: posterior maps, twins, bands, limits, libraries."""
