"""Units of photometry, and what they are in nanomaggies."""

import re
import warnings
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from jpas_gui.core.arrays import FloatArray, IndexArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.magnitudes import LIGHT_SPEED, NANOMAGGY
from jpas_gui.core.photometry.filter_files import embedded_filters

MAGNITUDE = "mag"
F_LAMBDA_ARCHIVE = "1e-19 erg s-1 cm-2 A-1"
F_NU_ARCHIVE = "1e-30 erg s-1 cm-2 Hz-1"
F_LAMBDA = "erg s-1 cm-2 A-1"
F_NU = "erg s-1 cm-2 Hz-1"

UNIT_CHOICES = ("nanomaggy", MAGNITUDE, F_LAMBDA_ARCHIVE, F_NU_ARCHIVE, F_LAMBDA, F_NU, "Jy", "uJy")
"""What a user can choose from; all other units of flux density that astropy knows are understood, too."""

_NANOMAGGIES = {"nanomaggy", "nanomaggies", "nmgy", "nmaggy"}
_MAGNITUDES = {"mag", "mags", "abmag", "magab", "magnitude", "abmagnitude"}
_ANGSTROM = re.compile(r"(?<![A-Za-z])(?:A|Å|Ang|ang|angstroms?|Angstroms)(?![A-Za-z])")


@dataclass(frozen=True, eq=False)
class FluxUnit:
    """A unit of photometry.

    Parameters
    ----------
    name : str
        As the file or the user wrote it.
    is_magnitude : bool
        True for AB magnitudes.
    nanomaggies : ndarray, shape (60,)
        Of one unit, in the bands of `all_bands`; ones for magnitudes.
    """

    name: str
    is_magnitude: bool
    nanomaggies: FloatArray

    def of_bands(self, which: slice | IndexArray) -> "FluxUnit":
        """Return the unit in some of the bands."""
        return replace(self, nanomaggies=self.nanomaggies[which])


def parse_unit(text: str) -> FluxUnit:
    """Return the unit of a text, such as ``"nanomaggy"``, ``"mag"``, ``"uJy"`` or ``"1e-19 erg/s/cm2/A"``.

    Raises
    ------
    InputError
        If it is no unit of flux density.
    """
    name = " ".join(text.split())
    is_magnitude = re.sub(r"[^a-z]", "", name.lower()) in _MAGNITUDES
    if is_magnitude or name.lower() in _NANOMAGGIES:
        return FluxUnit(name, is_magnitude, np.ones(len(band_pivots())))
    try:
        factor = _cgs(name)
    except (ValueError, TypeError) as error:  # of which astropy's UnitsError is one
        raise InputError(f"{name!r} is no unit of flux density or magnitude: {', '.join(UNIT_CHOICES)}") from error
    return FluxUnit(name, False, factor / NANOMAGGY)


def _cgs(name: str) -> FloatArray:
    """Return one unit in erg s-1 cm-2 Hz-1, shape (60,)."""
    # Imported when first needed: they would slow down the start.
    from astropy import units as u

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # astropy warns of erg/s/cm2/Hz, which it understands
        unit = u.Unit(_ANGSTROM.sub("Angstrom", name), parse_strict="raise")
    if not isinstance(unit, u.UnitBase):
        raise TypeError("a logarithm")
    f_nu = u.erg / u.s / u.cm**2 / u.Hz
    if unit.is_equivalent(f_nu):
        return np.full(len(band_pivots()), unit.to(f_nu))
    return np.asarray(unit.to(u.erg / u.s / u.cm**2 / u.AA) * band_pivots() ** 2 / LIGHT_SPEED)


def likely_unit(values: FloatArray) -> str | None:
    """Return the unit that gives away itself by the size of the fluxes, or None.

    Sources from 9 to 36 mag have 1e-34 to 1e-23 in F_nu (cgs), and those from 2 to 27 mag 1e-20 to 1e-10 in F_lambda.
    """
    values = values[np.isfinite(values) & (values > 0)]
    if not values.size:
        return None
    typical = float(np.median(values))
    if 1e-34 < typical < 1e-23:
        return F_NU
    return F_LAMBDA if 1e-20 < typical < 1e-10 else None


@cache
def band_pivots() -> FloatArray:
    """Return the pivot wavelengths of all bands in Angstrom, shape (60,)."""
    return np.array([curve.pivot for curve in embedded_filters().curves])
