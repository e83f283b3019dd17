"""What a training told of itself: its events, read while they are written."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.inference.parameters import PARAMETERS

STOPPING, DISCARDING, PAUSED, CONTINUED = "stopping", "discarding", "paused", "continued"
"""Events that the window adds to those of the program."""

_KILLED = "killed"
"""Event that earlier versions added to those of a program that they had asked to stop."""

_ENDS = ("stopped", "done", _KILLED)


@dataclass(frozen=True)
class EpochRecord:
    """An epoch; `samples_per_second` and `remaining_seconds` are NaN where they were not told."""

    epoch: int
    train_loss: float
    validation_loss: float
    learning_rate: float
    samples_per_second: float = math.nan
    remaining_seconds: float = math.nan
    device_memory: float = math.nan


@dataclass(frozen=True, eq=False)
class Watched:
    """Mocks that are asked after every epoch.

    Parameters
    ----------
    truth : ndarray, shape (n, 3)
    magnitude : ndarray, shape (n,)
    exact_magnitude, exact_scatter : ndarray, shape (m,) and (m, 3)
        What the widths of exact posteriors let expect.
    predicted : ndarray, shape (n, 3), optional
        After the last epoch; NaN where there is no answer.
    """

    truth: FloatArray
    magnitude: FloatArray
    exact_magnitude: FloatArray
    exact_scatter: FloatArray
    predicted: FloatArray | None = None


class TrainingLog:
    """Reads the events of a run, as far as they are written; what is not an event is left out.

    Parameters
    ----------
    path : Path
        Of the file of JSON lines; need not exist yet.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._at, self._rest = path, 0, b""
        self.epochs: dict[int, EpochRecord] = {}
        self.n_epochs = 0
        self.best_epoch = 0
        self.best_loss = math.nan
        self.device = ""
        self.doing = ""
        """What is being prepared."""
        self.batch_size: int | None = None
        """Where it had to be smaller than the settings say."""
        self.watched: Watched | None = None
        self.last = ""
        """The last event."""
        self.is_paused = False
        self.is_asked_to_stop = False
        self.exit_status: int | None = None
        """Of the program, once it has ended; negative: the signal that ended it."""
        self.is_kept: bool | None = None
        """Whether the best model of a program that did not come to its own end could be kept; None: nobody tried."""
        self.why_not_kept = ""

    def read(self) -> bool:
        """Read what is new, and return whether anything was."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._at)
                new = file.read()
        except OSError:
            return False
        self._at += len(new)
        *lines, self._rest = (self._rest + new).split(b"\n")
        for line in lines:
            self._take_line(line)
        return bool(lines)

    @property
    def has_started(self) -> bool:
        """Whether the epochs have begun, since the program was launched last."""
        return self.last in ("start", "epoch", "saving", *_ENDS)

    @property
    def is_saving(self) -> bool:
        """Whether the epochs are over, and the program is about to end."""
        return self.last in ("saving", *_ENDS) or self.exit_status is not None

    @property
    def last_epoch(self) -> EpochRecord | None:
        """The epoch that ended last."""
        return self.epochs[max(self.epochs)] if self.epochs else None

    def _take_line(self, line: bytes) -> None:
        try:
            event = json.loads(line)
            self._take(event)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return  # a line that was cut short, or is no event

    def _take(self, event: Mapping[str, Any]) -> None:
        match name := event["event"]:
            case "launched":
                self.is_paused = self.is_asked_to_stop = False
                self.exit_status, self.is_kept, self.doing = None, None, "starting"
            case "preparing":
                self.doing, self.device = event["what"], event["device"]
            case "mocks":
                self.watched = _watched(event)
            case "start":
                self.n_epochs = event["epochs"]
                # A program that was killed may have finished an epoch and not have told it.
                told = {one["epoch"]: _record(one) for one in event.get("history", ())}
                self.epochs = told | {number: one for number, one in self.epochs.items() if number <= event["epoch"]}
            case "epoch":
                self._take_epoch(event)
            case "batch_halved":
                self.batch_size = event["batch_size"]
            case "paused" | "continued":
                self.is_paused = name == PAUSED
                return
            case "stopping" | "discarding":
                self.is_asked_to_stop = True
                return
            case "ended":
                self.exit_status = event["status"]
                return
            case "kept" | "not kept":
                self.is_kept, self.why_not_kept = name == "kept", event.get("why", "")
                return
            case "killed":
                self.is_asked_to_stop = True
        self.last = name

    def _take_epoch(self, event: Mapping[str, Any]) -> None:
        self.epochs[event["epoch"]] = _record(event)
        self.best_epoch, self.best_loss = event["best_epoch"], event["best_validation_loss"]
        if self.watched and "predicted" in event:
            watched = self.watched
            self.watched = Watched(
                watched.truth,
                watched.magnitude,
                watched.exact_magnitude,
                watched.exact_scatter,
                _array(event["predicted"]),
            )


def _record(event: Mapping[str, Any]) -> EpochRecord:
    return EpochRecord(**{key: event[key] for key in EpochRecord.__dataclass_fields__ if key in event})


def _watched(event: Mapping[str, Any]) -> Watched:
    exact = event.get("exact", {"magnitude": [], "scatter": []})
    return Watched(
        _array(event["truth"]),
        np.array(event["magnitude"], dtype=float),
        np.array(exact["magnitude"], dtype=float),
        _array(exact["scatter"]),
    )


def _array(rows: list[list[float | None]]) -> FloatArray:
    return np.array(rows, dtype=float).reshape(-1, len(PARAMETERS))
