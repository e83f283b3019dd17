"""The evaluation of models: joins its controller and panels."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSplitter, QTabWidget, QVBoxLayout, QWidget

from jpas_gui.app.evaluation import Elsewhere, EvaluationController
from jpas_gui.app.evaluation_page import EvaluationPage, evaluations_of
from jpas_gui.app.evaluation_panels import Panels, calibration_panels, drawn_models, exact_panels, magnitude_panels
from jpas_gui.app.explorer import Explorer, saved_words
from jpas_gui.app.known_models import known_models
from jpas_gui.app.recorded_metrics import Recorded, recorded_metrics
from jpas_gui.app.state import DEFAULT_MODELS
from jpas_gui.core.errors import InputError
from jpas_gui.views.dialogs.dialogs import Dialogs
from jpas_gui.views.evaluation.figure_key import figure_key
from jpas_gui.views.evaluation.library_table import CrossLibraryTable
from jpas_gui.views.evaluation.panel_grid import PanelGrid
from jpas_gui.views.evaluation.recovery_page import RecoveryPage
from jpas_gui.views.evaluation.result_list import ResultList
from jpas_gui.views.evaluation.run_panel import RunPanel
from jpas_gui.views.plots.figure import Figure
from jpas_gui.views.theme import Theme
from jpas_gui.views.widgets.lines_label import LinesLabel
from jpas_gui.views.widgets.next_step import NextStep
from jpas_gui.views.widgets.scroll_column import ScrollColumn
from jpas_gui.views.widgets.window_tab import SavedData, WindowTab
from jpas_gui.workers.child_process import run_in_child
from jpas_gui.workers.job_queue import JobQueue

_LOOK_TIME = 200
"""ms between two looks at the progress."""

_NOTHING = "Tick models and press “Evaluate”: they answer mock galaxies whose truth is known"

_NEXT = (
    "No model is evaluated yet. Tick models on the left and evaluate them: they answer mock galaxies whose truth is "
    "known, and this page compares what they say with it."
)

_NONE_TICKED = "Tick what is to be drawn, in the list on the left"

_NO_POSTERIOR = "No model that is drawn gives a posterior: there is nothing to calibrate"

_NO_EXACT = "No exact posterior was computed: say for how many mocks of each magnitude, and evaluate again"

_RECORDED = "as measured when the models were made", "dashed: robust scatter"

_LINES = "dashed: robust scatter", "dotted: exact posterior"


class EvaluationTab(WindowTab):
    """Models and mocks on the left, and on pages what is measured of them.

    Parameters
    ----------
    explorer : Explorer
        Knows which models predict.
    dialogs : Dialogs
    elsewhere : Elsewhere
        Where models are evaluated.
    """

    title = "Evaluation"

    def __init__(self, explorer: Explorer, dialogs: Dialogs, elsewhere: Elsewhere = run_in_child) -> None:
        super().__init__()
        self._explorer, self._dialogs = explorer, dialogs
        self._worker, self._jobs = JobQueue(self), JobQueue(self)  # the second for what does not wait for evaluations
        self.controller = EvaluationController(self._worker, elsewhere)
        self._magnitude = ""
        self._drawn: dict[QWidget, tuple[Any, ...]] = {}
        self._make_parts(dialogs)
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_TIME)
        self._timer.timeout.connect(self._show_progress)
        self._maker = QTimer(self)
        self._maker.timeout.connect(self._make_part)
        self._connect()
        self.offer_models()
        self._show()

    def _make_parts(self, dialogs: Dialogs) -> None:
        self.run = RunPanel(dialogs)
        self.results = ResultList()
        self.recovery = RecoveryPage()
        self.magnitudes = PanelGrid("Bias, scatter and outliers by magnitude", 3)
        self.calibration = PanelGrid("Calibration", 2)
        self.exact = PanelGrid("Comparison with the exact posterior", 3)
        self.libraries = CrossLibraryTable()
        self.readout = LinesLabel()
        self.readout.setText(_NOTHING)
        self.readout.setAccessibleName("Values of the evaluation under the mouse")
        self.pages = QTabWidget()
        pages = (self.recovery, self.magnitudes, self.calibration, self.exact, self.libraries)
        for page, title in zip(pages, EvaluationPage, strict=True):
            self.pages.addTab(page, title)
        empty = (self.recovery, self.calibration, self.exact, self.libraries)
        self.next_steps = [NextStep(page, _NEXT, {"Evaluate": self.run.start.click}) for page in empty]

    def _lay_out(self) -> None:
        left, right = QWidget(), QWidget()
        for widget, parts in (
            (left, [(self.run, 0), (self.results, 1)]),
            (right, [(self.pages, 1), (self.readout, 0)]),
        ):
            column = QVBoxLayout(widget)
            column.setContentsMargins(2, 2, 2, 2)
            for part, stretch in parts:
                column.addWidget(part, stretch)
        both = QSplitter(Qt.Orientation.Horizontal)
        for widget, stretch in ((ScrollColumn(left), 0), (right, 1)):
            both.addWidget(widget)
            both.setStretchFactor(both.count() - 1, stretch)
        both.setSizes([330, 1260])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.addWidget(both)

    def _connect(self) -> None:
        controller = self.controller
        self.run.start_wanted.connect(self.start)
        self.run.stop_wanted.connect(controller.stop)
        self.run.ticked.connect(self._show_page)
        self.results.shown.connect(controller.show)
        self.results.chosen.connect(controller.choose)
        self.results.removed.connect(controller.remove)
        self.results.report_wanted.connect(self.ask_report)
        self.recovery.magnitude_chosen.connect(self.set_magnitude)
        for source in (self.recovery, self.magnitudes, self.calibration, self.exact):
            source.hovered.connect(self.readout.setText)
        for figure in (self.recovery.plot, self.magnitudes, self.calibration, self.exact):
            figure.value_at = lambda place, figure=figure: self.readout.text() or figure.coordinates_at(place)
        self.pages.currentChanged.connect(lambda _: self._show_page())
        controller.changed.connect(self._show)

    # -- what the user does -----------------------------------------------------------------------------------------

    def start(self) -> None:
        """Evaluate the ticked models on the mocks that are wanted."""
        self.controller.start(self.run.chosen_models, self.run.settings)

    def set_magnitude(self, magnitude: str) -> None:
        """Show the mocks of one magnitude, by the name of its bin; all for ""."""
        self._magnitude = magnitude
        self._show_page()

    def ask_report(self) -> None:
        """Ask for a folder, and write the report into it."""
        folder = self._dialogs.open_folder("Save the report into a folder")
        if folder is not None:
            self.save_report(folder)

    def save_report(self, folder: Path) -> None:
        """Write figures, tables and settings of what is drawn into a folder."""
        try:
            self.controller.save_report(folder)
        except InputError as error:
            self.controller.problem.emit(str(error))

    # -- what is shown ----------------------------------------------------------------------------------------------

    def offer_models(self) -> None:
        """Offer the models that the program knows."""
        self.run.offer_models(tuple(known_models(self._explorer.view.models)), DEFAULT_MODELS[-1:])

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.offer_models()
        self._maker.start()

    def _make_part(self) -> None:
        """Make a part of what other pages need, while nothing else is to be done."""
        if not any(grid.make_part() for grid in (self.magnitudes, self.calibration, self.exact)):
            self._maker.stop()

    def _show(self) -> None:
        self.results.show_evaluations(self.controller)
        self.readout.setText("" if self.controller.evaluations else _NOTHING)
        for step in self.next_steps:
            step.show_if(not self.controller.evaluations)
            step.buttons["Evaluate"].setEnabled(not self.controller.is_running)
        self._show_progress()
        if self.controller.is_running:
            self._timer.start()
        else:
            self._timer.stop()
        self._show_page()

    def _show_page(self) -> None:
        """Show the page that is in front, if it shows something else: the others are made when it is their turn."""
        self.offers_changed.emit()
        controller, page = self.controller, self.pages.currentWidget()
        shown = controller.shown
        recorded = self._recorded() if page is self.magnitudes and not controller.evaluations else []
        state = (tuple(shown), controller.current, self._magnitude, tuple(recorded))
        if self._drawn.get(page) == state:
            return
        self._drawn[page] = state
        if page is self.recovery:
            key = self._key(frozenset(place for place, _ in shown))
            self.recovery.show_evaluations(shown, controller.current, self._magnitude, key or self._why_empty)
        elif page is self.magnitudes:
            self._show_magnitudes(recorded)
        elif page is self.calibration:
            which = (f"magnitude {self._magnitude}",) if self._magnitude else ()
            self._show_panels(self.calibration, calibration_panels(shown, self._magnitude), which, _NO_POSTERIOR)
        elif page is self.exact:
            self._show_panels(self.exact, exact_panels(shown), ("dotted: exact posterior",), _NO_EXACT)
        else:
            self.libraries.show_evaluations(shown)

    @property
    def _why_empty(self) -> str:
        return _NONE_TICKED if self.controller.evaluations else _NOTHING

    def _key(self, places: frozenset[int], *remarks: str, with_paper: bool = False) -> str:
        """Return what stands above a figure that shows the evaluations at these places; empty where it shows none."""
        models = [(place, one.title, one.detail) for place, one in self.controller.shown if place in places]
        return figure_key(models, remarks, with_paper) if models else ""

    def _show_panels(self, grid: PanelGrid, panels: Panels, remarks: tuple[str, ...], why_not: str) -> None:
        """Show panels of evaluations, or why there are none."""
        key = self._key(drawn_models(panels), *remarks, with_paper=grid is self.magnitudes)
        if key:
            grid.show_panels(panels, key)
        else:
            grid.show_nothing(why_not if self.controller.shown else self._why_empty)

    def _show_magnitudes(self, recorded: list[tuple[int, Recorded]]) -> None:
        """Show figure 4; before anything is evaluated, with what the ticked models carry."""
        if recorded:
            models = [(place, one.title, one.detail) for place, one in recorded]
            self.magnitudes.show_panels(magnitude_panels(recorded), figure_key(models, _RECORDED, with_paper=True))
        else:
            self._show_panels(self.magnitudes, magnitude_panels(self.controller.shown), _LINES, _NOTHING)

    def _recorded(self) -> list[tuple[int, Recorded]]:
        """Return what the ticked models carry, at their places in the list; what is damaged is said."""
        folders = known_models(self._explorer.view.models)
        found = []
        for place, name in enumerate(self.run.offered_models):
            if name in self.run.chosen_models:
                try:
                    one = recorded_metrics(folders.get(name, Path(name)))
                except InputError as error:
                    self.controller.said.emit(str(error))
                else:
                    found += [(place, one)] if one else []
        return found

    def _show_progress(self) -> None:
        controller = self.controller
        self.run.show_progress(controller.progress if controller.is_running else None)

    @property
    def figure(self) -> Figure | None:
        """The figure of the page in front; the table has none."""
        page = self.pages.currentWidget()
        if page is self.recovery:
            return self.recovery.plot
        return page if isinstance(page, PanelGrid) else None

    @property
    def data(self) -> SavedData | None:
        """The values of the page in front, where an evaluation has any."""
        page = list(EvaluationPage)[self.pages.currentIndex()]
        has_values = bool(evaluations_of(page, self.controller.shown))
        return SavedData(page.lower().replace(" ", "-"), self._save_page) if has_values else None

    def _save_page(self, path: Path) -> None:
        page = list(EvaluationPage)[self.pages.currentIndex()]
        shown, magnitude, said = self.controller.shown, self._magnitude, self.controller.said

        def job() -> tuple[str, ...]:
            # Imported when first needed: astropy's tables would slow down the start.
            from jpas_gui.app.evaluation_tables import page_tables
            from jpas_gui.core.catalogues.writing import write_tables

            return write_tables(page_tables(page, shown, magnitude), path)

        self._jobs.submit(job, lambda left_out: said.emit(saved_words(path, left_out)), self._failed)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, InputError):
            raise error
        self.controller.problem.emit(str(error))

    @property
    def speakers(self) -> tuple[Any, ...]:
        return (self.controller,)

    @property
    def is_busy(self) -> bool:
        """Whether an evaluation is under way."""
        return self.controller.is_running

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        for part in (self.recovery, self.magnitudes, self.calibration, self.exact):
            part.set_theme(theme)

    def may_close(self) -> bool:
        """Ask where an evaluation would be lost; return False where the window is to stay."""
        losses = self.controller.losses
        if not losses:
            return True
        question = (
            f"{losses} Closing the window loses that: “Save report” in the tab Evaluation keeps what is finished."
        )
        return self._dialogs.confirm(self, "Evaluations", question, "Close the window", is_harmful=True)

    def stop(self) -> None:
        """Stop what is under way: the window closes."""
        self._timer.stop()
        self._maker.stop()
        self.controller.stop()
        self._worker.stop()
        self._jobs.stop()
