"""Extinction by the dust of the Milky Way."""

from functools import cache

import numpy as np

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.catalogues.units import band_pivots
from jpas_gui.core.photometry.attenuation import attenuation_law

LAW, R_V = "fitzpatrick99", 3.1
"""The law that is removed, at the pivot wavelengths of the bands."""

LARGEST_EBV = 10.0
"""mag: beyond it no galaxy is seen."""


def extinction_factor(ebv: FloatArray) -> FloatArray:
    """Return what fluxes are multiplied by to remove the extinction, shape (n, 60), for E(B-V) in mag, shape (n,)."""
    return np.asarray(10 ** (0.4 * ebv[:, np.newaxis] * _k()))


@cache
def _k() -> FloatArray:
    return attenuation_law(LAW).k(band_pivots(), R_V)
