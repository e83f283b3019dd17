"""Tables that astropy has read as a whole."""

from collections.abc import Mapping, Sequence

from astropy.table import Table

from jpas_gui.core.catalogues.table import CatalogueTable, TableRows


def memory_table(
    origin: str, kind: str, table: Table, source: str = "", descriptions: Mapping[str, str] | None = None
) -> CatalogueTable:
    """Return a table in memory as a catalogue, with its own descriptions where none are given."""

    def read_part(names: Sequence[str], start: int, stop: int) -> TableRows:
        return TableRows(start, {name: table[name].value[start:stop] for name in names})

    columns = table.columns.values()
    units = {column.name: str(column.unit) for column in columns if column.unit is not None}
    own = {column.name: f"{column.description or ''} {column.meta.get('ucd', '')}".strip() for column in columns}
    return CatalogueTable(
        origin,
        kind,
        tuple(table.colnames),
        len(table),
        read_part,
        units=units,
        descriptions=own if descriptions is None else descriptions,
        source=source,
    )
