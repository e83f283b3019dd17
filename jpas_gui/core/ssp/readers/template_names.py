"""What the names of the templates of MaNGA's pipeline say: MaStar, BPASS and M11 (Maraston & Stroemback).

``MaStar-SSP-A01.000-Z+0.00.fits``: age in Gyr and [Z/H]. ``bin-imf135_300-z008-T-0.40.fits``: Z = 0.008 and log10 of
the age in Gyr. ``M11_MILES_res2.54_imf_ss_age_10.000000_z_0.02.fits``: age in Gyr and Z, or [Z/H] as in
``M11_MARCS_res2.7_imf_ss_age_10.00_z_-2.2500_s.fits``.
"""

import re
from dataclasses import dataclass

from jpas_gui.core.ssp.grid import log_age_of, metallicity_of

SOLAR_METALLICITY = 0.02
"""That of all three."""

_MASTAR = re.compile(r"^(?P<title>MaStar.*)-A(?P<age>\d+\.\d+)-Z(?P<metals>[+-]\d+\.\d+)(?P<tail>.*)$", re.IGNORECASE)
_BPASS = re.compile(r"^(?P<kind>bin|sin)-imf(?P<imf>\w+?)-z(?P<z>em\d|\d+)-T(?P<age>[+-]?\d+\.\d+)(?P<tail>.*)$")
_M11 = re.compile(
    r"^M11_(?P<spectra>[A-Za-z]+)(?P<resolution>\w*?[\d.]*)_imf_(?P<imf>[a-z]+)_age_(?P<age>[\d.]+)"
    r"_z_(?P<metals>[+-]?\d+\.\d+)(?P<tail>.*)$"
)

_ROUNDED_AGES = {0.003: 0.00316228, 0.032: 0.03162278}
"""Gyr: what the names of MaStar's models round, as their README says."""

_LARGEST_Z = 0.15

_IMFS = {"ss": "Salpeter (1955)", "kr": "Kroupa (2001)", "cha": "Chabrier (2003)"}


@dataclass(frozen=True)
class TemplateFamily:
    """What the templates of one origin have in common.

    Parameters
    ----------
    citation : str
        Key of its citation.
    unit : str
        Of the luminosities as released, "" where it is not published.
    medium : str
        Of the wavelengths where neither header nor lines say it.
    """

    citation: str
    unit: str
    medium: str


MASTAR = TemplateFamily("mastar", "", "vacuum")
BPASS = TemplateFamily("bpass", "1e-6 Lsun/Angstrom/Msun", "vacuum")
M11 = TemplateFamily("m11", "erg/s/Angstrom/Msun", "air")


@dataclass(frozen=True)
class TemplateName:
    """What the name of one file says.

    Parameters
    ----------
    family : TemplateFamily
    title : str
        Of the library, for people; it tells the variants of a family apart.
    imf : str
    log_age, metallicity : float
    """

    family: TemplateFamily
    title: str
    imf: str
    log_age: float
    metallicity: float

    @property
    def library_name(self) -> str:
        """Short name of the library, e.g. ``"m11-miles-res2.54-ss"``."""
        return re.sub(r"[^a-z0-9.+]+", "-", self.title.lower()).strip("-")


def parse_template_name(name: str) -> TemplateName | None:
    """Return what a file name says, None if it is no such name."""
    stem = re.sub(r"\.fits?(\.gz|\.fz)?$", "", name, flags=re.IGNORECASE)
    for parse in (_parse_mastar, _parse_bpass, _parse_m11):
        if parsed := parse(stem):
            return parsed
    return None


def _parse_mastar(stem: str) -> TemplateName | None:
    match = _MASTAR.match(stem)
    age = float(match["age"]) if match else 0.0
    if not match or age <= 0:
        return None
    age = _ROUNDED_AGES.get(age, age)
    title = f"{match['title']}{match['tail']}".replace("-", " ")
    return TemplateName(MASTAR, title, "Salpeter (1955)", log_age_of(age * 1e9), float(match["metals"]) + 0.0)


def _parse_bpass(stem: str) -> TemplateName | None:
    match = _BPASS.match(stem)
    if not match:
        return None
    z = 10.0 ** -int(match["z"][2:]) if match["z"].startswith("em") else float(f"0.{match['z']}")
    if z <= 0:
        return None
    title = f"BPASS {match['kind']} imf{match['imf']}{match['tail'].replace('-', ' ')}"
    log_age = round(9 + float(match["age"]), 5)
    return TemplateName(BPASS, title, f"BPASS imf{match['imf']}", log_age, metallicity_of(z, SOLAR_METALLICITY))


def _parse_m11(stem: str) -> TemplateName | None:
    match = _M11.match(stem)
    age = float(match["age"]) if match and match["age"].count(".") <= 1 else 0.0
    if not match or age <= 0:
        return None
    metals = float(match["metals"])
    # Z of the grid lies between 0.0001 and 0.04, [Z/H] is -2.25 to -0.33, 0, 0.35 or 0.67.
    metallicity = metallicity_of(metals, SOLAR_METALLICITY) if 0 < metals < _LARGEST_Z else metals + 0.0
    parts = ("M11", match["spectra"], match["resolution"], match["imf"], match["tail"])
    title = " ".join(part.strip("_") for part in parts if part.strip("_"))
    return TemplateName(M11, title, _IMFS.get(match["imf"], ""), log_age_of(age * 1e9), metallicity)
