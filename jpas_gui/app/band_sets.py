"""Sets of bands to try: those of J-PAS, and those of other surveys by their nearest bands of J-PAS."""

from enum import StrEnum
from functools import cache

from jpas_gui.core.photometry.bands import all_bands

_JPLUS = (3485, 3785, 3950, 4100, 4300, 4803, 5150, 6254, 6600, 7668, 8610, 9114)
"""Angstrom (Cenarro et al. 2019, A&A 622, A176, table 3)."""

_JPLUS_BROAD = {4803: "gSDSS", 6254: "rSDSS", 7668: "iSDSS"}
_UGRIZ = ("uJPAS", "gSDSS", "rSDSS", "iSDSS", "J0910")


class BandSet(StrEnum):
    """Sets of bands that can be chosen."""

    SURVEY = "J-PAS, 56 bands"
    ALL = "J-PAS, 60 bands"
    UGRIZ = "ugriz"
    JPLUS = "J-PLUS, 12 bands"


REMARKS = {
    BandSet.UGRIZ: "z is not among J-PAS's bands: J0910 stands for it; depths are those of J-PAS",
    BandSet.JPLUS: "nearest bands of J-PAS, with their depths: J0390, J0520, J0860 and J0910 stand for J0395, J0515, "
    "J0861 and z",
}
"""What a set is not."""


@cache
def names_of(band_set: BandSet) -> tuple[str, ...]:
    """Return the names of the bands of a set, in the order of `all_bands`."""
    bands = all_bands()
    chosen = {
        BandSet.SURVEY: {band.name for band in bands if not band.is_broad},
        BandSet.ALL: {band.name for band in bands},
        BandSet.UGRIZ: set(_UGRIZ),
        BandSet.JPLUS: {_nearest(wavelength) for wavelength in _JPLUS},
    }[band_set]
    return tuple(band.name for band in bands if band.name in chosen)


def band_set_of(names: tuple[str, ...]) -> BandSet | None:
    """Return the set that has these bands; None if they are the user's own choice."""
    return next((band_set for band_set in BandSet if names_of(band_set) == names), None)


def _nearest(wavelength: int) -> str:
    """Return the narrow band nearest to a band of J-PLUS; its broad bands have their own names."""
    narrow = [band for band in all_bands() if not band.is_broad]
    return _JPLUS_BROAD.get(wavelength) or min(narrow, key=lambda band: abs(band.wavelength - wavelength)).name
