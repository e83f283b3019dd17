"""What a catalogue looks like to the program, whatever file it comes from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jpas_gui.core.arrays import FloatArray


@dataclass(frozen=True, eq=False)
class CatalogueTable:
    """A table whose columns are read when they are asked for.

    Parameters
    ----------
    origin : str
        The file, for messages.
    names : tuple of str
        Names of the columns, as the file has them.
    n_rows : int
    read_column : callable
        ``read_column(name)`` is the column as it came: an array, masked array or list with one item per row.
    """

    origin: str
    names: tuple[str, ...]
    n_rows: int
    read_column: Callable[[str], Any]

    def find(self, name: str) -> str | None:
        """Return the file's name of a column, in any case, and behind a table's name (``MagABDualObj.MAG_AUTO``)."""
        return next((own for own in self.names if plain_name(own) == name.lower()), None)


def plain_name(name: str) -> str:
    """Return a column's name in lower case and without the name of its table."""
    return name.strip().lower().rpartition(".")[2]


@dataclass(frozen=True, eq=False)
class BandValues:
    """One quantity of all rows in some bands.

    Parameters
    ----------
    name : str
        The column, or what the names of its columns begin with, as the file has it.
    bands : tuple of str
        Names of the bands, in the order of the columns of `values`.
    values : ndarray, shape (n_rows, n_bands)
        NaN where the file has no number.
    """

    name: str
    bands: tuple[str, ...]
    values: FloatArray
