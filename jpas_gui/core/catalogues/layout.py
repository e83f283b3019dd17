"""Where a table has its photometry: in which columns, apertures and units."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

from jpas_gui.core.catalogues.bands import (
    BandColumns,
    array_length,
    array_lengths,
    bands_of_length,
    columns_per_band,
)
from jpas_gui.core.catalogues.column_map import BAND, ColumnMap
from jpas_gui.core.catalogues.column_names import (
    ERROR_ROLES,
    ColumnsOfQuantities,
    Quantity,
    Role,
    Scale,
    columns_by_quantity,
)
from jpas_gui.core.catalogues.missing_photometry import MIN_BANDS, missing_photometry, some_columns
from jpas_gui.core.catalogues.table import CatalogueTable
from jpas_gui.core.errors import InputError
from jpas_gui.core.photometry.bands import all_bands

ARRAYS = "arrays of the archive"
PER_BAND = "one column per band"
FLATTENED = "flattened early data release"
PAIRS = "pairs of band and error"
MAPPED = "column map"

_BEST_APERTURES = ("PSFCOR", "APER_COR_3_0", "APER_COR_6_0", "AUTO", "PETRO", "ISO")


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
    error_role : Role
        What the errors are: in the unit of the values, parts of them, or inverse variances.
    flags, mask_flags, mask : BandColumns, optional
        Not zero where a band cannot be used, twice, and where it can.
    """

    dialect: str
    aperture: str
    scale: Scale
    values: BandColumns
    errors: BandColumns
    error_role: Role
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
    photometry = _Photometry(table)
    found = [layout for pair in photometry.pairs if (layout := photometry.layout(*pair))]
    if not found:
        raise missing_photometry(table, photometry.columns, photometry.lengths)
    best: dict[tuple[str, Scale], Layout] = {}
    for layout in found:
        best.setdefault((layout.aperture, layout.scale), layout)
    flags, mask_flags = (_flags(table, photometry.columns, role) for role in (Role.FLAGS, Role.MASK_FLAGS))
    return [replace(layout, flags=flags, mask_flags=mask_flags) for layout in sorted(best.values(), key=_rank)]


def mapped_layout(table: CatalogueTable, columns: ColumnMap) -> Layout:
    """Return what a column map says.

    Raises
    ------
    InputError
        If the table does not have a column of the map.
    """
    role, error = columns.errors
    return Layout(
        dialect=MAPPED,
        aperture="",
        scale=Scale.FLUX if columns.flux else Scale.MAGNITUDE,
        values=_mapped(table, columns, columns.value),
        errors=_mapped(table, columns, error),
        error_role=role,
        flags=_mapped(table, columns, columns.flags, single=True) if columns.flags else None,
        mask=_mapped(table, columns, columns.mask, single=True) if columns.mask else None,
    )


def _rank(layout: Layout) -> tuple[int, bool]:
    known = layout.aperture in _BEST_APERTURES
    best = _BEST_APERTURES.index(layout.aperture) if known else len(_BEST_APERTURES)
    return best, layout.scale is Scale.MAGNITUDE


class _Photometry:
    """What the names of a table's columns, and the lengths of its arrays, say.

    Each name is looked at once, and the lengths are read together: tables may have thousands of columns.
    """

    def __init__(self, table: CatalogueTable) -> None:
        self._table = table
        self.columns = columns_by_quantity(table.names)
        self.pairs = list(self._pairs())
        both = dict.fromkeys(quantity for pair in self.pairs for quantity in pair)
        arrays = [name for quantity in both if _may_be_array(quantity) for name in self._arrays(quantity)]
        self.lengths = array_lengths(table, arrays)

    def _pairs(self) -> Iterator[tuple[Quantity, Quantity]]:
        """Yield values with their errors, in the order of the columns; the best errors of each first."""
        for quantity in self.columns:
            if quantity.role is Role.VALUE:
                scales = dict.fromkeys((quantity.scale, Scale.UNSAID))
                errors = (Quantity(role, scale, quantity.aperture) for role, scale in product(ERROR_ROLES, scales))
                yield from ((quantity, error) for error in errors if error in self.columns)

    def layout(self, value: Quantity, error: Quantity) -> Layout | None:
        """Return the layout of values with their errors, where both are there in enough bands and the same form."""
        values, errors = self._bands(value), self._bands(error)
        if values is None or errors is None or errors.is_array != values.is_array:
            return None
        return Layout(_dialect(value, values, errors), value.aperture, value.scale, values, errors, error.role)

    def _arrays(self, quantity: Quantity) -> list[str]:
        return [name for name, band in self.columns[quantity] if band is None]

    def _bands(self, quantity: Quantity) -> BandColumns | None:
        if _may_be_array(quantity):
            arrays = [name for name in self._arrays(quantity) if self.lengths[name] > 1]
            if len(arrays) > 1:
                origin = self._table.origin
                raise InputError(f"{origin}: {' and '.join(arrays)} are of one quantity: leave one of them out")
            bands = bands_of_length(self.lengths[arrays[0]]) if arrays else None
            if bands is not None:
                return BandColumns(bands, (arrays[0],), is_array=True)
        # Without narrow bands they are only those of other surveys.
        if sum(band is not None and not band.is_broad for _, band in self.columns[quantity]) < MIN_BANDS:
            return None
        return columns_per_band(self._table.origin, self.columns[quantity])


def _may_be_array(quantity: Quantity) -> bool:
    return quantity.scale is not Scale.UNSAID or quantity.role is not Role.VALUE


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


def _flags(table: CatalogueTable, columns: ColumnsOfQuantities, role: Role) -> BandColumns | None:
    """Return flags: one per band, or one for all of them."""
    name = table.find(role.value)
    if name is None:
        return columns_per_band(table.origin, columns.get(Quantity(role, Scale.UNSAID, ""), []))
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
            raise InputError(
                f"{table.origin}: no column {pattern}, which the column map names; it has {some_columns(table)}"
            )
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
        raise InputError(f"{table.origin}: no column {pattern} of any band of J-PAS; it has {some_columns(table)}")
    return BandColumns(tuple(found), tuple(found.values()))
