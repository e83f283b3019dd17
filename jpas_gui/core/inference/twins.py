"""Populations far from the best one that look the same."""

from dataclasses import dataclass

import numpy as np

from jpas_gui.core.arrays import BoolArray, FloatArray
from jpas_gui.core.inference.band_grid import BandGrid
from jpas_gui.core.inference.exact.posterior import Posterior
from jpas_gui.core.inference.parameters import PARAMETERS

_MARGIN = 2.0
"""Boxes whose chi2, as their density tells it, is larger by more than this beyond the limit are not looked at."""

_N_REFINED = 24
"""Boxes at each end that are searched in more detail."""

_FINE = np.stack(np.meshgrid(*[np.array([-1.0, 0.0, 1.0])] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
"""Where in a box a finer search looks, in units of half its width."""


@dataclass(frozen=True, eq=False)
class Twin:
    """A population that cannot be told from the data.

    Parameters
    ----------
    parameter : str
        In this parameter it is as far as possible ...
    direction : int
        ... towards smaller values, -1, or larger ones, 1.
    parameters : ndarray, shape (3,)
        In the order of `PARAMETERS`.
    flux_nu : ndarray, shape (n_bands,)
        In the unit of the data, with the amplitude that fits best.
    difference : ndarray, shape (n_bands,)
        Twin minus what it is compared with, in sigmas; NaN where there is nothing to compare with.
    delta_chi2 : float
        chi2 minus that of the best population.
    """

    parameter: str
    direction: int
    parameters: FloatArray
    flux_nu: FloatArray
    difference: FloatArray
    delta_chi2: float

    @property
    def telling_bands(self) -> list[int]:
        """The bands that differ by most sigmas, the largest first: they would break the tie."""
        known = np.flatnonzero(np.isfinite(self.difference))
        return [int(i) for i in known[np.argsort(-np.abs(self.difference[known]))]]


def find_twins(
    posterior: Posterior,
    grid: BandGrid,
    flux_nu: FloatArray,
    flux_nu_error: FloatArray,
    mask: BoolArray,
    limit: float = 1.0,
    compared_with: FloatArray | None = None,
) -> tuple[Twin, ...]:
    """Return the populations farthest away in each parameter whose chi2 is within `limit` of the best.

    Parameters
    ----------
    posterior : Posterior
        Of these data under this grid: its boxes are where they are looked for.
    flux_nu, flux_nu_error : ndarray, shape (n_bands,)
        The data, in the bands of the grid.
    mask : ndarray of bool, shape (n_bands,)
        The bands that the posterior used.
    limit : float
        1: within 1 sigma, the other parameters being free.
    compared_with : ndarray, shape (n_bands,), optional
        Fluxes from which differences are taken, NaN where there is to be none; by default the data.
    """
    present = flux_nu if compared_with is None else compared_with
    data = _Data(grid, flux_nu, flux_nu_error, mask & grid.mask, present)
    density = posterior.weight / posterior.half_width.prod(axis=1)
    near = -2 * np.log(density / density.max()) <= limit + _MARGIN
    # The best population counts as a box of no width: no centre may be as good.
    centre = np.vstack([posterior.centre[near], posterior.best])
    half = np.vstack([posterior.half_width[near], np.zeros(len(PARAMETERS))])
    chi2 = data.chi2(centre)
    least = float(chi2.min())
    twins = []
    for number, name in enumerate(PARAMETERS):
        for direction in (-1, 1):
            outside = direction * (centre[:, number] + direction * half[:, number])
            # A box counts if its centre is nearly close enough: a point of it may be.
            candidates = np.flatnonzero(chi2 - least <= limit + 1)
            chosen = candidates[np.argsort(-outside[candidates])[:_N_REFINED]]
            places = (centre[chosen, np.newaxis] + half[chosen, np.newaxis] * _FINE).reshape(-1, len(PARAMETERS))
            delta = data.chi2(places) - least
            inside = np.flatnonzero(delta <= limit)
            if not inside.size:
                places, delta = centre, chi2 - least
                inside = np.flatnonzero(delta <= limit)
            best = inside[np.argmax(direction * places[inside, number])]
            twins.append(data.twin(name, direction, places[best], max(0.0, float(delta[best]))))
    return tuple(twins)


class _Data:
    """Photometry, to which populations of a grid are fitted in amplitude."""

    def __init__(
        self, grid: BandGrid, flux_nu: FloatArray, flux_nu_error: FloatArray, used: BoolArray, present: FloatArray
    ) -> None:
        self._grid, self._error, self._present = grid, flux_nu_error, present
        self._target = np.where(used, flux_nu / flux_nu_error, 0)
        self._root = np.where(used, 1 / flux_nu_error, 0)

    def _fit(self, parameters: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the SEDs in the unit of the data, shape (n, n_bands), and chi2."""
        flux = np.exp(self._grid.log_fluxes(parameters).astype(float))
        model = flux * self._root
        amplitude = np.maximum(model @ self._target, 0) / (model**2).sum(axis=1)
        residual = self._target - amplitude[:, np.newaxis] * model
        return amplitude[:, np.newaxis] * flux, (residual**2).sum(axis=1)

    def chi2(self, parameters: FloatArray) -> FloatArray:
        """Return the chi2 of populations, shape (n, 3); infinite where the grid has no models."""
        return np.nan_to_num(self._fit(parameters)[1], nan=np.inf)

    def twin(self, name: str, direction: int, parameters: FloatArray, delta_chi2: float) -> Twin:
        """Return the twin at these parameters."""
        [flux], _ = self._fit(parameters[np.newaxis])
        flux = np.where(self._grid.mask, flux, np.nan)
        difference = np.full(flux.shape, np.nan)
        known = np.isfinite(self._present) & (self._error > 0)
        np.divide(flux - self._present, self._error, out=difference, where=known)
        return Twin(name, direction, parameters, flux, difference, delta_chi2)
