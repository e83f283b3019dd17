"""AB magnitudes and fluxes in nanomaggies."""

import math
from typing import overload

import numpy as np

from jpas_gui.core.arrays import FloatArray

ZERO_POINT = 22.5
"""AB magnitude of one nanomaggy: AB = 22.5 - 2.5 log10(flux_nu)."""

MAGNITUDE_PER_RELATIVE_ERROR = 2.5 / math.log(10)
"""1.0857: magnitude error of a small relative error in flux."""

NANOMAGGY = 3631e-32
"""erg s-1 cm-2 Hz-1; a maggy is f_nu of AB magnitude zero, 3631 Jy (Oke & Gunn 1983, ApJ 266, 713)."""

LIGHT_SPEED = 299792458e10
"""Angstrom per second."""


@overload
def flux_of_magnitude(magnitude: float) -> float: ...
@overload
def flux_of_magnitude(magnitude: FloatArray) -> FloatArray: ...
def flux_of_magnitude(magnitude: float | FloatArray) -> float | FloatArray:
    """Return flux_nu in nanomaggies of an AB magnitude."""
    return 10 ** (-0.4 * (magnitude - ZERO_POINT))


def magnitude_of_flux(flux_nu: FloatArray) -> FloatArray:
    """Return the AB magnitude of flux_nu in nanomaggies; NaN where the flux is not positive."""
    magnitude = np.full(np.shape(flux_nu), np.nan)
    np.log10(flux_nu, out=magnitude, where=np.greater(flux_nu, 0))
    return ZERO_POINT - 2.5 * magnitude


def magnitude_error_of_flux(flux_nu: FloatArray, flux_nu_error: FloatArray) -> FloatArray:
    """Return the first-order magnitude error, 1.0857 sigma / flux; NaN where the flux is not positive."""
    error = np.full(np.shape(flux_nu), np.nan)
    np.divide(flux_nu_error, flux_nu, out=error, where=np.greater(flux_nu, 0))
    return MAGNITUDE_PER_RELATIVE_ERROR * error
