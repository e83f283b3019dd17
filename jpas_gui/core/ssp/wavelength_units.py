"""Wavelengths in Angstrom from the numbers of a file and the unit that it gives."""

from collections.abc import Iterator

import numpy as np

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.units import FileUnit, parse_unit

_BLUEST, _REDDEST_START, _BLUEST_END = 900.0, 12_000.0, 3000.0
"""Angstrom: spectra of stars that are of use here begin between the first two, and end above the third."""

_THEORY_END = 20_000.0
_THEORY_MIDDLE = (2000.0, 30_000.0)
"""Grids of theory reach from X-rays to the infrared, with half of their points around the visible."""


def angstrom_of(values: FloatArray, unit: str, place: str, unstated: str = "Angstrom") -> FloatArray:
    """Return wavelengths in Angstrom, shape (n,), in the order of `values`.

    A unit that the file gives is believed: of length, frequency, wavenumber or energy, or of a logarithm of one of
    them. Numbers that can be nothing but logarithms of the unit are taken as such. Without a unit the numbers must
    be plausible in the one that such files use.

    Parameters
    ----------
    values : ndarray, shape (n,)
    unit : str
        As the file writes it, "" where it gives none.
    place : str
        Where the file would say the unit, e.g. ``"CUNIT1"``, for messages; "" where such files have no place for it.
    unstated : str
        The unit of such files where they do not say it.

    Raises
    ------
    InputError
        If the unit is not known, or the numbers are no wavelengths of a stellar library, with the reason alone.
    """
    try:
        parsed = parse_unit(unit or unstated)
    except InputError as error:
        raise InputError(f"its wavelengths have the unit {place} = '{unit}', which is not known: {WANTED}") from error
    with np.errstate(all="ignore"):
        for is_guess, wavelength in _readings(values, parsed):
            is_accepted = _is_plausible(wavelength) if is_guess or not unit else _is_possible(wavelength)
            # Numbers without unit or logarithm are no larger than they look.
            is_changed = bool(unit) or is_guess or bool(parsed.scale)
            if is_accepted and (wavelength.min() < _REDDEST_START or not is_changed):
                return wavelength
    ends = f"from {values[0]:g} to {values[-1]:g}" if values.size else "none"
    if unit:
        raise InputError(
            f"its wavelengths go {ends} in {unit} ({place}), which no spectrum of stars does: mend {place}"
        )
    remedy = f"write the unit into {place}" if place else f"convert them to {unstated} first"
    raise InputError(
        f"its wavelengths are not in {unstated}, as they should be without a unit: they go {ends}; {remedy}"
    )


def _readings(values: FloatArray, parsed: FileUnit) -> Iterator[tuple[bool, FloatArray]]:
    """Yield whether a reading is a guess, and the wavelengths, the likeliest first."""
    if not parsed.scale:
        yield False, in_angstrom(values, parsed)
    if parsed.scale in ("", "log", "log10"):
        yield parsed.scale != "log10", in_angstrom(10.0**values, parsed)
    if parsed.scale in ("", "log", "ln"):
        yield parsed.scale != "ln", in_angstrom(np.exp(values), parsed)


def in_angstrom(values: FloatArray, parsed: FileUnit) -> FloatArray:
    """Return wavelengths in Angstrom of numbers in the unit of `parsed`, whose scale is not looked at.

    Raises
    ------
    InputError
        If it is no unit of length, frequency, wavenumber or energy, with the reason alone.
    """
    from astropy import units as u

    try:
        return np.asarray(parsed.unit.to(u.AA, values, equivalencies=u.spectral()), dtype=float)
    except u.UnitConversionError as error:
        raise InputError(
            f"its wavelengths have the unit {parsed.unit}, which is none of wavelength: {WANTED}"
        ) from error


WANTED = "wanted is Angstrom, nm, um or another of wavelength or frequency"


def _is_possible(wavelength: FloatArray) -> bool:
    """Whether a spectrum of stars may have these wavelengths, where the file says their unit."""
    return bool(wavelength.size and np.isfinite(wavelength).all() and wavelength.min() > 0) and (
        wavelength.max() >= _BLUEST_END
    )


def _is_plausible(wavelength: FloatArray) -> bool:
    """Whether these can be nothing but wavelengths in Angstrom, where nothing says their unit."""
    if not _is_possible(wavelength):
        return False
    middle = float(np.median(wavelength))
    is_theory = wavelength.max() >= _THEORY_END and _THEORY_MIDDLE[0] < middle < _THEORY_MIDDLE[1]
    return bool(wavelength.min() >= _BLUEST) or is_theory
