"""The controller of trainings: the run that is under way, and those that wait."""

import math
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from psygnal import Signal

from jpas_gui.app.training_form import TrainingForm, settings_of_form
from jpas_gui.app.training_log import CONTINUED, DISCARDING, PAUSED, STOPPING, TrainingLog
from jpas_gui.app.training_runs import Run, RunState, add_run, all_runs, delete_run, run_named, run_queue
from jpas_gui.app.training_text import ended_text
from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.known_models import runs_folder
from jpas_gui.core.inference.run_queue import Job, QueueState

GRACE = 5.0
"""s that an epoch has to end when it is asked to; then the program is killed, and its best model is kept."""

SAVING_GRACE = 30.0
"""s for the best model to be saved, once the epoch has ended."""

STARTING = 10.0
"""s that the program may take to start that works the queue off."""


class Programs(Protocol):
    """Starts the program that works the queue off, and talks to those that train, by their process ids."""

    def work_off(self, runs: Path) -> None:
        """Start the program that trains what waits in a folder of runs; it ends at once where another one does."""

    def stop(self, process: int) -> None:
        """Ask a program that trains to keep the best, and end."""

    def kill(self, process: int) -> None:
        """End it at once."""

    def pause(self, process: int) -> None:
        """Let it stand still, with all that it has in memory."""

    def go_on(self, process: int) -> None:
        """Let it go on after a pause."""


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
    """Lets trainings wait in line, follows the one that is under way, and ends it when asked to.

    The line is a file, and a program of its own works it off: all goes on without a window, and several windows see
    the same.

    Parameters
    ----------
    programs : Programs
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
    devices : tuple of str
        Names of what can be trained on; empty where it is not known yet.
    """

    changed = Signal()
    finished = Signal(object)
    removed = Signal(object)
    problem = Signal(str)
    said = Signal(str)

    def __init__(self, programs: Programs, clock: Callable[[], float] = time.monotonic) -> None:
        self._programs, self._clock = programs, clock
        self._line = run_queue()
        self._asked_to_work: float | None = None
        self._process = 0
        self._has_begun = False  # before, the log tells of an earlier launch
        self._stopping_since: float | None = None
        self._must_die = self._is_discarding = False
        self._greeting = ""
        self.is_running = False
        """Whether a training is under way."""
        self.run: Run | None = None
        self.log: TrainingLog | None = None
        self.queue: tuple[Run, ...] = ()
        self.devices: tuple[str, ...] = ()

    # -- what is ----------------------------------------------------------------------------------------------------

    @property
    def state(self) -> RunState:
        """The state of `run`; idle where there is none."""
        if self.run is None or self.log is None:
            return RunState.IDLE
        if not self.is_running:
            return self.run.state_of(self.log)
        if self._stopping_since is not None:
            return RunState.STOPPING
        if not self._has_begun:
            return RunState.PREPARING
        if self.log.exit_status is not None:
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
        """Follow what goes on without a window, and let the trainings go on that wait."""
        try:
            self._line.settle()
            ended = [run for name in self._line.tell_ended() if (run := run_named(name))]
            waiting = () if self._line.is_worked_off else self._line.state.waiting
            if self._line.state.is_held:
                self._line.hold(False)
        except InputError as error:
            self._greeting = str(error)
            return
        for run in all_runs():
            if not self.is_running and (process := run.process):
                self._process = process
                self._follow(run)
        self.tick()
        self._greeting = "; ".join(filter(None, (self._ended_text(ended), _waiting_text(waiting))))
        if ended and not self.is_running:
            self.run, self.log = ended[-1], _log_of(ended[-1])
            self.changed.emit()

    def greet(self) -> None:
        """Tell what happened to the trainings while there was no window."""
        if self._greeting:
            self.said.emit(self._greeting)
        self._greeting = ""

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
        if self._is_busy_with(run):
            self.problem.emit(f"{run.name}: is under way already")
        elif not run.can_resume:
            self.problem.emit(f"{run.name}: came to its end: nothing to go on with")
        elif run.absent:
            self.problem.emit(f"{run.name}: {run.absent}")
        elif self.devices and run.device not in ("auto", *self.devices):
            there = ", ".join(self.devices)
            self.problem.emit(
                f"{run.name}: its device {run.device} is not there now, only {there}: put its settings into the form, "
                "and start it anew on another"
            )
        else:
            self._wait_in_line(run)

    def take_from_queue(self, run: Run) -> None:
        """Let a run not start that waits; it can be resumed later."""
        self._change_line(lambda: self._line.remove(run.name))
        self.tick()

    def hold_queue(self) -> None:
        """Let no run start that waits until a window is opened again."""
        self._change_line(lambda: self._line.hold())

    def may_change(self, run: Run) -> bool:
        """Return whether a run may be renamed or deleted; say why where it may not."""
        if self._is_busy_with(run):
            self.problem.emit(f"{run.name}: is under way, or waits: stop it first, or take it from the queue")
            return False
        return True

    def forget(self, run: Run) -> None:
        """Show a run no longer that has ended: it is about to be renamed or deleted."""
        if run == self.run and not self.is_running:
            self.run = self.log = None
            self.changed.emit()

    def stop(self) -> None:
        """End the run that is under way, and keep its best model."""
        if not self.is_running or self.state is RunState.STOPPING:
            return
        # What prepares itself has nothing that its checkpoint has not.
        self._end(STOPPING, at_once=not (self._has_begun and self.log and self.log.has_started))

    def discard(self) -> None:
        """End the run that is under way, and remove all that it left."""
        if self.is_running:
            self._is_discarding = True
            self._end(DISCARDING, at_once=True)

    def pause(self) -> None:
        """Let the run stand still, or go on, at once."""
        process = self._process
        if not self.is_running or self.log is None or self.state is RunState.STOPPING or not process:
            return
        was_paused = self.log.is_paused
        if not self._note(CONTINUED if was_paused else PAUSED):
            return  # what is not written down, the next window would not know
        if was_paused:
            self._programs.go_on(process)
        else:
            self._programs.pause(process)
        self.changed.emit()

    def tick(self) -> None:
        """See what has happened: to be called a few times a second."""
        self._work_off()
        state = self._line.state
        before = self.run, self.is_running, self._has_begun, self.queue
        run, self._process = self._under_way(state)
        is_new = self.log is not None and self.log.read()
        ended = self._told_ended(state)
        if ended or self._line.is_worked_off:
            self._asked_to_work = None
        if self.is_running and self.run is not None and (run != self.run or self.run.name in ended):
            ended = tuple(name for name in ended if name != self.run.name)
            self._ended(self.run)
        for other in filter(None, map(run_named, ended)):
            self._ended(other)
        if run is not None and not self.is_running:
            self._follow(run)
        self.queue = tuple(one for job in state.waiting if (one := run_named(job.name)) and one != run)
        if self.is_running:
            self._has_begun = self._has_begun or self._process > 0
            self._insist()
        if is_new or before != (self.run, self.is_running, self._has_begun, self.queue):
            self.changed.emit()

    # -- how --------------------------------------------------------------------------------------------------------

    def _is_busy_with(self, run: Run) -> bool:
        return (self.is_running and run == self.run) or run.is_in_use

    def _wait_in_line(self, run: Run) -> None:
        if not self._change_line(lambda: self._line.add(run.job)):
            return
        if self.is_running:
            self.said.emit(f"{run.name} waits until {self.run.name if self.run else 'another'} has ended")
        self.tick()

    def _change_line(self, change: Callable[[], object]) -> bool:
        try:
            change()
        except InputError as error:
            self.problem.emit(str(error))
            return False
        return True

    @property
    def _is_starting(self) -> bool:
        """Whether the program that works the queue off was started a moment ago."""
        return self._asked_to_work is not None and self._clock() - self._asked_to_work < STARTING

    def _work_off(self) -> None:
        """Start the program that works the queue off, where something waits and none is at it or was just started."""
        state = self._line.state
        if not state.waiting or state.is_held or self._is_starting or self._line.is_worked_off:
            return
        if self.run is not None and self.run.process is not None:
            return  # it was left behind by such a program, and the next one would only wait for it
        self._asked_to_work = self._clock()
        try:
            self._programs.work_off(runs_folder())
        except OSError as error:
            self.problem.emit(f"no training can be started ({error.strerror or error})")

    def _under_way(self, state: QueueState) -> tuple[Run | None, int]:
        """Return the run that is under way, and the process that works at it, 0 where none does yet."""
        if self._line.is_worked_off:
            if state.current is not None and (run := run_named(state.current.name)):
                return run, state.process or run.process or 0
        elif self.run is not None and (process := self.run.process):
            return self.run, process
        elif self._is_starting and state.waiting and not state.is_held:
            return run_named(state.waiting[0].name), 0
        return None, 0

    def _told_ended(self, state: QueueState) -> tuple[str, ...]:
        if state.ended:
            with suppress(InputError):  # then the next window tells it, too
                return self._line.tell_ended()
        return ()

    def _follow(self, run: Run) -> None:
        self.run, self.log, self.is_running = run, _log_of(run), True
        self._has_begun = self._process > 0
        self._stopping_since = self._clock() if self._has_begun and self.log.is_asked_to_stop else None
        self._must_die = self._is_discarding = False
        self.changed.emit()

    def _end(self, event: str, at_once: bool) -> None:
        """End the run that is under way: by force, or by asking first."""
        run = self.run
        self._stopping_since = self._clock()
        self._note(event)
        if run is not None and not self._has_begun and (self._is_discarding or not run.has_checkpoint):
            self._change_line(lambda: self._line.remove(run.name))  # what begins all the same is killed, and kept
        self._must_die = self._must_die or at_once
        if not at_once:
            self._programs.stop(self._process)
        self._insist()
        self.tick()
        self.changed.emit()

    def _insist(self) -> None:
        """Kill what is to end at once, or did not end when it was asked to; its best model is kept all the same."""
        if self.log is None or self._stopping_since is None:
            return
        grace = SAVING_GRACE if self.log.is_saving else GRACE
        is_overdue = self._clock() - self._stopping_since > grace
        if not self._process or not (self._must_die or is_overdue):
            return
        if self.log.exit_status is not None and not self._is_discarding:
            return  # what is saving the best now
        if not self.log.is_asked_to_stop:
            self._note(STOPPING)  # it was launched after it had been noted
        self._programs.kill(self._process)

    def _ended(self, run: Run) -> None:
        log = _log_of(run)
        if run == self.run:
            was_discarding, self.is_running, self._stopping_since = self._is_discarding, False, None
            if was_discarding:
                self._remove(run)
                return
        if not self.is_running:
            self.run, self.log = run, log
        state = run.state_of(log)
        self.said.emit(ended_text(run, log, state))
        if run.has_model and state is not RunState.CRASHED:
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

    def _ended_text(self, ended: Sequence[Run]) -> str:
        logs = [(run, _log_of(run)) for run in ended if run != self.run or not self.is_running]
        texts = [ended_text(run, log, run.state_of(log)).partition("\n")[0] for run, log in logs]
        return f"While no window was open: {'; '.join(texts)}" if texts else ""


def _waiting_text(waiting: Sequence[Job]) -> str:
    return f"What waited is trained now: {', '.join(job.name for job in waiting)}" if waiting else ""


def _log_of(run: Run) -> TrainingLog:
    log = TrainingLog(run.events_path)
    log.read()
    return log
