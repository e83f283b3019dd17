"""The best population by plain means: chi2 on a fine grid, then a pattern search from the best of its points."""

import numpy as np

from jpas_gui.core.inference.band_grid import BandGrid

STEPS = np.array([0.04, 0.1, 0.02])
"""Of the pattern search, at first."""

_AROUND = np.stack(np.meshgrid(*[[-1, 0, 1]] * 3, indexing="ij"), axis=-1).reshape(-1, 3)


class PlainScan:
    """Of one library at one redshift; of the grid it uses nothing but its fluxes."""

    def __init__(self, grid: BandGrid, bands: slice, n_ebv: int = 41) -> None:
        self.grid, self.bands = grid, bands
        axes = [*(np.union1d(axis, (axis[1:] + axis[:-1]) / 2) for axis in grid.axes[:2])]
        axes.append(np.linspace(grid.ebv[0], grid.ebv[-1], n_ebv))
        points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
        flux = np.exp(grid.log_fluxes(points)[:, bands])
        known = np.isfinite(flux).all(axis=1)
        self.points, self.flux = points[known], flux[known]
        self.square = self.flux**2
        self.low, self.high = np.array([axis[[0, -1]] for axis in grid.axes]).T

    def chi2(self, points: np.ndarray, flux: np.ndarray, error: np.ndarray, used: np.ndarray) -> np.ndarray:
        sed = np.exp(self.grid.log_fluxes(points)[:, self.bands].astype(float))[:, used] / error[used]
        data = flux[used] / error[used]
        amplitude = np.maximum(sed @ data, 0) / (sed**2).sum(axis=1)
        return np.nan_to_num(((data - amplitude[:, None] * sed) ** 2).sum(axis=1), nan=np.inf)

    def best(self, flux: np.ndarray, error: np.ndarray, used: np.ndarray) -> tuple[float, np.ndarray]:
        weight = np.where(used, 1 / error**2, 0)
        overlap = np.maximum(self.flux @ (np.where(used, flux, 0) * weight).astype(np.float32), 0)
        order = np.argsort(-(overlap**2) / (self.square @ weight.astype(np.float32)))
        points = self.points[order[:60:3]].copy()
        chi2, step = self.chi2(points, flux, error, used), np.tile(STEPS, (len(points), 1))
        each = np.arange(len(points))
        for _ in range(40):
            # Along the axes and along valleys that are narrow in E(B-V).
            moves = np.concatenate([_AROUND, _AROUND * [1, 1, 0.1], _AROUND * [0.1, 1, 1]])
            tried = np.clip(points[:, None] + moves * step[:, None], self.low, self.high)
            there = self.chi2(tried.reshape(-1, 3), flux, error, used).reshape(len(points), -1)
            least = there.argmin(axis=1)
            better = there[each, least] < chi2
            points = np.where(better[:, None], tried[each, least], points)
            chi2 = np.minimum(chi2, there[each, least])
            step = np.where(better[:, None], step, step * 0.5)
        return float(chi2.min()), points[chi2.argmin()]
