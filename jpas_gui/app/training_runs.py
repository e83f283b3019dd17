"""The runs of trainings in the user's folder: each a folder with its settings, its log and its model."""

import json
import re
import shutil
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from jpas_gui.app.training_log import TrainingLog
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import replacing
from jpas_gui.core.inference.known_models import RUN_RECORD, models_folder, runs_folder
from jpas_gui.core.inference.run_folder import CHECKPOINT, training_process
from jpas_gui.core.inference.run_queue import FILES, Job, RunQueue
from jpas_gui.core.inference.setting_files import absent_files
from jpas_gui.core.inference.settings import TrainingSettings, read_settings
from jpas_gui.core.inference.settings_file import write_settings
from jpas_gui.core.inference.shipped import DESCRIPTION, shipped_models

SETTINGS, RECORD, EVENTS, ERRORS = "settings.toml", RUN_RECORD, "events.jsonl", "errors.log"
_LOG_TAIL, _LOG_LINES = 4000, 6


class RunState(StrEnum):
    """How far a run is."""

    IDLE = "idle"
    WAITING = "waiting"
    PREPARING = "preparing"
    TRAINING = "training"
    PAUSED = "paused"
    STOPPING = "stopping"
    STOPPED = "stopped"
    DONE = "done"
    CRASHED = "crashed"


@dataclass(frozen=True)
class Run:
    """A training that was asked for.

    Parameters
    ----------
    folder : Path
        Whose name is that of the run.
    device : str
    created : str
        ISO 8601, UTC.
    """

    folder: Path
    device: str
    created: str

    @property
    def name(self) -> str:
        """Its name, which is that of its model."""
        return self.folder.name

    @property
    def settings_path(self) -> Path:
        """The TOML file that it is made from."""
        return self.folder / SETTINGS

    @property
    def model_folder(self) -> Path:
        """Where the program trains, and leaves the model."""
        return self.folder / self.name

    @property
    def events_path(self) -> Path:
        """What the program tells."""
        return self.folder / EVENTS

    @property
    def has_model(self) -> bool:
        """Whether there is a model that can predict."""
        return (self.model_folder / DESCRIPTION).is_file()

    @property
    def has_checkpoint(self) -> bool:
        """Whether there is something to go on from, or to make a model from."""
        return (self.model_folder / CHECKPOINT).is_file()

    @property
    def can_resume(self) -> bool:
        """Whether it can go on, or begin if it never has."""
        return self.has_checkpoint or not self.has_model

    @property
    def absent(self) -> str:
        """What its settings name and is not there any more; empty where it can go on."""
        try:
            data = read_settings(self.settings_path).data
        except InputError as error:
            return str(error)
        return next((problem.in_form for problem in absent_files(data.libraries, data.noise)), "")

    @property
    def process(self) -> int | None:
        """Id of the process that trains it, if one does."""
        return training_process(self.model_folder)

    @property
    def arguments(self) -> tuple[str, ...]:
        """Behind ``jpas-gui``, on the command line: begins it, or goes on with it."""
        return (
            *("train", str(self.settings_path), "-o", str(self.model_folder), "--device", self.device),
            *("--json", "--resume"),
        )

    @property
    def job(self) -> Job:
        """It as a training that is to be run."""
        return Job(self.name, self.arguments, str(self.model_folder), str(self.events_path), str(self.folder / ERRORS))

    @property
    def is_in_use(self) -> bool:
        """Whether a program works at it, is about to, or is to do so later: it must stay as it is."""
        state = run_queue().state
        if any(job.name == self.name for job in state.waiting) or self.process is not None:
            return True
        return state.current is not None and state.current.name == self.name and run_queue().is_worked_off

    def state_now(self, log: TrainingLog) -> RunState:
        """Return the state of a run, whoever works at it."""
        if self.process is None:
            queue = run_queue().state
            if any(job.name == self.name for job in queue.waiting):
                return RunState.WAITING
            return RunState.PREPARING if self.is_in_use else self.state_of(log)
        if log.is_paused:
            return RunState.PAUSED
        if log.is_asked_to_stop:
            return RunState.STOPPING
        return RunState.TRAINING if log.has_started else RunState.PREPARING

    def state_of(self, log: TrainingLog) -> RunState:
        """Return the state of a run that no process works at, as its log says."""
        if log.last in ("stopped", "done"):
            return RunState(log.last)
        if log.is_asked_to_stop:
            return RunState.STOPPED
        return RunState.CRASHED if log.last else RunState.IDLE

    def last_words(self) -> str:
        """Return the last lines that the program wrote of what went wrong."""
        try:
            with (self.folder / ERRORS).open("rb") as file:
                file.seek(max(0, file.seek(0, 2) - _LOG_TAIL))
                lines = file.read().decode(errors="replace").splitlines()
        except OSError:
            return ""
        said = [line for line in lines if line.strip()][-_LOG_LINES:]
        return "\n".join(said).removeprefix("jpas-gui: ")

    def add_event(self, name: str) -> None:
        """Add an event of the window's own to those of the program."""
        with self.events_path.open("ab") as file:
            file.write(json.dumps({"event": name}).encode() + b"\n")


def all_runs() -> tuple[Run, ...]:
    """Return the runs, the oldest first; a folder that is none is left out."""
    try:
        found = [run for path in runs_folder().iterdir() if (run := _read(path))]
    except OSError:
        return ()
    return tuple(sorted(found, key=lambda run: (run.created, run.name)))


def run_named(name: str) -> Run | None:
    """Return the run of a name, if there is one."""
    return _read(runs_folder() / name)


def run_queue() -> RunQueue:
    """Return the queue of the user's runs."""
    return RunQueue(runs_folder())


def is_any_under_way() -> bool:
    """Return whether there is something to tell of the runs: one is under way, waits, or ended without a window."""
    state = run_queue().state
    has_news = bool(state.waiting or state.current or state.ended)
    return has_news or any(run.process is not None for run in all_runs())


def _read(folder: Path) -> Run | None:
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        return Run(folder, str(record["device"]), str(record["created"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def free_name(proposal: str) -> str:
    """Return a name that no run and no other model has, made from another."""
    name, number = proposal, 1
    while _owner_of(name):
        number += 1
        name = f"{proposal}-{number}"
    return name


def add_run(name: str, settings: TrainingSettings, device: str) -> Run:
    """Make the folder of a new run.

    Raises
    ------
    InputError
        If the name cannot be one, is taken, or the folder cannot be written.
    """
    folder = runs_folder() / _checked(name)
    run = Run(folder, device, datetime.now(UTC).isoformat(timespec="microseconds"))
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise InputError(f"{folder}: cannot be made ({error.strerror or error})") from error
    try:
        write_settings(settings, run.settings_path)
        with replacing(folder / RECORD) as temporary:
            temporary.write_text(json.dumps({"device": run.device, "created": run.created}) + "\n", encoding="utf-8")
    except InputError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return run


def rename_run(run: Run, name: str) -> Run:
    """Give a run, and its model, another name.

    Raises
    ------
    InputError
        As `add_run`, or if it is in use.
    """
    _check_unused(run)
    renamed = replace(run, folder=run.folder.with_name(_checked(name)))
    try:
        run.folder.rename(renamed.folder)
        if (renamed.folder / run.name).exists():
            (renamed.folder / run.name).rename(renamed.model_folder)
    except OSError as error:
        with suppress(OSError):  # without its model under its name it would be a run that has none
            renamed.folder.rename(run.folder)
        raise InputError(f"{run.folder}: cannot be renamed ({error.strerror or error})") from error
    if renamed.has_model:
        from jpas_gui.core.inference.bundle import rename_bundle

        rename_bundle(renamed.model_folder, name)
    return renamed


def delete_run(run: Run) -> None:
    """Remove a run with all that it left.

    Raises
    ------
    InputError
        If it is in use, or cannot be removed.
    """
    _check_unused(run)
    try:
        (run.folder / RECORD).unlink(missing_ok=True)  # what is left half-way is no run any more
        shutil.rmtree(run.folder)
    except OSError as error:
        raise InputError(f"{run.folder}: cannot be removed ({error.strerror or error})") from error


def export_run(run: Run, target: Path) -> Path:
    """Copy the model of a run, with its settings, into a new folder.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    InputError
        If there is no model, the folder is there already, or it cannot be written.
    """
    if not run.has_model:
        raise InputError(f"{run.name}: no model yet: nothing to export")
    folder = target / run.name
    if folder.exists():
        raise InputError(f"{folder}: is there already, and nothing is overwritten: choose another folder")
    temporary = folder.with_name(f".{run.name}.part")
    try:
        shutil.rmtree(temporary, ignore_errors=True)
        shutil.copytree(run.model_folder, temporary, ignore=lambda _, names: {CHECKPOINT} & set(names))
        shutil.copy(run.settings_path, temporary / SETTINGS)
        temporary.rename(folder)
    except OSError as error:
        shutil.rmtree(temporary, ignore_errors=True)
        raise InputError(f"{folder}: cannot be written ({error.strerror or error})") from error
    return folder


def _check_unused(run: Run) -> None:
    if run.is_in_use:
        raise InputError(f"{run.name}: is under way, or waits: stop it first, or take it from the queue")


def name_problem(name: str) -> str:
    """Return why a run cannot have a name; nothing where it can."""
    try:
        _checked(name)
    except InputError as error:
        return str(error)
    return ""


def _checked(name: str) -> str:
    if not name.strip():
        raise InputError("a model needs a name: use letters, digits, spaces and . _ + -")
    if not re.fullmatch(r"[\w+-][\w .+-]*", name) or name.endswith((" ", ".")):
        raise InputError(f"{name!r} cannot be the name of a model: use letters, digits, spaces and . _ + -")
    if name in (SETTINGS, RECORD, EVENTS, ERRORS, *FILES):
        raise InputError(f"{name!r} cannot be the name of a model: a file of the run has it")
    if owner := _owner_of(name):
        raise InputError(f"{name}: {owner} has this name already: choose another")
    return name


def _owner_of(name: str) -> str:
    """Return what has a name already; nothing where it is free. A name means one model, wherever it is given."""
    if (runs_folder() / name).exists():
        return "a run"
    if name in shipped_models():
        return "a model that ships with the program"
    return "a model that you added" if (models_folder() / name).exists() else ""
