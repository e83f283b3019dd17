"""Units as files of spectra write them, in the standard's words and in those of the field."""

import math
import re
import warnings
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from jpas_gui.core.errors import InputError

if TYPE_CHECKING:
    from astropy.units import UnitBase

_EXACT = {"A": "Angstrom", "AA": "Angstrom", "Å": "Angstrom", "S": "s", "CM": "cm"}

_WORDS = {
    word: unit
    for unit, words in {
        "Angstrom": "ang angs angstrom angstroms angstroem",
        "nm": "nm nanometer nanometers nanometre nanometres",
        "m": "meter meters metre metres",
        "um": "um micron microns micrometer micrometers micrometre micrometres µm μm",
        "erg": "erg ergs",
        "s": "sec secs second seconds",
        "Hz": "hz hertz",
        "W": "watt watts",
        "solLum": "lsun lsol l_sun l_sol lo l_o lsolar l_solar l_odot sollum l☉ l⊙",
        "solMass": "msun msol m_sun m_sol mo m_o msolar m_solar m_odot solmass m☉ m⊙",
        "Gyr": "gyr gyrs gigayear gigayears",
        "Myr": "myr myrs megayear megayears",
        "kyr": "kyr kyrs",
        "yr": "yr yrs year years",
        "/": "per",
    }.items()
    for word in words.split()
}

_WORD = re.compile(r"[^\W\d]+[☉⊙]?")
_LATEX = str.maketrans("", "", "{}$\\")
_TWO_POWERS = re.compile(r"(?<![\d.])10[eE][-+]?\d")
"""1e-3, or ten times it: nobody knows."""

_LOGARITHM = re.compile(r"(log_?10|log_?e|log|lg|ln|dex)(?![a-z])[\s(\[]*(.*?)[\s)\]]*", re.IGNORECASE)
_QUANTITY = re.compile(r"(?:age|t|lambda|lam|wavelength|wave)\s*/\s*", re.IGNORECASE)
_SCALES = {
    **dict.fromkeys(("log10", "log_10", "dex", "lg"), "log10"),
    **dict.fromkeys(("ln", "loge", "log_e"), "ln"),
    "log": "log",
}


@dataclass(frozen=True)
class FileUnit:
    """A unit of a file.

    Parameters
    ----------
    unit : astropy.units.UnitBase
    scale : {"", "log10", "ln", "log"}
        Of which logarithm the numbers are; "log" where the file does not say its base.
    """

    unit: "UnitBase"
    scale: str = ""


@cache
def parse_unit(text: str) -> FileUnit:
    """Return the unit of a text such as ``"Angstrom"``, ``"Lo/Mo/A"``, ``"log10(nm)"`` or ``"10**-17 erg/s/Hz"``.

    Raises
    ------
    InputError
        If it is none, with the reason alone.
    """
    text = text.strip().translate(_LATEX)
    logarithm = _LOGARITHM.fullmatch(text.strip("[]"))
    if logarithm:
        return FileUnit(_plain_unit(_QUANTITY.sub("", logarithm[2])), _SCALES[logarithm[1].lower()])
    return FileUnit(_plain_unit(text.removeprefix("[").removesuffix("]")))


def _plain_unit(text: str) -> "UnitBase":
    # Imported when first needed: it would slow down the start.
    from astropy import units as u

    if _TWO_POWERS.search(text):
        raise InputError(f"'{text}' may mean a power of ten or ten times it")
    words = _WORD.sub(_standard_word, text.replace("^", "**"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # astropy warns of erg/s/A/Msun, which it understands
        try:
            unit = u.Unit(words, parse_strict="raise") if words.strip() else None
            is_known = isinstance(unit, u.UnitBase) and 0 < float(np.real(unit.decompose().scale)) < math.inf
        except (ValueError, TypeError, ArithmeticError):  # astropy's UnitsError is one
            is_known = False
    if not is_known:
        raise InputError(f"'{text}' is no unit that is known")
    return unit


def _standard_word(match: re.Match[str]) -> str:
    word = match[0]
    return _EXACT.get(word) or _WORDS.get(word.lower(), word)
