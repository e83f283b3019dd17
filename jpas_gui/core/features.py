"""Spectral features of stars, to label in plots."""

from dataclasses import dataclass
from functools import cache

from jpas_gui.core.resources import resource_rows


@dataclass(frozen=True)
class SpectralFeature:
    """A feature: its label, and its rest-frame vacuum wavelength in Angstrom."""

    label: str
    wavelength: float


@cache
def spectral_features() -> tuple[SpectralFeature, ...]:
    """Return the features worth a mark, in order of wavelength."""
    return tuple(SpectralFeature(row["label"], float(row["wavelength"])) for row in resource_rows("features.ecsv"))
