"""Numbers that catalogues write where they have none: 99, -9999, 99.99, 1e20 and their kin.

They are told from measurements by two things together: they are written in one of these ways exactly, and no galaxy
could have them beside its error and its other bands.
"""

import numpy as np
from numpy.typing import NDArray

from jpas_gui.core.arrays import BoolArray, FloatArray

_DIGITS = 7
"""That single precision holds."""

_NINES = np.array(
    [
        *(
            float("9" * whole + "." + "9" * behind)
            for whole in range(1, _DIGITS + 1)
            for behind in range(min(4, _DIGITS - whole + 1))
        ),
        999.25,
        9999.25,
    ],
    dtype=np.float32,
)
"""9, 9.9, 99, 99.9 ... 9999999, and two that stand for nothing in older software."""

_TENS = np.array([float(f"1e{power}") for power in range(_DIGITS)], dtype=np.float32)
"""-1, -10, -100 ..."""

_SMALLEST_INTEGERS = np.array([-(2.0**15), -(2.0**31), -(2.0**63)], dtype=np.float32)
_HUGE = np.array([*(float(f"1e{power}") for power in range(18, 39)), 1.6375e30, 9.96921e36], dtype=np.float32)
"""Powers of ten; what HEALPix and netCDF write. The largest number of single precision is infinite to photometry."""

_LISTED = np.concatenate([_NINES, _TENS, _HUGE, np.abs(_SMALLEST_INTEGERS)])

_SHIFT, _KEYS = 44, (1 << 19) - 1
"""Leave the exponent and the first 8 bits of a number of double precision."""

_LIKELY = np.zeros(_KEYS + 1, dtype=bool)
_LIKELY[_LISTED.astype(np.float64).view(np.int64) >> _SHIFT] = True

_TWO_NINES = 99.0
_FAINTEST = 50.0
"""mag: no telescope reaches it."""

_SIGMA = 5.0
"""A flux that is farther below zero than so many errors is no measurement."""

_OUTLIER = 5.0
"""No band of a galaxy has so many times the flux of each of those beside it, or of its own, and 9s only."""


def are_nines(values: FloatArray) -> BoolArray:
    """Return where numbers, of either sign, consist of 9s, as single or double precision holds them."""
    found = _are_listed(values)
    found[found] = _in(values[found], _NINES)
    return found


def _are_listed(values: FloatArray) -> BoolArray:
    # Nearly all numbers of a catalogue are told from the list by their first bits.
    keys = values.view(np.int64) >> _SHIFT
    keys &= _KEYS
    found = _LIKELY.take(keys, mode="wrap")
    if found.any():
        found[found] = _in(values[found], _LISTED)
    return found


def _in(values: FloatArray, known: NDArray[np.float32]) -> BoolArray:
    return np.isin(np.abs(values).astype(np.float32), known)


def _stand_for_nothing(values: FloatArray) -> BoolArray:
    """Return where numbers of the list are no measurements, whatever they are of: -99, -9999, 1e20 ..."""
    whole = (values <= -_TWO_NINES) & (values == np.rint(values))
    return np.asarray(_in(values, _HUGE) | (whole & (_in(values, _NINES) | _in(values, -_SMALLEST_INTEGERS))))


def no_fluxes(values: FloatArray, errors: FloatArray, flux: FloatArray, flux_error: FloatArray) -> BoolArray:
    """Return where fluxes are no measurements, shape (n, n_bands).

    Parameters
    ----------
    values, errors : ndarray, shape (n, n_bands)
        As the file has them.
    flux, flux_error : ndarray, shape (n, n_bands)
        The same in one unit.
    """
    listed = _are_listed(values)
    if not listed.any():
        return listed
    own, error = values[listed], errors[listed]
    nines = _in(own, _NINES)
    many = nines & (np.abs(own) >= _TWO_NINES)
    nothing, rare = np.zeros_like(listed), np.zeros_like(listed)
    nothing[listed] = (
        _stand_for_nothing(own)
        | ((nines | _in(own, _TENS)) & (flux[listed] < -_SIGMA * flux_error[listed]))
        | (many & are_nines(error) & (np.abs(error) >= _TWO_NINES))
    )
    rare[listed] = many & (own > 0)
    rows = np.flatnonzero(rare.any(axis=1))
    usable = ~(rare[rows] | nothing[rows]) & np.isfinite(flux[rows])
    nothing[rows] |= rare[rows] & _stand_out(flux[rows], flux_error[rows], usable)
    return nothing


def _stand_out(flux: FloatArray, flux_error: FloatArray, usable: BoolArray) -> BoolArray:
    """Return where fluxes are far above or below those of the two next usable bands on either side, or alone."""
    sides = (slice(None), slice(None, None, -1))
    near = [value[:, side] for side in sides for value in _before(flux[:, side], usable[:, side])]
    low, high, noise = np.fmin.reduce(near), np.fmax.reduce(near), _SIGMA * flux_error
    above = (flux > _OUTLIER * high) & (flux - high > noise)
    below = (_OUTLIER * flux < low) & (low - flux > noise)
    return np.asarray(above | below | np.isnan(high))


def _before(flux: FloatArray, usable: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Return the fluxes of the last usable band before each, and of the one before that; NaN where there is none."""
    # Behind a band that is always there, and has no flux.
    padded = np.pad(flux, ((0, 0), (1, 0)), constant_values=np.nan)
    place = np.where(usable, np.arange(1, padded.shape[1]), 0)
    last = np.maximum.accumulate(np.pad(place, ((0, 0), (1, 0))), axis=1)[:, :-1]
    second = np.take_along_axis(np.pad(last, ((0, 0), (1, 0))), last, axis=1)
    return np.take_along_axis(padded, last, axis=1), np.take_along_axis(padded, second, axis=1)


def no_flux_errors(errors: FloatArray, flux: FloatArray, flux_error: FloatArray) -> BoolArray:
    """Return where errors of fluxes are none, though they are positive: 99, 999 ... that are larger than the flux.

    Parameters
    ----------
    errors : ndarray
        As the file has them.
    flux, flux_error : ndarray
        In one unit.
    """
    found = np.asarray(errors >= _TWO_NINES)
    if found.any():
        found[found] = (np.abs(flux[found]) < flux_error[found]) & are_nines(errors[found])
    return found


def no_magnitudes(values: FloatArray) -> BoolArray:
    """Return where finite magnitudes are none: 99, 99.99, -9.99, -1, 0 and whatever is fainter than 50 mag.

    No galaxy that J-PAS can measure is as bright as magnitude 0.
    """
    nothing = ((values > _FAINTEST) & (values < np.inf)) | (values == 0)
    below = values < 0
    if below.any():
        own = values[below]
        whole = (own >= -_FAINTEST) & (own == np.rint(own))
        nothing[below] = whole | are_nines(own) | _stand_for_nothing(own)
    return np.asarray(nothing)


def no_magnitude_errors(errors: FloatArray) -> BoolArray:
    """Return where errors of magnitudes are none: 9.99, 99, or more than any magnitude."""
    large = np.abs(errors) >= 9
    large[large] = are_nines(errors[large]) | (np.abs(errors[large]) > _FAINTEST)
    return np.asarray(large)
