"""What the user asks of the degeneracy explorer: the part of a session that is its own."""

from dataclasses import dataclass, field
from enum import StrEnum

from jpas_gui.app.band_sets import BandSet, names_of
from jpas_gui.core.arrays import BoolArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.photometry.bands import all_bands, bands_named

EXPOSURES = (0.01, 100.0)
"""Least and greatest exposure time over the present one."""


class Source(StrEnum):
    """Whose photometry is looked at."""

    SLIDERS = "the sliders"
    GALAXY = "observed galaxy"


class Page(StrEnum):
    """What is looked at beside the maps, and computed when they are there."""

    BANDS = "Bands"
    TWINS = "Twins"
    LIMITS = "Limits"
    LIBRARIES = "Libraries"


@dataclass(frozen=True)
class DegeneracyOptions:
    """How the photometry would be taken, and what is shown of its posterior.

    Parameters
    ----------
    source : Source
    bands : tuple of str
        The bands that are used, in the order of `all_bands`.
    exposure : float
        Exposure time over the present one: that of the noise model, or of the observed galaxy.
    network : bool
        Show the posterior network over the exact posterior.

    Raises
    ------
    InputError
        If a band is unknown, or out of order, or the exposure is beyond `EXPOSURES`.
    """

    source: Source = Source.SLIDERS
    bands: tuple[str, ...] = names_of(BandSet.SURVEY)
    exposure: float = 1.0
    network: bool = True

    def __post_init__(self) -> None:
        names = [band.name for band in all_bands()]
        for name in self.bands:
            if name not in names:
                raise InputError(f"there is no band {name!r}")
        if self.bands != tuple(name for name in names if name in self.bands):
            raise InputError("the bands to be used are not in the order of their wavelengths, each once")
        low, high = EXPOSURES
        if not low <= self.exposure <= high:
            raise InputError(f"an exposure of {self.exposure:g} times the present one is outside {low:g} to {high:g}")

    @property
    def mask(self) -> BoolArray:
        """True where a band is used, shape (60,)."""
        return bands_named(self.bands)


@dataclass(frozen=True)
class DegeneracySettings:
    """All that the user has chosen in the degeneracy explorer.

    Parameters
    ----------
    options : DegeneracyOptions
    page : Page
    against : str
        The library whose answers the page `LIBRARIES` maps; empty without one.
    """

    options: DegeneracyOptions = field(default_factory=DegeneracyOptions)
    page: Page = Page.BANDS
    against: str = ""
