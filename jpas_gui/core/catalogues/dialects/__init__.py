"""One file per dialect of catalogue files; each yields a `CatalogueTable`."""
