"""Errors of the bands, as a function of magnitude, and noisy draws."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.magnitudes import MAGNITUDE_PER_RELATIVE_ERROR, flux_of_magnitude, magnitude_of_flux

TYPICAL_APERTURE_FACTOR = 1.7
"""sqrt(area of the AUTO aperture / area of 3 arcsec): the median of five J-PAS galaxies brighter than i = 21."""


class NoiseModel(Protocol):
    """Errors of a set of bands."""

    @property
    def name(self) -> str:
        """Short name for files and figures."""

    def flux_nu_error(self, flux_nu: FloatArray, magnitude: float | None = None) -> FloatArray:
        """Return the error of each band.

        Parameters
        ----------
        flux_nu : ndarray, shape (..., n_bands)
            Nanomaggies.
        magnitude : float, optional
            The paper's simpler reading: every band has the relative error that it has at this magnitude. By
            default each band's error follows from its own flux.

        Returns
        -------
        ndarray, shape (..., n_bands)
            1-sigma error in nanomaggies; NaN where the model knows no error.
        """


@dataclass(frozen=True, eq=False)
class DepthNoise:
    """Sky-limited noise from the 5-sigma depths of a survey.

    DEPTH3ARC5S is the magnitude of a flux of five sky sigmas in an aperture of 3 arcsec, so the error in flux
    is constant: sigma_m = 1.0857 / 5 * aperture_factor * 10^(0.4 (m - depth)) (minijpas.TileImage).

    Parameters
    ----------
    name : str
    depth : ndarray, shape (n_bands,)
        5-sigma AB magnitude in 3 arcsec.
    aperture_factor : float
        sqrt(aperture area / area of 3 arcsec).
    zero_point_error : float
        mag, added in quadrature in every band.
    """

    name: str
    depth: FloatArray
    aperture_factor: float = TYPICAL_APERTURE_FACTOR
    zero_point_error: float = 0.0

    def __post_init__(self) -> None:
        if not self.aperture_factor > 0:
            raise InputError(f"the aperture factor must be positive, not {self.aperture_factor:g}")
        if not self.zero_point_error >= 0:
            raise InputError(f"the zero-point error must not be negative: {self.zero_point_error:g}")

    def flux_nu_error(self, flux_nu: FloatArray, magnitude: float | None = None) -> FloatArray:
        """Return the error of each band; see `NoiseModel`."""
        sky = self.aperture_factor / 5 * flux_of_magnitude(self.depth)
        if magnitude is not None:
            sky = sky * np.abs(flux_nu) / flux_of_magnitude(magnitude)
        return np.hypot(sky, self.zero_point_error / MAGNITUDE_PER_RELATIVE_ERROR * flux_nu)


@dataclass(frozen=True, eq=False)
class MeasuredNoise:
    """Mean catalogue error per band in bins of magnitude: the recipe of Dominguez Sanchez et al. (2025).

    Between bins log(error) is linear in magnitude. Brighter than the first bin its error is kept; fainter than
    the last one, the error grows as that of a sky-limited band, 10^(0.4 m).

    Parameters
    ----------
    name : str
    magnitude : ndarray, shape (n_bins,)
        Centres of the bins.
    magnitude_error : ndarray, shape (n_bands, n_bins)
        Mean error; NaN where the catalogue had no source.
    """

    name: str
    magnitude: FloatArray
    magnitude_error: FloatArray
    zero_point_error: float = 0.0

    def flux_nu_error(self, flux_nu: FloatArray, magnitude: float | None = None) -> FloatArray:
        """Return the error of each band; see `NoiseModel`."""
        own = magnitude_of_flux(flux_nu) if magnitude is None else np.full(np.shape(flux_nu), magnitude)
        error = np.empty(np.shape(flux_nu))
        for band, measured in enumerate(self.magnitude_error):
            error[..., band] = _interpolate_error(own[..., band], self.magnitude, measured)
        return np.hypot(error, self.zero_point_error) / MAGNITUDE_PER_RELATIVE_ERROR * np.abs(flux_nu)


def _interpolate_error(magnitude: FloatArray, centre: FloatArray, error: FloatArray) -> FloatArray:
    known = np.isfinite(error) & (error > 0)
    if not known.any():
        return np.full(np.shape(magnitude), np.nan)
    centre, log_error = centre[known], np.log10(error[known])
    beyond = 0.4 * np.maximum(magnitude - centre[-1], 0.0)
    return np.asarray(10 ** (np.interp(magnitude, centre, log_error) + beyond))


def draw_noise(flux_nu: FloatArray, flux_nu_error: FloatArray, seed: int) -> FloatArray:
    """Return flux_nu with Gaussian noise; the same seed gives the same draw, band by band.

    Parameters
    ----------
    flux_nu, flux_nu_error : ndarray, shape (..., n_bands)
    seed : int
    """
    return flux_nu + flux_nu_error * np.random.default_rng(seed).standard_normal(np.shape(flux_nu))
