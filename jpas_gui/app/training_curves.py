"""The curves of a training, ready to be drawn."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jpas_gui.app.training_log import EpochRecord, Watched
from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.evaluation.statistics import scatter
from jpas_gui.core.inference.parameters import PARAMETERS

_USUAL = 0.9
"""Part of the losses that the axis must hold: a first epoch, or a jump, may lie outside."""

_FEW = 4
_MARGIN = 0.06


@dataclass(frozen=True, eq=False)
class LossCurves:
    """Losses against epochs.

    Parameters
    ----------
    epoch, train, validation, learning_rate : ndarray, shape (n,)
    is_log : bool
        True where all losses are positive: minus ln of a density, which may be negative, has no logarithm.
    low, high : float
        Limits of the axis, in losses.
    """

    epoch: FloatArray
    train: FloatArray
    validation: FloatArray
    learning_rate: FloatArray
    is_log: bool
    low: float
    high: float


def loss_curves(epochs: Sequence[EpochRecord]) -> LossCurves:
    """Return the curves of some epochs, in their order."""

    def column(name: str) -> FloatArray:
        return np.array([getattr(one, name) for one in epochs], dtype=float)

    train, validation = column("train_loss"), column("validation_loss")
    losses = np.concatenate([train, validation])
    is_log = bool(losses.size and losses.min() > 0)
    low, high = _limits(losses, is_log)
    return LossCurves(column("epoch"), train, validation, column("learning_rate"), is_log, low, high)


def _limits(losses: FloatArray, is_log: bool) -> tuple[float, float]:
    if not losses.size:
        return 0.0, 1.0
    values = np.log(losses) if is_log else losses
    low = float(values.min())
    high = float(values.max() if losses.size <= 2 * _FEW else np.quantile(values, _USUAL))
    margin = _MARGIN * (high - low) or 0.1
    low, high = low - margin, high + margin
    return (math.exp(low), math.exp(high)) if is_log else (low, high)


@dataclass(frozen=True, eq=False)
class ScatterCurves:
    """Scatter of predicted minus true at each magnitude: `magnitude`, shape (n,), and `scatter`, shape (n, 3)."""

    magnitude: FloatArray
    scatter: FloatArray


def scatter_curves(watched: Watched) -> ScatterCurves:
    """Return the scatter of the watched mocks; NaN where too few have an answer."""
    magnitude = np.unique(watched.magnitude)
    if watched.predicted is None:
        return ScatterCurves(magnitude, np.full((magnitude.size, len(PARAMETERS)), np.nan))
    delta = watched.predicted - watched.truth
    rows = [[scatter(own[np.isfinite(own)]) for own in delta[watched.magnitude == value].T] for value in magnitude]
    return ScatterCurves(magnitude, np.array(rows, dtype=float).reshape(-1, len(PARAMETERS)))
