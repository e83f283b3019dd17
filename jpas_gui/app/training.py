"""The controller of trainings: the run that is under way, and those that wait."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from psygnal import Signal

from jpas_gui.app.training_form import TrainingForm, settings_of_form
from jpas_gui.app.training_log import CONTINUED, KILLED, LAUNCHED, PAUSED, TrainingLog
from jpas_gui.app.training_runs import ERRORS, Run, RunState, add_run, all_runs, delete_run
from jpas_gui.core.errors import InputError

GRACE = 2.5
"""s that an epoch has to end when it is asked to; then the program is killed."""

SAVING_GRACE = 30.0
"""s for the best model to be saved, once the epoch has ended."""


class Process(Protocol):
    """A program that trains."""

    def is_alive(self) -> bool:
        """Whether it still runs."""

    def stop(self) -> None:
        """Ask it to keep the best, and end."""

    def kill(self) -> None:
        """End it at once."""

    def pause(self) -> None:
        """Let it stand still, with all that it has in memory."""

    def go_on(self) -> None:
        """Let it go on after a pause."""


class Launcher(Protocol):
    """Starts programs that outlive the window, and finds them again."""

    def start(self, arguments: Sequence[str], events: Path, errors: Path) -> Process:
        """Start ``jpas-gui`` with these arguments; what it prints is added to the files."""

    def attach(self, process: int, folder: Path) -> Process:
        """Return the program that trains in a folder already."""


@dataclass(frozen=True)
class TrainingSummary:
    """The training that is under way, in short.

    Parameters
    ----------
    name : str
    state : RunState
    epoch, n_epochs : int
        Epochs that are done, and that are to be done in all; 0 where it is not known yet.
    remaining_seconds : float
        NaN where it is not known yet.
    n_waiting : int
        Trainings that wait for it.
    """

    name: str
    state: RunState
    epoch: int
    n_epochs: int
    remaining_seconds: float
    n_waiting: int


class TrainingController:
    """Starts trainings one after the other, follows the one that runs, and ends it when asked to.

    Parameters
    ----------
    launcher : Launcher
    clock : callable
        Seconds.

    Attributes
    ----------
    changed : Signal
        What is shown has changed.
    finished : Signal(Run)
        A run ended, and left a model.
    removed : Signal(Run)
        A run is discarded, with all that it left.
    problem, said : Signal(str)
    run : Run, optional
        The run that is under way, or ended last.
    log : TrainingLog, optional
        Of that run.
    queue : tuple of Run
        Those that wait for it.
    """

    changed = Signal()
    finished = Signal(object)
    removed = Signal(object)
    problem = Signal(str)
    said = Signal(str)

    def __init__(self, launcher: Launcher, clock: Callable[[], float] = time.monotonic) -> None:
        self._launcher, self._clock = launcher, clock
        self._process: Process | None = None
        self._stopping_since: float | None = None
        self._is_killed = self._is_discarding = False
        self.run: Run | None = None
        self.log: TrainingLog | None = None
        self.queue: tuple[Run, ...] = ()

    # -- what is ----------------------------------------------------------------------------------------------------

    @property
    def is_running(self) -> bool:
        """Whether a training is under way."""
        return self._process is not None

    @property
    def state(self) -> RunState:
        """The state of `run`; idle where there is none."""
        if self.run is None or self.log is None:
            return RunState.IDLE
        if not self.is_running:
            return self.run.state_of(self.log)
        if self._stopping_since is not None:
            return RunState.STOPPING
        if self.log.is_paused:
            return RunState.PAUSED
        return RunState.TRAINING if self.log.has_started else RunState.PREPARING

    @property
    def summary(self) -> TrainingSummary | None:
        """The training that is under way, in short; None where none is. `changed` tells of a new one."""
        if not self.is_running or self.run is None or self.log is None:
            return None
        last = self.log.last_epoch
        return TrainingSummary(
            name=self.run.name,
            state=self.state,
            epoch=last.epoch if last else 0,
            n_epochs=self.log.n_epochs,
            remaining_seconds=last.remaining_seconds if last else math.nan,
            n_waiting=len(self.queue),
        )

    # -- what the user does -----------------------------------------------------------------------------------------

    def find_running(self) -> None:
        """Follow a run again that an earlier window left going."""
        for run in all_runs():
            process = run.process
            if process is not None and not self.is_running:
                self._follow(run, self._launcher.attach(process, run.model_folder))

    def start(self, form: TrainingForm, name: str, device: str) -> bool:
        """Start a training, or let it wait for those before it; return False where it cannot be."""
        try:
            run = add_run(name.strip(), settings_of_form(form), device)
        except InputError as error:
            self.problem.emit(str(error))
            return False
        self._wait_in_line(run)
        return True

    def resume(self, run: Run) -> None:
        """Go on with a run from its last checkpoint, now or after those before it."""
        if run in self.queue or (self.is_running and run == self.run) or run.process is not None:
            self.problem.emit(f"{run.name}: is under way already")
        elif not run.can_resume:
            self.problem.emit(f"{run.name}: came to its end: nothing to go on with")
        elif run.absent:
            self.problem.emit(f"{run.name}: {run.absent}")
        else:
            self._wait_in_line(run)

    def take_from_queue(self, run: Run) -> None:
        """Let a run not start that waits."""
        self.queue = tuple(other for other in self.queue if other != run)
        self.changed.emit()

    def drop_queue(self) -> None:
        """Let no run start that waits; all can be resumed later."""
        self.queue = ()
        self.changed.emit()

    def forget(self, run: Run) -> None:
        """Show a run no longer that has ended: it is about to be renamed or deleted."""
        if run == self.run and not self.is_running:
            self.run = self.log = None
            self.changed.emit()

    def stop(self) -> None:
        """End the run that is under way, and keep its best model."""
        if self._process is None or self._stopping_since is not None:
            return
        has_begun = self.state is not RunState.PREPARING
        self._stopping_since = self._clock()
        if has_begun:
            self._process.stop()
        else:
            self._kill()  # nothing is learned yet
        self.changed.emit()

    def discard(self) -> None:
        """End the run that is under way, and remove all that it left."""
        if self._process is None:
            return
        self._is_discarding = True
        self._stopping_since = self._clock()
        self._kill()
        self.changed.emit()

    def pause(self) -> None:
        """Let the run stand still, or go on, at once."""
        if self._process is None or self.run is None or self.log is None or self._stopping_since is not None:
            return
        was_paused = self.log.is_paused
        if not self._note(CONTINUED if was_paused else PAUSED):
            return  # what is not written down, the next window would not know
        if was_paused:
            self._process.go_on()
        else:
            self._process.pause()
        self.changed.emit()

    def tick(self) -> None:
        """See what has happened: to be called a few times a second."""
        is_new = self.log is not None and self.log.read()
        if self._process is not None and not self._process.is_alive():
            self._ended()
        elif self._is_overdue():
            self._kill()
        elif is_new:
            self.changed.emit()
        if not self.is_running and self.queue:
            self._launch(self.queue[0])

    # -- how --------------------------------------------------------------------------------------------------------

    def _wait_in_line(self, run: Run) -> None:
        self.queue = (*self.queue, run)
        if self.is_running:
            self.said.emit(f"{run.name} waits until {self.run.name if self.run else 'another'} has ended")
        self.tick()
        self.changed.emit()

    def _launch(self, run: Run) -> None:
        self.queue = self.queue[1:]
        try:
            run.add_event(LAUNCHED)
            process = self._launcher.start(run.arguments, run.events_path, run.folder / ERRORS)
        except OSError as error:
            self.problem.emit(f"{run.folder}: cannot be used ({error.strerror or error})")
            self.changed.emit()
            return
        self._follow(run, process)

    def _follow(self, run: Run, process: Process) -> None:
        self.run, self.log, self._process = run, TrainingLog(run.events_path), process
        self._stopping_since, self._is_killed, self._is_discarding = None, False, False
        self.log.read()
        self.changed.emit()

    def _kill(self) -> None:
        self._is_killed = True
        if self._process is not None:
            self._process.kill()

    def _is_overdue(self) -> bool:
        if self._stopping_since is None or self._is_killed or self.log is None:
            return False
        grace = SAVING_GRACE if self.log.is_saving else GRACE
        return self._clock() - self._stopping_since > grace

    def _ended(self) -> None:
        run, log = self.run, self.log
        if run is None or log is None:
            return
        self._process, self._stopping_since = None, None
        log.read()
        if self._is_discarding:
            self._remove(run)
            return
        if self._is_killed and not log.has_ended:
            self._note(KILLED)
        self._tell(run)
        if run.has_model and self.state is not RunState.CRASHED:
            self.finished.emit(run)
        self.changed.emit()

    def _note(self, event: str) -> bool:
        """Write an event of the window's own down; return False where it cannot be."""
        if self.run is None or self.log is None:
            return False
        try:
            self.run.add_event(event)
        except OSError as error:
            self.problem.emit(f"{self.run.events_path}: cannot be written ({error.strerror or error})")
            return False
        self.log.read()
        return True

    def _remove(self, run: Run) -> None:
        self.run = self.log = None
        try:
            delete_run(run)
        except InputError as error:
            self.problem.emit(str(error))
        else:
            self.removed.emit(run)
            self.said.emit(f"{run.name} is discarded")
        self.changed.emit()

    def _tell(self, run: Run) -> None:
        if self.state is RunState.CRASHED:
            self.said.emit(f"{run.name} crashed: {run.last_words() or 'it said nothing'}")
        else:
            self.said.emit(f"{run.name}: {self.state}")
