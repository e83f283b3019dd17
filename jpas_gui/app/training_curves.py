"""The curves of a training, ready to be drawn."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jpas_gui.app.training_log import EpochRecord, Watched
from jpas_gui.app.training_table import RunSummary
from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.evaluation.statistics import scatter
from jpas_gui.core.inference.parameters import PARAMETERS

_USUAL = 0.9
"""Part of the losses that the axis must hold: a first epoch, or a jump, may lie outside."""

_FEW = 20
"""Epochs; of no more than these the axis holds all."""

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
    low, high = _limits(losses, is_log, train.size)
    return LossCurves(column("epoch"), train, validation, column("learning_rate"), is_log, low, high)


def _limits(losses: FloatArray, is_log: bool, n_epochs: int) -> tuple[float, float]:
    if not losses.size:
        return 0.0, 1.0
    values = np.log(losses) if is_log else losses
    low = float(values.min())
    high = float(values.max() if n_epochs <= _FEW else np.quantile(values, _USUAL))
    margin = _MARGIN * (high - low) or 0.1
    low, high = low - margin, high + margin
    return (math.exp(low), math.exp(high)) if is_log else (low, high)


@dataclass(frozen=True, eq=False)
class LossGroup:
    """Validation losses of runs whose numbers can be compared.

    Parameters
    ----------
    title : str
        What the loss is.
    names : tuple of str
        Of the runs.
    numbers : tuple of int
        Their places, 1, 2, 3 ..., among all that are compared: those of their colours.
    epochs, losses : tuple of ndarray
        Of each run.
    is_log, low, high
        As `LossCurves` has them.
    """

    title: str
    names: tuple[str, ...]
    numbers: tuple[int, ...]
    epochs: tuple[FloatArray, ...]
    losses: tuple[FloatArray, ...]
    is_log: bool
    low: float
    high: float


def loss_groups(summaries: Sequence[RunSummary]) -> tuple[LossGroup, ...]:
    """Return the validation losses of runs, those of a kind together; runs without an epoch are left out."""
    kinds: dict[str, list[tuple[int, RunSummary]]] = {}
    for number, summary in enumerate(summaries, start=1):
        if summary.epochs:
            kinds.setdefault(summary.loss, []).append((number, summary))
    return tuple(_group(title, runs) for title, runs in kinds.items())


def _group(title: str, runs: Sequence[tuple[int, RunSummary]]) -> LossGroup:
    epochs = [[one.epoch for one in run.epochs] for _, run in runs]
    losses = [np.array([one.validation_loss for one in run.epochs], dtype=float) for _, run in runs]
    together = np.concatenate(losses)
    is_log = bool(together.min() > 0)
    return LossGroup(
        title,
        tuple(run.run.name for _, run in runs),
        tuple(number for number, _ in runs),
        tuple(np.array(numbers, dtype=float) for numbers in epochs),
        tuple(losses),
        is_log,
        *_limits(together, is_log, max(len(run) for run in losses)),
    )


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
