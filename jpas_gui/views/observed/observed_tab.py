"""The observed galaxies: joins their controllers and panels."""

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)
from superqt.utils import qthrottled

from jpas_gui.app.catalogue_opening import CatalogueOpening
from jpas_gui.app.explorer import Explorer
from jpas_gui.app.history import Undoable
from jpas_gui.app.notes import Quality
from jpas_gui.app.observed import ObservedController, Workers
from jpas_gui.app.observed_frame import ObservedFrame, readout
from jpas_gui.app.observed_steps import observed_steps
from jpas_gui.app.source_list import PredictedRows
from jpas_gui.core.catalogues.opening import ObservedCatalogue, OpeningOptions
from jpas_gui.views.dialogs.dialogs import Dialogs
from jpas_gui.views.observed.answers_table import AnswersTable
from jpas_gui.views.observed.catalogue_bar import CatalogueBar
from jpas_gui.views.observed.column_memory import SettingsMemory
from jpas_gui.views.observed.corner_plot import CornerPlot
from jpas_gui.views.observed.galaxy_bar import GalaxyBar
from jpas_gui.views.observed.galaxy_plot import GalaxyPlot
from jpas_gui.views.observed.note_panel import NotePanel
from jpas_gui.views.observed.overview_panel import OverviewPanel
from jpas_gui.views.observed.prediction_bar import PredictionBar
from jpas_gui.views.observed.questions import OpeningQuestions
from jpas_gui.views.observed.slider_panel import SliderPanel
from jpas_gui.views.observed.source_model import SourceModel
from jpas_gui.views.observed.source_panel import SourcePanel
from jpas_gui.views.plots.figure import Figure
from jpas_gui.views.text_size import with_text
from jpas_gui.views.theme import Theme
from jpas_gui.views.widgets.lines_label import LinesLabel
from jpas_gui.views.widgets.next_step import NextStep
from jpas_gui.views.widgets.scroll_column import ScrollColumn, WrappingPanel
from jpas_gui.views.widgets.window_tab import SavedData, WindowTab
from jpas_gui.workers.job_queue import JobQueue
from jpas_gui.workers.latest_wins import LatestWins

_NO_CATALOGUE = (
    "Open a catalogue of observed galaxies (FITS, Parquet, VOTable, ECSV, CSV or NPY), or drop one on the window. "
    "There is one to try the program on, too: mocks with known ages, metallicities and dust."
)
_NO_PREDICTIONS = (
    "Nothing is predicted yet. Here are the predictions of all galaxies of the catalogue: histograms of the "
    "parameters, and a plane of any two columns."
)

_FRAME_TIME = 16
"""ms: a screen shows 60 frames per second."""

_LEAST_FIGURES = 430
"""Pixels."""

_PATIENCE = 60
"""ms that a galaxy waits for the first answers: to draw it twice would make both later."""

_LIST_TIME = 200
"""ms between two looks at a list that is still being read."""


class ObservedTab(WindowTab):
    """A list of galaxies, the one that is selected with its answers, and the predictions of all.

    Parameters
    ----------
    explorer : Explorer
    dialogs : Dialogs
    settings : QSettings
        Remembers column maps.
    """

    title = "Observed"

    def __init__(self, explorer: Explorer, dialogs: Dialogs, settings: QSettings) -> None:
        super().__init__()
        self._explorer = explorer
        # Not the window's own jobs: choosing a library cancels those.
        jobs, reading, models, listing = JobQueue(self), LatestWins(self), LatestWins(self), LatestWins(self)
        exact = LatestWins(self, after_painting=True)  # what the networks said is on screen sooner
        self._workers = [jobs, reading, models, exact, listing]
        self.controller = ObservedController(explorer, Workers(jobs, reading, models, exact, listing))
        self.opening = CatalogueOpening(jobs, SettingsMemory(settings))
        self._questions = OpeningQuestions(self, self.opening, dialogs)
        self._frame: ObservedFrame | None = None
        self._hovered = -1
        self._make_parts(dialogs)
        self._lay_out()
        self._connect_user()
        # Keys held down, and rows that are still being read, make no more than 60 and 5 changes a second.
        self._refresh = qthrottled(self.show_now, timeout=_FRAME_TIME)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE)
        self._patience.timeout.connect(self._refresh)
        self._refresh_list = qthrottled(self.show_list, timeout=_LIST_TIME)
        self._connect_controllers()
        self.show_now()
        self.show_list()

    def _make_parts(self, dialogs: Dialogs) -> None:
        self.catalogue = CatalogueBar()
        self.model = SourceModel(self.controller.quality)
        self.sources = SourcePanel(self.model)
        self.predictions = PredictionBar(dialogs, self._explorer, self.controller.hand_masks)
        self.bar = GalaxyBar()
        self.plot = GalaxyPlot()
        self.answers = AnswersTable()
        self.corner = CornerPlot()
        self.plot.caption, self.corner.caption = self._source, self._corner_caption
        self.sliders = SliderPanel()
        self.note = NotePanel()
        self.overview = OverviewPanel()
        self.overview.source = lambda: self.controller.catalogue.path.name if self.controller.catalogue else ""
        self._make_next_steps()
        self.send = QPushButton("Send to sliders")
        self.send.setAccessibleName("Send to sliders")
        self.send.setToolTip("Put the chosen answer on the sliders (S)")
        self.readout, self.warnings = LinesLabel(2), LinesLabel(2)
        self.readout.setAccessibleName("Values under the mouse")
        self.warnings.setAccessibleName("Warnings")

    def _source(self) -> str:
        """Return where the galaxy comes from, and what its answers stand under."""
        catalogue, frame = self.controller.catalogue, self._frame
        if catalogue is None or frame is None:
            return ""
        return escape(f"{catalogue.path.name} · exact posterior and SEDs: {frame.stands_on}")

    def _corner_caption(self) -> str:
        title = escape(self._frame.title) if self._frame else ""
        return "<br>".join(line for line in (self._source(), title, self.corner.key()) if line)

    def _make_next_steps(self) -> None:
        opening = {
            "Open catalogue…": self.catalogue.open_wanted.emit,
            "Open example catalogue": self.open_example,
        }
        predicting = {"Predict all…": self.predictions.start.click, "Open predictions…": self.predictions.open.click}
        self.next_steps = [NextStep(covered, _NO_CATALOGUE, opening) for covered in (self.plot, self.overview.figure)]
        self.next_prediction = NextStep(self.overview.figure, _NO_PREDICTIONS, predicting)

    def _lay_out(self) -> None:
        left, seds, posteriors, below = (QWidget() for _ in range(4))
        galaxy = WrappingPanel()
        _column(left, [(self.sources, 1), (self.predictions, 0)])
        _column(seds, [(self.plot, 1), (self.readout, 0)])
        _column(posteriors, [(self.corner, 1), (self.sliders, 0)])
        _arrange(QHBoxLayout(below), [(self.note, 1), (self.send, 0)])
        figures = _splitter([(seds, 2), (posteriors, 1)], [800, 400])
        # As high as there is room for: the page scrolls only where that is too little to read them.
        figures.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        figures.setMinimumHeight(with_text(_LEAST_FIGURES))
        _column(galaxy, [(self.bar, 0), (figures, 1), (self.answers, 0), (self.warnings, 0), (below, 0)])
        self.pages = QTabWidget()
        self.pages.addTab(ScrollColumn(galaxy), "Galaxy")
        self.pages.addTab(self.overview, "Catalogue")
        self.pages.currentChanged.connect(lambda _: self.offers_changed.emit())
        _column(self, [(self.catalogue, 0), (_splitter([(left, 0), (self.pages, 1)], [370, 1220]), 1)])

    def _connect_user(self) -> None:
        controller = self.controller
        self.catalogue.redshift_wanted.connect(lambda: self._with_catalogue(self.opening.change_redshift))
        self.catalogue.unit_wanted.connect(lambda: self._with_catalogue(self.opening.change_unit))
        self.catalogue.asking_wanted.connect(self._ask_again)
        self.catalogue.extinction_wanted.connect(lambda: self._with_catalogue(self.opening.change_extinction))
        self.catalogue.aperture_chosen.connect(lambda name: self._reopen(aperture=name))
        self.catalogue.flagged_chosen.connect(lambda on: self._reopen(keep_flagged=on))
        self.sources.selected.connect(controller.select)
        self.sources.options_changed.connect(lambda options: controller.sources.set_options(**options))
        self.bar.view_changed.connect(lambda name, value: self._explorer.set_view(**{name: value}))
        self.bar.stepped.connect(controller.step)
        self.bar.emission_masked.connect(controller.mask_emission)
        self.bar.all_bands_wanted.connect(controller.use_all_bands)
        self.bar.sliders_shown.connect(controller.show_sliders)
        self.plot.band_clicked.connect(controller.toggle_band)
        self.plot.click_withdrawn.connect(controller.untoggle_band)
        self.plot.band_hovered.connect(self._hover)
        self.answers.sent.connect(controller.send_to_sliders)
        self.send.clicked.connect(self.send_to_sliders)
        self.sliders.moved.connect(lambda name, v: self._explorer.set_population(gesture=name, **{name: v}))
        self.sliders.released.connect(self._explorer.end_gesture)
        self.note.quality_chosen.connect(lambda quality: controller.set_note(quality=Quality(quality)))
        self.note.text_written.connect(self._write_note)
        self.overview.brushed.connect(lambda brush: controller.sources.set_options(brush=brush))
        self.overview.plane_chosen.connect(lambda x, y: controller.sources.set_plane((x, y)))
        self.overview.picked.connect(controller.select)

    def _connect_controllers(self) -> None:
        controller, prediction = self.controller, self.predictions.controller
        controller.changed.connect(self._show_soon)
        controller.opened.connect(self._show_catalogue)
        controller.selected.connect(self._show_row)
        controller.changed.connect(self.offers_changed.emit)
        controller.note_shown.connect(lambda: self.pages.setCurrentIndex(0))
        controller.sources.changed.connect(self._refresh_list)
        self.opening.opened.connect(controller.show)
        self.opening.restored.connect(controller.restore)
        self.opening.said.connect(controller.said.emit)
        prediction.predicted.connect(self._take_predictions)

    # -- what the user does -----------------------------------------------------------------------------------------

    def open(self, path: Path, options: OpeningOptions | None = None) -> None:
        """Open a catalogue, asking for what neither the file nor the options say."""
        self.opening.open(path, options)

    def open_example(self) -> None:
        """Open the example catalogue."""
        self.opening.open_example()

    def send_to_sliders(self) -> None:
        """Put the chosen answer on the sliders."""
        name = self.answers.chosen_name
        if name is not None:
            self.controller.send_to_sliders(name)

    def toggle_mark(self, quality: Quality) -> None:
        """Give the galaxy a mark, or take it away."""
        note = self.controller.note
        if note is not None:
            self.controller.set_note(quality=Quality.NONE if note.quality is quality else quality)

    def toggle_emission(self) -> None:
        """Mask the bands that emission lines reach, or use them again."""
        self.bar.emission.click()

    def _with_catalogue(self, ask: Callable[[ObservedCatalogue, int], None]) -> None:
        if self.controller.catalogue is not None:
            ask(self.controller.catalogue, self.controller.row or 0)

    def _reopen(self, **changes: object) -> None:
        self._with_catalogue(lambda catalogue, row: self.opening.reopen(catalogue, row, **changes))

    def _ask_again(self) -> None:
        self._with_catalogue(lambda catalogue, _: self.opening.forget(catalogue))

    def _write_note(self, text: str) -> None:
        if self.controller.note is not None and text != self.controller.note.text:
            self.controller.set_note(text=text)

    def _take_predictions(self, catalogue: ObservedCatalogue, rows: PredictedRows) -> None:
        shown = self.controller.catalogue
        if shown is not None and (shown.path, shown.options) == (catalogue.path, catalogue.options):
            self.controller.sources.add_predictions(0, rows)
            self.pages.setCurrentWidget(self.overview)

    # -- what is shown ----------------------------------------------------------------------------------------------

    def _show_soon(self) -> None:
        """Show the present galaxy; one without any answer only when the first is not there in a moment."""
        if self.controller.is_unanswered:
            if not self._patience.isActive():
                self._patience.start()
        else:
            self._patience.stop()
            self._refresh()

    def show_now(self) -> None:
        """Show the present galaxy at once."""
        controller, view = self.controller, self._explorer.view
        frame = self._frame = controller.frame()
        self.bar.show_view(view)
        self.bar.show_galaxy(controller.note, controller.shows_sliders)
        self.note.show_note(controller.note)
        self.sliders.setVisible(controller.shows_sliders)
        self.sliders.show_state(self._explorer.state, self._explorer.library)
        if frame is None:
            self.plot.show_nothing()
        else:
            self.plot.show_frame(frame)
        shown = frame.answers if frame else ()
        self.answers.show_answers(shown)
        self.corner.show_answers(shown)
        self.send.setEnabled(frame is not None)
        self._say(frame.warnings if frame else ())
        self._show_readout()

    def show_list(self) -> None:
        """Show the present list and overview at once."""
        sources = self.controller.sources
        self.sources.show_list(sources, self.controller.row)
        is_open = self.controller.catalogue is not None
        for step in self.next_steps:
            step.show_if(not is_open)
        self.next_prediction.show_if(is_open and sources.overview is None)
        self.overview.show_overview(sources.overview, sources.plane_columns, sources.options.brush, self.controller.row)

    def _show_catalogue(self) -> None:
        self.catalogue.show_catalogue(self.controller.catalogue, self.opening.is_as_last_time)
        self.predictions.show_catalogue(self.controller.catalogue)
        self.show_list()

    def _show_row(self, row: int) -> None:
        self.sources.show_row(row)
        self.overview.show_current(row)

    def _say(self, warnings: Sequence[str]) -> None:
        self.warnings.setText("\n".join(f"⚠ {warning}" for warning in warnings))

    def _hover(self, band: int) -> None:
        self._hovered = band
        self._show_readout()

    def _show_readout(self) -> None:
        self.readout.setText(readout(self._frame, self._hovered) if self._frame and self._hovered >= 0 else "")

    @property
    def is_busy(self) -> bool:
        """Whether something is still to come."""
        return self.opening.is_busy or self.controller.is_busy or self.predictions.controller.is_running

    @property
    def figure(self) -> Figure:
        """The figure that is to be saved: that of the galaxy, or that of the catalogue."""
        return self.overview.figure if self.pages.currentWidget() is self.overview else self.plot

    @property
    def speakers(self) -> tuple[Any, ...]:
        return self.controller, self.predictions.controller

    @property
    def history(self) -> Undoable:
        return observed_steps(self.controller, self._explorer)

    @property
    def shows_galaxy(self) -> bool:
        """Whether a galaxy is in view."""
        return self.pages.currentWidget() is not self.overview and self.controller.galaxy is not None

    @property
    def figure_stem(self) -> str:
        return "catalogue" if self.pages.currentWidget() is self.overview else "galaxy"

    @property
    def data(self) -> SavedData | None:
        """The galaxy in view; of a catalogue the predictions are saved, by the bar below its list."""
        return SavedData("galaxy", self.controller.save_galaxy) if self.shows_galaxy else None

    def catch_up(self) -> None:
        self.show_now()
        self.show_list()

    def settle(self) -> None:
        self.plot.fit()

    def set_theme(self, theme: Theme) -> None:
        """Give plots and tables the colours of a theme."""
        for part in (self.plot, self.answers, self.corner, self.overview):
            part.set_theme(theme)
        QTimer.singleShot(0, self, self._refresh)

    def stop(self) -> None:
        """Save the notes, show nothing more, and let the workers end what they do: the window closes."""
        self.note.text.clearFocus()
        self.controller.close()
        self._patience.stop()
        self._refresh.cancel()
        self._refresh_list.cancel()
        self.sources.stop()
        self.predictions.stop()
        for worker in self._workers:
            worker.stop()


def _column(widget: QWidget, parts: Sequence[tuple[QWidget, int]]) -> None:
    """Put widgets below each other, with these stretches."""
    _arrange(QVBoxLayout(widget), parts)


def _arrange(layout: QBoxLayout, parts: Sequence[tuple[QWidget, int]]) -> None:
    layout.setContentsMargins(2, 2, 2, 2)
    layout.setSpacing(4)
    for part, stretch in parts:
        layout.addWidget(part, stretch)


def _splitter(parts: Sequence[tuple[QWidget, int]], sizes: Sequence[int]) -> QSplitter:
    """Return widgets beside each other, with these stretches and first widths."""
    splitter = QSplitter(Qt.Orientation.Horizontal)
    for place, (part, stretch) in enumerate(parts):
        splitter.addWidget(part)
        splitter.setStretchFactor(place, stretch)
    splitter.setSizes(sizes)
    return splitter
