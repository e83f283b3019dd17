"""Dust screens: k(lambda) = A(lambda) / E(B-V) of the laws in use, from well-kept libraries."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.errors import InputError


@dataclass(frozen=True)
class AttenuationLaw:
    """A dust law.

    Parameters
    ----------
    name : str
        Short name, used in files and commands.
    title : str
        Name and paper.
    r_v : float
        R_V = A(V) / E(B-V) by default.
    r_v_range : tuple of float
        Smallest and largest R_V that the law was made for; both equal where it has none.
    wavelength_range : tuple of float
        Angstrom; outside it k keeps the value at the edge. No band comes from there at redshift 1.5 or less.
    curve : callable
        ``curve(wavelength, r_v)`` is A(lambda) / A(V).
    """

    name: str
    title: str
    r_v: float
    r_v_range: tuple[float, float]
    wavelength_range: tuple[float, float]
    curve: Callable[[FloatArray, float], FloatArray]

    @property
    def label(self) -> str:
        """First author and year: the name of the law wherever it is shown."""
        words = self.title.replace(",", " ").split()
        return f"{words[0]} {next(word for word in words if word.isdecimal())}"

    @property
    def has_r_v(self) -> bool:
        """True where R_V is a parameter of the law."""
        return self.r_v_range[0] < self.r_v_range[1]

    def k(self, wavelength: FloatArray, r_v: float | None = None) -> FloatArray:
        """Return A(lambda) / E(B-V).

        Parameters
        ----------
        wavelength : ndarray
            Rest-frame vacuum wavelength in Angstrom.
        r_v : float, optional
            The law's own value where it is not given.

        Raises
        ------
        InputError
            If the law was not made for that R_V.
        """
        r_v = self.r_v if r_v is None else r_v
        low, high = self.r_v_range
        if not low <= r_v <= high:
            allowed = f"between {low:g} and {high:g}" if self.has_r_v else f"{low:g}"
            raise InputError(f"R_V = {r_v:g} is outside the law {self.name}: it must be {allowed}")
        return r_v * self.curve(np.clip(np.asarray(wavelength, dtype=float), *self.wavelength_range), r_v)

    def transmission(self, wavelength: FloatArray, ebv: float, r_v: float | None = None) -> FloatArray:
        """Return the part of the light that leaves the screen, 10^(-0.4 k E(B-V))."""
        wavelength = np.ascontiguousarray(wavelength, dtype=float)
        return np.asarray(10 ** (-0.4 * ebv * _cached_k(self, wavelength.tobytes(), r_v)))


@lru_cache(maxsize=8)
def _cached_k(law: AttenuationLaw, wavelength: bytes, r_v: float | None) -> FloatArray:
    return law.k(np.frombuffer(wavelength), r_v)


def _calzetti(wavelength: FloatArray, r_v: float) -> FloatArray:
    from extinction import calzetti00

    return np.asarray(calzetti00(wavelength, 1.0, r_v), dtype=float)


def _of_dust_extinction(name: str) -> Callable[[FloatArray, float], FloatArray]:
    def curve(wavelength: FloatArray, r_v: float) -> FloatArray:
        # Imported when first needed: they cost a third of a second.
        from astropy import units as u
        from dust_extinction import parameter_averages

        return np.asarray(getattr(parameter_averages, name)(Rv=r_v)(wavelength * u.AA), dtype=float)

    return curve


_LAWS = (
    AttenuationLaw("calzetti", "Calzetti et al. 2000, ApJ 533, 682", 4.05, (4.05, 4.05), (1200.0, 22000.0), _calzetti),
    AttenuationLaw(
        "ccm89",
        "Cardelli, Clayton & Mathis 1989, ApJ 345, 245",
        3.1,
        (2.0, 6.0),
        (1000.0, 33333.0),
        _of_dust_extinction("CCM89"),
    ),
    AttenuationLaw(
        "odonnell94", "O'Donnell 1994, ApJ 422, 158", 3.1, (2.0, 6.0), (1000.0, 33333.0), _of_dust_extinction("O94")
    ),
    AttenuationLaw(
        "fitzpatrick99",
        "Fitzpatrick 1999, PASP 111, 63",
        3.1,
        (2.0, 6.0),
        (1000.0, 33333.0),
        _of_dust_extinction("F99"),
    ),
    AttenuationLaw(
        "gordon23",
        "Gordon et al. 2023, ApJ 950, 86",
        3.1,
        (2.3, 5.6),
        (912.0, 320000.0),
        _of_dust_extinction("G23"),
    ),
)

ATTENUATION_LAWS = {law.name: law for law in _LAWS}
"""The laws by name; the first is the default."""


def attenuation_law(name: str) -> AttenuationLaw:
    """Return the law of a name.

    Raises
    ------
    InputError
        If there is none.
    """
    try:
        return ATTENUATION_LAWS[name]
    except KeyError:
        raise InputError(f"unknown dust law {name!r}: choose one of {', '.join(ATTENUATION_LAWS)}") from None
