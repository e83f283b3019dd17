"""Units of photometry, and what they are in nanomaggies."""

import re
import warnings
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from jpas_gui.core.arrays import FloatArray, IndexArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.magnitudes import LIGHT_SPEED, NANOMAGGY
from jpas_gui.core.photometry.filter_files import embedded_filters

if TYPE_CHECKING:
    from astropy import units as u

MAGNITUDE = "mag"
F_LAMBDA_ARCHIVE = "1e-19 erg s-1 cm-2 A-1"
F_NU_ARCHIVE = "1e-30 erg s-1 cm-2 Hz-1"
F_LAMBDA = "erg s-1 cm-2 A-1"
F_NU = "erg s-1 cm-2 Hz-1"

UNIT_CHOICES = ("nanomaggy", MAGNITUDE, F_LAMBDA_ARCHIVE, F_NU_ARCHIVE, F_LAMBDA, F_NU, "Jy", "uJy")
"""What a user can choose from; all other units of flux density that astropy knows are understood, too."""

_MAGNITUDES = {"mag", "mags", "magnitude", "magnitudes"}
_SCALED = re.compile(r"([\d.]+(?:[eE][-+]?\d+)?)?[\s*]*([^\d]+)")
"""A number, if any, and words without one."""

_ANGSTROM = re.compile(r"(?<![A-Za-z])(?:A|Å|AA|Ang|ang|angstroms?|Angstroms)(?![A-Za-z])")
_TWO_POWERS = re.compile(r"10[eE][-+]?\d")
_LATEX = str.maketrans({"{": "", "}": "", "$": "", "\\": "", "×": "*"})
_WORD = re.compile(r"[A-Za-z\u00b5\u03bc]+")
_MICRO = ("u", "\u00b5", "\u03bc", "micro")
_PREFIXES = {"": "", "n": "n", "nano": "n", **dict.fromkeys(_MICRO, "u"), "m": "m", "milli": "m"}
_JANSKYS = ("jy", "jansky", "janskys", "janskies")
_MAGGIES = ("mgy", "maggy", "maggies", "maggys")
_WORDS = {
    "ergs": "erg",
    **dict.fromkeys(("sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("hz", "hertz"), "Hz"),
    **dict.fromkeys(("watt", "watts"), "W"),
    "microns": "micron",
    "flam": "FLAM",
    "fnu": "FNU",
    "nmaggies": "nMAGGY",
    **{f"{prefix}{word}": f"{own}Jy" for prefix, own in _PREFIXES.items() for word in _JANSKYS},
    **{f"{prefix}{word}": f"{own}MAGGY" for prefix, own in _PREFIXES.items() for word in _MAGGIES},
}
"""Words of units as people write them, in lower case, by the names that `_units` and astropy know."""

_AS_WRITTEN = {"MJy", "MJY"}
"""Words whose capitals say something else, or nobody knows what."""

_WHOLE = {
    **dict.fromkeys(("fnucgs", "cgsfnu"), "FNU"),
    **dict.fromkeys(("flamcgs", "cgsflam", "flambdacgs", "cgsflambda"), "FLAM"),
}
"""Units that are told by their letters alone."""

_LOOSE_PREFIX = re.compile(r"\b(micro|milli|nano)[ -](?=j|m)", re.IGNORECASE)
_AB_MAGGIES = re.compile(r"^AB[ _-]+(?=\S*(?:magg|mgy))", re.IGNORECASE)


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
    magnitudes : float
        Of one unit, for magnitudes: 0.001 for mmag.
    """

    name: str
    is_magnitude: bool
    nanomaggies: FloatArray
    magnitudes: float = 1.0

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
    magnitudes = _magnitudes(name)
    if magnitudes is not None:
        return FluxUnit(name, True, np.ones(len(band_pivots())), magnitudes)
    try:
        return FluxUnit(name, False, _nanomaggies(_unit_of_words(name)))
    except (ValueError, TypeError) as error:  # of which astropy's UnitsError is one
        raise _no_unit(name) from error


def parse_inverse_variance(text: str) -> FluxUnit:
    """Return the unit of the errors whose inverse variances have the unit of a text, such as ``"nanomaggy^-2"``.

    The unit of the errors themselves, which some files give, is taken, too.

    Raises
    ------
    InputError
        If it is neither.
    """
    name = " ".join(text.split())
    with suppress(InputError):
        return parse_unit(re.sub(r"^1 ?/ ?(mmag|mag)(\^|\*\*)?2$|^(mmag|mag)(\^|\*\*)?-2$", r"\1\3", name))
    try:
        return FluxUnit(name, False, _nanomaggies(_unit_of_words(name) ** -0.5))
    except (ValueError, TypeError) as error:
        raise _no_unit(name) from error


def _no_unit(name: str) -> InputError:
    if _TWO_POWERS.search(name):
        power = name[name.lower().index("e") + 1 :].split()[0]
        return InputError(f"{name!r}: 10E{power} may mean 1e{power} or ten times it: give the unit with one of them")
    return InputError(f"{name!r} is no unit of flux density or magnitude: {', '.join(UNIT_CHOICES)}")


def is_cgs(text: str) -> bool:
    """Return whether a unit says that it is one of F_nu or F_lambda in cgs, but not which."""
    return re.sub(r"[^a-z]", "", text.lower()) in {"cgs", "cgsunits"}


def _magnitudes(name: str) -> float | None:
    """Return the magnitudes of one unit, such as ``"mmag"`` or ``"mag(AB)"``; None where it is no magnitude."""
    match = _SCALED.fullmatch(name)
    if match is None:
        return None
    letters = re.sub(r"[^a-z]", "", match[2].lower())
    if letters == "ab":
        return float(match[1] or 1)
    word = letters.removeprefix("ab").removesuffix("ab")
    for prefix, size in (("", 1.0), ("milli", 1e-3), ("m", 1e-3)):
        if word.startswith(prefix) and word[len(prefix) :] in _MAGNITUDES:
            return size * float(match[1] or 1)
    return None


def _unit_of_words(name: str) -> "u.UnitBase":
    """Return a unit as people write it.

    Raises
    ------
    ValueError, TypeError
        If it is none.
    """
    # Imported when first needed: they would slow down the start.
    from astropy import units as u

    if _TWO_POWERS.search(name):
        raise ValueError(name)
    bare = _AB_MAGGIES.sub("", _LOOSE_PREFIX.sub(r"\1", name.translate(_LATEX).strip("[] ")))
    plain = _WHOLE.get(re.sub(r"[^a-z]", "", bare.lower()), _ANGSTROM.sub("Angstrom", bare))
    is_capital = plain.upper().replace("ANGSTROM", "Angstrom") == plain
    texts = [plain, plain.lower()] if is_capital and not _AS_WRITTEN & set(_WORD.findall(plain)) else [plain]
    with warnings.catch_warnings(), u.add_enabled_units(_units()):
        warnings.simplefilter("ignore")  # astropy warns of erg/s/cm2/Hz, which it understands
        for text in texts:
            with suppress(ValueError):
                unit = u.Unit(_WORD.sub(_known_word, text), parse_strict="raise")
                break
        else:
            raise ValueError(name)
    if not isinstance(unit, u.UnitBase):
        raise TypeError("a logarithm")
    return unit


def _known_word(match: re.Match[str]) -> str:
    word = match[0]
    return word if word in _AS_WRITTEN else _WORDS.get(word.lower(), word)


@cache
def _units() -> tuple["u.UnitBase", ...]:
    """Return units that astropy has not, or not as fluxes."""
    from astropy import units as u

    f_nu = u.erg / u.s / u.cm**2 / u.Hz
    sizes = {"": 1e9, "m": 1e6, "u": 1e3, "n": 1.0}
    maggies = (u.def_unit(f"{prefix}MAGGY", size * NANOMAGGY * f_nu) for prefix, size in sizes.items())
    return (*maggies, u.def_unit("FNU", f_nu), u.def_unit("FLAM", u.erg / u.s / u.cm**2 / u.AA))


def _nanomaggies(unit: "u.UnitBase") -> FloatArray:
    """Return the nanomaggies of one unit, shape (60,)."""
    from astropy import units as u

    nanomaggy = _units()[3]
    if unit.is_equivalent(nanomaggy):
        return np.full(len(band_pivots()), unit.to(nanomaggy))
    f_lambda = unit.to(u.erg / u.s / u.cm**2 / u.AA)
    return np.asarray(f_lambda * band_pivots() ** 2 / LIGHT_SPEED / NANOMAGGY)


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
