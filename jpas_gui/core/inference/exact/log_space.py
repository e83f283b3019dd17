"""chi2 of all populations in a box, from below, in ln flux: nearly exact where the signal is high."""

import math

import numpy as np
import torch

from jpas_gui.core.arrays import FloatArray, IndexArray
from jpas_gui.core.inference.exact.cell_fluxes import CellFluxes
from jpas_gui.core.inference.exact.measurement import ROUNDING, Measurement
from jpas_gui.core.inference.exact.quadratic import BoxedQuadratic

_NEAR = 1.05
"""A flux must be larger than the largest residual by this factor."""

_SIGNIFICANT = 3.0
"""For a first guess bands count from this S/N on."""

_MIN_BANDS, _LEAST_WEIGHT = 5, 0.2
"""Fewer bands than this, or with a smaller part of all weight, do not narrow four parameters."""


class LogSpace:
    """ln flux of a galaxy, and of boxes in the cells; lemma 2 of `docs/method.md`.

    Parameters
    ----------
    fluxes : CellFluxes
    data : Measurement
    largest_chi2 : float, optional
        Populations of which something is to be said have no larger chi2 than this; by default it is a guess only, from
        all bands that are significant.
    """

    def __init__(self, fluxes: CellFluxes, data: Measurement, largest_chi2: float | None = None) -> None:
        self._fluxes = fluxes
        if largest_chi2 is None:
            weight = np.where(data.sigmas > _SIGNIFICANT, data.sigmas, 0) ** 2
        else:
            largest = math.sqrt(largest_chi2)
            strong = data.sigmas > _NEAR * largest
            part = np.where(strong, largest / np.where(strong, data.sigmas, 1), 0.5)
            weight = np.where(strong, (largest / np.log1p(-part)) ** 2, 0)
        used = weight > 0
        self.is_useful = np.count_nonzero(used) >= _MIN_BANDS and weight.sum() >= _LEAST_WEIGHT * data.length**2
        target = np.zeros_like(weight)
        target[used] = np.log(data.sigmas[used] / data.per_error[used])
        self._weight, self._target = (torch.from_numpy(one.astype(np.float32)) for one in (weight, target))

    def quadratic(self, cell: IndexArray, low: FloatArray, high: FloatArray) -> tuple[BoxedQuadratic, FloatArray]:
        """Return what chi2 is at least in boxes, and by how many sigmas that may be off.

        Parameters
        ----------
        cell : ndarray of int, shape (n,)
        low, high : ndarray, shape (3, n)
            Places in the cells.

        Returns
        -------
        BoxedQuadratic
            Of the place in the box, -1 to 1.
        ndarray, shape (n,)
        """
        half = (high - low) / 2
        rows = self._fluxes.with_slopes(cell, (low + high) / 2)
        rows[:, 0] -= self._target
        total = float(self._weight.sum())
        rows -= (rows @ self._weight)[..., None] / total  # whatever the amplitude
        rows *= self._weight.sqrt()
        products = (rows @ rows.transpose(1, 2)).permute(1, 2, 0).double().numpy()
        ends = np.ones_like(low)
        curvature, slope = products[1:, 1:] * (half[:, np.newaxis] * half), -products[0, 1:] * half
        quadratic = BoxedQuadratic(curvature, slope, products[0, 0], -ends, ends)
        return quadratic, math.sqrt(total) * (self._fluxes.spread_of_bends(cell, half) + ROUNDING)
