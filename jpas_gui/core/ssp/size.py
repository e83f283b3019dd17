"""Whether spectra are of the size that a population of a solar mass has, and what they look like if not.

The sizes of PopStar (Molla et al. 2009) at solar metallicity; other models of the field lie within a factor of two. An
initial mass function of few or of many dwarfs makes a factor of hundreds at most, a wrong unit thousands and more.
"""

import math
from collections.abc import Sequence

import numpy as np

from jpas_gui.core.arrays import BoolArray, FloatArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.grid import Model
from jpas_gui.core.ssp.luminosity_units import NO_MASS

_LOG_AGES = (6.2, 6.7, 7.0, 8.0, 8.8, 9.3, 9.7, 10.2)
_LOG_SIZES = (-2.2, -1.95, -2.3, -3.02, -3.56, -4.05, -4.42, -4.85)
"""log10 of Lsun / Angstrom / Msun in the visible."""

_VISIBLE = (4000.0, 9000.0)

_SMALLER, _LARGER = -4.5, 1.7
"""How far, in dex, the size may be from that of PopStar."""

_LOOKS_LIKE = {
    33.58: "erg/s/Angstrom/Msun",
    26.58: "W/Angstrom/Msun",
    22.6: "erg/s/Hz/Msun",
    15.6: "W/Hz/Msun",
    -11.0: "Lsun/Hz/Msun",
}
"""log10 of the size in units that are met, in the unit of libraries."""

_FADING = (0.2, 5.0)
_FADES_FROM = 7.0
_SPAN = 0.7


def check_size(wavelength: FloatArray, models: Sequence[Model], unit: str, place: str) -> None:
    """Refuse models that are not as bright as those of a solar mass.

    Parameters
    ----------
    wavelength : ndarray, shape (n_wave,)
        Angstrom.
    models : sequence of Model
    unit, place : str
        The unit that their file gives, "" where none, and the keyword that gives it, or would; "" where such files
        have no place for it.

    Raises
    ------
    InputError
        With the reason alone.
    """
    visible = _visible(wavelength)
    sizes = [(_size(model, visible), model.log_age) for model in models]
    off = [math.log10(size) - _expected(log_age) for size, log_age in sizes if size > 0]
    if not off:
        return
    excess = float(np.median(off))
    if _SMALLER < excess < _LARGER:
        return
    size, log_age = max(sizes, key=lambda pair: pair[1])
    found = f"its spectra are of {size:.0e} at log age {log_age:.2f}, {10 ** _expected(log_age):.0e} are usual in "
    found += "Lsun/Angstrom/Msun"
    if unit:
        raise InputError(f"{found}: the unit '{unit}' ({place}) cannot be right, mend it")
    remedy = f"write the unit into {place}" if place else "convert them to Lsun/Angstrom/Msun first"
    for log_unit, name in _LOOKS_LIKE.items():
        if -3 < excess - log_unit < _LARGER:
            raise InputError(f"{found}, and no unit is given: if they are in {name}, {remedy}")
    if 0.01 < size < 100:
        raise InputError(f"{found}, and no unit is given: they look normalised, {NO_MASS}")
    raise InputError(f"{found}, and no unit is given: {remedy}")


def check_fading(wavelength: FloatArray, models: Sequence[Model]) -> None:
    """Refuse models that do not fade with age as populations do, where units had to be assumed.

    Spectra that were normalised do not fade, and neither do those whose ages are in another unit.

    Raises
    ------
    InputError
        With the reason alone.
    """
    visible = _visible(wavelength)
    points = [
        (_expected(m.log_age), size) for m in models if m.log_age >= _FADES_FROM and (size := _size(m, visible)) > 0
    ]
    if len(points) < 3:
        return
    expected, found = np.array([(x, math.log10(size)) for x, size in points]).T
    if max(np.ptp(expected), np.ptp(found)) < _SPAN:
        return
    slope = float(np.polyfit(expected, found, 1)[0]) if np.ptp(expected) > 1e-3 else math.inf
    if not _FADING[0] < slope < _FADING[1]:
        raise InputError(
            f"its spectra fade by {np.ptp(found):.1f} dex from log age {min(m.log_age for m in models):.2f} to "
            f"{max(m.log_age for m in models):.2f}, where {np.ptp(expected):.1f} are usual: they are normalised or "
            "their ages are in another unit; write the units of both into the files"
        )


def _visible(wavelength: FloatArray) -> BoolArray:
    return (wavelength > _VISIBLE[0]) & (wavelength < _VISIBLE[1])


def _size(model: Model, visible: BoolArray) -> float:
    """Return the typical luminosity of a model in the visible, 0 where it has none there."""
    if not visible.any():
        return 0.0
    return float(np.median(model.luminosity[visible]))


def _expected(log_age: float) -> float:
    return float(np.interp(log_age, _LOG_AGES, _LOG_SIZES))
