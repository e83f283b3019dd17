"""The bands of J-PAS: names, labels, axis wavelengths, colours and older names."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

import numpy as np

from jpas_gui.core.arrays import BoolArray
from jpas_gui.core.resources import resource_rows

N_SURVEY_BANDS = 56
"""Filter ids 1 to 56: uJAVA, 54 narrow bands, J1007. The ids above are the broad bands."""

REFERENCE_BANDS = ("iSDSS", "J0770")
"""The magnitude of a population is measured in the first of these that is available."""

OTHER_SURVEYS_BANDS = frozenset(
    {"j0395", "j0515", "j0861", "f395", "f515", "f861", "f0395", "f0515", "f0861"},
)
"""Names, in lower case, of bands of J-PLUS and S-PLUS that J-PAS has not."""


@dataclass(frozen=True)
class Band:
    """One band of the survey.

    Parameters
    ----------
    filter_id : int
        J-PAS filter id, 1 to 60.
    name : str
        Name in today's catalogues, e.g. ``"J0378"``.
    label : str
        Short name for plots.
    wavelength, width : float
        Nominal wavelength and width in Angstrom, for labels and axes. Photometry integrates the curve.
    colour : str
        The survey's own colour of the band, ``"#RRGGBB"``.
    aliases : tuple of str
        Names of the band in older files, e.g. ``"JPAS3785"``.
    """

    filter_id: int
    name: str
    label: str
    wavelength: float
    width: float
    colour: str
    aliases: tuple[str, ...]

    @property
    def is_broad(self) -> bool:
        """True for uJPAS, gSDSS, rSDSS and iSDSS."""
        return self.filter_id > N_SURVEY_BANDS


@cache
def all_bands() -> tuple[Band, ...]:
    """Return the 60 bands in the order of their filter ids."""
    return tuple(
        Band(
            filter_id=int(row["filter_id"]),
            name=row["name"],
            label=row["label"],
            wavelength=float(row["wavelength"]),
            width=float(row["width"]),
            colour=row["colour"],
            aliases=tuple(row["aliases"].split()),
        )
        for row in resource_rows("bands.ecsv")
    )


@cache
def _bands_by_name() -> dict[str, Band]:
    return {name.lower(): band for band in all_bands() for name in (band.name, *band.aliases)}


def bands_named(names: Collection[str]) -> BoolArray:
    """Return True for the bands with one of these names, shape (60,)."""
    return np.array([band.name in names for band in all_bands()])


def find_band(name: str) -> Band | None:
    """Return the band of a name, today's or an older one, in any case; None if there is no such band."""
    return _bands_by_name().get(name.strip().lower())
