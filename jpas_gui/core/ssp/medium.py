"""Air or vacuum: where a spectrum has its lines says it."""

from collections.abc import Iterable

import numpy as np

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.ssp.grid import Model
from jpas_gui.core.ssp.wavelengths import vacuum_of_air

_LINES = (4861.33, 6562.80, 8498.02, 8542.09, 8662.14)
"""H-beta, H-alpha and the calcium triplet in air, Angstrom (NIST Atomic Spectra Database)."""

_WINDOW = 15.0
_SEARCHED = 6.0
_MAX_SPACING = 1.5
_MIN_DEPTH = 0.05
_MIN_LINES = 3


def medium_of_models(wavelength: FloatArray, models: Iterable[Model], otherwise: str) -> str:
    """Return "air" or "vacuum" from the lines of the model nearest to an old population of solar metallicity.

    Parameters
    ----------
    wavelength : ndarray, shape (n_wave,)
        Angstrom, increasing.
    models : iterable of Model
    otherwise : str
        What is returned where the lines do not say it: the spectrum is too coarse or does not reach them.
    """
    model = min(models, key=lambda model: abs(model.log_age - 9.7) + abs(model.metallicity))
    return medium_of_lines(wavelength, np.asarray(model.luminosity, dtype=float)) or otherwise


def medium_of_lines(wavelength: FloatArray, luminosity: FloatArray) -> str | None:
    """Return "air" or "vacuum", or None where the lines do not say it.

    Each line is found between its positions in air and in vacuum, 1.4 to 2.4 A apart; the median decides, so that
    one blend, such as that of H-beta, does not.
    """
    places = [_place(wavelength, luminosity, line) for line in _LINES]
    found = [place for place in places if place is not None]
    if len(found) < _MIN_LINES:
        return None
    median = float(np.median(found))
    if abs(median) < 0.35:
        return "air"
    return "vacuum" if abs(median - 1) < 0.35 else None


def _place(wavelength: FloatArray, luminosity: FloatArray, air: float) -> float | None:
    """Where an absorption line lies: 0 at its position in air, 1 in vacuum; None where there is none."""
    vacuum = float(vacuum_of_air(np.array([air]))[0])
    middle = (air + vacuum) / 2
    near = np.abs(wavelength - middle) < _WINDOW
    if near.sum() < 2 * _WINDOW / _MAX_SPACING:
        return None
    x, y = wavelength[near], luminosity[near]
    sides = np.abs(x - middle) > 0.7 * _WINDOW
    if sides.sum() < 4:
        return None
    with np.errstate(all="ignore"):
        depth = 1 - y / np.polyval(np.polyfit(x[sides] - middle, y[sides], 1), x - middle)
    deepest = int(np.argmax(np.where(np.abs(x - middle) < _SEARCHED, depth, -np.inf)))
    if depth[deepest] < _MIN_DEPTH:
        return None
    core = (depth > 0.6 * depth[deepest]) & (np.abs(x - x[deepest]) < _SEARCHED / 2)
    centre = float(np.average(x[core], weights=depth[core]))
    return (centre - air) / (vacuum - air)
