"""Tables that astropy has read as a whole."""

from collections.abc import Sequence

from astropy.table import Table

from jpas_gui.core.catalogues.table import CatalogueTable, TableRows


def memory_table(origin: str, kind: str, table: Table, source: str = "") -> CatalogueTable:
    """Return a table in memory as a catalogue."""

    def read_part(names: Sequence[str], start: int, stop: int) -> TableRows:
        return TableRows(start, {name: table[name].value[start:stop] for name in names})

    units = {column.name: str(column.unit) for column in table.columns.values() if column.unit is not None}
    return CatalogueTable(origin, kind, tuple(table.colnames), len(table), read_part, units=units, source=source)
