"""The columns of a table in a few words each, for a user who chooses one of them."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from jpas_gui.core.catalogues.column_names import quantity_of
from jpas_gui.core.catalogues.numbers import read_numbers
from jpas_gui.core.catalogues.table import CatalogueTable
from jpas_gui.core.errors import InputError

_SAMPLE = 200
_SHOWN_VALUES = 3
_SHOWN_CHARACTERS = 30
_LARGEST_WHOLE = 1e15


@dataclass(frozen=True)
class ColumnSummary:
    """A column of a table.

    Parameters
    ----------
    name : str
    is_number : bool
        Whether it has one number per row.
    is_photometry : bool
        Whether its name is of a band.
    text : str
        The range and the first values of its first rows; empty where they cannot be read.
    """

    name: str
    is_number: bool = False
    is_photometry: bool = False
    text: str = ""


def column_summaries(table: CatalogueTable) -> tuple[ColumnSummary, ...]:
    """Return the columns of a table: those with one number per row first, of them photometry last."""
    try:
        rows = table.head(table.names, _SAMPLE).columns
    except InputError:
        rows = {}
    found = [_summary(name, rows.get(name)) for name in table.names]
    return tuple(sorted(found, key=lambda column: (not column.is_number, column.is_photometry)))


def _summary(name: str, column: Any) -> ColumnSummary:
    is_photometry = quantity_of(name)[1] is not None
    if column is None:
        return ColumnSummary(name, is_photometry=is_photometry)
    numbers = read_numbers(column, 1)
    known = numbers.values[np.isfinite(numbers.values)]
    if numbers.problems or not known.size:
        first = ", ".join(_shown(value) for value in column[:_SHOWN_VALUES])
        return ColumnSummary(name, False, is_photometry, first)
    first = ", ".join(_number(value) for value in numbers.values[:_SHOWN_VALUES])
    return ColumnSummary(name, True, is_photometry, f"{_number(known.min())} to {_number(known.max())}; first {first}")


def _number(value: float) -> str:
    is_whole = np.isfinite(value) and value == int(value) and abs(value) < _LARGEST_WHOLE
    return f"{value:.0f}" if is_whole else f"{value:.4g}"


def _shown(value: Any) -> str:
    text = " ".join(str(value.decode("utf-8", "replace") if isinstance(value, bytes) else value).split())
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"
