"""Which redshift the galaxies of a catalogue have."""

from dataclasses import dataclass

import numpy as np

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.catalogues.layout import FLATTENED, MAPPED, PAIRS
from jpas_gui.core.catalogues.numbers import Numbers
from jpas_gui.core.catalogues.row_values import RowValues, row_values, within
from jpas_gui.core.catalogues.table import CatalogueTable, TableRows, plain_name
from jpas_gui.core.errors import InputError

LARGEST_REDSHIFT = 20.0
_BLUESHIFT = -0.01
"""Galaxies of the Local Volume can have it; what is below stands for an unknown redshift."""

_PHOTOMETRIC = ("photoz", "photo_z", "z_phot", "zphot", "z_ml")
_SPECTROSCOPIC = ("zspec", "z_spec", "spec_z", "specz", "zsp", "redshift", "z")


class RedshiftNeeded(InputError):  # noqa: N818 - what the user is to give
    """A table may be read with a redshift or in the rest frame, or has several redshifts.

    Parameters
    ----------
    message : str
    columns : tuple of str
        Columns that may be the redshift.
    table : CatalogueTable
    """

    def __init__(self, message: str, columns: tuple[str, ...], table: CatalogueTable) -> None:
        super().__init__(message)
        self.columns, self.table = columns, table


@dataclass(frozen=True)
class RedshiftSource:
    """Where redshifts come from.

    Parameters
    ----------
    values : RowValues
    zero_is_unknown : bool
        True for columns of the archive, which writes 0 for an unknown redshift.
    """

    values: RowValues
    zero_is_unknown: bool = False

    def read(self, rows: TableRows, n_rows: int) -> Numbers:
        """Return the redshifts, shape (n_rows,), NaN where they are not known, and the problems with their column."""
        numbers = self.values.read(rows, n_rows)
        return Numbers(self._known(numbers.values), numbers.problems)

    def _known(self, redshift: FloatArray) -> FloatArray:
        if self.values.column is None:
            return redshift
        smallest = np.nextafter(0, 1) if self.zero_is_unknown else _BLUESHIFT
        return within(redshift, smallest, LARGEST_REDSHIFT)


def choose_redshift(table: CatalogueTable, dialect: str, given: str | float | None) -> RedshiftSource:
    """Return the redshifts that a user gives, or those that a table of the archive is known to have.

    Raises
    ------
    RedshiftNeeded
        If none is given, and the table can be read in two ways.
    InputError
        If what is given is neither a column nor a redshift.
    """
    if given is not None:
        values = row_values(table, given, "redshift", LARGEST_REDSHIFT)
        return RedshiftSource(values, values.column is not None and _is_of_archive(values.column))
    photometric, spectroscopic = (_columns(table, names) for names in (_PHOTOMETRIC, _SPECTROSCOPIC))
    columns = (*photometric, *spectroscopic)
    if not columns:
        return RedshiftSource(RowValues())
    if dialect in (PAIRS, MAPPED) or (not photometric and len(columns) > 1):
        raise _needed(table, columns, of_archive=dialect not in (PAIRS, MAPPED))
    return RedshiftSource(RowValues(columns[0]), zero_is_unknown=_is_of_archive(columns[0]) or dialect == FLATTENED)


def _needed(table: CatalogueTable, columns: tuple[str, ...], of_archive: bool) -> RedshiftNeeded:
    names = " and ".join(columns)
    if of_archive:
        return RedshiftNeeded(f"{table.origin}: it has {names}: say which of them is the redshift", columns, table)
    return RedshiftNeeded(
        f"{table.origin}: it has {names}, and does not say whether its photometry is observed or in the rest frame: "
        f"give the column {columns[0]}, or 0 for the rest frame (--redshift)",
        columns,
        table,
    )


def _columns(table: CatalogueTable, names: tuple[str, ...]) -> tuple[str, ...]:
    found = (table.find(name) for name in names)
    return tuple(dict.fromkeys(name for name in found if name is not None))


def _is_of_archive(column: str) -> bool:
    return plain_name(column) in (*_PHOTOMETRIC, "zsp")
