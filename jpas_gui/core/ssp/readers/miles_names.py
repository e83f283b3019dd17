"""What the names of the MILES family's files say.

``Eku1.30Zp0.06T10.0000_iTp0.00_baseFe.fits``: E-MILES, Kroupa universal IMF, [M/H] +0.06, 10 Gyr, BaSTI. Tails vary
with the release and with the web tools that tune the files, so that only ``Z..T..`` must be there. The models of
Vazdekis (1999) are called ``Rbi1.30z+0.00t10.00.fits``.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from jpas_gui.core.ssp.citations import citation_of
from jpas_gui.core.ssp.library import LibrarySource, SourceFile

_SOLAR_METALLICITY = {"Padova94": 0.02, "Padova00": 0.019, "BaSTI": 0.0198}

DEFAULT_VARIANT = "BaSTI ku1.30"

_AGE_AND_METALLICITY = re.compile(
    r"(?P<letter>Z)(?P<sign>[mp])(?P<metallicity>\d+\.\d+)T(?P<age>\d+\.\d+)"
    r"|z(?P<old_sign>[+-])(?P<old_metallicity>\d+\.\d+)t(?P<old_age>\d+\.\d+)"
)
_IMF = re.compile(r"(?:^|[^A-Za-z])(?P<range>[A-Z]?)(?P<imf>ch|ku|kb|un|bi)(?P<slope>\d+\.\d+)$")
_ISOCHRONES = re.compile(r"_i(?P<isochrones>[PT])[mp]\d")
_ALPHA = re.compile(r"_E(?P<sign>[mp])(?P<alpha>\d+\.\d+)")
_RESOLUTION = re.compile(r"_FWHM_(?P<fwhm>\d+\.\d+|[a-z]+)")

_FAMILIES = {"E": "emiles", "I": "miuscat", "M": "miles"}
_FAMILY_TITLES = {"emiles": "E-MILES", "miuscat": "MIUSCAT", "miles": "MILES", "vazdekis99": "Vazdekis (1999)"}
IMFS = {
    "ch": "Chabrier (2003)",
    "ku": "Kroupa (2001) universal",
    "kb": "Kroupa (2001) revised",
    "un": "unimodal",
    "bi": "bimodal",
}


@dataclass(frozen=True)
class MilesVariant:
    """What the models of one library of the family have in common.

    Parameters
    ----------
    family : str
        "emiles", "miuscat", "miles" or "vazdekis99".
    isochrones : str
        "Padova94", "Padova00" or "BaSTI".
    imf : str
        Short name of its type: ch, ku, kb, un or bi.
    slope : float
        Logarithmic slope of the IMF.
    alpha : float, optional
        [alpha/Fe]; None for the base models, which follow the pattern of the Galaxy.
    resolution : str
        FWHM of files that were tuned, "" for those that were not.
    """

    family: str
    isochrones: str
    imf: str
    slope: float
    alpha: float | None = None
    resolution: str = ""

    @property
    def label(self) -> str:
        """Its name among the variants of a library, e.g. ``"BaSTI ku1.30"``."""
        label = f"{self.isochrones} {self.imf}{self.slope:.2f}"
        if self.alpha is not None:
            label += f" alpha{self.alpha:+.2f}"
        return f"{label} FWHM {self.resolution}" if self.resolution else label

    @property
    def library_name(self) -> str:
        """Short name of the library, e.g. ``"emiles-basti-ku1.30"``."""
        return f"{self.family}-{self.label}".lower().replace(" ", "-")

    @property
    def title(self) -> str:
        """Name of the library for people."""
        return f"{_FAMILY_TITLES[self.family]} {self.label}"

    @property
    def imf_name(self) -> str:
        """The IMF for people."""
        return f"{IMFS[self.imf]}, slope {self.slope:.2f}"

    @property
    def _citation(self) -> str:
        if self.family != "miles" or self.alpha is None:
            return self.family
        # The MILES models of given [alpha/Fe], and the semi-empirical ones of further values, have papers of their own.
        return "miles-alpha" if self.alpha in (0.0, 0.4) else "smiles"

    def source(
        self, reader_format: str, label: str, files: tuple[SourceFile, ...], skipped: tuple[str, ...] = ()
    ) -> LibrarySource:
        """Return where a library of this variant comes from, which the user chose by its label."""
        citation = citation_of(self._citation)
        return LibrarySource(
            format=reader_format,
            files=files,
            variant=label,
            imf=self.imf_name,
            isochrones=self.isochrones,
            solar_metallicity=_SOLAR_METALLICITY[self.isochrones],
            medium="air",
            citation=citation.text,
            licence=citation.licence,
            skipped=skipped,
        )


@dataclass(frozen=True)
class MilesName:
    """What the name of one file says: its library, the age in Gyr and [M/H]."""

    variant: MilesVariant
    age: float
    metallicity: float


def parse_miles_name(name: str) -> MilesName | None:
    """Return what a file name of the family says, None if it is no such name."""
    parameters = _AGE_AND_METALLICITY.search(name)
    imf = parameters and _IMF.search(name[: parameters.start()])
    if not parameters or not imf:
        return None
    is_old = not parameters["letter"]
    sign, number, age = parameters.group(*_OLD_GROUPS if is_old else _GROUPS)
    if float(age) <= 0:
        return None
    tail = name[parameters.end() :]
    isochrones = _ISOCHRONES.search(tail)
    alpha = _ALPHA.search(tail)
    resolution = _RESOLUTION.search(tail)
    variant = MilesVariant(
        family="vazdekis99" if is_old else _FAMILIES.get(imf["range"], "miles"),
        # The releases that offered one set of isochrones only, Padova's, do not say it.
        isochrones="BaSTI" if isochrones and isochrones["isochrones"] == "T" else "Padova94" if is_old else "Padova00",
        imf=imf["imf"],
        slope=float(imf["slope"]),
        alpha=_signed(alpha["sign"], alpha["alpha"]) if alpha else None,
        resolution=resolution["fwhm"] if resolution else "",
    )
    return MilesName(variant, float(age), _signed(sign, number))


_GROUPS = ("sign", "metallicity", "age")
_OLD_GROUPS = tuple(f"old_{group}" for group in _GROUPS)


def variant_labels(variants: Iterable[MilesVariant]) -> dict[MilesVariant, str]:
    """Return a label for each variant; it names the family where there are several."""
    variants = set(variants)
    several = len({variant.family for variant in variants}) > 1
    return {v: f"{_FAMILY_TITLES[v.family]} {v.label}" if several else v.label for v in variants}


def _signed(sign: str, number: str) -> float:
    # + 0.0 makes one zero of Zm0.00 and Zp0.00.
    return (-1 if sign in "m-" else 1) * float(number) + 0.0
