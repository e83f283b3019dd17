"""Quantities per band: an array in one column, or one column per band."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from jpas_gui.core.catalogues.numbers import Numbers, read_numbers
from jpas_gui.core.catalogues.table import CatalogueTable, TableRows
from jpas_gui.core.errors import InputError
from jpas_gui.core.photometry.bands import N_SURVEY_BANDS, Band, all_bands

N_JPLUS_BANDS = 12

_SAMPLE = 100
"""Rows that show how long the arrays of a column are: some rows may have none."""


@dataclass(frozen=True)
class BandColumns:
    """Where a table has a quantity in some bands.

    Parameters
    ----------
    bands : tuple of str
        In the order of the filter ids.
    columns : tuple of str
        One per band, or a single one whose arrays have the bands.
    is_array : bool
        True for a single column of arrays.
    """

    bands: tuple[str, ...]
    columns: tuple[str, ...]
    is_array: bool = False

    def read(self, rows: TableRows, truth: bool = False) -> Numbers:
        """Return the values, shape (n_rows, n_bands), and the problems with their columns.

        Parameters
        ----------
        rows : TableRows
        truth : bool
            Take words such as ``"True"`` and ``"no"`` for 1 and 0.
        """
        if self.is_array:
            numbers = read_numbers(rows.columns[self.columns[0]], len(self.bands), truth)
            return Numbers(numbers.values, _named(numbers, self.columns[0]))
        problems: dict[int, str] = {}
        each = {}
        for column in dict.fromkeys(self.columns):
            numbers = read_numbers(rows.columns[column], 1, truth)
            problems = _named(numbers, column) | problems
            each[column] = numbers.values
        # Band after band in memory: rows after rows would be written in steps.
        return Numbers(np.stack([each[column] for column in self.columns]).T, problems)


def _named(numbers: Numbers, column: str) -> dict[int, str]:
    return {position: f"column {column}: {problem}" for position, problem in numbers.problems.items()}


def bands_of_length(length: int) -> tuple[str, ...] | None:
    """Return the bands of an array by its length, or None: the archive orders them by filter id."""
    names = tuple(band.name for band in all_bands())
    survey = names[:N_SURVEY_BANDS]
    return {N_SURVEY_BANDS: survey, N_SURVEY_BANDS + 1: (*survey, "iSDSS"), len(names): names}.get(length)


def array_length(table: CatalogueTable, column: str) -> int:
    """Return the length of the arrays of a column, 1 where it holds single numbers or text, from its first rows."""
    return array_lengths(table, [column])[column]


def array_lengths(table: CatalogueTable, columns: Sequence[str]) -> dict[str, int]:
    """Return the length of the arrays of each column."""
    if not columns:
        return {}
    rows = table.head(columns, _SAMPLE)
    values = {column: read_numbers(rows.columns[column], truth=True).values for column in columns}
    return {column: own.shape[1] if own.ndim == 2 else 1 for column, own in values.items()}


def columns_per_band(origin: str, columns: Iterable[tuple[str, Band | None]]) -> BandColumns | None:
    """Return the columns of a quantity that has one column per band, or None where there is none.

    Raises
    ------
    InputError
        If a band has two columns.
    """
    names: dict[str, str] = {}
    for name, band in columns:
        if band is None:
            continue
        if band.name in names:
            raise InputError(f"{origin}: two columns of {band.name}: {names[band.name]} and {name}")
        names[band.name] = name
    if not names:
        return None
    bands = tuple(band.name for band in all_bands() if band.name in names)
    return BandColumns(bands, tuple(names[band] for band in bands))


def not_jplus(table: CatalogueTable, why: str) -> InputError:
    """Return the error of a catalogue of J-PLUS or S-PLUS."""
    return InputError(
        f"{table.origin}: this is photometry of J-PLUS or S-PLUS, not of J-PAS: {why}; give a catalogue of J-PAS or "
        "mini-JPAS"
    )
