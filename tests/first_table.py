"""The largest table of a file, and what it holds of bands, for tests of readers."""

from dataclasses import dataclass
from pathlib import Path

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.catalogues.bands import BandColumns, array_length, bands_of_length, columns_per_band
from jpas_gui.core.catalogues.column_names import columns_by_quantity, quantity_of
from jpas_gui.core.catalogues.reading import read_tables
from jpas_gui.core.catalogues.table import CatalogueTable


@dataclass(frozen=True, eq=False)
class BandValues:
    """One quantity of all rows in some bands: values of shape (n_rows, n_bands)."""

    bands: tuple[str, ...]
    values: FloatArray


def read_catalogue(path: Path) -> CatalogueTable:
    """Open a catalogue, of several tables that with the most rows."""
    return next(read_tables(path))


def band_values(table: CatalogueTable, quantity: str) -> BandValues:
    """Return a quantity such as ``"MAG_AUTO"``: a column of arrays, or one column per band."""
    name = table.find(quantity)
    if name is not None:
        bands = bands_of_length(array_length(table, name))
        assert bands is not None
        columns = BandColumns(bands, (name,), is_array=True)
    else:
        wanted, _ = quantity_of(quantity)
        found = columns_per_band(table.origin, columns_by_quantity(table.names)[wanted])
        assert found is not None
        columns = found
    return BandValues(columns.bands, columns.read(table.read_rows(columns.columns, 0, table.n_rows)).values)
