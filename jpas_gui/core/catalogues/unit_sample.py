"""Some values of a catalogue, and what they would be in units that it may have."""

from dataclasses import dataclass

import numpy as np

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.catalogues.layout import Layout
from jpas_gui.core.catalogues.sentinels import are_nines
from jpas_gui.core.catalogues.table import CatalogueTable
from jpas_gui.core.catalogues.units import band_pivots, parse_unit
from jpas_gui.core.magnitudes import magnitude_of_flux
from jpas_gui.core.photometry.bands import all_bands

PLAUSIBLE_MAGNITUDES = (10.0, 28.0)
"""AB: no galaxy of a survey is brighter or fainter."""

_WAVELENGTH = 6254.0
"""Angstrom, of rSDSS: the values of the band nearest to it are shown."""

_SAMPLE = 1000


@dataclass(frozen=True)
class UnitSample:
    """Values of one band.

    Parameters
    ----------
    column, band : str
    first, median : float
        The first value that is one, and the median of the first thousand rows; NaN where there is none.
    """

    column: str
    band: str
    first: float
    median: float


def unit_sample(table: CatalogueTable, layout: Layout) -> UnitSample:
    """Return values of the band nearest to rSDSS that has some."""
    columns = layout.values
    values = columns.read(table.head(columns.columns, _SAMPLE)).values
    usable = np.where(np.isfinite(values) & (values > 0), values, np.nan)
    usable = np.where(are_nines(usable), np.nan, usable)
    distance = np.abs(_pivots(columns.bands) - _WAVELENGTH)
    has_some = np.isfinite(usable).any(axis=0)
    place = int(np.argmin(np.where(has_some, distance, np.inf))) if has_some.any() else int(np.argmin(distance))
    known = usable[np.isfinite(usable[:, place]), place]
    column = columns.columns[0 if columns.is_array else place]
    first, median = (float(known[0]), float(np.median(known))) if known.size else (np.nan, np.nan)
    return UnitSample(column, columns.bands[place], first, median)


def magnitude_in(unit: str, value: float, band: str) -> float:
    """Return the AB magnitude of a value in a unit; NaN where it is none.

    Raises
    ------
    InputError
        If it is no unit of flux density or magnitude.
    """
    parsed = parse_unit(unit)
    if parsed.is_magnitude:
        return value * parsed.magnitudes
    place = [other.name for other in all_bands()].index(band)
    return float(magnitude_of_flux(np.array(value * parsed.nanomaggies[place])))


def _pivots(bands: tuple[str, ...]) -> FloatArray:
    names = [band.name for band in all_bands()]
    return band_pivots()[[names.index(band) for band in bands]]
