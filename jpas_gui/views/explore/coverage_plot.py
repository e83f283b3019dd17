"""Where the libraries have models: age against metallicity, with marginal histograms."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from jpas_gui.app.coverage import Coverage
from jpas_gui.app.live_frame import ModelAnswer
from jpas_gui.views.plots.figure import Figure
from jpas_gui.views.plots.interval_marks import IntervalMarks
from jpas_gui.views.plots.key import key_entry, key_line, model_entry
from jpas_gui.views.plots.model_style import model_brush
from jpas_gui.views.text_size import with_text
from jpas_gui.views.theme import LIGHT, Theme, model_symbol, series_colour, series_symbol
from jpas_gui.views.widgets.scroll_column import WrappingPanel

_MARGIN_SIZE = 45
_AXIS_WIDTH = 48
_AXIS_HEIGHT = 42
_LEAST_LINES = 12
"""Height in lines of text, in which the axes and some of the plane can be seen."""


class CoveragePlot(WrappingPanel):
    """Points of all open libraries, the population on the sliders, and what models predict.

    Signals
    -------
    picked(float, float)
        log_age and metallicity of a click.
    """

    picked = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self.figure = Figure("Coverage of the libraries")
        self.figure.caption = self._caption
        self.figure.setMinimumHeight(_LEAST_LINES * self.fontMetrics().lineSpacing())
        self._titles = QLabel()
        self._titles.setWordWrap(True)
        self._titles.setAccessibleName("Libraries shown")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.figure, 1)
        layout.addWidget(self._titles)
        self.setAccessibleName("Coverage of the libraries")
        self.setAccessibleDescription("Age and metallicity of every model; a click sets the sliders")
        self._items: list[tuple[pg.PlotItem, pg.GraphicsObject]] = []
        self._ages = self._add_plot(0, 0)
        self.plane = self._add_plot(1, 0)
        self._metallicities = self._add_plot(1, 1)
        self._ages.setXLink(self.plane)
        self._metallicities.setYLink(self.plane)
        self._ages.setMaximumHeight(_MARGIN_SIZE)
        self._metallicities.setMaximumWidth(_MARGIN_SIZE)
        self.figure.ci.layout.setColumnStretchFactor(0, 10)
        for plot in (self._ages, self.plane, self._metallicities):
            plot.setMouseEnabled(x=False, y=False)  # a click means a population
        for plot in (self._ages, self._metallicities):
            for side in ("left", "bottom"):
                plot.getAxis(side).setStyle(showValues=False, tickLength=0)
        # Both plots of a column or a row need the same axis for their scales to agree.
        for plot in (self._ages, self.plane):
            plot.getAxis("left").setWidth(with_text(_AXIS_WIDTH))
        for plot in (self._metallicities, self.plane):
            plot.getAxis("bottom").setHeight(_AXIS_HEIGHT)
        self._metallicities.getAxis("left").setWidth(4)
        self._ages.getAxis("bottom").setHeight(4)
        self.plane.setLabel("bottom", "log age (yr)")
        self.plane.setLabel("left", "[M/H]")
        self._marker = pg.ScatterPlotItem(symbol="crosshair", size=22, pxMode=True)
        self._marker.setZValue(10)
        self._shown_answers: Mapping[int, ModelAnswer] = {}
        self._answers = IntervalMarks()
        self._answers.setZValue(11)
        for item in (self._marker, self._answers):
            self.plane.addItem(item)
        self.set_theme(LIGHT)
        self.figure.scene().sigMouseClicked.connect(self._clicked)

    def _add_plot(self, row: int, column: int) -> pg.PlotItem:
        plot = self.figure.addPlot(row=row, col=column)
        plot.hideButtons()
        plot.setMenuEnabled(False)
        plot.disableAutoRange()
        for side in ("left", "bottom"):
            plot.getAxis(side).enableAutoSIPrefix(False)
        return plot

    def show_population(self, log_age: float, metallicity: float) -> None:
        """Move the mark of the population on the sliders."""
        self._marker.setData([log_age], [metallicity])

    def show_answers(self, answers: Mapping[int, ModelAnswer]) -> None:
        """Mark what models predict, by their places."""
        if answers == self._shown_answers:
            return
        self._shown_answers = answers
        x, y = np.array([answer.point[:2] for answer in answers.values()]).reshape(-1, 2).T
        no_bar = np.full(x.shape, np.nan)
        symbols, brushes = [model_symbol(place) for place in answers], [model_brush(place) for place in answers]
        self._answers.set_data(x, y, no_bar, no_bar, symbols, brushes)

    def show_libraries(self, libraries: Sequence[Coverage]) -> None:
        """Show the models of these libraries."""
        for plot, item in self._items:
            plot.removeItem(item)
        self._items.clear()
        for number, library in enumerate(libraries, start=1):
            self._add_library(number, library)
        nodes = np.concatenate([library.nodes for library in libraries])
        low, high = nodes.min(axis=0), nodes.max(axis=0)
        margin = 0.06 * (high - low) + 0.05
        self.plane.setXRange(low[0] - margin[0], high[0] + margin[0], padding=0)
        self.plane.setYRange(low[1] - margin[1], high[1] + margin[1], padding=0)
        entries = [
            key_entry(series_symbol(n), series_colour(n), library.title) for n, library in enumerate(libraries, start=1)
        ]
        self._titles.setText(key_line(entries))

    def _add_library(self, number: int, library: Coverage) -> None:
        colour = series_colour(number)
        symbol = series_symbol(number)
        points = pg.ScatterPlotItem(*library.nodes.T, symbol=symbol, size=4, pen=None, brush=colour, pxMode=True)
        points.setCacheMode(points.CacheMode.DeviceCoordinateCache)  # it stays while the sliders move
        self._add(self.plane, points)
        for plot, histogram, upright in (
            (self._ages, library.log_age, True),
            (self._metallicities, library.metallicity, False),
        ):
            along = np.repeat(histogram.edges, 2)
            height = np.concatenate([[0.0], np.repeat(histogram.part, 2), [0.0]])
            x, y = (along, height) if upright else (height, along)
            self._add(plot, pg.PlotCurveItem(x, y, pen=pg.mkPen(colour, width=1)))
        self._ages.setYRange(0, 1.05, padding=0)
        self._metallicities.setXRange(0, 1.05, padding=0)

    def _add(self, plot: pg.PlotItem, item: pg.GraphicsObject) -> None:
        plot.addItem(item)
        self._items.append((plot, item))

    def _clicked(self, event: object) -> None:
        position = event.scenePos()
        if event.button() == Qt.MouseButton.LeftButton and self.plane.vb.sceneBoundingRect().contains(position):
            point = self.plane.vb.mapSceneToView(position)
            self.picked.emit(point.x(), point.y())

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.figure.set_theme(theme)
        for plot in (self._ages, self.plane, self._metallicities):
            for side in ("left", "bottom"):
                plot.getAxis(side).setPen(theme.muted)
                plot.getAxis(side).setTextPen(theme.foreground)
        self._marker.setPen(pg.mkPen(theme.accent, width=2))
        self._marker.setBrush(None)
        self._answers.set_colour(theme.background)

    def _caption(self) -> str:
        entries = [self._titles.text()]
        if self._marker.getData()[0].size:
            (log_age,), (metallicity,) = self._marker.getData()
            words = f"log age {log_age:.2f}, [M/H] {metallicity:+.2f}".replace("-", "−")
            entries.append(key_entry("crosshair", self._theme.accent, words))
        entries += [model_entry(place, answer.model) for place, answer in self._shown_answers.items()]
        return key_line(entry for entry in entries if entry)
