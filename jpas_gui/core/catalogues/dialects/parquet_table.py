"""Parquet, read by groups of rows."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from jpas_gui.core.catalogues.dialects.arrow_numbers import are_numbers, array_of, numpy_of
from jpas_gui.core.catalogues.table import CatalogueTable, TableRows, check_names
from jpas_gui.core.damage import damage_told
from jpas_gui.core.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import FileMetaData, ParquetFile

_MAGIC = b"PAR1"
_BUFFER = 1 << 18
"""Bytes of each column that are read ahead: without it whole groups of rows would be held in memory."""


def is_parquet(head: bytes) -> bool:
    """Return whether a file that begins so is Parquet."""
    return head.startswith(_MAGIC)


def read_parquet(path: Path) -> CatalogueTable:
    """Open a Parquet file.

    Raises
    ------
    InputError
        If it is damaged, or two columns have one name.
    """
    with _damage_told(path), _open(path) as file:
        metadata, schema = file.metadata, file.schema_arrow
    names = tuple(schema.names)
    check_names(str(path), names)
    reader = _Reader(path, metadata)
    return CatalogueTable(
        str(path),
        "Parquet",
        names,
        metadata.num_rows,
        reader.read,
        reader.stream,
        units=_said(schema, "unit"),
        descriptions=_said(schema, "description", "ucd"),
    )


class _Reader:
    """Reads parts of a file.

    A single row costs its whole group, so the last groups that were asked for are kept.
    """

    def __init__(self, path: Path, metadata: "FileMetaData") -> None:
        self._path = path
        self._metadata = metadata
        sizes = [metadata.row_group(group).num_rows for group in range(metadata.num_row_groups)]
        self._edges = np.concatenate([[0], np.cumsum(sizes, dtype=np.intp)])
        self._group = lru_cache(maxsize=2)(self._read_group)

    def read(self, names: Sequence[str], start: int, stop: int) -> TableRows:
        """Return some rows."""
        import pyarrow as pa

        parts = []
        for group in range(self._group_of(start), len(self._edges) - 1):
            first, last = self._edges[group], self._edges[group + 1]
            if first >= stop:
                break
            table = self._group(group, tuple(names))
            begin = max(start - first, 0)
            parts.append(table.slice(begin, min(stop, last) - first - begin))
        if not parts:
            return TableRows(start, {name: np.empty(0) for name in names})
        return _rows(start, pa.concat_tables(parts))

    def stream(self, names: Sequence[str], size: int, start: int) -> Iterator[TableRows]:
        """Yield parts of `size` rows, in the memory of a few."""
        import pyarrow as pa

        group = self._group_of(start)
        skipped = start - int(self._edges[group])
        waiting: list[pa.RecordBatch] = []
        n_waiting = 0
        for batch in self._batches(list(names), size, group):
            part = batch.slice(skipped)
            skipped = max(skipped - batch.num_rows, 0)
            while n_waiting + part.num_rows >= size:
                whole = pa.Table.from_batches([*waiting, part.slice(0, size - n_waiting)])
                part = part.slice(size - n_waiting)
                waiting, n_waiting = [], 0
                yield _rows(start, whole)
                start += size
            if part.num_rows:
                waiting.append(part)
                n_waiting += part.num_rows
        if waiting:
            yield _rows(start, pa.Table.from_batches(waiting))

    def _batches(self, names: list[str], size: int, group: int) -> Iterator["pa.RecordBatch"]:
        with _damage_told(self._path), _open(self._path, self._metadata) as file:
            groups = range(group, file.num_row_groups)
            yield from file.iter_batches(batch_size=size, row_groups=groups, columns=names)

    def _group_of(self, row: int) -> int:
        return int(np.searchsorted(self._edges[1:], row, side="right"))

    def _read_group(self, group: int, names: tuple[str, ...]) -> "pa.Table":
        with _damage_told(self._path), _open(self._path, self._metadata) as file:
            return file.read_row_group(group, columns=list(names))


def _open(path: Path, metadata: "FileMetaData | None" = None) -> "ParquetFile":
    from pyarrow.parquet import ParquetFile

    return ParquetFile(path, metadata=metadata, buffer_size=_BUFFER, pre_buffer=False)


def _rows(start: int, table: "pa.Table") -> TableRows:
    return TableRows(start, {name: _values(table.column(name)) for name in table.column_names})


def _values(column: "pa.ChunkedArray") -> Any:
    """Return a column as an array of numbers where it is one, else as a list."""
    from pyarrow import types

    array = array_of(column)
    if are_numbers(array.type):
        return numpy_of(array)
    is_list = types.is_list(array.type) or types.is_large_list(array.type) or types.is_fixed_size_list(array.type)
    if is_list and len(array) and not array.null_count:
        inner = array.flatten()
        lengths = numpy_of(array.value_lengths()) if not types.is_fixed_size_list(array.type) else np.zeros(1)
        if are_numbers(inner.type) and (lengths == lengths[0]).all():
            return numpy_of(inner).reshape(len(array), -1)
    return array.to_pylist()


def _said(schema: "pa.Schema", *keys: str) -> dict[str, str]:
    """Return what the fields say under some keys, or what astropy has written beside them."""
    said = {}
    for field in schema:
        own = field.metadata or {}
        said[field.name] = " ".join(own[key.encode()].decode() for key in keys if key.encode() in own)
    written = (schema.metadata or {}).get(b"table_meta_yaml")
    if written:
        from astropy.table.meta import get_header_from_yaml

        # What is told beside the columns can be done without.
        with suppress(InputError), damage_told("what astropy says of the columns"):
            for column in get_header_from_yaml(written.decode().splitlines())["datatype"]:
                texts = [str(column[key]) for key in keys if column.get(key)]
                said[column["name"]] = " ".join(texts) or said.get(column["name"], "")
    return {name: text for name, text in said.items() if text}


def _damage_told(path: Path) -> AbstractContextManager[None]:
    return damage_told(path, "this Parquet file is damaged or cut short", with_reason=True)
