"""Why no photometry was found in a table."""

from collections.abc import Mapping, Sequence

from jpas_gui.core.catalogues.bands import N_JPLUS_BANDS, array_lengths, not_jplus
from jpas_gui.core.catalogues.column_names import (
    ERROR_ROLES,
    ColumnsOfQuantities,
    Quantity,
    Role,
    Scale,
    is_jplus_only,
)
from jpas_gui.core.catalogues.table import CatalogueTable
from jpas_gui.core.errors import InputError

MIN_BANDS = 5
"""J-PLUS and S-PLUS share four narrow bands with J-PAS; other surveys have some of the broad ones."""

_SHOWN_CHARACTERS = 40
_ERRORS = {
    Scale.FLUX: "FLUX_RELERR_{0}, FLUX_ERR_{0} or FLUX_IVAR_{0}",
    Scale.MAGNITUDE: "MAG_ERR_{0}",
}


class ColumnsNeeded(InputError):  # noqa: N818 - what the user is to give
    """No dialect fits a table: a column map is needed.

    Parameters
    ----------
    message : str
    table : CatalogueTable
    reason : str
        What is wrong with columns that are nearly those that are needed; empty where there are none.
    """

    def __init__(self, message: str, table: CatalogueTable, reason: str) -> None:
        super().__init__(message)
        self.table, self.reason = table, reason

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of the file."""
        return self.table.names


def missing_photometry(table: CatalogueTable, columns: ColumnsOfQuantities, lengths: Mapping[str, int]) -> InputError:
    """Return the error of a table without values and errors in enough bands of J-PAS.

    Parameters
    ----------
    table : CatalogueTable
    columns : mapping
        Of its quantities.
    lengths : mapping
        Of columns that may be arrays, the length of their arrays.
    """
    others = [name for name in table.names if is_jplus_only(name)]
    if others:
        return not_jplus(table, f"the column {others[0]} is of a band that J-PAS has not")
    values = [quantity for quantity in columns if quantity.role is Role.VALUE and quantity.scale is not Scale.UNSAID]
    arrays = array_lengths(table, [name for quantity in values for name, band in columns[quantity] if band is None])
    short = next((name for name, length in arrays.items() if length == N_JPLUS_BANDS), None)
    if short is not None:
        return not_jplus(table, f"the arrays of {short} have {N_JPLUS_BANDS} bands")
    found = next((why for quantity in values if (why := _near(table, columns, lengths, quantity))), None)
    needed = (
        "needed are columns such as FLUX_AUTO and FLUX_RELERR_AUTO with arrays of 56, 57 or 60 bands, or one column "
        f"per band and its error, or a column map; it has {some_columns(table)}"
    )
    message = f"{table.origin}: no photometry of J-PAS with its errors: {found or needed}"
    return ColumnsNeeded(message, table, found or "")


def _near(
    table: CatalogueTable, columns: ColumnsOfQuantities, lengths: Mapping[str, int], value: Quantity
) -> str | None:
    """Return what is wrong with values that are nearly those that are needed."""
    scales = (value.scale, Scale.UNSAID)
    errors = [
        own for role in ERROR_ROLES for scale in scales if (own := Quantity(role, scale, value.aperture)) in columns
    ]
    names, error_names = [name for name, _ in columns[value]], [name for own in errors for name, _ in columns[own]]
    if errors:
        arrays = [name for name in (*names, *error_names) if name in lengths]
        other = next((name for name in arrays if lengths[name] not in (56, 57, 60)), None)
        if other is not None:
            if lengths[other] > 1:
                return f"column {other} has {lengths[other]} values per row; J-PAS has 56, 57 or 60"
            (first,) = table.head([other], 1).columns[other]
            shown = " ".join(str(first).split())[:_SHOWN_CHARACTERS]
            return f"column {other} begins with {shown!r}, which is no array of 56, 57 or 60 numbers"
        return f"{names[0]} and {error_names[0]} are not of five narrow bands or more, in the same form"
    bands = {band for _, band in columns[value]}
    if None not in bands and len(bands) < MIN_BANDS:
        return None
    wanted = _ERRORS[value.scale].format(value.aperture or "{band}")
    return f"{names[0]} has no errors: give {wanted}, or say in a column map where they are"


def some_columns(table: CatalogueTable, shown: int = 8) -> str:
    """Return the names of the first columns."""
    names: Sequence[str] = [name[:_SHOWN_CHARACTERS] for name in table.names[:shown]]
    return ", ".join(names) + (" ..." if len(table.names) > shown else "")
