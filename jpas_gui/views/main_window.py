"""The main window: tabs, menus, status bar, and what files do."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import qtawesome
from pyqtgraph import GraphicsLayoutWidget
from PySide6.QtCore import QBuffer, QByteArray, QEvent, QEventLoop, QIODevice, QSettings
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QMenu

from jpas_gui import __version__
from jpas_gui.app.explorer import Explorer
from jpas_gui.app.file_kinds import FileKind, kind_of
from jpas_gui.app.state import Session
from jpas_gui.app.training_runs import is_any_under_way
from jpas_gui.core.catalogues.observed import ObservedGalaxies
from jpas_gui.core.catalogues.opening import OpeningOptions
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import replacing
from jpas_gui.core.ssp.citations import citation_of
from jpas_gui.core.ssp.reading import UnreadableModels
from jpas_gui.views.dialogs import Dialogs
from jpas_gui.views.explore.explore_tab import ExploreTab
from jpas_gui.views.late_tabs import LateTabs
from jpas_gui.views.theme import Appearance, appearance_of, apply_appearance, theme_of
from jpas_gui.workers.job_queue import JobQueue

# Imported when they are first needed, as is the saving of figures: together they take as long as the rest.
if TYPE_CHECKING:
    from jpas_gui.views.degeneracy.degeneracy_tab import DegeneracyTab
    from jpas_gui.views.evaluation.evaluation_tab import EvaluationTab
    from jpas_gui.views.libraries.libraries_tab import LibrariesTab
    from jpas_gui.views.observed.observed_tab import ObservedTab
    from jpas_gui.views.training.training_tab import TrainingTab

SESSION_FORMATS = "Session of jpas-gui (*.json)"
CATALOGUE_FORMATS = (
    "Catalogues (*.fits *.fits.gz *.fits.fz *.parquet *.npy *.csv *.tsv *.txt *.cat *.ecsv *.vot *.xml);;All files (*)"
)
DEFAULT_SIZE = (1600, 1000)
_SAID_TIME = 8000


class MainWindow(QMainWindow):
    """The window of the program; every tab but the first is made when it is first looked at or needed.

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
        self.explore = ExploreTab(explorer)
        self.tabs = LateTabs()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.explore, "Explore")
        self._degeneracies = self.tabs.add_late("Degeneracies", self._make_degeneracies)
        self._observed = self.tabs.add_late("Observed", self._make_observed)
        self._training = self.tabs.add_late("Training", self._make_training)
        self._evaluation = self.tabs.add_late("Evaluation", self._make_evaluation)
        self._libraries = self.tabs.add_late("Libraries", self._make_libraries)
        self.setCentralWidget(self.tabs)
        self._busy = QLabel()
        self._busy.setAccessibleName("Background work")
        self.statusBar().addPermanentWidget(self._busy)
        self._icons: dict[QAction, str] = {}
        self._make_menus()
        self._connect()
        self._restore_place()
        self._show_colours()
        self._enable_undo()
        if is_any_under_way():
            _ = self.training  # follows the run that an earlier window left going

    # -- tabs -------------------------------------------------------------------------------------------------------

    @property
    def degeneracies(self) -> "DegeneracyTab":
        """Which other populations the one on the sliders could be."""
        return self._degeneracies.tab

    @property
    def observed(self) -> "ObservedTab":
        """The galaxies of a catalogue."""
        return self._observed.tab

    @property
    def training(self) -> "TrainingTab":
        """Trainings, and the runs that were made."""
        return self._training.tab

    @property
    def evaluation(self) -> "EvaluationTab":
        """How well models do."""
        return self._evaluation.tab

    @property
    def libraries(self) -> "LibrariesTab":
        """Libraries, models and filter curves."""
        return self._libraries.tab

    @property
    def _made(self) -> tuple[Any, ...]:
        """The tabs that are made, in the order in which they are stopped."""
        late = (self._observed, self._degeneracies, self._training, self._evaluation, self._libraries)
        return (self.explore, *(one.made for one in late if one.made is not None))

    def _make_degeneracies(self) -> "DegeneracyTab":
        from jpas_gui.views.degeneracy.degeneracy_tab import DegeneracyTab

        tab = DegeneracyTab(self.explorer, self._galaxy, self._dialogs)
        tab.set_theme(theme_of(self.palette()))
        self._hear(tab)
        return tab

    def _make_observed(self) -> "ObservedTab":
        from jpas_gui.views.observed.observed_tab import ObservedTab

        tab = ObservedTab(self.explorer, self._dialogs, self._settings)
        tab.set_theme(theme_of(self.palette()))
        self._hear(tab.controller)
        self._hear(tab.predictions.controller)
        tab.opening.problem.connect(self.show_problem)
        tab.opening.busy.connect(lambda text: self._busy.setText(text))
        tab.catalogue.open_wanted.connect(self.open_catalogue)
        tab.controller.changed.connect(self._show_galaxy_in_degeneracies)
        return tab

    def _make_training(self) -> "TrainingTab":
        from jpas_gui.views.training.training_tab import TrainingTab

        tab = TrainingTab(self._dialogs)
        tab.set_theme(theme_of(self.palette()))
        self._hear(tab.controller)
        tab.model_wanted.connect(self.add_model)
        tab.model_moved.connect(self._follow_model)
        return tab

    def _follow_model(self, old: Path, new: Path | None) -> None:
        """Go on with a model in its new folder; without it where there is none."""
        models = self.explorer.view.models
        if str(old) in models:
            kept = [str(new) if model == str(old) else model for model in models if new or model != str(old)]
            self.explorer.set_view(models=tuple(kept))

    def _make_evaluation(self) -> "EvaluationTab":
        from jpas_gui.views.evaluation.evaluation_tab import EvaluationTab

        tab = EvaluationTab(self.explorer, self._dialogs)
        tab.set_theme(theme_of(self.palette()))
        self._hear(tab.controller)
        if self._libraries.made is not None:
            tab.run.offer_libraries(self._libraries.made.controller.titles)
        return tab

    def _make_libraries(self) -> "LibrariesTab":
        from jpas_gui.views.libraries.libraries_tab import LibrariesTab

        tab = LibrariesTab(self.explorer, self._dialogs)
        self._hear(tab.controller)
        tab.controller.model_added.connect(self.add_model)
        tab.controller.listed.connect(self._offer_libraries)
        return tab

    def _hear(self, source: Any) -> None:
        """Show what a part of the program has to say."""
        source.problem.connect(self.show_problem)
        source.said.connect(self._say)

    def _galaxy(self) -> ObservedGalaxies | None:
        """Return the observed galaxy that is selected."""
        return self._observed.made.controller.galaxy if self._observed.made is not None else None

    def _show_galaxy_in_degeneracies(self) -> None:
        if self._degeneracies.made is not None:
            self._degeneracies.made.show_galaxy()

    # -- menus ------------------------------------------------------------------------------------------------------

    def _make_menus(self) -> None:
        keys = QKeySequence.StandardKey
        file = self._menu("&File")
        self._action(file, "&Open…", self.open_file, keys.Open, "mdi6.folder-open", "Whatever the program can read")
        self._action(file, "Open &catalogue…", self.open_catalogue, "Ctrl+Alt+C", "mdi6.table-large")
        self._action(file, "Open &library…", self.open_library, None, "mdi6.folder-star", "A file or an archive")
        self._action(file, "Open library &folder…", self.open_library_folder, "Ctrl+Shift+O", "mdi6.folder-star")
        self._action(file, "Open fi&lter curves…", self.open_filters, None, "mdi6.chart-bell-curve")
        self._action(file, "Offic&ial filter curves", self.explorer.use_official_filters, None, "mdi6.restore")
        file.addSeparator()
        self._action(file, "Open &session…", self.open_session, "Ctrl+Alt+O", "mdi6.history")
        self._action(file, "&Save session…", self.save_session, keys.Save, "mdi6.content-save")
        file.addSeparator()
        self._action(file, "Save &figure…", self.save_figure, "Ctrl+E", "mdi6.image")
        self._action(file, "Save &posterior figure…", self.save_posterior, None, "mdi6.chart-scatter-plot-hexbin")
        self._action(file, "Save &coverage figure…", self.save_coverage, None, "mdi6.chart-scatter-plot")
        self._action(file, "Save SED &data…", self.save_data, "Ctrl+Shift+E", "mdi6.table")
        file.addSeparator()
        self._action(file, "&Quit", self.close, keys.Quit, "mdi6.exit-to-app")

        edit = self._menu("&Edit")
        explorer = self.explorer
        self.undo_action = self._action(edit, "&Undo", explorer.undo, keys.Undo, "mdi6.undo")
        self.redo_action = self._action(edit, "&Redo", explorer.redo, keys.Redo, "mdi6.redo")
        edit.addSeparator()
        self._action(edit, "Reset &sliders", explorer.reset, "Ctrl+R", "mdi6.restore")
        self._action(edit, "&Next noise draw", explorer.next_draw, "N", "mdi6.dice-5")
        edit.addSeparator()
        self._action(edit, "&Pin this SED", explorer.pin, "P", "mdi6.pin")
        self._action(edit, "Remove &all pins", explorer.unpin_all, "Ctrl+Shift+P", "mdi6.pin-off")

        view = self._menu("&View")
        self._action(view, "&Fit the SED", self.fit, "F", "mdi6.fit-to-page-outline")
        view.addMenu(self._appearance_menu())

        self._make_galaxy_menu()
        help_menu = self._menu("&Help")
        self._action(help_menu, "&Keyboard shortcuts", self.show_shortcuts, "F1", "mdi6.keyboard")
        self._action(help_menu, "&Citing", self.show_citations, None, "mdi6.format-quote-close")
        self._action(help_menu, "&About jpas-gui", self.show_about, None, "mdi6.information-outline")

    def _make_galaxy_menu(self) -> None:
        galaxy = self._menu("&Galaxy")

        def add(text: str, use: "Callable[[ObservedTab], object]", key: str, icon: str) -> None:
            self._action(galaxy, text, lambda: use(self.observed), key, icon)

        add("&Next", lambda tab: tab.controller.step(1), "Ctrl+Down", "mdi6.chevron-down")
        add("&Previous", lambda tab: tab.controller.step(-1), "Ctrl+Up", "mdi6.chevron-up")
        galaxy.addSeparator()
        add("Mask &emission lines", lambda tab: tab.toggle_emission(), "L", "mdi6.filter-off-outline")
        add("Use &all bands", lambda tab: tab.controller.use_all_bands(), "Shift+L", "mdi6.filter-outline")
        add("&Send to sliders", lambda tab: tab.send_to_sliders(), "S", "mdi6.tune-vertical")

    def _menu(self, title: str) -> QMenu:
        return self.menuBar().addMenu(title)

    def _action(
        self,
        menu: QMenu,
        text: str,
        slot: Callable[[], object],
        shortcut: QKeySequence.StandardKey | str | None,
        icon: str,
        tip: str = "",
    ) -> QAction:
        action = QAction(text, self)
        self._icons[action] = icon
        if shortcut is not None:
            action.setShortcut(QKeySequence(shortcut))
        if tip:
            action.setStatusTip(tip)
        action.triggered.connect(lambda: slot())
        menu.addAction(action)
        return action

    def _appearance_menu(self) -> QMenu:
        menu = QMenu("&Appearance", self)
        group = QActionGroup(self)
        for appearance in Appearance:
            action = group.addAction(appearance.value.capitalize())
            action.setCheckable(True)
            action.setChecked(appearance is appearance_of(self._settings))
            action.triggered.connect(lambda _, appearance=appearance: self.set_appearance(appearance))
            menu.addAction(action)
        return menu

    def _connect(self) -> None:
        explorer = self.explorer
        explorer.busy.connect(lambda text: self._busy.setText(text))
        self._hear(explorer)
        explorer.unreadable.connect(self._offer_to_go_on)
        explorer.changed.connect(self._enable_undo)
        explorer.variants_found.connect(self._ask_variant)
        explorer.session_shown.connect(self._show_parts)
        self.explore.open_file_wanted.connect(self.open_library)
        self.explore.open_folder_wanted.connect(self.open_library_folder)
        self.explore.noise_file_wanted.connect(self.open_noise)

    def _show_parts(self, session: Session) -> None:
        """Show what a session holds beside the explorer's state."""
        if session.observed is not None:
            self.observed.opening.open_saved(session.observed)
        self.degeneracies.show_settings(session.degeneracies)

    def _offer_libraries(self) -> None:
        """Offer the libraries that were found wherever one can be chosen."""
        if self._evaluation.made is not None:
            self._evaluation.made.run.offer_libraries(self.libraries.controller.titles)
        if self._training.made is not None:
            self._training.made.form.libraries.refresh()
        self.explore.show_libraries()

    def _enable_undo(self) -> None:
        self.undo_action.setEnabled(self.explorer.can_undo)
        self.redo_action.setEnabled(self.explorer.can_redo)

    # -- files ------------------------------------------------------------------------------------------------------

    def open_path(self, path: Path, options: OpeningOptions | None = None) -> None:
        """Open what lies there, as its content says: a session, filter curves, a model, a catalogue or a library.

        Parameters
        ----------
        options : OpeningOptions, optional
            How a catalogue is to be read.
        """
        open_as = {
            FileKind.SESSION: self.explorer.open_session,
            FileKind.FILTERS: self.explorer.open_filters,
            FileKind.MODEL: self.add_model,
            FileKind.CATALOGUE: lambda path: self.show_catalogue(path, options),
            FileKind.LIBRARY: self.explorer.open_library,
        }
        open_as[kind_of(path)](path)

    def open_file(self) -> None:
        """Ask for a file of any kind, and open it."""
        self._with_path(self._dialogs.open_file("Open", ""), self.open_path)

    def open_catalogue(self) -> None:
        """Ask for a catalogue, and show its galaxies."""
        self._with_path(self._dialogs.open_file("Open a catalogue", CATALOGUE_FORMATS), self.show_catalogue)

    def show_catalogue(self, path: Path, options: OpeningOptions | None = None) -> None:
        """Show the galaxies of a catalogue, asking for what neither the file nor the options say."""
        self.tabs.setCurrentWidget(self.observed)
        self.observed.open(path, options)

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

    def add_model(self, folder: Path) -> None:
        """Let the trained model of a folder predict, beside those that do."""
        models = (*self.explorer.view.models, str(folder.resolve()))
        self.explorer.set_view(models=tuple(dict.fromkeys(models)))

    def open_library(self) -> None:
        """Ask for a library's file, and read it."""
        self._with_path(self._dialogs.open_file("Open a library", ""), self.explorer.open_library)

    def open_library_folder(self) -> None:
        """Ask for a library's folder, and read it."""
        self._with_path(self._dialogs.open_folder("Open a library's folder"), self.explorer.open_library)

    def open_filters(self) -> None:
        """Ask for a folder of filter curves, and use them."""
        self._with_path(self._dialogs.open_folder("Open filter curves"), self.explorer.open_filters)

    def open_noise(self) -> None:
        """Ask for a file of measured errors, and use them."""
        path = self._dialogs.open_file("Open measured errors", "Measured errors (*.ecsv)")
        self._with_path(path, self.explorer.open_noise)

    def open_session(self) -> None:
        """Ask for a session, and show it."""
        self._with_path(self._dialogs.open_file("Open a session", SESSION_FORMATS), self.explorer.open_session)

    def save_session(self) -> None:
        """Ask for a name, and save the session."""

        def save(path: Path) -> None:
            self.explorer.save_session(_with_suffix(path, ".json"))

        self._with_path(self._dialogs.save_file("Save the session", "session.json", SESSION_FORMATS), save)

    def save_figure(self) -> None:
        """Ask for a name, and save the SED, or the overview of a catalogue, as it is shown."""
        shown = self.tabs.currentWidget()
        for late, proposal in (
            (self._observed, "galaxy.png"),
            (self._degeneracies, "degeneracies.png"),
            (self._training, "training.png"),
            (self._evaluation, "evaluation.png"),
        ):
            if late.made is shown:
                self._save_figure(late.made.figure, proposal)
                return
        self._save_figure(self.explore.sed_plot, "sed.png")

    def save_posterior(self) -> None:
        """Ask for a name, and save the posteriors of the observed galaxy as they are shown."""
        self._save_figure(self.observed.corner, "posterior.png")

    def fit(self) -> None:
        """Show all of the SED in the tab that is shown."""
        (self.observed.plot if self.tabs.currentWidget() is self._observed.made else self.explore.sed_plot).fit()

    def save_coverage(self) -> None:
        """Ask for a name, and save the coverage of the libraries as it is shown."""
        self._save_figure(self.explore.coverage.figure, "coverage.png")

    def _save_figure(self, figure: GraphicsLayoutWidget, proposal: str) -> None:
        from jpas_gui.views.plots.export import FIGURE_FORMATS, export_figure

        def save(path: Path) -> None:
            path = _with_suffix(path, ".png")
            export_figure(figure, path)
            self._say(f"Saved: {path.resolve()}")

        self._with_path(self._dialogs.save_file("Save the figure", proposal, FIGURE_FORMATS), save)

    def save_data(self) -> None:
        """Ask for a name, and save the SED's values."""
        formats = "ECSV table (*.ecsv);;CSV table (*.csv);;FITS table (*.fits);;VOTable (*.vot)"
        path = self._dialogs.save_file("Save the SED's values", "sed.ecsv", formats)
        self._with_path(path, lambda path: self.explorer.save_sed(_with_suffix(path, ".ecsv")))

    def _with_path(self, path: Path | None, use: Callable[[Path], object]) -> None:
        """Use a path that the user gave, if one was given; say what is wrong with it."""
        if path is None:
            return
        try:
            use(path)
        except InputError as error:
            self.show_problem(str(error))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.open_path(Path(url.toLocalFile()))

    # -- without a display ------------------------------------------------------------------------------------------

    def show_tab(self, name: str) -> None:
        """Show the tab of this name.

        Raises
        ------
        InputError
            If there is none.
        """
        names = [self.tabs.tabText(index) for index in range(self.tabs.count())]
        matching = [index for index, text in enumerate(names) if text.lower() == name.lower()]
        if not matching:
            raise InputError(f"no tab {name!r}: choose one of {', '.join(text.lower() for text in names)}")
        self.tabs.setCurrentIndex(matching[0])

    def wait_until_idle(self) -> None:
        """Go on only when what is read in the background has arrived and is shown."""
        application = QApplication.instance()
        if self._training.made is not None:
            self._training.made.wait_until_answered()
        while self._is_busy:
            application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        self.explore.show_now()
        if self._observed.made is not None:
            self._observed.made.show_now()
            self._observed.made.show_list()

    @property
    def _is_busy(self) -> bool:
        late = (self._observed.made, self._evaluation.made, self._libraries.made)
        return self.explorer.is_busy or any(tab is not None and tab.is_busy for tab in late)

    def save_picture(self, path: Path) -> None:
        """Save the window as it is shown, as PNG."""
        self.explore.wait_until_predicted()
        self.explore.sed_plot.fit()
        if self._degeneracies.made is not None:
            self._degeneracies.made.wait_until_answered()
        if self._observed.made is not None:
            self._observed.made.plot.fit()
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

    def _offer_to_go_on(self, problem: UnreadableModels, path: Path, variant: str) -> None:
        if self._dialogs.confirm(self, "Some files cannot be read", f"{problem}\n\nGo on without them?"):
            self.explorer.open_library(path, variant or None, skip_unreadable=True)

    def _ask_variant(self, path: Path, variants: tuple[str, ...]) -> None:
        question = f"{path} holds several libraries. Which one?"
        variant = self._dialogs.choose(self, "Choose a library", question, variants)
        if variant is not None:
            self.explorer.open_library(path, variant)

    def show_shortcuts(self) -> None:
        """List the keyboard shortcuts, from the actions that have them."""
        rows = [
            f"<tr><td><b>{action.shortcut().toString()}</b></td><td>&nbsp;{action.text().replace('&', '')}</td></tr>"
            for action in self.findChildren(QAction)
            if not action.shortcut().isEmpty()
        ]
        rows.append("<tr><td><b>← → PgUp PgDn</b></td><td>&nbsp;Step the slider that has the focus</td></tr>")
        self._dialogs.tell(self, "Keyboard shortcuts", f"<table>{''.join(rows)}</table>")

    def show_citations(self) -> None:
        """Say what to cite."""
        lines = [f"<p><b>Method</b><br>{citation_of('paper').text}</p>"]
        lines += [f"<p><b>{lib.title}</b><br>{lib.source.citation}</p>" for lib in self.explorer.shelf.loaded]
        self._dialogs.tell(self, "Citing", "".join(lines))

    def show_about(self) -> None:
        """Say what the program is."""
        text = f"<p><b>jpas-gui {__version__}</b></p><p>Stellar populations through the 56 bands of J-PAS.</p>"
        self._dialogs.tell(self, "About jpas-gui", f"{text}<p>Filters: {self.explorer.filters.source}</p>")

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
        for tab in self._made:
            if tab is not self._libraries.made:  # which has no plots
                tab.set_theme(theme_of(self.palette()))
        colour = self.palette().windowText().color()
        for action, icon in self._icons.items():
            action.setIcon(qtawesome.icon(icon, color=colour))

    def _restore_place(self) -> None:
        self.setMinimumSize(1000, 640)
        self.resize(*DEFAULT_SIZE)
        place = self._settings.value("place")
        if isinstance(place, QByteArray):
            self.restoreGeometry(place)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._training.made is not None and not self._training.made.may_close():
            event.ignore()
            return
        self._settings.setValue("place", self.saveGeometry())
        self.hide()  # the jobs that run may take a moment
        for tab in self._made:
            tab.stop()
        self._jobs.stop()
        super().closeEvent(event)


def _with_suffix(path: Path, suffix: str) -> Path:
    """Return the path, with this suffix where the user gave none."""
    return path if path.suffix else path.with_suffix(suffix)
