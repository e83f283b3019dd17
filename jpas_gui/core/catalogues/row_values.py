"""One number per galaxy, from a column or the same for all: redshift, E(B-V)."""

from dataclasses import dataclass

import numpy as np

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.catalogues.numbers import Numbers, read_numbers
from jpas_gui.core.catalogues.sentinels import are_nines
from jpas_gui.core.catalogues.table import CatalogueTable, TableRows
from jpas_gui.core.errors import InputError
from jpas_gui.core.near_names import near_names


@dataclass(frozen=True)
class RowValues:
    """Where one number per galaxy comes from.

    Parameters
    ----------
    column : str, optional
        A column of the table.
    value : float
        Of all galaxies, where there is no column.
    """

    column: str | None = None
    value: float = np.nan

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are read."""
        return () if self.column is None else (self.column,)

    def read(self, rows: TableRows, n_rows: int) -> Numbers:
        """Return the numbers, shape (n_rows,), and the problems with their column."""
        if self.column is None:
            return Numbers(np.full(n_rows, self.value), {})
        numbers = read_numbers(rows.columns[self.column], 1)
        problems = {position: f"column {self.column}: {text}" for position, text in numbers.problems.items()}
        # 9.99 and its kin would be within the range of a redshift.
        return Numbers(np.where(are_nines(numbers.values), np.nan, numbers.values), problems)


def row_values(table: CatalogueTable, given: str | float, what: str, largest: float) -> RowValues:
    """Return what a user names: a column, or a value from 0 to `largest`.

    Raises
    ------
    InputError
        If there is no such column, or the value is outside the range.
    """
    if isinstance(given, str):
        column = table.find(given)
        if column is not None:
            return RowValues(column)
        try:
            given = float(given)
        except ValueError:
            near = ", ".join(near_names(str(given), table.names))
            raise InputError(
                f"{table.origin}: no column {given} for {what}, and it is no number{near and f'; it has {near}'}"
            ) from None
    if not 0 <= given <= largest:
        raise InputError(f"{what} {given:g}: it must be 0 to {largest:g}")
    return RowValues(value=float(given))


def within(values: FloatArray, low: float, high: float) -> FloatArray:
    """Return the values, NaN where they are outside the range."""
    with np.errstate(invalid="ignore"):
        return np.where((values >= low) & (values <= high), values, np.nan)
