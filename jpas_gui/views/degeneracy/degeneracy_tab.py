"""The degeneracy explorer: joins its controller and panels."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEventLoop, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)
from superqt.utils import qthrottled

from jpas_gui.app.degeneracy import DegeneracyController
from jpas_gui.app.degeneracy_frame import NETWORK, DegeneracyFrame
from jpas_gui.app.degeneracy_options import DegeneracySettings, Page, Source
from jpas_gui.app.explorer import Explorer, saved_words
from jpas_gui.app.history import Step, Undoable
from jpas_gui.app.slider_steps import Part, SliderSteps, changed_parts
from jpas_gui.app.state import ExplorerState
from jpas_gui.core.catalogues.observed import ObservedGalaxies
from jpas_gui.core.errors import InputError
from jpas_gui.views.degeneracy.bands_figure import BandsFigure
from jpas_gui.views.degeneracy.libraries_page import LibrariesPage
from jpas_gui.views.degeneracy.library_map_plot import LibraryMapPlot
from jpas_gui.views.degeneracy.limits_page import LimitsPage
from jpas_gui.views.degeneracy.option_panel import OptionPanel
from jpas_gui.views.degeneracy.posterior_maps import PosteriorMaps
from jpas_gui.views.degeneracy.twins_page import TwinsPage
from jpas_gui.views.dialogs.dialogs import Dialogs
from jpas_gui.views.observed.styles import style_of
from jpas_gui.views.plots.export import FIGURE_FORMATS, export_figure
from jpas_gui.views.plots.figure import Figure
from jpas_gui.views.plots.key import key_mark
from jpas_gui.views.theme import LIGHT, Theme
from jpas_gui.views.widgets.lines_label import LinesLabel
from jpas_gui.views.widgets.scroll_column import ScrollColumn
from jpas_gui.views.widgets.window_tab import SavedData, WindowTab
from jpas_gui.workers.job_queue import JobQueue
from jpas_gui.workers.latest_wins import LatestWins

if TYPE_CHECKING:
    from astropy.table import Table

_FRAME_TIME = 16
"""ms: a screen shows 60 frames per second."""

_REST_TIME = 60
"""ms without a change after which a drag has ended, or pauses."""

_HELP_LINES, _WORDS_LINES = 3, 6

DATA_FORMATS = "ECSV table (*.ecsv);;FITS table (*.fits);;CSV table (*.csv);;VOTable (*.vot)"

_HELP = {
    Page.BANDS: "Bars: the part of the Fisher information on each parameter that would be lost without a band; a click "
    "switches the band off, and an empty bar says what it would add. Trust them where both errors agree: where the "
    "library bends they differ by 20 to 50 %.",
    Page.TWINS: "Twins: the populations farthest away in each parameter whose SEDs lie within 1 σ (Δχ² ≤ 1).",
    Page.LIMITS: "Limits: how well age, [M/H] and dust can be told at all; points are exact posteriors, dashed lines "
    "Fisher information; a click on the map sets the sliders.",
    Page.LIBRARIES: "Libraries: the same population in other open libraries, as Δ: other minus present; and what they "
    "would take this one for.",
}
_MAPS_HELP = (
    "What lies in the blue cannot be told from this population: contours hold 68 % and 95 % of the exact posterior. "
    "● its median, ★ the sliders, ✕ twins; {network}; dotted: all bands and the present exposure."
)


class DegeneracyTab(WindowTab):
    """Shows which other populations this could be.

    Parameters
    ----------
    explorer : Explorer
    galaxy : callable
        Returns the observed galaxy that is selected; None where there is none.
    dialogs : Dialogs

    Signals
    -------
    problem(str), said(str)
    library_wanted(), libraries_wanted()
        Another library is to be opened, or looked for.
    """

    title = "Degeneracies"

    problem = Signal(str)
    library_wanted = Signal()
    libraries_wanted = Signal()
    said = Signal(str)

    def __init__(self, explorer: Explorer, galaxy: Callable[[], ObservedGalaxies | None], dialogs: Dialogs) -> None:
        super().__init__()
        self._explorer, self._dialogs = explorer, dialogs
        self._worker, self._jobs = LatestWins(self), JobQueue(self)
        self.controller = DegeneracyController(explorer, self._worker, galaxy)
        self._make_parts()
        self._lay_out()
        self._ask = qthrottled(self.controller.ask, timeout=_FRAME_TIME)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_TIME)
        self._rest.timeout.connect(self.controller.sharpen)
        self._connect()
        self._show_options()

    def _make_parts(self) -> None:
        self.options = OptionPanel()
        self.maps = PosteriorMaps()
        # Both stay as high as they are: what is said must not move maps, tabs and bars.
        self.words = LinesLabel(_WORDS_LINES)
        self.words.setAccessibleName("Degeneracies in words")
        self.bands, self.twins = BandsFigure(), TwinsPage()
        self.limits, self.libraries = LimitsPage(), LibrariesPage()
        self.help = LinesLabel(_HELP_LINES)
        self.help.setAccessibleName("What the page shows")
        self.pages = QTabWidget()
        widgets = {
            Page.BANDS: ScrollColumn(self.bands),
            Page.TWINS: ScrollColumn(self.twins),
            Page.LIMITS: ScrollColumn(self.limits),
            Page.LIBRARIES: ScrollColumn(self.libraries),
        }
        for page, widget in widgets.items():
            self.pages.addTab(widget, page.value)

    def _lay_out(self) -> None:
        style = style_of(NETWORK, LIGHT)
        network = f"{key_mark(style.symbol, style.colour)} and lines in its colour: the network"
        maps_help = QLabel(_MAPS_HELP.format(network=network))
        maps_help.setWordWrap(True)
        save = QPushButton("Save…")
        save.setAccessibleName("Save")
        save.setToolTip("Save figures as they are shown, and their data")
        save.setMenu(self._save_menu(save))
        middle, right, top = QWidget(), QWidget(), QWidget()
        row = QHBoxLayout(top)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.help, 1)
        row.addWidget(save, 0, Qt.AlignmentFlag.AlignTop)
        _column(middle, [(maps_help, 0), (self.maps, 1), (self.words, 0)])
        _column(right, [(top, 0), (self.pages, 1)])
        both = QSplitter(Qt.Orientation.Horizontal)
        for widget, stretch in ((ScrollColumn(self.options), 0), (middle, 1), (right, 1)):
            both.addWidget(widget)
            both.setStretchFactor(both.count() - 1, stretch)
        both.setSizes([280, 600, 720])
        both.setChildrenCollapsible(False)
        _column(self, [(both, 1)])
        self._show_help()

    def _save_menu(self, parent: QWidget) -> QMenu:
        menu = QMenu(parent)
        menu.addAction("Figure of the maps…", lambda: self.save_figure(self.maps, "posterior.png"))
        menu.addAction("Figure of this page…", lambda: self.save_figure(self.figure, f"{self._page_name}.png"))
        figure = menu.addAction("", self.save_map_figure)
        menu.addSeparator()
        menu.addAction("Data of the maps…", self.save_posterior_data)
        menu.addAction("Data of this page…", self.save_page_data)
        data = menu.addAction("", self.save_map_data)
        menu.aboutToShow.connect(lambda: self._offer_map({"Figure of its map": figure, "Data of its map": data}))
        return menu

    def _offer_map(self, actions: Mapping[str, QAction]) -> None:
        """Offer what can be done with the map of the page in view, or say why nothing can."""
        shown = self._map
        why_not = "this page has none" if shown is None else shown.why_missing(shown.plot)
        for text, action in actions.items():
            action.setText(f"{text}: {why_not}" if why_not else f"{text}…")
            action.setEnabled(not why_not)

    def _connect(self) -> None:
        controller, explorer = self.controller, self._explorer
        explorer.changed.connect(self._explorer_changed)
        explorer.libraries_changed.connect(self._show_libraries)
        controller.changed.connect(self.show_now)
        controller.changed.connect(self.offers_changed.emit)
        controller.grown.connect(self._show_grown)
        controller.grown.connect(self.offers_changed.emit)
        self.options.changed.connect(self._set_options)
        self.options.connect_sliders(
            lambda name, value: explorer.set_population(gesture=name, **{name: value}), explorer.end_gesture
        )
        self.bands.band_clicked.connect(self._toggle_band)
        self.twins.taken.connect(controller.take_twin)
        self.limits.map.picked.connect(explorer.go_to)
        self.libraries.map.picked.connect(explorer.go_to)
        self.libraries.open_wanted.connect(self.library_wanted)
        self.libraries.libraries_wanted.connect(self.libraries_wanted)
        self.libraries.against_chosen.connect(controller.compare_with)
        self.pages.currentChanged.connect(self._show_page)

    # -- what the user does -----------------------------------------------------------------------------------------

    def _set_options(self, changes: dict[str, object]) -> None:
        self.controller.set_options(**changes)
        self._rest.start()
        self._show_options()

    def _toggle_band(self, band: int) -> None:
        self.controller.toggle_band(band)
        self._rest.start()
        self._show_options()

    def _show_page(self, index: int) -> None:
        self._show_help()
        self.controller.show_page(list(Page)[index])
        self.offers_changed.emit()

    @property
    def figure(self) -> Figure:
        """The figure of the page that is shown."""
        figures = {
            Page.BANDS: self.bands,
            Page.TWINS: self.twins.figure,
            Page.LIMITS: self.limits.figure,
            Page.LIBRARIES: self.libraries.figure,
        }
        return figures[self.controller.page]

    @property
    def _page_name(self) -> str:
        return self.controller.page.value.lower()

    @property
    def _map(self) -> LibraryMapPlot | None:
        return {Page.LIMITS: self.limits.map, Page.LIBRARIES: self.libraries.map}.get(self.controller.page)

    def save_map_figure(self) -> None:
        """Ask for a name, and save the map of the page as it is shown, where it has one."""
        if self._map is not None:
            self.save_figure(self._map, f"{self._page_name}-map.png")

    def save_figure(self, figure: Figure, proposal: str) -> None:
        """Ask for a name, and save a figure as it is shown."""
        path = self._dialogs.save_file("Save the figure", proposal, FIGURE_FORMATS)
        if path is None:
            return
        try:
            export_figure(figure, path)
        except InputError as error:
            self.problem.emit(str(error))
        else:
            self.said.emit(f"Saved: {path.resolve()}")

    def save_posterior_data(self) -> None:
        """Ask for a name, and save the maps of the posterior."""
        self._save_data("posterior.ecsv", lambda tables, frame: tables.posterior_table(frame))

    def save_page_data(self) -> None:
        """Ask for a name, and save the values of the page that is shown."""
        self._save_data(f"{self._page_name}.ecsv", self._page_table)

    @property
    def _page_table(self) -> "Callable[..., Table]":
        """What makes the table of the page that is shown, given the module of tables and the frame."""
        controller = self.controller
        curve, opinions = controller.curve, controller.opinions
        return {
            Page.BANDS: lambda tables, frame: tables.bands_table(frame),
            Page.TWINS: lambda tables, frame: tables.twins_table(frame),
            Page.LIMITS: lambda tables, frame: tables.curve_table(frame, curve),
            Page.LIBRARIES: lambda tables, frame: tables.opinions_table(frame, opinions),
        }[controller.page]

    def save_map_data(self) -> None:
        """Ask for a name, and save the values of the page's map."""
        shown = self.controller.library_map
        self._save_data(f"{self._page_name}-map.ecsv", lambda tables, frame: tables.map_table(frame, shown))

    def _save_data(self, proposal: str, make: "Callable[..., Table]") -> None:
        frame = self.controller.frame
        if frame is None:
            self.problem.emit("there is nothing to save: there is no posterior")
            return
        path = self._dialogs.save_file("Save the data", proposal, DATA_FORMATS)
        if path is not None:
            self._write_data(path, make, frame)

    def _write_data(self, path: Path, make: "Callable[..., Table]", frame: DegeneracyFrame) -> None:
        def job() -> tuple[str, ...]:
            # Imported when first needed: astropy's tables would slow down the start.
            from jpas_gui.app import degeneracy_tables
            from jpas_gui.core.catalogues.writing import write_tables

            return write_tables({"DEGENERACIES": make(degeneracy_tables, frame)}, path)

        self._jobs.submit(job, lambda left_out: self.said.emit(saved_words(path, left_out)), self._failed)

    @property
    def data(self) -> SavedData | None:
        """The values of the page in view, where they are known."""
        controller, frame, make = self.controller, self.controller.frame, self._page_table
        if frame is None:
            return None
        known = {Page.TWINS: frame.twins, Page.LIMITS: controller.curve, Page.LIBRARIES: controller.opinions}
        if not known.get(controller.page, True):
            return None
        return SavedData(self._page_name, lambda path: self._write_data(path, make, frame))

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, InputError):
            raise error
        self.problem.emit(str(error))

    def show_settings(self, settings: DegeneracySettings) -> None:
        """Go on with what was chosen in a session."""
        self.controller.show_settings(settings)
        self.pages.setCurrentIndex(list(Page).index(settings.page))
        self._show_options()
        self._show_libraries()
        if self.isVisible():
            self._rest.start()

    # -- what is shown ----------------------------------------------------------------------------------------------

    def show_galaxy(self) -> None:
        """Look at the galaxy that is selected now, where a galaxy is looked at."""
        self.controller.galaxy_changed()
        if self.isVisible():
            self._rest.start()

    def _explorer_changed(self) -> None:
        if self.isVisible():
            self.options.show_state(self._explorer.state, self._explorer.library)
            self._ask()
            self._rest.start()

    def show_now(self) -> None:
        """Show the present answer at once."""
        controller = self.controller
        frame = controller.frame
        if frame is None:
            self.maps.show_nothing()
            self.words.setText(f"⚠ {controller.problem}" if controller.problem else "")
        else:
            self.maps.show_frame(frame)
            notes = [f"⚠ {remark}" for remark in frame.remarks]
            self.words.setText("\n".join([*frame.words[:1], *notes, *frame.words[1:]]))
        self.bands.show_frame(frame)
        if self.controller.page is Page.TWINS or frame is None or frame.is_sharp:
            self.twins.show_frame(frame)

    def _show_grown(self) -> None:
        controller = self.controller
        if controller.page is Page.LIMITS:
            self.limits.show_limits(controller.frame, controller.curve, controller.library_map)
        elif controller.page is Page.LIBRARIES:
            self.libraries.show_opinions(controller.frame, controller.opinions, controller.library_map)

    def _show_options(self) -> None:
        self.options.show_options(self.controller.options)
        self.offers_changed.emit()

    def _show_libraries(self) -> None:
        self.libraries.show_libraries(self.controller.other_libraries, self.controller.against)

    def _show_help(self) -> None:
        self.help.setText(_HELP[list(Page)[self.pages.currentIndex()]])

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.options.show_state(self._explorer.state, self._explorer.library)
        self._show_libraries()
        self.controller.watch(True)
        self._rest.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._rest.stop()
        self.controller.watch(False)

    @property
    def speakers(self) -> tuple[Any, ...]:
        return (self,)

    @property
    def history(self) -> Undoable:
        return SliderSteps(self._explorer, self._sees)

    def _sees(self, step: Step[ExplorerState]) -> bool:
        """Whether a step of the sliders is seen here: neither pins nor noisy draws are, nor sliders beside a galaxy."""
        unseen = {Part.PINS, Part.DRAW} | ({Part.POPULATION} if self.looks_at_galaxy else set())
        return not changed_parts(step) <= unseen

    @property
    def looks_at_galaxy(self) -> bool:
        """Whether it is the observed galaxy that is looked at."""
        return self.controller.options.source is Source.GALAXY

    def settle(self) -> None:
        self.wait_until_answered()

    def wait_until_answered(self) -> None:
        """Go on only when the whole answer is there, if anybody looks at it."""
        while self.controller.is_busy:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def set_theme(self, theme: Theme) -> None:
        """Give all plots the colours of a theme."""
        for part in (self.maps, self.bands, self.twins, self.limits, self.libraries):
            part.set_theme(theme)

    def stop(self) -> None:
        """Ask for nothing more, and let the workers end what they do: the window closes."""
        self._explorer.changed.disconnect(self._explorer_changed)
        self._explorer.libraries_changed.disconnect(self._show_libraries)
        self._rest.stop()
        self._ask.cancel()
        self.controller.watch(False)
        self._worker.stop()
        self._jobs.stop()


def _column(widget: QWidget, parts: Sequence[tuple[QWidget, int]]) -> None:
    """Put widgets below each other, with these stretches."""
    layout = QVBoxLayout(widget)
    layout.setContentsMargins(2, 2, 2, 2)
    layout.setSpacing(4)
    for part, stretch in parts:
        layout.addWidget(part, stretch)
