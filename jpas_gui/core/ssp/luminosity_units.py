"""Luminosities in the unit of libraries, Lsun / Angstrom / Msun, from the numbers of a file and the unit it gives."""

import re

import numpy as np

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.magnitudes import LIGHT_SPEED
from jpas_gui.core.ssp.units import parse_unit

SOLAR_LUMINOSITY = 3.828e33
"""erg/s: the nominal value of IAU 2015 resolution B3, that of astropy's solLum."""

_NORMALISED = re.compile(r"norm|relative|arbitrary|\barb\b|unitless|dimensionless", re.IGNORECASE)


def solar_luminosity(values: FloatArray, wavelength: FloatArray, unit: str, place: str) -> FloatArray:
    """Return luminosity per wavelength and mass in Lsun / Angstrom / Msun.

    Luminosities per frequency, in erg/s, W or any other unit of power, and for any mass are converted, with Lsun of
    3.828e33 erg/s; a unit without mass is taken for one solar mass formed.

    Parameters
    ----------
    values : ndarray, shape (..., n_wave)
    wavelength : ndarray, shape (n_wave,)
        Angstrom.
    unit : str
        As the file writes it.
    place : str
        Where the file says it, e.g. ``"BUNIT"``, for messages.

    Raises
    ------
    InputError
        If the unit is none of luminosity, with the reason alone.
    """
    from astropy import units as u

    if _NORMALISED.search(unit):
        raise InputError(f"its spectra are normalised ({place} = '{unit}'), {NO_MASS}")
    try:
        parsed = parse_unit(unit)
    except InputError as error:
        raise InputError(f"its spectra have {place} = '{unit}', which is no unit that is known: {WANTED}") from error
    if parsed.scale == "ln":
        values = np.exp(values)
    elif parsed.scale:
        values = 10.0**values
    for one in (parsed.unit, parsed.unit / u.Msun):
        if one.is_equivalent(u.Lsun / u.AA / u.Msun):
            return np.asarray(values * one.to(u.Lsun / u.AA / u.Msun), dtype=float)
        if one.is_equivalent(u.Lsun / u.Hz / u.Msun):
            per_hertz = values * one.to(u.Lsun / u.Hz / u.Msun)
            return np.asarray(per_hertz * LIGHT_SPEED / wavelength**2, dtype=float)
    if parsed.unit.is_equivalent(u.dimensionless_unscaled):
        raise InputError(f"its spectra are normalised ({place} = '{unit}'), {NO_MASS}")
    raise InputError(f"its spectra have {place} = '{unit}', which is no unit of luminosity: {WANTED}")


WANTED = "wanted are luminosities per wavelength or frequency and mass, such as Lsun/Angstrom/Msun or erg/s/Hz/Msun"
NO_MASS = "from which no mass follows: take the models in absolute units, such as Lsun/Angstrom/Msun"
