"""The one place that says what bias, scatter, outliers and coverage are, for the window, the commands and the bundles.

Everything is of ``delta = predicted - true`` of one parameter over a sample of mocks, and of the mocks' ranks: the
probability below the truth according to the model.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from jpas_gui.core.arrays import BoolArray, FloatArray

OUTLIER_SIGMAS = 3.0
"""How many robust scatters from the median an outlier lies at the least."""

SIGMA_PER_MAD = 1.4826
"""Standard deviation of a Gaussian over its median absolute deviation."""


class Metric(NamedTuple):
    """A number that `Statistics` holds: its name, its formula, and whether it has the parameter's unit."""

    name: str
    definition: str
    has_unit: bool


METRICS = (
    Metric("bias", "mean of delta = predicted - true (the paper's mu)", True),
    Metric("bias_error", "standard error of bias: scatter / sqrt(n)", True),
    Metric("median_bias", "median of delta", True),
    Metric("scatter", "standard deviation of delta about its mean, with n - 1 (the paper's sigma)", True),
    Metric("scatter_error", "standard error of scatter: sqrt((4th moment - scatter^4) / n) / (2 scatter)", True),
    Metric("robust_scatter", "1.4826 median |delta - median(delta)|", True),
    Metric("outlier_fraction", "part with |delta - median(delta)| > 3 robust_scatter; Gaussian: 0.0027", False),
    Metric("outlier_fraction_error", "standard error of outlier_fraction: sqrt(p (1 - p) / n)", False),
    Metric("mae", "mean absolute error: mean of |delta|", True),
    Metric("mae_error", "standard error of mae: standard deviation of |delta| / sqrt(n)", True),
    Metric("coverage_68", "part whose truth lies in the model's 68% interval: 0.16 <= rank <= 0.84", False),
    Metric("coverage_68_error", "standard error of coverage_68: sqrt(p (1 - p) / n)", False),
    Metric("coverage_95", "part whose truth lies in the model's 95% interval: 0.025 <= rank <= 0.975", False),
    Metric("coverage_95_error", "standard error of coverage_95: sqrt(p (1 - p) / n)", False),
)
"""All that is measured, in the order of tables."""


@dataclass(frozen=True)
class Statistics:
    """How well one parameter is recovered in one sample; `METRICS` has the formula of each number.

    A number that the sample is too small for is NaN, and so are the coverages of a model without a posterior.
    """

    n: int
    bias: float
    bias_error: float
    median_bias: float
    scatter: float
    scatter_error: float
    robust_scatter: float
    outlier_fraction: float
    outlier_fraction_error: float
    mae: float
    mae_error: float
    coverage_68: float
    coverage_68_error: float
    coverage_95: float
    coverage_95_error: float


def statistics(delta: FloatArray, ranks: FloatArray | None = None) -> Statistics:
    """Return how well one parameter is recovered.

    Parameters
    ----------
    delta : ndarray, shape (n,)
        Predicted minus true.
    ranks : ndarray, shape (n,), optional
        Probability below the truth according to the model.
    """
    spread, size = scatter(delta), np.abs(delta)
    n = len(delta)
    outliers, outliers_error = _fraction(is_outlier(delta))
    covered = [(math.nan, math.nan) if ranks is None else coverage(ranks, level) for level in (0.68, 0.95)]
    return Statistics(
        n=n,
        bias=float(np.mean(delta)) if n else math.nan,
        bias_error=_standard_error(delta),
        median_bias=_median(delta),
        scatter=spread,
        scatter_error=_scatter_error(delta, spread),
        robust_scatter=robust_scatter(delta),
        outlier_fraction=outliers,
        outlier_fraction_error=outliers_error,
        mae=float(np.mean(size)) if n else math.nan,
        mae_error=_standard_error(size),
        coverage_68=covered[0][0],
        coverage_68_error=covered[0][1],
        coverage_95=covered[1][0],
        coverage_95_error=covered[1][1],
    )


def scatter(delta: FloatArray) -> float:
    """Return the standard deviation; NaN for fewer than two."""
    return float(np.std(delta, ddof=1)) if len(delta) > 1 else math.nan


def robust_scatter(delta: FloatArray) -> float:
    """Return 1.4826 times the median absolute deviation from the median; NaN for none."""
    return SIGMA_PER_MAD * _median(np.abs(delta - _median(delta)))


def is_outlier(delta: FloatArray) -> BoolArray:
    """Return which lie farther from the median than three robust scatters.

    The bias is left out of it, being a number of its own; so a model that is off by the same everywhere has none.
    """
    return np.asarray(np.abs(delta - _median(delta)) > OUTLIER_SIGMAS * robust_scatter(delta))


def coverage(ranks: FloatArray, level: float) -> tuple[float, float]:
    """Return the part of the truths inside the central interval of the model that holds `level`, and its error.

    Parameters
    ----------
    ranks : ndarray, shape (n,)
    level : float
        Nominal probability of the interval, e.g. 0.68: from rank 0.16 to 0.84.
    """
    return _fraction(np.abs(ranks - 0.5) <= level / 2 + 1e-12)  # 0.84 - 0.5 is above 0.34 in binary numbers


def coverage_curve(ranks: FloatArray, levels: Sequence[float]) -> tuple[FloatArray, FloatArray]:
    """Return `coverage` and its error at several levels, shape (len(levels),) each."""
    measured = np.array([coverage(ranks, level) for level in levels])
    return measured[:, 0], measured[:, 1]


def rank_histogram(ranks: FloatArray, n_bins: int) -> FloatArray:
    """Return the part of the ranks in each of `n_bins` equal bins of 0..1 times `n_bins`: 1 where calibrated."""
    counts, _ = np.histogram(ranks, bins=n_bins, range=(0.0, 1.0))
    return counts * (n_bins / len(ranks))


def mae_ratio(delta: FloatArray, other: FloatArray, n_resamples: int = 1000, seed: int = 1) -> tuple[float, float]:
    """Return the mean absolute error of one estimator over that of another on the same mocks, and its error.

    Parameters
    ----------
    delta, other : ndarray, shape (n,)
        Predicted minus true of both.
    n_resamples, seed : int
        Of the bootstrap over mocks, both estimators on the same ones, that gives the standard error.
    """
    sizes = np.abs(np.stack([delta, other], axis=1))
    n = len(sizes)
    if n == 0 or not sizes[:, 1].any():
        return math.nan, math.nan
    counts = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=n_resamples)
    sums = counts @ sizes
    usable = sums[:, 1] > 0
    ratios = sums[usable, 0] / sums[usable, 1]
    return float(sizes[:, 0].sum() / sizes[:, 1].sum()), scatter(ratios) if n > 1 else math.nan


def _median(values: FloatArray) -> float:
    return float(np.median(values)) if len(values) else math.nan


def _standard_error(values: FloatArray) -> float:
    return scatter(values) / math.sqrt(len(values)) if len(values) > 1 else math.nan


def _scatter_error(delta: FloatArray, spread: float) -> float:
    """Return the standard error of the standard deviation, whatever the shape of the distribution."""
    if not spread > 0:
        return spread  # all alike: none; too few: unknown
    fourth = float(np.mean((delta - np.mean(delta)) ** 4))
    return math.sqrt(max(fourth - spread**4, 0.0) / len(delta)) / (2 * spread)


def _fraction(which: BoolArray) -> tuple[float, float]:
    """Return the part that is True, and its binomial standard error."""
    if not len(which):
        return math.nan, math.nan
    part = float(np.mean(which))
    return part, math.sqrt(part * (1 - part) / len(which))
