"""What a corner plot draws of a posterior: marginals, and contours of the two-parameter maps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jpas_gui.app.plot_values import Curve
from jpas_gui.core.arrays import BoolArray, FloatArray, IndexArray

if TYPE_CHECKING:
    from jpas_gui.core.inference.exact.posterior import Posterior

PAIRS = ((0, 1), (0, 2), (1, 2))
"""The parameters on the horizontal and the vertical axis of each map, by their place in `PARAMETERS`."""

LEVELS = (0.68, 0.95)
"""Probability within the contours."""

_BINS = 48
_TAIL = 0.2
"""Percent that may lie beyond each end of the axes."""

_MARGIN = 0.15
_NARROWEST = 1e-3
_KERNEL = np.array([1.0, 4.0, 6.0, 4.0, 1.0]) / 16


@dataclass(frozen=True, eq=False)
class Corner:
    """A posterior, ready to be drawn.

    Parameters
    ----------
    marginals : tuple of Curve
        Of each parameter; the peak is 1.
    contours : tuple of Curve
        Of each of `PAIRS`: lines around `LEVELS` of the probability, parted by NaN.
    low, high : ndarray, shape (3,)
        Ends of the axes that show nearly all of it.
    maps : tuple of ndarray, shape (n_bins, n_bins)
        Density of each of `PAIRS` between these ends; the peak is 1.
    """

    marginals: tuple[Curve, ...]
    contours: tuple[Curve, ...]
    low: FloatArray
    high: FloatArray
    maps: tuple[FloatArray, ...]


def corner_of_posterior(posterior: "Posterior", bins: int = _BINS) -> Corner:
    """Return an exact posterior, ready to be drawn, with `bins` bins along each parameter."""
    from jpas_gui.core.inference.posterior_maps import maps_of

    inside = (
        (posterior.centre - posterior.half_width).min(axis=0),
        (posterior.centre + posterior.half_width).max(axis=0),
    )
    edges = _edges(posterior.percentiles((_TAIL, 100 - _TAIL)), inside, bins)
    marginals, maps = maps_of(posterior, edges, PAIRS)
    return _corner(edges, [_smoothed(one) for one in marginals], [_smoothed(_smoothed(one).T).T for one in maps])


def corner_of_samples(samples: FloatArray) -> Corner:
    """Return draws from a posterior, shape (n, 3), ready to be drawn."""
    edges = _edges(np.percentile(samples, (_TAIL, 100 - _TAIL), axis=0), (samples.min(axis=0), samples.max(axis=0)))
    cells, is_inside = _cells(samples, edges)
    marginals = [_smoothed(np.bincount(cells[i][is_inside[i]], minlength=_BINS)) for i in range(len(edges))]
    maps = []
    for a, b in PAIRS:
        both = is_inside[a] & is_inside[b]
        counts = np.bincount(cells[a][both] * _BINS + cells[b][both], minlength=_BINS**2).reshape(_BINS, _BINS)
        maps.append(_smoothed(_smoothed(counts).T).T)
    return _corner(edges, marginals, maps)


def _cells(samples: FloatArray, edges: Sequence[FloatArray]) -> tuple[IndexArray, BoolArray]:
    """Return the bin of each sample in each parameter, shape (3, n), and whether it lies in one.

    All bins are of one width, which `np.histogram2d` does not know: it would take five times as long.
    """
    low, high = (np.array([edge[end] for edge in edges])[:, np.newaxis] for end in (0, -1))
    cells = np.floor((samples.T - low) / (high - low) * _BINS).astype(np.intp)
    return cells, (cells >= 0) & (cells < _BINS)


def _edges(ends: FloatArray, inside: tuple[FloatArray, FloatArray], bins: int = _BINS) -> list[FloatArray]:
    """Return the edges of the bins of each parameter.

    Parameters
    ----------
    ends : ndarray, shape (2, 3)
        Percentiles at both ends.
    inside : tuple of ndarray, shape (3,) each
        Beyond these there is nothing: a posterior that piles up at the end of the prior is cut off there.
    """
    margin = _MARGIN * (ends[1] - ends[0])
    low, high = np.maximum(ends[0] - margin, inside[0]), np.minimum(ends[1] + margin, inside[1])
    middle, half = (low + high) / 2, np.maximum((high - low) / 2, _NARROWEST)
    return [np.linspace(m - h, m + h, bins + 1) for m, h in zip(middle, half, strict=True)]


def _smoothed(counts: FloatArray | IndexArray) -> FloatArray:
    """Return counts without the noise of single bins, or the steps of boxes, along the first axis.

    Both ends are mirrors. One bin wide, the kernel widens what spans the axes by one part in a hundred.
    """
    reach = _KERNEL.size // 2
    padded = np.pad(counts, [(reach, reach), *[(0, 0)] * (counts.ndim - 1)], mode="symmetric")
    shifted = (padded[start : start + len(counts)] for start in range(_KERNEL.size))
    return np.asarray(sum(weight * part for weight, part in zip(_KERNEL, shifted, strict=True)))


def _corner(edges: Sequence[FloatArray], marginals: Sequence[FloatArray], maps: Sequence[FloatArray]) -> Corner:
    centres = [(edge[1:] + edge[:-1]) / 2 for edge in edges]
    curves = [Curve(x, _with_peak_1(y)) for x, y in zip(centres, marginals, strict=True)]
    contours = [_contours(centres[a], centres[b], density) for (a, b), density in zip(PAIRS, maps, strict=True)]
    ends = np.array([edge[[0, -1]] for edge in edges])
    peaked = tuple(_with_peak_1(density) for density in maps)
    return Corner(tuple(curves), tuple(contours), ends[:, 0], ends[:, 1], peaked)


def _with_peak_1(density: FloatArray) -> FloatArray:
    return density / max(float(density.max()), 1e-300)


def _contours(x: FloatArray, y: FloatArray, density: FloatArray) -> Curve:
    """Return the lines around `LEVELS` of the probability of a map, shape (n_x, n_y)."""
    from contourpy import contour_generator  # takes a moment, and never in the window's thread

    framed = np.pad(density, 1)  # lines close at the edge of the map
    generator = contour_generator(_widened(x), _widened(y), framed.T)
    lines = [line for level in _heights(density) for line in generator.lines(level)]
    gap = np.full((1, 2), np.nan)
    points = np.concatenate([part for line in lines for part in (line, gap)]) if lines else gap
    return Curve(points[:, 0], points[:, 1])


def _widened(centres: FloatArray) -> FloatArray:
    step = centres[1] - centres[0]
    return np.concatenate([[centres[0] - step], centres, [centres[-1] + step]])


def _heights(density: FloatArray) -> list[float]:
    """Return the densities above which `LEVELS` of the probability lie."""
    falling = np.sort(density, axis=None)[::-1]
    inside = np.cumsum(falling)
    if not inside[-1] > 0:
        return []
    return [float(falling[np.searchsorted(inside, level * inside[-1])]) for level in LEVELS]
