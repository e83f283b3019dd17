"""Which columns tell one row of a catalogue from another."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jpas_gui.core.arrays import IndexArray
from jpas_gui.core.catalogues.table import CatalogueTable, TableRows
from jpas_gui.core.errors import InputError

ROW = "row"
"""Name of the id of a file that has none: the number of the row, from 0."""

_ARCHIVE = ("TILE_ID", "NUMBER")
_SINGLE = ("id", "objid", "obj_id", "object_id", "objectid", "source_id", "specobjid", "name", "object", "number")


def find_id_columns(table: CatalogueTable, given: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the id columns: those given, the archive's two, or one with a usual name; empty where there is none.

    Raises
    ------
    InputError
        If a given column is not there.
    """
    for name in given:
        if table.find(name) is None:
            raise InputError(f"{table.origin}: no column {name}, which the column map names as id")
    for names in (given, _ARCHIVE, *((name,) for name in _SINGLE)):
        columns = tuple(own for name in names if (own := table.find(name)) is not None)
        if columns and len(columns) == len(names):
            return columns
    return ()


def id_values(rows: TableRows, columns: Sequence[str], row: IndexArray) -> dict[str, NDArray[Any]]:
    """Return the ids by the names of their columns without that of their table: whole numbers, or text."""
    if not columns:
        return {ROW: row}
    return {column.rpartition(".")[2]: _ids(rows.columns[column]) for column in columns}


def row_names(ids: dict[str, NDArray[Any]], rows: TableRows) -> NDArray[np.str_]:
    """Return what lists show, e.g. ``"2470-1234"``; the number of the row, from 1, where it has no id."""
    if tuple(ids) == (ROW,):
        return np.char.add("row ", (ids[ROW] + 1).astype(str))
    first, *others = (values.astype(str) for values in ids.values())
    for values in others:
        first = np.strings.add(np.strings.add(first, "-"), values)
    lost = list(rows.problems)
    if lost:
        first = first.astype(object)
        first[lost] = [rows.where(position) for position in lost]
    return first.astype(str)


def _ids(column: Any) -> NDArray[Any]:
    values = column if isinstance(column, np.ndarray) else np.array(column, dtype=object)
    values = values.reshape(len(values), -1)[:, 0] if values.ndim == 2 else values
    if values.dtype.kind in "iu" and not np.ma.is_masked(values):
        kind = np.uint64 if values.dtype.kind == "u" and values.dtype.itemsize == 8 else np.int64
        return np.asarray(values).astype(kind)
    return np.array([_text(value) for value in values.tolist()], dtype=str)


def _text(value: Any) -> str:
    if isinstance(value, np.ndarray) and value.size == 1:
        value = value.ravel()[0]
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return "" if value is None else str(value).strip()
