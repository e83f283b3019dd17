"""Where a table has its photometry: in which columns, apertures and units."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

from jpas_gui.core.catalogues.bands import (
    N_JPLUS_BANDS,
    BandColumns,
    array_length,
    bands_of_length,
    columns_per_band,
    not_jplus,
)
from jpas_gui.core.catalogues.column_map import BAND, ColumnMap
from jpas_gui.core.catalogues.column_names import Quantity, Role, Scale, is_jplus_only, quantity_of
from jpas_gui.core.catalogues.table import CatalogueTable
from jpas_gui.core.errors import InputError
from jpas_gui.core.photometry.bands import all_bands

ARRAYS = "arrays of the archive"
PER_BAND = "one column per band"
FLATTENED = "flattened early data release"
PAIRS = "pairs of band and error"
MAPPED = "column map"

_MIN_BANDS = 5
"""J-PLUS and S-PLUS share four narrow bands with J-PAS; other surveys have some of the broad ones."""

_SHOWN_CHARACTERS = 40

_BEST_APERTURES = ("PSFCOR", "APER_COR_3_0", "APER_COR_6_0", "AUTO", "PETRO", "ISO")


class ColumnsNeeded(InputError):  # noqa: N818 - what the user is to give
    """No dialect fits a table: a column map is needed.

    Parameters
    ----------
    message : str
    names : tuple of str
        The columns of the file.
    """

    def __init__(self, message: str, names: tuple[str, ...]) -> None:
        super().__init__(message)
        self.names = names


@dataclass(frozen=True)
class Layout:
    """Columns of one aperture.

    Parameters
    ----------
    dialect : str
    aperture : str
        Empty where the columns name none.
    scale : Scale
        What the columns say that they hold.
    values, errors : BandColumns
    is_relative : bool
        True where the errors are parts of the fluxes.
    flags, mask_flags, mask : BandColumns, optional
        Not zero where a band cannot be used, twice, and where it can.
    """

    dialect: str
    aperture: str
    scale: Scale
    values: BandColumns
    errors: BandColumns
    is_relative: bool
    flags: BandColumns | None = None
    mask_flags: BandColumns | None = None
    mask: BandColumns | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that are read."""
        parts = (self.values, self.errors, self.flags, self.mask_flags, self.mask)
        return tuple(dict.fromkeys(column for part in parts if part is not None for column in part.columns))


def find_layouts(table: CatalogueTable) -> list[Layout]:
    """Return what a table of a known dialect offers, the best aperture first, and in it fluxes before magnitudes.

    Raises
    ------
    ColumnsNeeded
        If there is nothing with errors in five bands of J-PAS or more.
    InputError
        If it is a catalogue of J-PLUS or S-PLUS, or has two columns of one band.
    """
    quantities = list(dict.fromkeys(quantity_of(name)[0] for name in table.names))
    found = [layout for quantity in quantities if (layout := _layout_of(table, quantity))]
    if not found:
        raise _nothing_found(table)
    flags, mask_flags = (_flags(table, role) for role in (Role.FLAGS, Role.MASK_FLAGS))
    return [replace(layout, flags=flags, mask_flags=mask_flags) for layout in sorted(found, key=_rank)]


def mapped_layout(table: CatalogueTable, columns: ColumnMap) -> Layout:
    """Return what a column map says.

    Raises
    ------
    InputError
        If the table does not have a column of the map.
    """
    error = columns.error or columns.relative_error or ""
    return Layout(
        dialect=MAPPED,
        aperture="",
        scale=Scale.FLUX if columns.flux else Scale.MAGNITUDE,
        values=_mapped(table, columns, columns.value),
        errors=_mapped(table, columns, error),
        is_relative=columns.relative_error is not None,
        flags=_mapped(table, columns, columns.flags, single=True) if columns.flags else None,
        mask=_mapped(table, columns, columns.mask, single=True) if columns.mask else None,
    )


def _rank(layout: Layout) -> tuple[int, bool]:
    known = layout.aperture in _BEST_APERTURES
    best = _BEST_APERTURES.index(layout.aperture) if known else len(_BEST_APERTURES)
    return best, layout.scale is Scale.MAGNITUDE


def _layout_of(table: CatalogueTable, quantity: Quantity) -> Layout | None:
    """Return the layout of some values, where the table has them with errors."""
    if quantity.role is not Role.VALUE:
        return None
    values = _columns(table, quantity)
    if values is None:
        return None
    scales = dict.fromkeys((quantity.scale, Scale.UNSAID))
    for role, scale in product((Role.RELATIVE_ERROR, Role.ERROR), scales):
        errors = _columns(table, Quantity(role, scale, quantity.aperture))
        if errors is not None and errors.is_array == values.is_array:
            dialect = _dialect(quantity, values, errors)
            relative = role is Role.RELATIVE_ERROR
            return Layout(dialect, quantity.aperture, quantity.scale, values, errors, relative)
    return None


def _dialect(quantity: Quantity, values: BandColumns, errors: BandColumns) -> str:
    if values.is_array:
        return ARRAYS
    if quantity.scale is not Scale.UNSAID:
        return PER_BAND
    if not quantity.aperture:
        return PAIRS
    value, error = values.columns[0].upper(), errors.columns[0].upper()
    # APER_COR_3_0_J0390 and APER_COR_3_0_J0390_ERR
    return FLATTENED if value.startswith(f"{quantity.aperture}_") and error == f"{value}_ERR" else PER_BAND


def _columns(table: CatalogueTable, quantity: Quantity) -> BandColumns | None:
    arrays = [name for name in table.names if quantity_of(name) == (quantity, None)]
    if arrays and (quantity.scale is not Scale.UNSAID or quantity.role is not Role.VALUE):
        lengths = {name: array_length(table, name) for name in arrays}
        arrays = [name for name in arrays if lengths[name] > 1]
        if len(arrays) > 1:
            raise InputError(f"{table.origin}: {' and '.join(arrays)} are of one quantity: leave one of them out")
        bands = bands_of_length(lengths[arrays[0]]) if arrays else None
        if bands is not None:
            return BandColumns(bands, (arrays[0],), is_array=True)
    columns = columns_per_band(table.origin, _survey_columns(table, quantity), quantity)
    return columns if columns is not None and len(columns.bands) >= _MIN_BANDS else None


def _survey_columns(table: CatalogueTable, quantity: Quantity) -> list[str]:
    """Return the columns of a quantity; none where they are only those of other surveys' broad bands."""
    own = [(name, band) for name in table.names for found, band in [quantity_of(name)] if band and found == quantity]
    narrow = sum(not band.is_broad for _, band in own)
    return [name for name, _ in own] if narrow >= _MIN_BANDS else []


def _flags(table: CatalogueTable, role: Role) -> BandColumns | None:
    """Return flags: one per band, or one for all of them."""
    quantity = Quantity(role, Scale.UNSAID, "")
    name = table.find(role.value)
    if name is None:
        return columns_per_band(table.origin, table.names, quantity)
    length = array_length(table, name)
    if length == 1:
        return _for_all_bands(name)
    bands = bands_of_length(length)
    if bands is None:
        raise InputError(f"{table.origin}: column {name} has {length} values per row; J-PAS has 56, 57 or 60")
    return BandColumns(bands, (name,), is_array=True)


def _for_all_bands(name: str) -> BandColumns:
    names = tuple(band.name for band in all_bands())
    return BandColumns(names, (name,) * len(names))


def _mapped(table: CatalogueTable, columns: ColumnMap, pattern: str, single: bool = False) -> BandColumns:
    """Return the columns of a pattern; a `single` number may be meant for all bands."""
    if BAND not in pattern:
        name = table.find(pattern)
        if name is None:
            raise InputError(f"{table.origin}: no column {pattern}, which the column map names; it has {_some(table)}")
        length = array_length(table, name)
        if single and length == 1:
            return _for_all_bands(name)
        bands = bands_of_length(length)
        if bands is None:
            raise InputError(
                f"{table.origin}: column {name} has {length} value{'s' if length > 1 else ''} per row; J-PAS has "
                f"56, 57 or 60 (for one column per band write {BAND} into its name)"
            )
        return BandColumns(bands, (name,), is_array=True)
    found = {}
    for band in all_bands():
        names = [columns.bands[band.name]] if band.name in columns.bands else [band.name, *band.aliases]
        matches = [name for name in (table.find(pattern.replace(BAND, own)) for own in names) if name is not None]
        if matches:
            found[band.name] = matches[0]
    if not found:
        raise InputError(f"{table.origin}: no column {pattern} of any band of J-PAS; it has {_some(table)}")
    return BandColumns(tuple(found), tuple(found.values()))


def _nothing_found(table: CatalogueTable) -> InputError:
    others = [name for name in table.names if is_jplus_only(name)]
    if others:
        return not_jplus(table, f"the column {others[0]} is of a band that J-PAS has not")
    for name in table.names:
        quantity, band = quantity_of(name)
        is_value = quantity.role is Role.VALUE and quantity.scale is not Scale.UNSAID
        if is_value and band is None and array_length(table, name) == N_JPLUS_BANDS:
            return not_jplus(table, f"the arrays of {name} have {N_JPLUS_BANDS} bands")
    return ColumnsNeeded(
        f"{table.origin}: no photometry of J-PAS with its errors: needed are columns such as FLUX_AUTO and "
        f"FLUX_RELERR_AUTO with arrays of 56, 57 or 60 bands, or one column per band and its error, or a column map; "
        f"it has {_some(table)}",
        table.names,
    )


def _some(table: CatalogueTable, shown: int = 8) -> str:
    names: Sequence[str] = [name[:_SHOWN_CHARACTERS] for name in table.names[:shown]]
    return ", ".join(names) + (" ..." if len(table.names) > shown else "")
