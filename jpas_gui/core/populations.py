"""What the sliders say."""

from dataclasses import dataclass, fields

from jpas_gui.core.errors import InputError

LIMITS = {
    "log_age": (4.0, 11.0),
    "metallicity": (-10.0, 2.0),
    "ebv": (0.0, 2.0),
    "redshift": (0.0, 1.5),
    "magnitude": (10.0, 28.0),
}
"""Smallest and largest value of each parameter. A library has narrower ones of age and metallicity."""

LABELS = {
    "log_age": "log age",
    "metallicity": "[M/H]",
    "ebv": "E(B-V)",
    "redshift": "redshift",
    "magnitude": "magnitude",
}


@dataclass(frozen=True)
class StellarPopulation:
    """A simple stellar population behind a dust screen, as J-PAS would see it.

    Parameters
    ----------
    log_age : float
        log10(age / yr).
    metallicity : float
        [M/H] in dex.
    ebv : float
        E(B-V) of the dust screen in front of the stars, in mag.
    redshift : float
        Redshift of the galaxy.
    magnitude : float
        AB magnitude in the reference band.

    Raises
    ------
    InputError
        If a value is outside `LIMITS`, or not a number.
    """

    log_age: float = 9.7
    metallicity: float = 0.0
    ebv: float = 0.1
    redshift: float = 0.0
    magnitude: float = 19.0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            low, high = LIMITS[field.name]
            if not low <= value <= high:
                raise InputError(f"{LABELS[field.name]} {value:g} is outside {low:g} to {high:g}")
