"""What the sliders say."""

from dataclasses import dataclass


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
    """

    log_age: float = 9.7
    metallicity: float = 0.0
    ebv: float = 0.1
    redshift: float = 0.0
    magnitude: float = 19.0
