"""What the names of GALAXEV's files say.

``cb2019_z017_chab_hr_xmilesi_ssp.fits``, ``bc2003_hr_stelib_m62_chab_ssp.ised_ASCII``: the order of the parts varies
with the release, so that each is known by itself. What is neither metallicity nor "ssp" names the variant.
"""

import re
from dataclasses import dataclass

from jpas_gui.core.ssp.citations import citation_of

_PADOVA_1994 = {"m22": 0.0001, "m32": 0.0004, "m42": 0.004, "m52": 0.008, "m62": 0.02, "m72": 0.05, "m82": 0.1}
_PADOVA_2000 = {"m122": 0.0004, "m132": 0.001, "m142": 0.004, "m152": 0.008, "m162": 0.019, "m172": 0.03}

_Z = re.compile(r"z(\d{2,5})")

_VAZDEKIS = re.compile(r"v(\d)p(\d\d)")

_IMFS = {
    "chab": "Chabrier (2003)",
    "kroup": "Kroupa (2001)",
    "kroupa": "Kroupa (2001)",
    "kro": "Kroupa (2001)",
    "salp": "Salpeter (1955)",
}


@dataclass(frozen=True)
class _Release:
    family: str
    title: str
    isochrones: str
    solar_metallicity: float


_RELEASES = {
    "bc2003": _Release("bc03", "BC03", "Padova 1994", 0.02),
    "cb2003": _Release("bc03", "CB03", "Padova 2000", 0.02),
    "cb2007": _Release("cb07", "CB07", "Padova 1994, brighter TP-AGB", 0.02),
    # Gutkin et al. 2016, MNRAS 462, 1757: the same tracks and scale as those of 2019.
    "bc2016": _Release("cb19", "BC16", "PARSEC", 0.017),
    "cb2016": _Release("cb19", "CB16", "PARSEC", 0.017),
    "bc2019": _Release("cb19", "BC19", "PARSEC", 0.017),
    "cb2019": _Release("cb19", "CB19", "PARSEC", 0.017),
    "bc2022": _Release("cb19", "BC22", "PARSEC", 0.017),
    "cb2022": _Release("cb19", "CB22", "PARSEC", 0.017),
}


_UNKNOWN = _Release("", "GALAXEV, release unknown", "", 0.02)


@dataclass(frozen=True)
class GalaxevName:
    """What the name of one file says.

    Parameters
    ----------
    variant : str
        What all files of one library share, e.g. ``"cb2019 chab hr xmilesi"``.
    family : str
        Key of its citation, "" where the name tells no release.
    title : str
        Name of the release for people.
    imf, isochrones : str
        "" where the name does not say.
    solar_metallicity : float
    z : float, optional
        Mass fraction of metals; None where the name does not say.
    """

    variant: str
    family: str
    title: str
    imf: str
    isochrones: str
    solar_metallicity: float
    z: float | None

    @property
    def library_name(self) -> str:
        """Short name of the library, e.g. ``"cb19-chab-hr-xmilesi"``."""
        return "-".join([self.title if self.family else "galaxev", *self._words]).lower()

    @property
    def library_title(self) -> str:
        """Name of the library for people."""
        return " ".join([self.title, *self._words])

    @property
    def citation(self) -> str:
        """What to cite, "" where the name tells no release."""
        return citation_of(self.family).text if self.family else ""

    @property
    def licence(self) -> str:
        """Terms of the data, "" where the name tells no release."""
        return citation_of(self.family).licence if self.family else ""

    @property
    def _words(self) -> list[str]:
        return [word for word in self.variant.split() if word.lower() not in _RELEASES]


def parse_galaxev_name(name: str) -> GalaxevName:
    """Return what a file name says."""
    parts = [part for part in name.split(".")[0].split("_") if part]
    z: float | None = None
    others = []
    for part in parts:
        value = _metallicity(part)
        if value is not None:
            z = value
        elif part.lower() != "ssp":
            others.append(part)
    release = next((_RELEASES[p.lower()] for p in others if p.lower() in _RELEASES), _UNKNOWN)
    isochrones, solar_metallicity = release.isochrones, release.solar_metallicity
    if any(part in _PADOVA_2000 for part in parts):
        isochrones, solar_metallicity = "Padova 2000", 0.019
    elif not isochrones and any(part in _PADOVA_1994 for part in parts):
        isochrones = "Padova 1994"
    variant = " ".join(others)
    imf = next((_imf(part) for part in others if _imf(part)), "")
    upper = next((f", up to {int(p[2:])} Msun" for p in others if re.fullmatch(r"MU\d+", p)), "")
    return GalaxevName(
        variant=variant,
        family=release.family,
        title=release.title,
        imf=imf + upper,
        isochrones=isochrones,
        solar_metallicity=solar_metallicity,
        z=z,
    )


def _metallicity(part: str) -> float | None:
    for table in (_PADOVA_1994, _PADOVA_2000):
        if part in table:
            return table[part]
    match = _Z.fullmatch(part)
    return float(f"0.{match[1]}") if match else None


def _imf(part: str) -> str:
    match = _VAZDEKIS.fullmatch(part)
    if match:
        return f"Vazdekis et al. (1996), slope {match[1]}.{match[2]}"
    return _IMFS.get(part.lower(), "")
