"""What a catalogue looks like to the program, whatever file it comes from."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from jpas_gui.core.arrays import IndexArray
from jpas_gui.core.damage import damage_told
from jpas_gui.core.errors import InputError


@dataclass(frozen=True, eq=False)
class TableRows:
    """Some columns of some rows that follow each other.

    Parameters
    ----------
    start : int
        Number of the first row in the file, from 0.
    columns : mapping
        Of each name the column as it came: an array, masked array or list with one item per row.
    problems : mapping, optional
        Of each position whose row has another shape than the table: what is wrong. Its cells are None.
    lines : ndarray of int, shape (n_rows,), optional
        Line of each row in a file of text.
    """

    start: int
    columns: Mapping[str, Any]
    problems: Mapping[int, str] = field(default_factory=dict)
    lines: IndexArray | None = None

    def where(self, position: int) -> str:
        """Return how a user finds a row: ``"line 14"`` of a text, else ``"row 13"``, counted from 1."""
        return f"row {self.start + position + 1}" if self.lines is None else f"line {self.lines[position]}"


@dataclass(frozen=True, eq=False)
class CatalogueTable:
    """A table whose rows are read when they are asked for.

    Parameters
    ----------
    origin : str
        The file, for messages.
    kind : str
        Kind of file, e.g. ``"FITS"``.
    names : tuple of str
        Names of the columns, as the file has them.
    n_rows : int
    read_part : callable
        ``read_part(names, start, stop)`` reads a part of the table.
    stream_parts : callable, optional
        ``stream_parts(names, size, start)`` yields one part after the other, where that costs less than reading each.
    units : mapping, optional
        Units of the columns that have one.
    descriptions : mapping, optional
        What the file says of its columns, UCDs among it.
    source : str, optional
        What the file says of its origin, such as the query that made it.
    """

    origin: str
    kind: str
    names: tuple[str, ...]
    n_rows: int
    read_part: Callable[[Sequence[str], int, int], TableRows]
    stream_parts: Callable[[Sequence[str], int, int], Iterator[TableRows]] | None = None
    units: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    source: str = ""

    def find(self, name: str) -> str | None:
        """Return the file's name of a column, in any case, and behind a table's name (``MagABDualObj.MAG_AUTO``)."""
        if name in self._own_names:
            return name
        return self._by_plain_name.get(plain_name(name))

    @cached_property
    def _own_names(self) -> frozenset[str]:
        return frozenset(self.names)

    @cached_property
    def _by_plain_name(self) -> dict[str, str]:
        return {plain_name(name): name for name in reversed(self.names)}

    def read_rows(self, names: Sequence[str], start: int, stop: int) -> TableRows:
        """Return some columns of the rows from `start` to before `stop`.

        Raises
        ------
        InputError
            If the file can no longer be read.
        """
        with damage_told(self.origin):
            return self.read_part(names, start, stop)

    def head(self, names: Sequence[str], n_rows: int) -> TableRows:
        """Return some columns of the first rows, without reading more than is needed for them."""
        return next(self.stream(names, min(n_rows, self.n_rows)))

    def stream(self, names: Sequence[str], size: int, start: int = 0) -> Iterator[TableRows]:
        """Yield parts of `size` rows, the last one shorter, from `start` to the end.

        Raises
        ------
        InputError
            If the file can no longer be read.
        """
        if self.stream_parts is None:
            for first in range(start, self.n_rows, size):
                yield self.read_rows(names, first, min(first + size, self.n_rows))
            return
        with damage_told(self.origin):
            yield from self.stream_parts(names, size, start)


def check_names(origin: str, names: Sequence[str]) -> None:
    """Find out whether each column has a name of its own.

    Raises
    ------
    InputError
        If two columns have one name: nobody knows which of them is meant.
    """
    doubled = next((name for name, count in Counter(names).items() if count > 1), None)
    if doubled is not None:
        raise InputError(f"{origin}: two columns are named {doubled or 'nothing at all'}: give each its own name")


def plain_name(name: str) -> str:
    """Return a column's name in lower case and without the name of its table."""
    return name.strip().lower().rpartition(".")[2]
