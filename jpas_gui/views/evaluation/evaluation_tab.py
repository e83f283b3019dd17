"""The evaluation of models: joins its controller and panels."""

from pathlib import Path

from pyqtgraph import GraphicsLayoutWidget
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QSplitter, QTabWidget, QVBoxLayout, QWidget

from jpas_gui.app.evaluation import Elsewhere, EvaluationController
from jpas_gui.app.evaluation_panels import PAPER, calibration_panels, exact_panels, magnitude_panels
from jpas_gui.app.explorer import Explorer
from jpas_gui.app.known_models import known_models
from jpas_gui.app.recorded_metrics import recorded_metrics
from jpas_gui.app.state import DEFAULT_MODELS
from jpas_gui.core.errors import InputError
from jpas_gui.views.dialogs import Dialogs
from jpas_gui.views.evaluation.library_table import CrossLibraryTable
from jpas_gui.views.evaluation.panel_grid import PanelGrid
from jpas_gui.views.evaluation.recovery_page import RecoveryPage
from jpas_gui.views.evaluation.result_list import ResultList
from jpas_gui.views.evaluation.run_panel import RunPanel
from jpas_gui.views.theme import Theme
from jpas_gui.workers.child_process import run_in_child
from jpas_gui.workers.job_queue import JobQueue

_LOOK_TIME = 200
"""ms between two looks at the progress."""

_NOTHING = "Tick models and press “Evaluate”: they answer mock galaxies whose truth is known"

_RECORDED = f"   ·   as measured when the models were made   ·   dashed: robust scatter, ★ {PAPER}"

_LINES = f"   ·   dashed: robust scatter, dotted: exact posterior, ★ {PAPER}"


class EvaluationTab(QWidget):
    """Models and mocks on the left, and on pages what is measured of them.

    Parameters
    ----------
    explorer : Explorer
        Knows which models predict.
    dialogs : Dialogs
    elsewhere : Elsewhere
        Where models are evaluated.
    """

    def __init__(self, explorer: Explorer, dialogs: Dialogs, elsewhere: Elsewhere = run_in_child) -> None:
        super().__init__()
        self._explorer, self._dialogs = explorer, dialogs
        self._worker = JobQueue(self)
        self.controller = EvaluationController(self._worker, elsewhere)
        self._magnitude = ""
        self._make_parts(dialogs)
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_TIME)
        self._timer.timeout.connect(self._show_progress)
        self._connect()
        self.offer_models()
        self._show()

    def _make_parts(self, dialogs: Dialogs) -> None:
        self.run = RunPanel(dialogs)
        self.results = ResultList()
        self.recovery = RecoveryPage()
        self.magnitudes = PanelGrid("Bias, scatter and outliers by magnitude")
        self.calibration = PanelGrid("Calibration")
        self.exact = PanelGrid("Comparison with the exact posterior")
        self.libraries = CrossLibraryTable()
        self.readout = QLabel(_NOTHING)
        self.readout.setAccessibleName("Values of the evaluation under the mouse")
        self.pages = QTabWidget()
        for page, title in (
            (self.recovery, "Predicted and true"),
            (self.magnitudes, "By magnitude"),
            (self.calibration, "Calibration"),
            (self.exact, "Exact posterior"),
            (self.libraries, "Libraries"),
        ):
            self.pages.addTab(page, title)

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
        for widget, stretch in ((left, 0), (right, 1)):
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
        self.results.shown.connect(controller.show)
        self.results.chosen.connect(controller.choose)
        self.results.removed.connect(controller.remove)
        self.results.report_wanted.connect(self.ask_report)
        self.recovery.magnitude_chosen.connect(self.set_magnitude)
        for source in (self.recovery, self.magnitudes, self.calibration, self.exact):
            source.hovered.connect(self.readout.setText)
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

    def _show(self) -> None:
        self.results.show_evaluations(self.controller)
        self.readout.setText("" if self.controller.evaluations else _NOTHING)
        self._show_progress()
        if self.controller.is_running:
            self._timer.start()
        else:
            self._timer.stop()
        self._show_page()

    def _show_page(self) -> None:
        """Show the page that is in front: the others are made when it is their turn."""
        controller, page = self.controller, self.pages.currentWidget()
        shown = controller.shown
        stamp = "   ·   ".join(f"{one.title}: {one.detail}" for _, one in shown) or _NOTHING
        if page is self.recovery:
            self.recovery.show_evaluations(shown, controller.current, self._magnitude, stamp)
        elif page is self.magnitudes:
            self._show_magnitudes(stamp)
        elif page is self.calibration:
            which = f"magnitude {self._magnitude}   ·   " if self._magnitude else ""
            self.calibration.show_panels(calibration_panels(shown, self._magnitude), which + stamp)
        elif page is self.exact:
            self.exact.show_panels(exact_panels(shown), stamp)
        else:
            self.libraries.show_evaluations(shown)

    def _show_magnitudes(self, stamp: str) -> None:
        """Show figure 4; before anything is evaluated, with what the shipped models carry."""
        shown = self.controller.shown
        if self.controller.evaluations:
            self.magnitudes.show_panels(magnitude_panels(shown), stamp + _LINES)
        else:
            recorded = list(enumerate(recorded_metrics()))
            words = "   ·   ".join(f"{one.title}: {one.detail}" for _, one in recorded)
            self.magnitudes.show_panels(magnitude_panels(recorded), words + _RECORDED)

    def _show_progress(self) -> None:
        controller = self.controller
        self.run.show_progress(controller.progress if controller.is_running else None)

    @property
    def figure(self) -> GraphicsLayoutWidget:
        """The figure that is to be saved: that of the page in front, figure 4 for the table."""
        page = self.pages.currentWidget()
        if page is self.recovery:
            return self.recovery.plot
        return page if isinstance(page, PanelGrid) else self.magnitudes

    @property
    def is_busy(self) -> bool:
        """Whether an evaluation is under way."""
        return self.controller.is_running

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        for part in (self.recovery, self.magnitudes, self.calibration, self.exact):
            part.set_theme(theme)

    def stop(self) -> None:
        """Stop what is under way: the window closes."""
        self._timer.stop()
        self.controller.stop()
        self._worker.stop()
