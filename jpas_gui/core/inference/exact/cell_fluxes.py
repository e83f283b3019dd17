"""ln flux within the cells of a grid, as a polynomial of the place in the cell."""

import numpy as np
import torch

from jpas_gui.core.arrays import BoolArray, Float32Array, FloatArray, IndexArray
from jpas_gui.core.inference.band_grid import BandGrid

_CORNERS = tuple(np.ndindex(2, 2))
_FROM_CORNERS = torch.tensor([[1, 1, 1, 1], [-1, -1, 1, 1], [-1, 1, -1, 1], [1, -1, -1, 1]]) / 4
"""From the values at the corners to the coefficients of 1, x, y, xy."""


class CellFluxes:
    """ln flux in every cell of log_age and metallicity that has models, at any place in it.

    A place is x, y, e: log_age and metallicity within the cell, -1 to 1, and E(B-V) in mag. As the grid has it, ln flux
    is bilinear in x and y, and a parabola in e.

    Parameters
    ----------
    grid : BandGrid
    bands : slice or list of int
        The bands of the grid that the photometry has, in its order.

    Attributes
    ----------
    centre, half_width : ndarray, shape (2, n_cells)
        log_age and metallicity.
    ebv_range : tuple of float
    covered : ndarray of bool, shape (n_bands,)
    coefficients : Tensor, shape (n_cells, 12, n_bands)
        Of 1, x, y, xy times 1, e, e^2.
    slope_spread : ndarray, shape (3, n_cells)
        Half the range over the bands of the slopes of ln flux in x, y and e: at most this anywhere in the cell.
    bend_spread : ndarray, shape (4, n_cells)
        The same of the second derivatives xy, xe, ye and ee. Those of xx and yy are zero.
    """

    def __init__(self, grid: BandGrid, bands: slice | list[int]) -> None:
        self.covered: BoolArray = grid.mask[bands]
        # A cell is complete or missing for all E(B-V) alike.
        cells = np.nonzero(grid.has_cell[..., 0])
        ends = [np.stack([nodes[:-1][i], nodes[1:][i]]) for nodes, i in zip(grid.axes[:2], cells, strict=True)]
        self.centre: FloatArray = np.stack([end.mean(axis=0) for end in ends])
        self.half_width: FloatArray = np.stack([np.diff(end, axis=0)[0] / 2 for end in ends])
        self.ebv_range = float(grid.ebv[0]), float(grid.ebv[-1])
        in_ebv = grid.dust_parabola[..., bands]
        corners = torch.as_tensor(np.stack([in_ebv[cells[0] + i, cells[1] + j] for i, j in _CORNERS], axis=1))
        self.coefficients = (_FROM_CORNERS @ corners.flatten(2)).view(len(corners), 12, -1)
        self._derivatives = torch.as_tensor(_derivatives())
        self.slope_spread, self.bend_spread = self._spreads()

    def __len__(self) -> int:
        return len(self.coefficients)

    def _spreads(self) -> tuple[FloatArray, FloatArray]:
        all_covered = bool(self.covered.all())
        known = self.coefficients if all_covered else self.coefficients[..., torch.as_tensor(self.covered)]
        least, most = torch.aminmax(known, dim=2)
        spread = (most - least).div_(2).double().numpy().reshape(-1, 4, 3)
        e = self.ebv_range[1]
        value = spread @ np.array([1, e, e**2])  # of the coefficients of 1, x, y, xy at most, shape (n_cells, 4)
        in_e = spread @ np.array([0, 1, 2 * e])
        slopes = np.stack([value[:, 1] + value[:, 3], value[:, 2] + value[:, 3], in_e.sum(axis=1)])
        bends = np.stack(
            [value[:, 3], in_e[:, 1] + in_e[:, 3], in_e[:, 2] + in_e[:, 3], 2 * spread[:, :, 2].sum(axis=1)]
        )
        return slopes, bends

    def spread_of_bends(self, cell: IndexArray, half: FloatArray) -> FloatArray:
        """Return how far ln flux may be from linear within `half`, shape (3, n), of a place; shape (n,).

        But for a shift that all bands share; by Taylor's theorem.
        """
        xy, xe, ye, ee = self.bend_spread[:, cell]
        x, y, e = half
        return np.asarray(xy * x * y + xe * x * e + ye * y * e + ee * e * e / 2)

    def inside(self, place: FloatArray) -> FloatArray:
        """Return the nearest places, shape (3, n), that are within cells."""
        low, high = self.ends
        return np.asarray(np.clip(place, low, high))

    @property
    def ends(self) -> tuple[FloatArray, FloatArray]:
        """The places at which cells end, shape (3, 1) each."""
        low, high = self.ebv_range
        return np.array([[-1.0], [-1.0], [low]]), np.array([[1.0], [1.0], [high]])

    def log_fluxes(self, cell: IndexArray, place: FloatArray) -> torch.Tensor:
        """Return ln flux at places, shape (3, n), or at several in each cell, shape (3, n, m).

        Returns
        -------
        Tensor, shape (n, n_bands) or (n, m, n_bands)
        """
        monomials = _monomials(torch.from_numpy(place).float())
        shape = monomials.shape[:-1]
        fluxes = monomials.view(len(cell), -1, 12) @ self._of(cell)
        return fluxes.view(*shape, -1)

    def with_slopes(self, cell: IndexArray, place: FloatArray, precision: torch.dtype = torch.float32) -> torch.Tensor:
        """Return ln flux and its slopes in x, y and e at places, shape (3, n).

        Returns
        -------
        Tensor, shape (n, 4, n_bands)
        """
        monomials = _monomials(torch.from_numpy(place).to(precision))
        rows = (monomials @ self._derivatives.to(precision)).view(-1, 4, 12)
        return rows @ self._of(cell).to(precision)

    def _of(self, cell: IndexArray) -> torch.Tensor:
        return self.coefficients.index_select(0, torch.from_numpy(cell))


def _monomials(place: torch.Tensor) -> torch.Tensor:
    """Return 1, x, y, xy times 1, e, e^2 of places, shape (3, ...); shape (..., 12)."""
    x, y, e = place
    one = torch.ones_like(x)
    dust = torch.stack([one, e, e * e], dim=-1)
    where = torch.stack([one, x, y, x * y], dim=-1)
    return (where[..., None] * dust[..., None, :]).flatten(-2)


def _derivatives() -> Float32Array:
    """Return what turns monomials into those of the polynomial and of its slopes in x, y and e, shape (12, 4 * 12)."""
    along_x, along_y, along_e = np.zeros((4, 4)), np.zeros((4, 4)), np.zeros((3, 3))
    along_x[0, 1] = along_x[2, 3] = along_y[0, 2] = along_y[1, 3] = along_e[0, 1] = 1
    along_e[1, 2] = 2
    where, dust = np.eye(4), np.eye(3)
    parts = np.kron(where, dust), np.kron(along_x, dust), np.kron(along_y, dust), np.kron(where, along_e)
    return np.concatenate(parts, axis=1).astype(np.float32)
