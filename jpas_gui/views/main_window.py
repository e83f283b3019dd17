"""The main window: its tabs, and which of them is in front."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QBuffer, QByteArray, QEvent, QEventLoop, QIODevice, QSettings
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

from jpas_gui.app.explorer import Explorer
from jpas_gui.app.state import Session, WindowState
from jpas_gui.app.training_runs import is_any_under_way
from jpas_gui.app.training_text import running_text
from jpas_gui.core.catalogues.opening import OpeningOptions
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import replacing
from jpas_gui.views.dialogs.dialogs import Dialogs
from jpas_gui.views.explore.explore_tab import ExploreTab
from jpas_gui.views.plots.figure import Figure
from jpas_gui.views.theme import Appearance, appearance_of, apply_appearance, theme_of
from jpas_gui.views.training.running_sign import RunningSign
from jpas_gui.views.widgets.table_menu import offer_copies_in
from jpas_gui.views.widgets.window_tab import WindowTab
from jpas_gui.views.window.commands import REDO, UNDO, VIEW, make_menus
from jpas_gui.views.window.help import Help
from jpas_gui.views.window.keys import Key, keys_by_tab
from jpas_gui.views.window.menus import appearance_menu
from jpas_gui.views.window.opening import Opening
from jpas_gui.views.window.saving import Saving
from jpas_gui.views.window.typing_keys import TypingKeys, finish_typing
from jpas_gui.views.window.window_tabs import WindowTabs
from jpas_gui.workers.job_queue import JobQueue

# Imported when a training is first looked at.
if TYPE_CHECKING:
    from jpas_gui.app.training_text import TrainingSummary
    from jpas_gui.views.degeneracy.degeneracy_tab import DegeneracyTab
    from jpas_gui.views.evaluation.evaluation_tab import EvaluationTab
    from jpas_gui.views.libraries.libraries_tab import LibrariesTab
    from jpas_gui.views.observed.observed_tab import ObservedTab
    from jpas_gui.views.training.training_tab import TrainingTab

DEFAULT_SIZE = (1600, 1000)
_SAID_TIME = 8000


class MainWindow(QMainWindow):
    """The window of the program.

    Parameters
    ----------
    explorer : Explorer
    jobs : JobQueue
        Where the explorer has its work done; stopped when the window closes.
    dialogs : Dialogs
        Asks for files and answers; tests give their own.
    settings : QSettings
        Keeps the window's place and colours.
    """

    def __init__(self, explorer: Explorer, jobs: JobQueue, dialogs: Dialogs, settings: QSettings) -> None:
        super().__init__()
        self.setWindowTitle("jpas-gui")
        self.setAcceptDrops(True)
        self.explorer, self._jobs, self._dialogs, self._settings = explorer, jobs, dialogs, settings
        self.opening = Opening(self, explorer, dialogs, self.show_catalogue)
        self.tabs = WindowTabs(explorer, dialogs, settings, self.opening)
        self._view: WindowState | None = None
        explorer.add_to_session("window", self._window_state)
        self.setCentralWidget(self.tabs)
        self._busy = QLabel()
        self._busy.setAccessibleName("Background work")
        self._running = RunningSign()
        self._running.clicked.connect(self._show_run)
        self.statusBar().addPermanentWidget(self._running)
        self.statusBar().addPermanentWidget(self._busy)
        self.saving = Saving(explorer, dialogs)
        self.help = Help(self, explorer, dialogs, self._keys)
        self.menus = make_menus(self)
        self.undo_action, self.redo_action = self.menus.action(UNDO), self.menus.action(REDO)
        self.menus.menus[VIEW].addMenu(appearance_menu(self, appearance_of(settings), self.set_appearance))
        TypingKeys(self)
        self._begin(self.tabs.explore)
        self._connect()
        self._restore_place()
        self._show_colours()
        self._enable_actions()
        if is_any_under_way():
            _ = self.training  # follows the run that an earlier window left going

    # -- tabs -------------------------------------------------------------------------------------------------------

    @property
    def explore(self) -> ExploreTab:
        """The sliders, and what the population on them looks like."""
        return self.tabs.explore

    @property
    def degeneracies(self) -> "DegeneracyTab":
        """Which other populations the one on the sliders could be."""
        return self.tabs.degeneracies

    @property
    def observed(self) -> "ObservedTab":
        """The galaxies of a catalogue."""
        return self.tabs.observed

    @property
    def training(self) -> "TrainingTab":
        """Trainings, and the runs that were made."""
        return self.tabs.training

    @property
    def evaluation(self) -> "EvaluationTab":
        """How well models do."""
        return self.tabs.evaluation

    @property
    def libraries(self) -> "LibrariesTab":
        """Libraries, models and filter curves."""
        return self.tabs.libraries

    @property
    def front(self) -> WindowTab:
        """The tab in front."""
        return self.tabs.front

    def _sign_training(self, summary: "TrainingSummary | None") -> None:
        """Let every tab see what is trained."""
        text = running_text(summary)
        self._running.show_text(text)
        self.tabs.mark("Training", text)

    def _show_run(self) -> None:
        self.tabs.setCurrentWidget(self.training)
        self.training.pages.setCurrentWidget(self.training.run_panel)

    def _begin(self, tab: WindowTab) -> None:
        tab.set_theme(theme_of(self.palette()))
        self._show_view(tab)
        tab.offers_changed.connect(self._enable_actions)
        for figure in tab.findChildren(Figure):
            figure.save_wanted.connect(lambda figure, tab=tab: self.saving.save(figure, tab.figure_stem))
        offer_copies_in(tab)
        for source in tab.speakers:
            self._hear(source)

    def _hear(self, source: Any) -> None:
        """Show what a part of the program has to say."""
        source.problem.connect(self.show_problem)
        source.said.connect(self._say)

    def _connect(self) -> None:
        explorer = self.explorer
        explorer.busy.connect(lambda text: self._busy.setText(text))
        self._hear(explorer)
        explorer.changed.connect(self._enable_actions)
        explorer.session_shown.connect(self._show_parts)
        self.tabs.begun.connect(self._begin)
        self.tabs.busy.connect(self._busy.setText)
        self.tabs.problem.connect(self.show_problem)
        self.tabs.trained.connect(self._sign_training)
        self.tabs.currentChanged.connect(lambda _: self._enable_actions())

    def _show_parts(self, session: Session) -> None:
        """Show what a session holds beside the explorer's state."""
        if session.observed is not None:
            self.observed.opening.open_saved(session.observed)
        self.degeneracies.show_settings(session.degeneracies)
        if session.window is not None:
            self._view = session.window
            for tab in self.tabs.made:
                self._show_view(tab)
            self.tabs.show_title(session.window.tab)

    def _show_view(self, tab: WindowTab) -> None:
        """Show a tab as it was in the session that was opened last."""
        if self._view is not None:
            tab.show_page(self._view.pages.get(tab.title, ""))
            tab.show_panes(self._view.panes.get(tab.title, ()))

    def _window_state(self) -> WindowState:
        """Return what is in view, for a session."""
        pages = {tab.title: tab.page for tab in self.tabs.made if tab.page}
        return WindowState(self.front.title, pages, {tab.title: tab.panes for tab in self.tabs.made})

    # -- what is in front -------------------------------------------------------------------------------------------

    def _enable_actions(self) -> None:
        """Enable what acts on the tab in front."""
        self.menus.enable(self.front.title)
        for action, name in ((self.undo_action, self.undo_name), (self.redo_action, self.redo_name)):
            text = self.menus.actions[action].text
            action.setText(f"{text} {name}" if name else text)

    @property
    def undo_name(self) -> str:
        """What would be undone, in words; empty where nothing would."""
        history = self.front.history
        return history.undo_name if history else ""

    @property
    def redo_name(self) -> str:
        """What would be done again, in words; empty where nothing would."""
        history = self.front.history
        return history.redo_name if history else ""

    def undo(self) -> None:
        """Go back one step in the tab in front, and say which."""
        finish_typing()
        history, name = self.front.history, self.undo_name
        if history and name:
            history.undo()
            self._say(f"Undone: {name}")

    def redo(self) -> None:
        """Take back one undo in the tab in front, and say which."""
        finish_typing()
        history, name = self.front.history, self.redo_name
        if history and name:
            history.redo()
            self._say(f"Done again: {name}")

    def _keys(self) -> tuple[str, dict[str, list[Key]]]:
        """Return the title of the tab in front, and what keys do."""
        return self.front.title, keys_by_tab(self.menus.actions.values())

    def fit(self) -> None:
        """Show all of the figure in view."""
        fit = self.front.fit
        if fit is not None:
            fit()

    # -- files ------------------------------------------------------------------------------------------------------

    def open_path(self, path: Path, options: OpeningOptions | None = None) -> None:
        """Open what lies there; see `Opening.open_path`."""
        self.opening.open_path(path, options)

    def show_catalogue(self, path: Path, options: OpeningOptions | None = None) -> None:
        """Show the galaxies of a catalogue, asking for what neither the file nor the options say."""
        self.tabs.setCurrentWidget(self.observed)
        self.observed.open(path, options)

    def open_example(self) -> None:
        """Show the mocks of the example catalogue."""
        self.tabs.setCurrentWidget(self.observed)
        self.observed.open_example()

    def show_galaxy(self, row: int) -> None:
        """Show a galaxy of the catalogue that is open.

        Raises
        ------
        InputError
            If none is open, or it has no such row.
        """
        catalogue = self.observed.controller.catalogue
        if catalogue is None:
            raise InputError(f"row {row}: no catalogue is open")
        if not 0 <= row < catalogue.n_rows:
            raise InputError(f"row {row}: {catalogue.path} has the rows 0 to {catalogue.n_rows - 1}")
        self.tabs.setCurrentWidget(self.observed)
        self.observed.controller.select(row)

    def save_figure(self) -> None:
        """Ask for a name, and save the figure that is in view."""
        self.saving.save_figure(self.front)

    def save_posterior(self) -> None:
        """Ask for a name, and save the posteriors of the observed galaxy as they are shown."""
        self.saving.save(self.observed.corner, "posterior")

    def save_coverage(self) -> None:
        """Ask for a name, and save the coverage of the libraries as it is shown."""
        self.saving.save(self.explore.coverage.figure, "coverage")

    def save_data(self) -> None:
        """Ask for a name, and save the values that are in view."""
        self.saving.save_data(self.front)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.opening.open_dropped(event.mimeData())

    # -- without a display ------------------------------------------------------------------------------------------

    def show_tab(self, name: str) -> None:
        """Show the tab of this name.

        Raises
        ------
        InputError
            If there is none.
        """
        if not self.tabs.show_title(name):
            raise InputError(f"no tab {name!r}: choose one of {', '.join(text.lower() for text in self.tabs.titles)}")

    def wait_until_idle(self) -> None:
        """Go on only when what is read in the background has arrived and is shown."""
        application = QApplication.instance()
        while self.explorer.is_busy or any(tab.is_busy for tab in self.tabs.made):
            application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        for tab in self.tabs.made:
            tab.catch_up()

    def save_picture(self, path: Path) -> None:
        """Save the window as it is shown, as PNG."""
        for tab in self.tabs.made:
            tab.settle()
        QApplication.instance().processEvents()
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self.grab().save(buffer, "PNG")
        with replacing(path) as temporary:
            temporary.write_bytes(buffer.data().data())

    # -- what it says -----------------------------------------------------------------------------------------------

    def _say(self, text: str) -> None:
        self.statusBar().showMessage(text, _SAID_TIME)

    def show_problem(self, message: str) -> None:
        """Say that something the user gave cannot be used."""
        self._say(message)
        self._dialogs.warn(self, "This cannot be used", message)

    # -- place and colours ------------------------------------------------------------------------------------------

    def set_appearance(self, appearance: Appearance) -> None:
        """Take light or dark colours, and keep them for the next start."""
        self._settings.setValue("appearance", appearance.value)
        apply_appearance(QApplication.instance(), appearance)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._show_colours()
        super().changeEvent(event)

    def _show_colours(self) -> None:
        for tab in self.tabs.made:
            tab.set_theme(theme_of(self.palette()))
        self.menus.show_icons()

    def _restore_place(self) -> None:
        self.resize(*DEFAULT_SIZE)
        place = self._settings.value("place")
        if isinstance(place, QByteArray):
            self.restoreGeometry(place)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not all(tab.may_close() for tab in self.tabs.made):
            event.ignore()
            return
        self._settings.setValue("place", self.saveGeometry())
        self.help.close()
        self.hide()  # the jobs that run may take a moment
        for tab in self.tabs.made:
            tab.stop()
        self._jobs.stop()
        super().closeEvent(event)
