"""Percentiles of one quantity along another."""

from typing import NamedTuple

import numpy as np

from jpas_gui.core.arrays import BoolArray, FloatArray

_N_BINS = 16
_LEAST = 10
"""Bins of equal width, and how many values one must hold."""


class Running(NamedTuple):
    """Of each bin the median of both quantities, and the 16th and 84th percentile of the second, shape (n_bins,)."""

    place: FloatArray
    median: FloatArray
    low: FloatArray
    high: FloatArray


def running_percentiles(x: FloatArray, y: FloatArray) -> Running:
    """Return 16th, 50th and 84th percentile of `y` in bins of `x` that hold enough, shape (n,) each, n > 0."""
    edges = np.linspace(x.min(), x.max(), _N_BINS + 1)
    number = np.clip(np.searchsorted(edges, x, side="right") - 1, 0, _N_BINS - 1)
    groups: list[BoolArray] = [number == one for one in range(_N_BINS)]
    kept = [which for which in groups if which.sum() >= min(_LEAST, len(x))]
    rows = [(np.median(x[which]), *np.percentile(y[which], (50, 16, 84))) for which in kept]
    return Running(*np.array(rows).reshape(-1, 4).T)
