"""What the names of columns say: which quantity, in which aperture, of which band."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from jpas_gui.core.catalogues.table import plain_name
from jpas_gui.core.photometry.bands import OTHER_SURVEYS_BANDS, Band, find_band

_Meaning = TypeVar("_Meaning")


class Role(Enum):
    """What a column tells of the photometry."""

    VALUE = "value"
    ERROR = "error"
    RELATIVE_ERROR = "relative error"
    INVERSE_VARIANCE = "inverse variance"
    FLAGS = "FLAGS"
    MASK_FLAGS = "MASK_FLAGS"


class Scale(Enum):
    """Whether a column says that it holds magnitudes or fluxes."""

    MAGNITUDE = "magnitude"
    FLUX = "flux"
    UNSAID = ""


@dataclass(frozen=True)
class Quantity:
    """One quantity of the photometry.

    Parameters
    ----------
    role : Role
    scale : Scale
    aperture : str
        In capitals, e.g. ``"APER_COR_3_0"``; empty where the name has none.
    """

    role: Role
    scale: Scale
    aperture: str


ColumnsOfQuantities = Mapping[Quantity, list[tuple[str, Band | None]]]
"""The columns of each quantity with their bands; no band where they are arrays, or for all bands."""

ERROR_ROLES = (Role.RELATIVE_ERROR, Role.ERROR, Role.INVERSE_VARIANCE)
"""In the order in which they are looked for."""

_ROLES = {
    ("mask", "flags"): Role.MASK_FLAGS,
    ("flags",): Role.FLAGS,
    ("relerr",): Role.RELATIVE_ERROR,
    ("ivar",): Role.INVERSE_VARIANCE,
    ("invvar",): Role.INVERSE_VARIANCE,
    ("inv", "var"): Role.INVERSE_VARIANCE,
    ("inverse", "variance"): Role.INVERSE_VARIANCE,
    ("err",): Role.ERROR,
    ("error",): Role.ERROR,
    ("e",): Role.ERROR,
    ("sigma",): Role.ERROR,
}
_SCALES = {
    ("mag",): Scale.MAGNITUDE,
    ("magnitude",): Scale.MAGNITUDE,
    ("flux", "nu"): Scale.FLUX,
    ("flux",): Scale.FLUX,
    ("fnu",): Scale.FLUX,
}
_JOINED = {
    "magerr": ["mag", "err"],
    "fluxerr": ["flux", "err"],
    "fluxivar": ["flux", "ivar"],
    "maskflags": ["mask", "flags"],
}


_MOST_WORDS = 3
"""Of the name of a band."""


def columns_by_quantity(names: Iterable[str]) -> ColumnsOfQuantities:
    """Return the columns of each quantity with their bands, in the order of the names."""
    columns: dict[Quantity, list[tuple[str, Band | None]]] = {}
    for name in names:
        quantity, band = quantity_of(name)
        columns.setdefault(quantity, []).append((name, band))
    return columns


def quantity_of(name: str) -> tuple[Quantity, Band | None]:
    """Return what a column's name says, e.g. of ``FLUX_RELERR_AUTO_J0390`` or ``err_j0660_cor``; no band in arrays."""
    words = [part for word in plain_name(name).split("_") for part in _JOINED.get(word, [word])]
    band = _take_band(words)
    role, scale = _take(words, _ROLES) or Role.VALUE, _take(words, _SCALES) or Scale.UNSAID
    return Quantity(role, scale, "_".join(words).upper()), band


def is_jplus_only(name: str) -> bool:
    """Return whether a column is of a band that J-PLUS or S-PLUS has, and J-PAS has not."""
    return not OTHER_SURVEYS_BANDS.isdisjoint(plain_name(name).split("_"))


def _take_band(words: list[str]) -> Band | None:
    """Take the band out of the words; its name may be of several, such as uj_JPAS."""
    for length in range(min(_MOST_WORDS, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            band = find_band("_".join(words[start : start + length]))
            if band is not None:
                del words[start : start + length]
                return band
    return None


def _take(words: list[str], known: Mapping[tuple[str, ...], _Meaning]) -> _Meaning | None:
    for pattern, meaning in known.items():
        for start in range(len(words) - len(pattern) + 1):
            if tuple(words[start : start + len(pattern)]) == pattern:
                del words[start : start + len(pattern)]
                return meaning
    return None
