"""The explorer: joins its controller and its panels."""

from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QSplitter, QStackedWidget, QVBoxLayout, QWidget
from superqt.utils import qthrottled

from jpas_gui.app.coverage import coverage_of
from jpas_gui.app.explorer import Explorer
from jpas_gui.app.frame import ExplorerFrame
from jpas_gui.app.history import Undoable
from jpas_gui.app.live_prediction import LivePrediction
from jpas_gui.app.readout import readout
from jpas_gui.app.slider_steps import SliderSteps
from jpas_gui.core.errors import InputError
from jpas_gui.views.explore.coverage_plot import CoveragePlot
from jpas_gui.views.explore.display_bar import DisplayBar
from jpas_gui.views.explore.live_panel import LivePanel
from jpas_gui.views.explore.parameter_panel import ParameterPanel
from jpas_gui.views.explore.pins_panel import PinsPanel
from jpas_gui.views.explore.sed_plot import SedPlot
from jpas_gui.views.plots.figure import Figure
from jpas_gui.views.theme import Theme
from jpas_gui.views.widgets.lines_label import LinesLabel
from jpas_gui.views.widgets.scroll_column import ScrollColumn
from jpas_gui.views.widgets.window_tab import SavedData, WindowTab
from jpas_gui.workers.latest_wins import LatestWins

_FRAME_TIME = 16
"""ms: a screen shows 60 frames per second."""

_ANSWER_TIME = 50
"""ms between two drawings for the sake of answers alone; each frame of a drag draws those that are there."""


class ExploreTab(WindowTab):
    """The sliders, the SED and the coverage of the libraries.

    Signals
    -------
    open_file_wanted(), open_folder_wanted(), noise_file_wanted()
        A button that needs a file was pressed.
    """

    title = "Explore"

    open_file_wanted = Signal()
    open_folder_wanted = Signal()
    noise_file_wanted = Signal()

    def __init__(self, explorer: Explorer) -> None:
        super().__init__()
        self._explorer = explorer
        self._hovered = -1
        self._frame: ExplorerFrame | None = None
        self._worker = LatestWins(self)
        self.live = LivePrediction(explorer, self._worker)
        self._is_predicting = False
        self._has_changed = True
        self.parameters = ParameterPanel()
        self.display = DisplayBar()
        self.sed_plot = SedPlot()
        self.coverage = CoveragePlot()
        self.live_panel = LivePanel()
        self.pins = PinsPanel()
        self.notes = LinesLabel()
        self.notes.setAccessibleName("Notes")
        self.readout = LinesLabel()
        self.readout.setAccessibleName("Values under the mouse")
        self._lay_out()
        self._connect_user()
        # Many moves of the mouse make one frame; the last one is always shown.
        self._refresh = qthrottled(self._show_what_changed, timeout=_FRAME_TIME)
        explorer.changed.connect(self._change)
        self._refresh_answers = qthrottled(self._show_what_changed, timeout=_ANSWER_TIME)
        self.live.changed.connect(self._refresh_answers)
        explorer.libraries_changed.connect(self.show_libraries)
        self.show_libraries()
        self.show_now()

    def _lay_out(self) -> None:
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.display)
        column.addWidget(self.sed_plot, 1)
        # In one place, for the sake of the figure: what is under the mouse, else what there is to note.
        self._line = QStackedWidget()
        self._line.addWidget(self.notes)
        self._line.addWidget(self.readout)
        self._line.setSizePolicy(self.notes.sizePolicy())
        column.addWidget(self._line)
        side = QSplitter(Qt.Orientation.Vertical)
        side.addWidget(self.coverage)
        side.addWidget(self.live_panel)
        side.addWidget(self.pins)
        for index, stretch in enumerate((3, 4, 2)):
            side.setStretchFactor(index, stretch)
        side.setSizes([330, 480, 120])
        side.setChildrenCollapsible(False)  # they would vanish where the column scrolls
        splitter = QSplitter()
        for widget, stretch in ((ScrollColumn(self.parameters), 0), (centre, 1), (ScrollColumn(side), 0)):
            splitter.addWidget(widget)
            splitter.setStretchFactor(splitter.count() - 1, stretch)
        splitter.setSizes([290, 870, 440])
        splitter.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(splitter)

    def _connect_user(self) -> None:
        explorer, parameters = self._explorer, self.parameters
        parameters.population_moved.connect(lambda name, value: explorer.set_population(gesture=name, **{name: value}))
        parameters.law_chosen.connect(explorer.set_law)
        parameters.r_v_moved.connect(explorer.set_r_v)
        parameters.noise_moved.connect(lambda name, value: explorer.set_noise(**{name: value}))
        parameters.gesture_ended.connect(self._end_gesture)
        parameters.library_chosen.connect(explorer.choose_library)
        parameters.open_file_wanted.connect(self.open_file_wanted)
        parameters.open_folder_wanted.connect(self.open_folder_wanted)
        parameters.noise_file_wanted.connect(self._ask_noise_file)
        parameters.seed_chosen.connect(explorer.set_seed)
        parameters.next_draw_wanted.connect(explorer.next_draw)
        self.display.changed.connect(lambda name, value: explorer.set_view(**{name: value}))
        self.live_panel.model_switched.connect(self.live.choose)
        self.live_panel.draws_wanted.connect(self.live.draw_cloud)
        self.pins.pin_wanted.connect(explorer.pin)
        self.pins.unpin_wanted.connect(explorer.unpin)
        self.pins.recall_wanted.connect(explorer.recall)
        self.coverage.picked.connect(self._go_to)
        self.sed_plot.band_hovered.connect(self._hover)
        self.sed_plot.value_at = lambda place: self._readout or self.sed_plot.coordinates_at(place)

    # -- what the user does -----------------------------------------------------------------------------------------

    def _end_gesture(self) -> None:
        self._explorer.end_gesture()
        self._refresh.flush()
        self._fit_if_needed()

    def _go_to(self, log_age: float, metallicity: float) -> None:
        self._explorer.go_to(log_age, metallicity)
        self._end_gesture()

    def _ask_noise_file(self) -> None:
        self.noise_file_wanted.emit()
        self.parameters.show_state(self._explorer.state)  # the choice stands only when a file was given

    def _fit_at_rest(self) -> None:
        if not self.parameters.is_being_dragged:
            self._fit_if_needed()

    def _fit_if_needed(self) -> None:
        self.sed_plot.fit_if_needed()
        if self.live.frame is not None:
            self.live_panel.plots.fit()

    def stop(self) -> None:
        """Show nothing more, and let the models end what they do: the window closes."""
        self._is_predicting = False
        self._refresh.cancel()
        self._refresh_answers.cancel()
        self._worker.stop()

    # -- predictions ------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._has_changed:
            self._refresh()
        QTimer.singleShot(0, self._begin_predicting)  # loading models must not delay the first sight of the window

    def _begin_predicting(self) -> None:
        if self.isVisible() and not self._is_predicting:
            self._is_predicting = True
            self._change()

    def settle(self) -> None:
        self.wait_until_predicted()
        self.sed_plot.fit()

    def wait_until_predicted(self) -> None:
        """Go on only when the models have answered and all of it is shown."""
        self._begin_predicting()
        self.show_now()
        while self.live.is_busy:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        self.show_now()

    # -- what is shown ----------------------------------------------------------------------------------------------

    def _change(self) -> None:
        self._has_changed = True
        self._refresh()

    def _show_what_changed(self) -> None:
        if not self.isVisible():
            self._has_changed = True  # another tab has the processor; all is shown when this one is looked at
        elif self._has_changed:
            self.show_now()
        else:
            self._show_live(self._frame)
            self._fit_at_rest()

    def show_now(self) -> None:
        """Show the present state at once."""
        self._has_changed = False
        self.parameters.show_state(self._explorer.state)
        self.display.show_view(self._explorer.view)
        try:
            frame = self._explorer.frame()
        except InputError as error:
            self._frame = None
            self.sed_plot.show_nothing()
            self._show_live(None)
            self._say((str(error),))
            return
        self._frame = frame
        self.sed_plot.set_filters(self._explorer.filters)
        self.sed_plot.show_frame(frame)
        self._show_live(frame)
        self._fit_at_rest()
        population = frame.state.model.population
        self.coverage.show_population(population.log_age, population.metallicity)
        self.pins.show_pins(frame.pins)
        self._say(frame.notes)
        self._show_readout()

    def _show_live(self, frame: ExplorerFrame | None) -> None:
        if self._is_predicting:
            self.live.follow(frame)
        view, live, models = self._explorer.view, self.live.frame, self.live.models
        answers = {models.index(answer.model): answer for answer in live.answers} if live else {}
        self.sed_plot.show_answers(answers)
        self.coverage.show_answers(answers if view.predictions else {})
        self.live_panel.setVisible(view.predictions)
        if view.predictions:
            self.live_panel.show_models(models, view.models)
            self.live_panel.show_live(self.live)

    def _say(self, notes: tuple[str, ...]) -> None:
        self.notes.setText(f"⚠ {'; '.join(notes)}" if notes else "")

    def show_libraries(self) -> None:
        """Offer the libraries that can be chosen now, and show those that were read."""
        shelf = self._explorer.shelf
        self.parameters.show_libraries(shelf.choices(), self._explorer.library)
        self.live_panel.plots.set_library(self._explorer.library)
        self.coverage.show_libraries([coverage_of(library) for library in shelf.loaded])
        self._change()

    def _hover(self, band: int) -> None:
        self._hovered = band
        self._show_readout()

    @property
    def _readout(self) -> str:
        """The values of the band under the mouse; empty where there is none."""
        return readout(self._frame, self._hovered) if self._frame and self._hovered >= 0 else ""

    def _show_readout(self) -> None:
        text = self._readout
        self.readout.setText(text)
        self._line.setCurrentWidget(self.readout if text else self.notes)

    # -- what the window asks ---------------------------------------------------------------------------------------

    @property
    def history(self) -> Undoable:
        return SliderSteps(self._explorer)

    @property
    def figure(self) -> Figure:
        """The SED."""
        return self.sed_plot

    @property
    def figure_stem(self) -> str:
        return "sed"

    @property
    def data(self) -> SavedData:
        return SavedData("sed", self._save)

    def _save(self, path: Path) -> None:
        live = self.live.frame if self.live.is_answered else None
        self._explorer.save_sed(path, live, self.live.cloud if live else None)

    def catch_up(self) -> None:
        self.show_now()

    def set_theme(self, theme: Theme) -> None:
        """Give the plots the colours of a theme."""
        self.sed_plot.set_theme(theme)
        self.coverage.set_theme(theme)
        self.live_panel.set_theme(theme)
