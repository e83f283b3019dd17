"""What each band says of each parameter: Fisher information."""

from dataclasses import dataclass

import numpy as np

from jpas_gui.core.arrays import BoolArray, FloatArray
from jpas_gui.core.inference.band_grid import BandGrid

_FIRST_STEP = np.array([0.02, 0.02, 0.01])
_LONGEST_STEP = np.array([0.25, 0.25, 0.1])
"""Steps over which slopes are taken, in log_age, metallicity and ebv."""


@dataclass(frozen=True, eq=False)
class Information:
    """The information in photometry on log_age, metallicity and ebv, with the amplitude marginalised.

    The width of the prior counts as one more measurement, so that nothing is infinite where the bands say nothing.

    Parameters
    ----------
    covariance : ndarray, shape (3, 3)
    share : ndarray, shape (n_bands, 3)
        Of a used band: the part of 1 / variance of each parameter that would be lost without it. Of an unused one
        that could be used: the part that it would add. Else zero.
    """

    covariance: FloatArray
    share: FloatArray

    @property
    def error(self) -> FloatArray:
        """Standard deviation of each parameter, shape (3,)."""
        return np.sqrt(np.diag(self.covariance))


def information(
    grid: BandGrid, parameters: FloatArray, flux_nu: FloatArray, flux_nu_error: FloatArray, mask: BoolArray
) -> Information:
    """Return what the bands say of a population.

    Parameters
    ----------
    parameters : ndarray, shape (3,)
        A population of the grid, in the order of `PARAMETERS`.
    flux_nu, flux_nu_error : ndarray, shape (n_bands,)
        Its fluxes without noise, and their errors; in any unit. Bands without an error are never used.
    mask : ndarray of bool, shape (n_bands,)
        True where a band is used.
    """
    significance = _significance(grid, flux_nu, flux_nu_error)
    used = np.where(mask, significance, 0)
    slopes = _adapted_slopes(grid, parameters[np.newaxis], used[np.newaxis])[0]
    prior = _prior(grid)
    whole = _fisher(slopes, used) + prior
    # One band less, or one more, each in a row.
    other = np.tile(used, (mask.size, 1))
    np.fill_diagonal(other, np.where(mask, 0, significance))
    precision = _precision(_fisher(slopes, other) + prior)
    change = np.abs(precision / _precision(whole) - 1)
    return Information(
        np.asarray(np.linalg.inv(whole), dtype=float), np.where((significance > 0)[:, np.newaxis], change, 0)
    )


def expected_errors(
    grid: BandGrid, parameters: FloatArray, flux_nu: FloatArray, flux_nu_error: FloatArray, mask: BoolArray
) -> FloatArray:
    """Return the standard deviations that many populations have by their Fisher information, shape (n, 3).

    Parameters
    ----------
    parameters : ndarray, shape (n, 3)
    flux_nu, flux_nu_error : ndarray, shape (n, n_bands)
    mask : ndarray of bool, shape (n_bands,)
    """
    used = np.where(mask, _significance(grid, flux_nu, flux_nu_error), 0)
    fisher = _fisher(_adapted_slopes(grid, parameters, used), used) + _prior(grid)
    return np.asarray(_precision(fisher) ** -0.5)


def _significance(grid: BandGrid, flux_nu: FloatArray, flux_nu_error: FloatArray) -> FloatArray:
    """Return flux over error; zero where a band cannot be used."""
    result = np.zeros(np.shape(flux_nu))
    known = grid.mask & np.isfinite(flux_nu) & (flux_nu_error > 0)
    np.divide(flux_nu, flux_nu_error, out=result, where=known)
    return result


def _prior(grid: BandGrid) -> FloatArray:
    """Return 1 / variance of the prior, a matrix of shape (3, 3)."""
    return np.diag([12 / (axis[-1] - axis[0]) ** 2 for axis in grid.axes])


def _adapted_slopes(grid: BandGrid, parameters: FloatArray, significance: FloatArray) -> FloatArray:
    """Return slopes of ln flux over two errors to both sides: between nodes the grid is linear, and bends at them."""
    slopes = _slopes(grid, parameters, np.broadcast_to(_FIRST_STEP, parameters.shape))
    error = _precision(_fisher(slopes, significance) + _prior(grid)) ** -0.5
    return _slopes(grid, parameters, np.clip(2 * error, _FIRST_STEP / 4, _LONGEST_STEP))


def _slopes(grid: BandGrid, parameters: FloatArray, steps: FloatArray) -> FloatArray:
    """Return the slopes of ln flux along each parameter, shape (n, 3, n_bands); zero where there are no models."""
    n = len(parameters)
    moves = np.concatenate([np.eye(3), -np.eye(3)])[:, np.newaxis] * steps  # all at once: it is the calls that cost
    places = np.concatenate([parameters[np.newaxis], parameters + moves])
    low, high = np.array([nodes[[0, -1]] for nodes in grid.axes]).T
    places[1:] = np.clip(places[1:], low, high)
    flux = grid.log_fluxes(places.reshape(-1, 3)).astype(float).reshape(7, n, -1)
    missing = np.isnan(flux).any(axis=2)
    missing[0] = False
    flux, places = (np.where(missing[..., np.newaxis], values[0], values) for values in (flux, places))
    slopes = np.zeros((*parameters.shape, grid.mask.size))
    for axis in range(3):
        length = (places[1 + axis] - places[4 + axis])[:, axis, np.newaxis]
        np.divide(flux[1 + axis] - flux[4 + axis], length, out=slopes[:, axis], where=length > 0)
    return slopes


def _fisher(slopes: FloatArray, significance: FloatArray) -> FloatArray:
    """Return Fisher matrices, shape (..., 3, 3), from slopes (..., 3, n_bands) and flux over error (..., n_bands)."""
    square = significance[..., np.newaxis, :] ** 2
    total = np.maximum(square.sum(axis=-1, keepdims=True), 1e-300)
    common = (slopes * square).sum(axis=-1, keepdims=True) / total
    tangents = (slopes - common) * significance[..., np.newaxis, :]
    return np.asarray(tangents @ np.swapaxes(tangents, -1, -2))


def _precision(fisher: FloatArray) -> FloatArray:
    """Return 1 / variance of each parameter, the others marginalised."""
    return np.asarray(1 / np.diagonal(np.linalg.inv(fisher), axis1=-2, axis2=-1))
