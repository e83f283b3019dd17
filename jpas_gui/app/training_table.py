"""Runs side by side: their settings, how they went, and what differs."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from jpas_gui.app.training_log import EpochRecord, TrainingLog
from jpas_gui.app.training_runs import Run, RunState, all_runs
from jpas_gui.app.training_text import why_it_ended
from jpas_gui.core.errors import InputError
from jpas_gui.core.evaluation.labels import LABELS
from jpas_gui.core.evaluation.statistics import robust_scatter, scatter
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.core.inference.settings import read_settings

_LOSSES = {"paper": "sum of mean absolute errors", "posterior": "−ln probability density"}
"""What each preset minimises; numbers of different kinds mean nothing beside each other."""


@dataclass(frozen=True)
class RunSummary:
    """A run, as a table shows it.

    Parameters
    ----------
    run : Run
    state : RunState
    epochs : tuple of EpochRecord
    best_epoch : int
    best_loss : float
        NaN where there is none.
    settings : mapping
        By their keys in TOML; what is wrong where they cannot be read.
    metrics : mapping
        Scatter of each parameter over the watched mocks.
    why : str
        What ended it, where it crashed.
    """

    run: Run
    state: RunState
    epochs: tuple[EpochRecord, ...]
    best_epoch: int
    best_loss: float
    settings: Mapping[str, str]
    metrics: Mapping[str, str]
    why: str = ""

    @property
    def loss(self) -> str:
        """What its loss is."""
        return _LOSSES.get(self.settings.get("preset", ""), "unknown")


@dataclass(frozen=True)
class ComparedRow:
    """A line of a table of runs: one value for each; `differs` where they are not all the same."""

    label: str
    values: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether the runs differ in it."""
        return len(set(self.values)) > 1


def read_summaries() -> tuple[RunSummary, ...]:
    """Read all runs, the newest first."""
    return tuple(summary_of(run) for run in reversed(all_runs()))


def summary_of(run: Run) -> RunSummary:
    """Read the log and the settings of a run."""
    log = TrainingLog(run.events_path)
    log.read()
    state = run.state_now(log)
    return RunSummary(
        run=run,
        state=state,
        epochs=tuple(log.epochs[number] for number in sorted(log.epochs)),
        best_epoch=log.best_epoch,
        best_loss=log.best_loss,
        settings=_settings(run),
        metrics=_metrics(log),
        why=why_it_ended(run, log) if state is RunState.CRASHED else "",
    )


def compared(summaries: Sequence[RunSummary]) -> tuple[ComparedRow, ...]:
    """Return the lines of a table that shows runs side by side: how they went, then their settings."""
    rows = [
        ComparedRow("State", tuple(str(summary.state) for summary in summaries)),
        ComparedRow("Epochs", tuple(str(len(summary.epochs)) for summary in summaries)),
        ComparedRow("Best epoch", tuple(str(summary.best_epoch or "") for summary in summaries)),
        ComparedRow("Loss", tuple(summary.loss for summary in summaries)),
        ComparedRow("Validation loss", tuple(loss_text(summary.best_loss) for summary in summaries)),
    ]
    if any(summary.why for summary in summaries):
        rows.insert(1, ComparedRow("Why it ended", tuple(summary.why for summary in summaries)))
    for which in ("metrics", "settings"):
        tables = [getattr(summary, which) for summary in summaries]
        keys = list(dict.fromkeys(key for table in tables for key in table))
        rows += [ComparedRow(key, tuple(table.get(key, "") for table in tables)) for key in keys]
    return tuple(rows)


def loss_text(loss: float) -> str:
    """Return a loss; nothing where there is none."""
    return f"{loss:.4f}" if math.isfinite(loss) else ""


def _settings(run: Run) -> Mapping[str, str]:
    try:
        content = msgspec.to_builtins(read_settings(run.settings_path))
    except InputError as error:
        return {"settings": str(error)}
    flat: dict[str, Any] = {"device": run.device}
    for key, value in content.items():
        flat |= {f"{key}.{name}": own for name, own in value.items()} if isinstance(value, dict) else {key: value}
    return {key: _shown(value) for key, value in flat.items()}


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_shown(part) for part in value)
    return f"{value:.4g}" if isinstance(value, float) else Path(value).name if isinstance(value, str) else str(value)


def _metrics(log: TrainingLog) -> Mapping[str, str]:
    watched = log.watched
    if watched is None or watched.predicted is None:
        return {}
    rows = {}
    for number, name in enumerate(PARAMETERS):
        delta = (watched.predicted - watched.truth)[:, number]
        delta = delta[np.isfinite(delta)]
        label = LABELS[name]
        rows[f"Scatter of {label.symbol} ({label.delta_unit})"] = f"{scatter(delta):.3f}"
        rows[f"Robust scatter of {label.symbol} ({label.delta_unit})"] = f"{robust_scatter(delta):.3f}"
    return rows
