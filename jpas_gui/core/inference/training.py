"""The training engine: fits the network of a task, epoch by epoch, and can go on where it was cut off."""

import math
import time
from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import msgspec
import torch

from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.checkpoint import Checkpoint, Tensors, check_same, read_checkpoint, write_checkpoint
from jpas_gui.core.inference.optimiser import Optimiser
from jpas_gui.core.inference.run_folder import CHECKPOINT
from jpas_gui.core.inference.settings import OptimiserSettings

_CHECKED_BATCHES = 64
"""The losses of so many batches are looked at together: on a GPU each look waits for it."""

Report = Callable[[Mapping[str, Any]], None]


class Task(Protocol):
    """What is to be learned. Derive from it."""

    network: torch.nn.Module
    """On its device."""
    n_samples: int
    """Mocks per epoch."""
    n_batches: int
    """Batches per epoch."""
    description: Mapping[str, Any]
    """Plain data: whatever beside the settings of the optimiser decides the result."""

    @abstractmethod
    def batches(self, epoch: int) -> Iterator[Any]:
        """Yield what `loss` takes.

        An epoch, counted from 1, is the same however often the training was cut off: all that is random in it comes
        from a generator seeded with the training's seed and the epoch.
        """

    @abstractmethod
    def loss(self, batch: Any) -> torch.Tensor:
        """Return the mean loss of a batch, shape ()."""

    @abstractmethod
    def validation_loss(self) -> float:
        """Return the loss of mocks that are never trained on; it depends on nothing but the weights."""

    def clip_gradients(self, largest: float) -> None:
        """Shorten gradients of a larger norm."""
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), largest)


@dataclass(frozen=True, eq=False)
class TrainingResult:
    """What came out of a training.

    Parameters
    ----------
    weights : dict of Tensor
        Of the network, after the epoch of the best validation loss.
    best_epoch : int
        That epoch; 0 where none was finished.
    best_loss : float
        Its validation loss.
    epochs : int
        Complete epochs.
    stopped : bool
        True where it was asked to stop before its end.
    history : list of dict
        ``epoch``, ``train_loss``, ``validation_loss`` and ``learning_rate`` of each epoch.
    seconds : float
        That the epochs took.
    """

    weights: Tensors
    best_epoch: int
    best_loss: float
    epochs: int
    stopped: bool
    history: list[dict[str, float]]
    seconds: float

    @classmethod
    def kept_in(cls, checkpoint: Checkpoint) -> "TrainingResult":
        """Return what had come out when a checkpoint was written."""
        return cls(
            checkpoint.best_weights,
            checkpoint.best_epoch,
            checkpoint.best_loss,
            checkpoint.epoch,
            True,
            checkpoint.history,
            checkpoint.seconds,
        )

    @property
    def event(self) -> dict[str, Any]:
        """What is to be reported last, with the key ``event``: ``stopped`` or ``done``."""
        return {
            "event": "stopped" if self.stopped else "done",
            "epoch": self.epochs,
            "best_epoch": self.best_epoch,
            "validation_loss": self.best_loss if self.best_epoch else None,
        }


def train(
    task: Task,
    settings: OptimiserSettings,
    folder: Path,
    report: Report = lambda event: None,
    should_stop: Callable[[], bool] = lambda: False,
    resume: bool = False,
    description: Mapping[str, Any] | None = None,
    domain: Tensors | None = None,
) -> TrainingResult:
    """Fit the network of a task, and leave it with the weights of the best validation loss.

    Parameters
    ----------
    task : Task
    settings : OptimiserSettings
    folder : Path
        Gets a checkpoint after every epoch.
    report : callable
        Is given the events, as mappings of plain data with the key ``event``: ``start``, and ``epoch`` after each.
    should_stop : callable
        Is asked before every batch; the epoch that is under way is then given up.
    resume : bool
        Go on from the checkpoint, if there is one. On the same device the result is the same to the last bit as that
        of a training that was never cut off.
    description, domain
        As `Checkpoint` has them.

    Raises
    ------
    InputError
        If the checkpoint cannot be used or written, or a loss is not a number. The last good checkpoint stays.
    """
    training = _Training(task, settings, folder / CHECKPOINT, description or {}, domain or {})
    if resume and training.path.exists():
        training.restore(read_checkpoint(training.path))
    else:
        training.save()  # so that the folder tells from now on what it is
    report(training.start_event())
    stopped = False
    while not (stopped or training.is_over()):
        start = time.perf_counter()
        stopped = not training.run_epoch(should_stop)
        if not stopped:
            training.add_seconds(time.perf_counter() - start)
            training.save()
            report(training.epoch_event())
    result = training.result(stopped)
    task.network.load_state_dict(result.weights)
    task.network.eval()
    return result


class _Training:
    """The state of a training between two epochs."""

    def __init__(
        self, task: Task, settings: OptimiserSettings, path: Path, description: Mapping[str, Any], domain: Tensors
    ) -> None:
        self.path = path
        self._description, self._domain = description, domain
        self._task, self._settings = task, settings
        self._device = next(task.network.parameters()).device
        self._optimiser = Optimiser(task.network, settings, settings.epochs * task.n_batches)
        self._epoch = self._step = self._best_epoch = 0
        self._best_loss = math.inf
        self._best_weights = _copied(task.network.state_dict())
        self._history: list[dict[str, float]] = []
        self._seconds: list[float] = []  # of the epochs since the program started
        self._seconds_before = 0.0

    def _record(self) -> dict[str, Any]:
        optimiser = msgspec.to_builtins(self._settings)
        del optimiser["threads"]  # another machine may have more
        return {**self._task.description, "training": optimiser}

    def save(self) -> None:
        """Write the checkpoint."""
        checkpoint = Checkpoint(
            epoch=self._epoch,
            step=self._step,
            weights=self._task.network.state_dict(),
            optimiser=self._optimiser.tensors(),
            random_state=_random_state(self._device),
            best_epoch=self._best_epoch,
            best_loss=self._best_loss,
            best_weights=self._best_weights,
            history=self._history,
            record=self._record(),
            seconds=self.seconds,
            description=self._description,
            domain=self._domain,
        )
        write_checkpoint(checkpoint, self.path)

    def restore(self, checkpoint: Checkpoint) -> None:
        """Take up the state of a checkpoint."""
        check_same(self._record(), checkpoint.record, self.path)
        try:
            self._task.network.load_state_dict(checkpoint.weights)
        except RuntimeError as error:
            raise InputError(f"{self.path}: belongs to another network: train anew in another folder") from error
        self._optimiser.load_tensors(checkpoint.optimiser)
        _set_random_state(checkpoint.random_state, self._device)
        self._epoch, self._step = checkpoint.epoch, checkpoint.step
        self._best_epoch, self._best_loss = checkpoint.best_epoch, checkpoint.best_loss
        self._best_weights = {name: tensor.to(self._device) for name, tensor in checkpoint.best_weights.items()}
        self._history = list(checkpoint.history)
        self._seconds_before = checkpoint.seconds

    @property
    def seconds(self) -> float:
        """What the epochs took."""
        return self._seconds_before + sum(self._seconds)

    def is_over(self) -> bool:
        """Whether all epochs are done, or the last ones brought nothing better."""
        patience = self._settings.patience
        return self._epoch >= self._settings.epochs or 0 < patience <= self._epoch - self._best_epoch

    def run_epoch(self, should_stop: Callable[[], bool]) -> bool:
        """Train for one epoch and validate; return False if it was given up half-way."""
        train_loss = self._fit(should_stop)
        if train_loss is None:
            return False
        self._task.network.eval()
        with torch.no_grad():
            validation_loss = self._task.validation_loss()
        self._epoch += 1
        if not math.isfinite(validation_loss):
            raise self._not_a_number("validation loss", f"after epoch {self._epoch}")
        if validation_loss < self._best_loss:
            self._best_epoch, self._best_loss = self._epoch, validation_loss
            self._best_weights = _copied(self._task.network.state_dict())
        self._history.append(
            {
                "epoch": self._epoch,
                "train_loss": train_loss,
                "validation_loss": validation_loss,
                "learning_rate": self._optimiser.learning_rate(self._step - 1),
            }
        )
        return True

    def _fit(self, should_stop: Callable[[], bool]) -> float | None:
        """Train on all batches; return the mean loss, or None if it was given up."""
        task, settings = self._task, self._settings
        losses = torch.zeros(task.n_batches, device=self._device)
        task.network.train()
        reduced = torch.autocast(self._device.type, torch.bfloat16, enabled=settings.precision == "bfloat16")
        for number, batch in enumerate(task.batches(self._epoch + 1)):
            if should_stop():
                return None
            with reduced:
                loss = task.loss(batch)
            loss.backward()  # type: ignore[no-untyped-call]
            if settings.gradient_clip:
                task.clip_gradients(settings.gradient_clip)
            self._optimiser.step(self._step)
            self._step += 1
            losses[number] = loss.detach()
            if (number + 1) % _CHECKED_BATCHES == 0:
                self._check(losses, number + 1 - _CHECKED_BATCHES)
        self._check(losses, 0)
        return float(losses.mean())

    def _check(self, losses: torch.Tensor, start: int) -> None:
        bad = ~losses[start:].isfinite()
        if bool(bad.any()):
            batch = start + int(bad.nonzero()[0]) + 1
            raise self._not_a_number("loss", f"in batch {batch} of epoch {self._epoch + 1}")

    def _not_a_number(self, what: str, where: str) -> InputError:
        done = len(self._history)
        kept = f"{self.path} keeps the state after epoch {done}" if done else "nothing was learned before"
        return InputError(
            f"the {what} is not a number {where}: {kept}; "
            "train anew with a lower training.learning_rate, or with training.gradient_clip"
        )

    def start_event(self) -> dict[str, Any]:
        """Return what is reported first; of a training that goes on, with the epochs that it had: ``history``."""
        event = {
            "event": "start",
            "device": str(self._device),
            "epoch": self._epoch,
            "epochs": self._settings.epochs,
            "samples": self._task.n_samples,
            "batches": self._task.n_batches,
            "parameters": sum(parameter.numel() for parameter in self._task.network.parameters()),
        }
        return event | {"history": list(self._history)} if self._history else event

    def add_seconds(self, seconds: float) -> None:
        """Note how long the epoch took that ended."""
        self._seconds.append(seconds)

    def epoch_event(self) -> dict[str, Any]:
        """Return what is reported of the epoch that ended."""
        seconds = self._seconds[-1]
        mean = sum(self._seconds) / len(self._seconds)
        event = {
            "event": "epoch",
            "epochs": self._settings.epochs,
            **self._history[-1],
            "best_epoch": self._best_epoch,
            "best_validation_loss": self._best_loss,
            "seconds": seconds,
            "samples_per_second": self._task.n_samples / seconds,
            "remaining_seconds": mean * (self._settings.epochs - self._epoch),
        }
        if self._device.type == "cuda":
            event["device_memory"] = torch.cuda.max_memory_allocated(self._device)
        return event

    def result(self, stopped: bool) -> TrainingResult:
        """Return what came out."""
        return TrainingResult(
            self._best_weights, self._best_epoch, self._best_loss, self._epoch, stopped, self._history, self.seconds
        )


def _copied(tensors: Tensors) -> Tensors:
    return {name: tensor.detach().clone() for name, tensor in tensors.items()}


def _random_state(device: torch.device) -> Tensors:
    states = {"cpu": torch.get_rng_state()}
    if device.type == "cuda":
        states["cuda"] = torch.cuda.get_rng_state(device)
    return states


def _set_random_state(states: Tensors, device: torch.device) -> None:
    torch.set_rng_state(states["cpu"])
    if device.type == "cuda" and "cuda" in states:
        torch.cuda.set_rng_state(states["cuda"], device)
