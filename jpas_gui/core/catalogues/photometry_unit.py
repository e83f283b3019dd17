"""The aperture and the unit in which a catalogue is read."""

import re
from collections.abc import Callable, Sequence

import numpy as np

from jpas_gui.core.catalogues.bands import BandColumns
from jpas_gui.core.catalogues.column_names import Role, Scale
from jpas_gui.core.catalogues.layout import FLATTENED, Layout
from jpas_gui.core.catalogues.table import CatalogueTable
from jpas_gui.core.catalogues.units import (
    F_LAMBDA_ARCHIVE,
    F_NU_ARCHIVE,
    MAGNITUDE,
    UNIT_CHOICES,
    FluxUnit,
    is_cgs,
    likely_unit,
    parse_inverse_variance,
    parse_unit,
)
from jpas_gui.core.errors import InputError

_SAMPLE = 1000
_PERCENT = {"%", "percent", "percentage", "pct"}
_ARCHIVE_TABLE = re.compile(r"f(lambda|nu)(?:dual|single)obj", re.IGNORECASE)


class UnitNeeded(InputError):  # noqa: N818 - what the user is to give
    """A file does not say in which unit its fluxes are.

    Parameters
    ----------
    message : str
    choices : tuple of str
        Units that it may be.
    table : CatalogueTable
    layout : Layout
        Where the table has its fluxes.
    """

    def __init__(self, message: str, choices: tuple[str, ...], table: CatalogueTable, layout: Layout) -> None:
        super().__init__(message)
        self.choices, self.table, self.layout = choices, table, layout


def apertures_of(layouts: Sequence[Layout]) -> tuple[str, ...]:
    """Return the apertures, the best first."""
    return tuple(dict.fromkeys(layout.aperture for layout in layouts))


def choose_layout(
    table: CatalogueTable, layouts: Sequence[Layout], aperture: str | None, unit: str | None
) -> tuple[Layout, str, str]:
    """Return the layout to read, the name of its unit, and a note where the unit was found in another way.

    Parameters
    ----------
    table : CatalogueTable
    layouts : sequence of Layout
        The best first.
    aperture, unit : str, optional
        What the user wants; the unit overrules the file's.

    Raises
    ------
    UnitNeeded
        If the file does not say its unit, and the user neither.
    InputError
        If there is no such aperture, or the file's unit is none of fluxes or magnitudes.
    """
    names = apertures_of(layouts)
    wanted = names[0] if aperture is None else aperture.strip().upper()
    if wanted not in names:
        raise InputError(f"{table.origin}: no aperture {aperture}: it has {', '.join(name or 'one' for name in names)}")
    choices = [layout for layout in layouts if layout.aperture == wanted]
    if unit is not None:
        is_magnitude = parse_unit(unit).is_magnitude
        other = Scale.FLUX if is_magnitude else Scale.MAGNITUDE
        fitting = [layout for layout in choices if layout.scale is not other]
        if not fitting:
            raise InputError(f"{table.origin}: {choices[0].values.columns[0]} holds no values in {unit}")
        return fitting[0], unit, _overruled(table, fitting[0], unit)
    for layout in choices:
        name, note = _unit_of(table, layout)
        if name:
            return layout, name, note
    columns = choices[0].values.columns
    raise UnitNeeded(
        f"{table.origin}: it does not say in which unit {columns[0]}{' ...' if len(columns) > 1 else ''} is: "
        f"give one of {', '.join(UNIT_CHOICES)}",
        UNIT_CHOICES,
        table,
        choices[0],
    )


def read_units(table: CatalogueTable, layout: Layout, name: str) -> tuple[FluxUnit, FluxUnit]:
    """Return the units of values and errors; of inverse variances that of the errors, of relative errors a number.

    Raises
    ------
    InputError
        If one is no unit of fluxes or magnitudes, or they do not fit.
    """
    unit = _parsed(table, layout.values, name)
    stated = _stated(table, layout.errors)
    if layout.error_role is Role.RELATIVE_ERROR:
        percent = (stated or "").lower().replace(" ", "") in _PERCENT
        return unit, FluxUnit(stated or "", False, np.full_like(unit.nanomaggies, 0.01 if percent else 1.0))
    if stated is None or stated == _stated(table, layout.values):
        return unit, unit
    is_inverse = layout.error_role is Role.INVERSE_VARIANCE
    own = _parsed(table, layout.errors, stated, parse_inverse_variance if is_inverse else parse_unit)
    if own.is_magnitude != unit.is_magnitude:
        raise InputError(
            f"{table.origin}: {layout.values.columns[0]} is in {name}, and {layout.errors.columns[0]} in {stated}: "
            "errors must be in the unit of their values"
        )
    return unit, own


def _unit_of(table: CatalogueTable, layout: Layout) -> tuple[str, str]:
    """Return the unit that the file gives to a layout, and a note; empty where it gives none."""
    stated = _stated(table, layout.values)
    if stated is not None and not is_cgs(stated):
        other = Scale.FLUX if _parsed(table, layout.values, stated).is_magnitude else Scale.MAGNITUDE
        if layout.scale is other:
            raise InputError(f"{table.origin}: column {layout.values.columns[0]} has the unit {stated}: give its own")
        return stated, ""
    if layout.scale is Scale.MAGNITUDE:
        return MAGNITUDE, ""
    tables = {match.lower() for match in _ARCHIVE_TABLE.findall(" ".join([*layout.values.columns, table.source]))}
    if len(tables) == 1:
        return (F_LAMBDA_ARCHIVE if tables == {"lambda"} else F_NU_ARCHIVE), ""
    if layout.dialect == FLATTENED:
        return F_LAMBDA_ARCHIVE, ""
    rows = table.head(layout.values.columns, _SAMPLE)
    likely = likely_unit(layout.values.read(rows).values)
    if likely is None:
        return "", ""
    said = f"the file says {stated}" if stated else "the file does not say its unit"
    return likely, f"{said}: fluxes of this size are taken to be in {likely}"


def _overruled(table: CatalogueTable, layout: Layout, unit: str) -> str:
    stated = ", ".join(sorted(_all_stated(table, layout.values)))
    return f"read in {unit}, though the file says {stated}" if stated and stated != unit else ""


def _stated(table: CatalogueTable, columns: BandColumns) -> str | None:
    stated = _all_stated(table, columns)
    if len(stated) > 1:
        raise InputError(f"{table.origin}: {columns.columns[0]} ... have several units: {', '.join(sorted(stated))}")
    return next(iter(stated), None)


def _all_stated(table: CatalogueTable, columns: BandColumns) -> set[str]:
    return {unit for column in columns.columns if (unit := table.units.get(column, "").strip())}


def _parsed(
    table: CatalogueTable, columns: BandColumns, unit: str, parse: Callable[[str], FluxUnit] = parse_unit
) -> FluxUnit:
    try:
        return parse(unit)
    except InputError as error:
        raise InputError(f"{table.origin}: column {columns.columns[0]}: {error}") from error
