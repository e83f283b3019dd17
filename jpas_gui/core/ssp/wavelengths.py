"""Wavelengths in air and in vacuum."""

import numpy as np

from jpas_gui.core.arrays import FloatArray

_SHORTEST_AIR = 2000.0


def vacuum_of_air(wavelength: FloatArray) -> FloatArray:
    """Return the vacuum wavelength of a wavelength in standard air.

    Morton (1991, ApJS 77, 119, equation 3) gives air from vacuum; it is inverted by iteration to 1e-6 A.
    Below 2000 A wavelengths are in vacuum by convention and stay as they are.

    Parameters
    ----------
    wavelength : ndarray
        Angstrom.
    """
    air = np.asarray(wavelength, dtype=float)
    vacuum = np.maximum(air, _SHORTEST_AIR)
    for _ in range(4):
        vacuum = air * _refraction_of_air(np.maximum(vacuum, _SHORTEST_AIR))
    return np.where(air < _SHORTEST_AIR, air, vacuum)


def _refraction_of_air(vacuum: FloatArray) -> FloatArray:
    squared = (1e4 / vacuum) ** 2
    return 1.0 + 6.4328e-5 + 2.94981e-2 / (146.0 - squared) + 2.5540e-4 / (41.0 - squared)
