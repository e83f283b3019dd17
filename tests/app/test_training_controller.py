"""The controller of trainings, with programs that do what the test says."""

import errno
import json
import os
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from jpas_gui.app.training import GRACE, SAVING_GRACE, STARTING, TrainingController, TrainingSummary
from jpas_gui.app.training_form import form_of
from jpas_gui.app.training_runs import (
    Run,
    RunState,
    add_run,
    all_runs,
    delete_run,
    export_run,
    free_name,
    rename_run,
    run_queue,
    runs_folder,
)
from jpas_gui.app.training_table import compared, read_summaries
from jpas_gui.app.training_text import progress_text, running_text, state_text
from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.known_models import models_folder
from jpas_gui.core.inference.run_folder import CHECKPOINT, training_folder
from jpas_gui.core.inference.settings import OptimiserSettings, PaperData, PaperSettings
from jpas_gui.core.inference.shipped import DESCRIPTION
from jpas_gui.core.ssp.catalogue import add_library, load_library

SETTINGS = PaperSettings(training=OptimiserSettings(epochs=5))
FORM = form_of(SETTINGS)
EPOCH = {
    "event": "epoch", "epoch": 2, "epochs": 5, "train_loss": 0.4, "validation_loss": 0.5, "learning_rate": 1e-3,
    "best_epoch": 1, "best_validation_loss": 0.45, "samples_per_second": 1234.0, "remaining_seconds": 30.0,
}  # fmt: skip
START = {"event": "start", "epoch": 0, "epochs": 5}
PREPARING = {"event": "preparing", "what": "making the mocks", "device": "cpu"}


class Program:
    """Stands for a program that trains."""

    def __init__(self, programs, job):
        self.programs, self.events, self.errors, self.asked = programs, Path(job.events), Path(job.errors), []
        self.is_alive = True

    def tell(self, *events):
        with self.events.open("a") as file:
            file.writelines(json.dumps(event) + "\n" for event in events)

    def end(self, *events, error="", status=0):
        """End, and let the next one in the queue begin."""
        self.is_alive = False
        self.tell(*events, {"event": "ended", "status": status})
        self.errors.write_text(error)
        self.programs.go_on_with_queue()


class Programs:
    """Stands for the program that works the queue off, and for those that train."""

    def __init__(self):
        self.started, self._at_work = [], ExitStack()

    def work_off(self, runs):
        assert runs == runs_folder()
        self._at_work.enter_context(run_queue().at_work())
        self._take()

    def go_on_with_queue(self):
        run_queue().finish()
        self._take()

    def _take(self):
        job = run_queue().take()
        if job is None:
            self._at_work.close()
            return
        self.arguments = job.arguments
        self.started.append(Program(self, job))
        self.started[-1].tell({"event": "launched"})
        run_queue().note_process(len(self.started))

    def crash(self):
        """Die, while the program that trains goes on."""
        self._at_work.close()

    def stop(self, process):
        self.started[process - 1].asked.append("stop")

    def kill(self, process):
        program = self.started[process - 1]
        program.asked.append("kill")
        program.end(status=-9)

    def pause(self, process):
        self.started[process - 1].asked.append("pause")

    def go_on(self, process):
        self.started[process - 1].asked.append("go on")


@pytest.fixture
def launcher():
    programs = Programs()
    yield programs
    programs.crash()


@pytest.fixture(autouse=True)
def _no_power_cuts(monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def clock():
    return [0.0]


@pytest.fixture
def controller(launcher, clock):
    controller = TrainingController(launcher, lambda: clock[0])
    controller.problems, controller.words, controller.models = [], [], []
    controller.problem.connect(controller.problems.append)
    controller.said.connect(controller.words.append)
    controller.finished.connect(controller.models.append)
    return controller


@pytest.fixture
def program(controller, launcher):
    """A program in its third epoch."""
    controller.start(FORM, "mine", "cpu")
    launcher.started[0].tell(PREPARING, START, EPOCH)
    controller.tick()
    return launcher.started[0]


def text(controller):
    return state_text(controller.run, controller.log, controller.state)


def leave_model(run):
    run.model_folder.mkdir(exist_ok=True)
    (run.model_folder / DESCRIPTION).write_text("{}")


def leave_checkpoint(run):
    run.model_folder.mkdir(exist_ok=True)
    (run.model_folder / CHECKPOINT).write_bytes(b"")


# -- the states -----------------------------------------------------------------------------------------------------


def test_from_idle_to_done(controller, launcher):
    assert text(controller).startswith("No training is under way.")
    assert controller.start(FORM, " mine ", "cpu")
    assert controller.state is RunState.PREPARING
    run = controller.run
    assert launcher.arguments == (
        "train", str(run.settings_path), "-o", str(run.folder / "mine"), "--device", "cpu", "--json", "--resume",
    )  # fmt: skip
    program = launcher.started[0]
    program.tell(PREPARING)
    controller.tick()
    assert text(controller) == "mine: preparing: making the mocks …"
    program.tell(START, EPOCH)
    controller.tick()
    assert text(controller) == "mine: training, epoch 3 of 5"
    assert progress_text(controller.log) == (
        "validation loss 0.5, best 0.45 · 1 epoch since the best · learning rate 0.001 · 1,234 mocks per second · "
        "30 s left · cpu"
    )
    leave_model(run)
    program.end({"event": "saving"}, {"event": "done"})
    controller.tick()
    assert controller.state is RunState.DONE
    assert controller.models == [run]
    assert not run.can_resume
    controller.resume(run)
    assert controller.problems == ["mine: came to its end: nothing to go on with"]


def test_a_smaller_batch_is_told(controller, program):
    program.tell({"event": "batch_halved", "batch_size": 64})
    controller.tick()
    assert "batch 64: a larger one did not fit the device's memory" in progress_text(controller.log)


def test_stopping_shows_at_once_and_keeps_the_best(controller, program):
    controller.stop()
    assert text(controller) == "mine: stopping …"
    assert program.asked == ["stop"]
    program.tell({"event": "saving"})
    controller.tick()
    assert text(controller) == "mine: saving the best …"
    leave_model(controller.run)
    leave_checkpoint(controller.run)
    program.end({"event": "stopped"})
    controller.tick()
    assert text(controller) == "mine: stopped after epoch 2. The best model is kept; Resume goes on from epoch 2"
    assert controller.models == [controller.run]


def test_what_does_not_stop_is_killed_after_a_while_and_can_go_on(controller, program, clock):
    leave_checkpoint(controller.run)
    controller.stop()
    clock[0] = GRACE
    controller.tick()
    assert program.asked == ["stop"]
    clock[0] = GRACE + 0.1
    controller.tick()
    controller.tick()
    assert program.asked == ["stop", "kill"]
    assert text(controller) == "mine: stopped after epoch 2. There is no model yet; Resume goes on from epoch 2"


def test_saving_has_more_time(controller, program, clock):
    controller.stop()
    program.tell({"event": "saving"})
    clock[0] = SAVING_GRACE
    controller.tick()
    assert program.asked == ["stop"]


def test_what_has_learned_nothing_yet_is_killed_at_once(controller, launcher):
    controller.start(FORM, "mine", "cpu")
    controller.stop()
    controller.tick()
    assert launcher.started[0].asked == ["kill"]
    assert text(controller) == "mine: stopped after epoch 0. Nothing is learned yet; Resume begins anew"


def test_a_pause_and_its_end(controller, program):
    controller.pause()
    assert controller.state is RunState.PAUSED
    controller.pause()
    assert controller.state is RunState.TRAINING
    assert program.asked == ["pause", "go on"]


def test_a_pause_while_it_prepares_itself(controller, launcher):
    controller.start(FORM, "mine", "cpu")
    launcher.started[0].tell(PREPARING)
    controller.pause()
    assert text(controller) == "mine: paused while preparing: making the mocks"
    leave_checkpoint(controller.run)
    controller.stop()  # what it has not begun yet need not go on
    assert launcher.started[0].asked == ["pause", "kill"]


def test_a_full_disk_is_told_and_nothing_is_paused(controller, program, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Run, "add_event", full)
        controller.pause()
    assert controller.problems == [f"{controller.run.events_path}: cannot be written (No space left on device)"]
    assert program.asked == []
    assert controller.state is RunState.TRAINING


def test_discarding_leaves_nothing(controller, program):
    folder, removed = controller.run.folder, []
    controller.removed.connect(lambda run: removed.append(run.name))
    controller.discard()
    controller.tick()
    assert removed == ["mine"]
    assert program.asked == ["kill"]
    assert controller.state is RunState.IDLE
    assert not folder.exists()


def test_a_crash_says_why_and_goes_on_from_the_checkpoint(controller, program, launcher):
    leave_checkpoint(controller.run)
    program.end(error="warning\njpas-gui: the memory of cuda is full: end other programs\n")
    controller.tick()
    assert controller.state is RunState.CRASHED
    assert "the memory of cuda is full: end other programs" in text(controller)
    assert "Resume then goes on from epoch 2." in text(controller)
    controller.resume(controller.run)
    assert len(launcher.started) == 2
    assert controller.state is RunState.PREPARING
    launcher.started[1].end(error="jpas-gui: no CUDA device")  # it dies before it says a word
    controller.tick()
    assert "no CUDA device" in text(controller)


# -- several --------------------------------------------------------------------------------------------------------


def test_runs_wait_for_each_other(controller, program, launcher):
    controller.start(FORM, "second", "cpu")
    controller.start(FORM, "third", "cpu")
    assert [run.name for run in controller.queue] == ["second", "third"]
    assert controller.words == ["second waits until mine has ended", "third waits until mine has ended"]
    controller.take_from_queue(controller.queue[0])
    program.end({"event": "stopped"})
    controller.tick()
    assert controller.run.name == "third"
    assert len(launcher.started) == 2
    second = next(run for run in all_runs() if run.name == "second")
    controller.resume(second)
    controller.resume(second)
    assert controller.problems == ["second: is under way already"]


def test_a_run_that_was_left_going_is_found_again_and_asked_to_stop(controller, program, launcher, clock):
    controller.start(FORM, "second", "cpu")
    again = TrainingController(launcher, lambda: clock[0])
    again.find_running()
    assert text(again) == "mine: training, epoch 3 of 5"
    assert [run.name for run in again.queue] == ["second"]
    again.stop()
    assert program.asked == ["stop"]
    third = TrainingController(launcher, lambda: clock[0])
    third.find_running()
    assert third.state is RunState.STOPPING  # as the log says
    clock[0] = GRACE + 0.1
    third.tick()
    assert program.asked == ["stop", "kill"]


def test_the_queue_goes_on_without_a_window_and_the_next_one_tells(controller, program, launcher, clock):
    controller.start(FORM, "second", "cpu")
    controller.start(FORM, "third", "cpu")
    program.end({"event": "done"})
    assert len(launcher.started) == 2
    launcher.started[1].end(error="", status=-9)  # a crash stops nothing
    again = TrainingController(launcher, lambda: clock[0])
    told = []
    again.said.connect(told.append)
    again.find_running()
    assert again.run.name == "third"
    assert again.state is RunState.PREPARING
    again.greet()
    again.greet()
    assert told == [
        "While no window was open: mine: done; second crashed: ended by signal 9 (SIGKILL): "
        "was the memory full, or did somebody kill it?"
    ]


def test_what_waits_is_held_by_closing_and_goes_on_with_the_next_window(controller, program, launcher, clock):
    controller.start(FORM, "second", "cpu")
    controller.hold_queue()
    controller.stop()
    program.end({"event": "stopped"})
    controller.tick()
    assert not controller.is_running
    assert len(launcher.started) == 1
    again = TrainingController(launcher, lambda: clock[0])
    again.find_running()
    again.tick()
    assert (again.run.name, again.state) == ("second", RunState.PREPARING)
    assert len(launcher.started) == 2


def test_two_windows_see_the_same_and_one_takes_it(controller, program, launcher, clock):
    other = TrainingController(launcher, lambda: clock[0])
    other.find_running()
    other.start(FORM, "second", "cpu")
    controller.tick()
    assert [run.name for run in controller.queue] == ["second"]
    program.end({"event": "done"})
    for each in (controller, other, controller):
        each.tick()
        assert each.run.name == "second"
    assert len(launcher.started) == 2
    controller.resume(other.run)
    assert controller.problems == ["second: is under way already"]


def test_a_training_goes_on_whose_queue_program_was_killed_and_the_queue_after_it(controller, program, launcher):
    controller.start(FORM, "second", "cpu")
    run = controller.run
    with training_folder(run.model_folder, resume=True):
        launcher.crash()
        controller.tick()
        assert (controller.run, controller.state) == (run, RunState.TRAINING)
        assert len(launcher.started) == 1
    controller.tick()
    assert controller.words[-1] == "mine crashed: ended without a word: was the machine switched off, or the disk full?"
    controller.tick()
    assert controller.run.name == "second"
    assert len(launcher.started) == 2


def test_after_the_machine_was_switched_off_the_queue_goes_on(controller, program, launcher, clock):
    controller.start(FORM, "second", "cpu")
    launcher.crash()
    again = TrainingController(launcher, lambda: clock[0])
    told = []
    again.said.connect(told.append)
    again.find_running()
    again.greet()
    assert told == [
        "While no window was open: mine crashed: ended without a word: was the machine switched off, "
        "or the disk full?; "
        "What waited is trained now: second"
    ]
    again.tick()
    assert again.run.name == "second"


def test_the_program_that_works_the_queue_off_may_take_a_while_to_start(controller, clock, monkeypatch):
    asked = []
    monkeypatch.setattr(Programs, "work_off", lambda programs, runs: asked.append(runs))
    controller.start(FORM, "mine", "cpu")
    assert (controller.run.name, controller.state, controller.queue) == ("mine", RunState.PREPARING, ())
    controller.tick()
    assert len(asked) == 1
    clock[0] = STARTING + 1
    controller.tick()
    assert len(asked) == 2
    controller.stop()  # before it has begun
    assert controller.state is RunState.STOPPED
    assert run_queue().state.waiting == ()


def test_a_queue_that_cannot_be_worked_off_is_told(controller, monkeypatch):
    def refused(*_):
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(Programs, "work_off", refused)
    controller.start(FORM, "mine", "cpu")
    assert controller.problems == ["no training can be started (Resource temporarily unavailable)"]


@pytest.mark.parametrize("how", ["training", "saving", "waiting"])
def test_what_is_in_use_is_neither_renamed_nor_deleted(controller, program, how):
    if how == "waiting":
        controller.start(FORM, "second", "cpu")
    run = controller.queue[0] if how == "waiting" else controller.run
    if how == "saving":
        program.tell({"event": "saving"}, {"event": "done"})  # its own lock may be gone by now
        controller.tick()
    message = f"{run.name}: is under way, or waits: stop it first, or take it from the queue"
    assert not controller.may_change(run)
    assert controller.problems == [message]
    for change in (lambda: rename_run(run, "better"), lambda: delete_run(run)):
        with pytest.raises(InputError, match=message):
            change()
    controller.take_from_queue(run)
    program.end({"event": "done"})
    controller.tick()
    assert controller.may_change(run)
    assert rename_run(run, "better").folder.is_dir()


@pytest.mark.parametrize(
    ("status", "error", "why"),
    [
        (-9, "", "mine: crashed: ended by signal 9 (SIGKILL): was the memory full, or did somebody kill it?\nResume"),
        (1, "", "ended with exit status 1, and said nothing"),
        (2, "jpas-gui: /x: cannot be written (No space left on device)", "crashed: /x: cannot be written (No space"),
    ],
)
def test_every_end_has_a_true_sentence(controller, program, status, error, why):
    leave_checkpoint(controller.run)
    program.end(status=status, error=error)
    controller.tick()
    assert why in text(controller)
    assert ("See to what it says" in text(controller)) == bool(error)


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ({"event": "kept"}, "Its best model is kept. Resume goes on from epoch 2."),
        ({"event": "not kept", "why": "x: no space"}, "Its best model could not be kept (x: no space). Resume goes on"),
    ],
)
def test_what_became_of_the_best_model_of_a_crash_is_told(controller, program, event, said):
    leave_checkpoint(controller.run)
    program.tell({"event": "ended", "status": -9})
    controller.tick()
    assert text(controller) == "mine: saving the best …"
    if event["event"] == "kept":
        leave_model(controller.run)
    program.end(event, status=-9)
    controller.tick()
    assert said in text(controller)


def test_what_is_under_way_is_told_in_short(controller, launcher):
    told = []
    controller.changed.connect(lambda: told.append(controller.summary))
    assert controller.summary is None
    controller.start(FORM, "mine", "cpu")
    assert (told[-1].name, told[-1].state, told[-1].epoch, told[-1].n_epochs) == ("mine", RunState.PREPARING, 0, 0)
    launcher.started[0].tell(PREPARING, START, EPOCH)
    controller.tick()
    assert told[-1] == TrainingSummary("mine", RunState.TRAINING, 2, 5, 30.0, 0)
    controller.start(FORM, "second", "cpu")
    assert told[-1].n_waiting == 1
    controller.take_from_queue(controller.queue[0])
    launcher.started[0].end({"event": "done"})
    controller.tick()
    assert told[-1] is None


def test_the_table_tells_what_runs_do(controller, program):
    controller.start(FORM, "second", "cpu")
    run = controller.run
    states = {summary.run.name: summary.state for summary in read_summaries()}
    assert states == {"mine": RunState.PREPARING, "second": RunState.WAITING}  # no program holds the folder yet
    with training_folder(run.model_folder, resume=True):
        for event, state in (
            (None, "training"),
            ("paused", "paused"),
            ("continued", "training"),
            ("stopping", "stopping"),
        ):
            if event:
                run.add_event(event)
            assert {str(one.state) for one in read_summaries()} == {state, "waiting"}
    program.end({"event": "stopped"})
    assert {str(one.state) for one in read_summaries()} == {"stopped", "preparing"}


def test_runs_stand_side_by_side(controller, program):
    add_run("other", PaperSettings(training=OptimiserSettings(epochs=7)), "cpu")
    other, mine = read_summaries()
    assert (other.run.name, mine.run.name) == ("other", "mine")
    rows = {row.label: row for row in compared((other, mine))}
    assert rows["training.epochs"].values == ("7", "5")
    assert rows["training.epochs"].differs
    assert not rows["data.noise"].differs
    assert rows["Validation loss"].values == ("", "0.4500")
    program.end(status=-9)
    rows = {row.label: row.values for row in compared(read_summaries())}
    assert rows["State"] == ("idle", "crashed")
    assert rows["Why it ended"][1].startswith("ended by signal 9 (SIGKILL)")


# -- the folders ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "a model needs a name: use letters"),
        ("  ", "a model needs a name: use letters"),
        ("paper-popstar", "paper-popstar: a model that ships with the program has this name already: choose another"),
        ("added", "added: a model that you added has this name already: choose another"),
        ("../up", "'../up' cannot be the name of a model"),
        (".hidden", "'.hidden' cannot be the name"),
        ("run.json", "'run.json' cannot be the name of a model: a file of the run has it"),
        ("mine", "mine: a run has this name already: choose another"),
    ],
)
def test_names_that_cannot_be(controller, program, name, message):
    (models_folder() / "added").mkdir(parents=True)
    assert not controller.start(FORM, name, "cpu")
    assert controller.problems[0].startswith(message)
    assert [run.name for run in all_runs()] == ["mine"]


def test_a_free_name():
    add_run("mine", SETTINGS, "cpu")
    assert free_name("mine") == "mine-2"
    assert free_name("other") == "other"
    (models_folder() / "added").mkdir(parents=True)
    assert [free_name(name) for name in ("added", "paper-popstar")] == ["added-2", "paper-popstar-2"]


def test_a_run_whose_library_has_gone_is_not_resumed(controller):
    path = add_library(replace(load_library("popstar"), name="gone"))
    run = add_run("old", PaperSettings(data=PaperData(libraries=("gone",))), "cpu")
    assert run.absent == ""
    path.unlink()
    controller.resume(run)
    assert controller.problems == [f"old: {run.absent}"]
    assert run.absent.startswith("Libraries: gone: no such file or folder, and no library of that name")
    assert controller.run is None


def test_a_folder_that_cannot_be_made(controller):
    runs_folder().parent.mkdir(parents=True)
    runs_folder().write_text("a file in the way")
    assert not controller.start(FORM, "mine", "cpu")
    assert "cannot be made" in controller.problems[0]


def test_a_config_edited_into_nonsense_is_shown_as_it_is(controller):
    run = add_run("mine", SETTINGS, "cpu")
    run.settings_path.write_text("epochs = many")
    assert "not TOML" in read_summaries()[0].settings["settings"]


def test_folders_that_are_no_runs_are_left_out():
    (runs_folder() / "something").mkdir(parents=True)
    (runs_folder() / "broken").mkdir()
    (runs_folder() / "broken" / "run.json").write_text("[]")
    assert all_runs() == ()


def test_renaming_exporting_and_deleting(tmp_path):
    run = add_run("mine", SETTINGS, "cpu")
    with pytest.raises(InputError, match="mine: no model yet: nothing to export"):
        export_run(run, tmp_path)
    leave_checkpoint(run)
    renamed = rename_run(run, "better")
    assert (renamed.model_folder / CHECKPOINT).is_file()
    assert all_runs() == (renamed,)
    leave_model(renamed)
    folder = export_run(renamed, tmp_path)
    assert sorted(path.name for path in folder.iterdir()) == [DESCRIPTION, "settings.toml"]
    with pytest.raises(InputError, match="is there already, and nothing is overwritten"):
        export_run(renamed, tmp_path)
    delete_run(renamed)
    assert all_runs() == ()


def test_a_run_that_cannot_be_renamed_stays_whole(monkeypatch):
    run = add_run("mine", SETTINGS, "cpu")
    leave_model(run)
    rename = Path.rename

    def unless_model(self, target):
        if self == runs_folder() / "better" / "mine":
            raise OSError(errno.EACCES, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", unless_model)
    with pytest.raises(InputError, match=r"mine: cannot be renamed \(Permission denied\)"):
        rename_run(run, "better")
    assert all_runs() == (run,)
    assert run.has_model


def test_a_run_whose_device_has_gone_is_not_resumed(controller):
    run = add_run("old", SETTINGS, "cuda:0")
    controller.devices = ("cpu",)
    controller.resume(run)
    assert controller.problems[0].startswith("old: its device cuda:0 is not there now, only cpu: put its settings")
    assert controller.run is None


# -- the sign on every tab ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "Training mine: epoch 2 of 5, 30 s left"),
        ({"n_waiting": 1}, "Training mine: epoch 2 of 5, 30 s left, 1 waits"),
        ({"n_waiting": 3, "remaining_seconds": float("nan")}, "Training mine: epoch 2 of 5, 3 wait"),
        ({"state": RunState.PREPARING, "epoch": 0, "n_epochs": 0}, "Training mine: preparing"),
        ({"state": RunState.PAUSED}, "Training mine: paused, epoch 2 of 5"),
        ({"state": RunState.STOPPING}, "Training mine: stopping, epoch 2 of 5"),
    ],
)
def test_what_is_trained_is_told_in_a_line(changes, text):
    summary = TrainingSummary("mine", RunState.TRAINING, 2, 5, 30.0, 0)
    assert running_text(replace(summary, **changes)) == text


def test_nothing_is_told_where_nothing_is_trained():
    assert running_text(None) == ""
