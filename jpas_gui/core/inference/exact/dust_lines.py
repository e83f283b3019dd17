"""Which E(B-V) each cell may have: a first look at all cells that costs three products."""

import math

import numpy as np
import torch

from jpas_gui.core.arrays import BoolArray, FloatArray
from jpas_gui.core.inference.exact.cell_fluxes import CellFluxes
from jpas_gui.core.inference.exact.measurement import Measurement

_N_NODES = 9
_SLACK = 1e-5
"""Part of the sum of squares that single precision may lose."""


class DustLines:
    """SEDs at the centres of all cells with several E(B-V), and how far all others of a cell may be from these.

    Lemma 1 of `docs/method.md`.

    Attributes
    ----------
    ebv : ndarray, shape (n_nodes,)
    """

    def __init__(self, fluxes: CellFluxes) -> None:
        nodes = torch.linspace(*fluxes.ebv_range, _N_NODES)
        self.ebv: FloatArray = nodes.double().numpy()
        powers = torch.stack([torch.ones_like(nodes), nodes, nodes**2], dim=1)
        flux = (powers @ fluxes.coefficients[:, :3]).exp_()
        step = flux[:, 1:] - flux[:, :-1]
        self._n_cells = len(flux)
        self._flux, self._square, self._step_square, self._both = (
            values.flatten(0, 1) for values in (flux, flux * flux, step * step, step * flux[:, :-1])
        )
        dust, bend = fluxes.slope_spread[2], fluxes.bend_spread[3]
        between = float(self.ebv[1] - self.ebv[0])
        # How far the SEDs between two nodes lie from the plane of these, then how far those of a cell from its centre.
        off = np.expm1((dust * between) ** 2 / 8 + bend * between**2 / 8)
        self._reach: FloatArray = np.arcsin(np.minimum(off, 1)) + fluxes.slope_spread[0] + fluxes.slope_spread[1]

    def chi2(self, data: Measurement) -> tuple[FloatArray, FloatArray]:
        """Return what chi2 is between each two nodes, and what it is at least, shape (n_cells, n_nodes - 1) each.

        The first at the centre of each cell, nearly; the second anywhere in it.
        """
        error = data.to_sigmas
        overlap = self._product(self._flux, data.single * error)
        square, step_square, both = (
            self._product(values, error * error) for values in (self._square, self._step_square, self._both)
        )
        tiny = np.finfo(np.float32).tiny
        nodes = np.maximum(overlap, 0) ** 2 / np.maximum(square, tiny)
        first, second = overlap[:, :-1], overlap[:, 1:]
        # The best sum of the SEDs at two nodes: the first, and of the step to the second what is at right angles to it.
        share = both / np.maximum(square[:, :-1], tiny)
        across = np.maximum(step_square - both * share, 1e-6 * step_square + tiny)
        rise = second - first - share * first
        of_second = rise / across
        is_between = (of_second > 0) & (first / np.maximum(square[:, :-1], tiny) > of_second * (1 + share))
        plane = first**2 / np.maximum(square[:, :-1], tiny) + rise**2 / across
        explained = np.where(is_between, plane, np.maximum(nodes[:, :-1], nodes[:, 1:]))
        total = data.length**2
        sine = np.sqrt(np.clip(1 - explained / total - _SLACK, 0, 1)) if total > 0 else np.zeros_like(explained)
        angle = np.clip(np.arcsin(sine) - self._reach[:, np.newaxis], 0, math.pi / 2)
        return np.maximum(total - explained, 0), total * np.sin(angle) ** 2

    def _product(self, values: torch.Tensor, weight: torch.Tensor) -> FloatArray:
        return (values @ weight).double().numpy().reshape(self._n_cells, -1)

    def range_of(self, possible: BoolArray) -> tuple[FloatArray, FloatArray]:
        """Return the range of E(B-V) of cells, from which steps between nodes are possible, shape (n, n_nodes - 1)."""
        first = possible.argmax(axis=1)
        last = possible.shape[1] - possible[:, ::-1].argmax(axis=1)
        return self.ebv[first], self.ebv[last]
