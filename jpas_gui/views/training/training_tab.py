"""The training tab: joins the form, the run that is under way, the preview and the runs that were made."""

import shlex
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSplitter, QTabWidget

from jpas_gui.app.training import TrainingController
from jpas_gui.app.training_form import form_of, settings_of_form
from jpas_gui.app.training_runs import Run, delete_run, export_run, free_name, name_problem, rename_run
from jpas_gui.app.training_table import read_summaries
from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.setting_files import noise_file_problem
from jpas_gui.core.inference.settings import TrainingSettings, read_settings
from jpas_gui.core.inference.settings_file import write_settings
from jpas_gui.views.dialogs.dialogs import Dialogs
from jpas_gui.views.plots.figure import Figure
from jpas_gui.views.theme import Theme
from jpas_gui.views.training.form_panel import FormPanel
from jpas_gui.views.training.preview_panel import PreviewPanel
from jpas_gui.views.training.run_panel import RunPanel
from jpas_gui.views.training.runs_panel import RunsPanel
from jpas_gui.views.widgets.next_step import NextStep
from jpas_gui.views.widgets.scroll_column import ScrollColumn
from jpas_gui.views.widgets.window_tab import WindowTab
from jpas_gui.workers.command_question import CommandQuestion
from jpas_gui.workers.job_queue import JobQueue
from jpas_gui.workers.training_process import TrainingPrograms

CONFIG_FORMATS = "Settings of a training (*.toml)"
_NO_TRAINING = (
    "No training is shown. The form on the left says what is to be learned: look at a preview of it (mocks, memory, "
    "time), or start. Losses and predictions of each epoch are then drawn here."
)
LEAVE, STOP = "Leave it going", "Stop it and keep the best"
_LOOK_TIME = 200
"""ms between two looks at what a training told."""


class TrainingTab(WindowTab):
    """Trains models in the background.

    Parameters
    ----------
    dialogs : Dialogs

    Signals
    -------
    model_wanted(Path)
        The model of this folder is to predict.
    model_moved(Path, Path or None)
        A model lies in another folder now, or nowhere.
    """

    title = "Training"

    model_wanted = Signal(object)
    model_moved = Signal(object, object)

    def __init__(self, dialogs: Dialogs) -> None:
        super().__init__()
        self._dialogs = dialogs
        self._config: tuple[Path, TrainingSettings] | None = None
        self._has_looked = False
        self._jobs = JobQueue(self)
        self._n_jobs = 0
        self._devices, self._preview = CommandQuestion(self), CommandQuestion(self)
        self.controller = TrainingController(TrainingPrograms())
        self.form = FormPanel()
        self.run_panel = RunPanel(self.controller)
        self.preview = PreviewPanel()
        self.runs = RunsPanel()
        actions = {"Preview": self._ask_preview, "Start training": self._start}
        self.next_step = NextStep(self.run_panel.figure, _NO_TRAINING, actions)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_TIME)
        self._timer.timeout.connect(self.controller.tick)
        self._lay_out()
        self._connect()
        self.controller.find_running()
        QTimer.singleShot(0, self.controller.greet)  # once the window listens
        self._show_run()

    def _lay_out(self) -> None:
        self.pages = QTabWidget()
        for page, title in ((self.run_panel, "Training"), (self.preview, "Preview"), (self.runs, "Runs")):
            self.pages.addTab(page, title)
        both = QSplitter(Qt.Orientation.Horizontal)
        for widget, stretch in ((ScrollColumn(self.form), 0), (self.pages, 1)):
            both.addWidget(widget)
            both.setStretchFactor(both.count() - 1, stretch)
        both.setSizes([390, 1200])
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.addWidget(both)

    def _connect(self) -> None:
        form, runs, controller = self.form, self.runs, self.controller
        form.open_wanted.connect(self._open_config)
        form.save_wanted.connect(self._save_config)
        form.copy_wanted.connect(self._copy_command)
        form.preview_wanted.connect(self._ask_preview)
        form.start_wanted.connect(self._start)
        form.noise_file_given.connect(self._read_noise_file)
        form.libraries.file_wanted.connect(lambda: self._add_library(self._dialogs.open_file("Add a library", "")))
        form.libraries.folder_wanted.connect(lambda: self._add_library(self._dialogs.open_folder("Add a library")))
        self.run_panel.discard_wanted.connect(self._discard)
        self.run_panel.use_wanted.connect(lambda: self._use(controller.run))
        runs.use_wanted.connect(self._use)
        runs.preview_wanted.connect(self._ask_preview)
        runs.start_wanted.connect(self._start)
        runs.resume_wanted.connect(self._resume)
        runs.settings_wanted.connect(lambda run: self._show_config(run.settings_path))
        runs.rename_wanted.connect(self._rename)
        runs.delete_wanted.connect(self._delete)
        runs.export_wanted.connect(self._export)
        self.pages.currentChanged.connect(lambda _: self._refresh_runs())
        self.pages.currentChanged.connect(lambda _: self.offers_changed.emit())
        controller.changed.connect(self._show_run)
        controller.finished.connect(self._finished)
        controller.removed.connect(lambda run: self.model_moved.emit(run.model_folder, None))

    # -- the form ---------------------------------------------------------------------------------------------------

    def _settings(self) -> TrainingSettings | None:
        """Return the settings of the form, or say what is wrong with them."""
        try:
            return settings_of_form(self.form.form())
        except InputError as error:
            self.controller.problem.emit(str(error))
            return None

    def _read_noise_file(self, file: str) -> None:
        """See in the background whether a file holds measured errors: what is wrong with it is told before a start."""
        self._in_background(lambda: noise_file_problem(file), lambda problem: self.form.show_noise_file(file, problem))

    def _open_config(self) -> None:
        path = self._dialogs.open_file("Open the settings of a training", CONFIG_FORMATS)
        if path is not None:
            self._show_config(path)

    def _show_config(self, path: Path) -> None:
        try:
            settings = read_settings(path)
        except InputError as error:
            self.controller.problem.emit(str(error))
            return
        self._config = path, settings
        self.form.show_form(form_of(settings))
        self.form.name.setText(free_name(path.parent.name if path.stem == "settings" else path.stem))
        if self.form.problem:
            self.controller.said.emit(f"{path.name}: {self.form.problem}")

    def _save_config(self) -> Path | None:
        """Ask for a name, and write the settings; return where they are."""
        settings = self._settings()
        if settings is None:
            return None
        path = self._dialogs.save_file("Save the settings of the training", "training.toml", CONFIG_FORMATS)
        if path is None:
            return None
        try:
            write_settings(settings, path)
        except InputError as error:
            self.controller.problem.emit(str(error))
            return None
        self._config = path, settings
        self.controller.said.emit(f"Saved: {path.resolve()}")
        return path

    def _copy_command(self) -> None:
        """Copy the command line; it needs a file of the settings, so one is saved where there is none."""
        settings = self._settings()
        if settings is None:
            return
        is_saved = self._config is not None and self._config[1] == settings
        path = self._config[0] if self._config and is_saved else self._save_config()
        if path is None:
            return
        name, device = self.form.name.text().strip() or path.stem, self.form.device.currentData()
        command = shlex.join(["jpas-gui", "train", str(path.resolve()), "-o", name, "--device", device])
        QGuiApplication.clipboard().setText(command)
        self.controller.said.emit(f"Copied: {command}")

    def _add_library(self, path: Path | None) -> None:
        if path is not None:
            self.form.libraries.add(str(path.resolve()))

    # -- preview ----------------------------------------------------------------------------------------------------

    def _ask_preview(self) -> None:
        settings = self._settings()
        if settings is None:
            return
        folder = tempfile.TemporaryDirectory(prefix="jpas-gui-", ignore_cleanup_errors=True)
        config = Path(folder.name) / "preview.toml"
        try:
            write_settings(settings, config)
        except InputError as error:
            self.controller.problem.emit(str(error))
            return

        def show(preview: dict[str, Any]) -> None:
            folder.cleanup()
            self.preview.show_preview(preview)
            self.offers_changed.emit()

        def failed(error: Exception) -> None:
            folder.cleanup()
            self.preview.show_problem(str(error))

        self.pages.setCurrentWidget(self.preview)
        self.preview.show_waiting()
        device = self.form.device.currentData()
        self._preview.ask(["train", str(config), "--preview", "--json", "--device", device], show, failed)

    # -- runs -------------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        self.form.check()  # a file may have gone since it was looked for
        settings = self._settings()
        if settings is None or self.form.problem:
            return
        form = self.form.form()
        name = self.form.name.text().strip() or free_name(f"{form.preset}-{Path(settings.data.libraries[0]).name}")
        if self.controller.start(form, name, self.form.device.currentData()):
            self.pages.setCurrentWidget(self.run_panel)
            self.form.name.setText(free_name(name) if self.form.name.text() else "")

    def _discard(self) -> None:
        run = self.controller.run
        question = "End the training, and remove all that it left?"
        if run is not None and self._dialogs.confirm(self, f"Discard {run.name}", question, "Discard", is_harmful=True):
            self.controller.discard()

    def _resume(self, run: Run) -> None:
        self.pages.setCurrentWidget(self.run_panel)
        self.controller.resume(run)

    def _use(self, run: Run | None) -> None:
        if run is not None and run.has_model:
            self.model_wanted.emit(run.model_folder)
            self.controller.said.emit(f"{run.name} predicts now, in Explore and Observed")

    def _finished(self, run: Run) -> None:
        self._refresh_runs()
        self._use(run)

    def _rename(self, run: Run) -> None:
        if not self.controller.may_change(run):
            return

        def problem(name: str) -> str:
            return "" if name == run.name else name_problem(name)

        question = "New name of the run and its model:"
        name = self._dialogs.ask_text(self, f"Rename {run.name}", question, run.name, "Rename", problem)
        if name and name != run.name:
            self._change(run, lambda: rename_run(run, name))

    def _delete(self, run: Run) -> None:
        if not self.controller.may_change(run):
            return
        question = f"Delete {run.folder}, with the model?"
        if self._dialogs.confirm(self, f"Delete {run.name}", question, "Delete", is_harmful=True):
            self._change(run, lambda: delete_run(run))

    def _change(self, run: Run, change: Callable[[], Run | None]) -> None:
        """Change a run that nobody works at, in the background."""
        if not self.controller.may_change(run):
            return
        self.controller.forget(run)

        def changed(now: Run | None) -> None:
            self.model_moved.emit(run.model_folder, now.model_folder if now else None)
            self._refresh_runs()

        self._in_background(change, changed)

    def _export(self, run: Run) -> None:
        target = self._dialogs.open_folder("Export the model into")
        if target is not None:
            self._in_background(
                lambda: export_run(run, target), lambda folder: self.controller.said.emit(f"Saved: {folder}")
            )

    def _refresh_runs(self) -> None:
        if self.pages.currentWidget() is self.runs:
            self._in_background(read_summaries, self.runs.show_runs)

    def _in_background(self, job: Callable[[], Any], done: Callable[[Any], object]) -> None:
        self._n_jobs += 1

        def use(answer: Any) -> None:
            self._n_jobs -= 1
            done(answer)

        def failed(error: Exception) -> None:
            self._n_jobs -= 1
            if not isinstance(error, InputError):
                raise error
            self.controller.problem.emit(str(error))
            self._refresh_runs()

        self._jobs.submit(job, use, failed)

    # -- what is shown ----------------------------------------------------------------------------------------------

    def _show_run(self) -> None:
        self.run_panel.show_run()
        self.next_step.show_if(self.controller.run is None)
        if not (self.controller.is_running or self.controller.queue):
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._has_looked:
            self._has_looked = True
            self._devices.ask(["devices", "--json"], self._show_devices, self._no_devices)

    def _show_devices(self, devices: list[dict[str, Any]]) -> None:
        self.form.show_devices(devices)
        self.controller.devices = tuple(str(device["name"]) for device in devices)

    def _no_devices(self, error: Exception) -> None:
        self.controller.said.emit(f"Devices cannot be listed: {error}")

    @property
    def speakers(self) -> tuple[Any, ...]:
        return (self.controller,)

    @property
    def is_busy(self) -> bool:
        """Whether something is still to come, but for the training itself."""
        return self._devices.is_busy or self._preview.is_busy or self._n_jobs > 0

    @property
    def figure(self) -> Figure | None:
        """The figure of the page in front; a preview has one when it was asked for."""
        page = self.pages.currentWidget()
        figure = page.figure if isinstance(page, PreviewPanel | RunsPanel) else self.run_panel.figure
        return figure if figure.isVisibleTo(page) else None

    def set_theme(self, theme: Theme) -> None:
        """Give plots and tables the colours of a theme."""
        for part in (self.run_panel, self.preview, self.runs):
            part.set_theme(theme)

    # -- closing ----------------------------------------------------------------------------------------------------

    def may_close(self) -> bool:
        """Ask what is to become of a training that is under way; return False where the window is to stay."""
        run = self.controller.run
        if not self.controller.is_running or run is None:
            return True
        question = f"{run.name} is being trained. What is to become of it?{self._queue_text()}"
        answer = self._dialogs.choose(self, "A training is under way", question, (LEAVE, STOP), "Close the window")
        if answer == STOP:
            self._stop_and_wait()
        return answer is not None

    def _queue_text(self) -> str:
        """Return what becomes of the runs that wait."""
        names = ", ".join(run.name for run in self.controller.queue)
        if not names:
            return ""
        return (
            f"\n\nAfter it wait: {names}. Left going, they are trained one after the other without the window; "
            "where it is stopped, they wait until the window is opened again."
        )

    def _stop_and_wait(self) -> None:
        self.controller.hold_queue()
        self.controller.stop()
        while self.controller.is_running:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def stop(self) -> None:
        """Show nothing more; a training that is under way goes on."""
        self._timer.stop()
        for question in (self._devices, self._preview):
            question.cancel()
        self._jobs.stop()
