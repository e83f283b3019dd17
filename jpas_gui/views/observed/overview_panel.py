"""The predictions of a catalogue: histograms of the parameters, and a plane whose galaxies can be brushed."""

from collections.abc import Callable
from html import escape

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QVBoxLayout, QWidget
from superqt import QFlowLayout

from jpas_gui.app.overview import PLANE_COLUMNS, Overview, Plane
from jpas_gui.app.source_list import Brush
from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.evaluation.labels import LABELS
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.views.plots.figure import Figure
from jpas_gui.views.plots.key import key_entry, key_line
from jpas_gui.views.text_size import with_text
from jpas_gui.views.theme import LIGHT, Theme
from jpas_gui.views.widgets.lines_label import LinesLabel

_AXIS_WIDTH = 54
_HISTOGRAM_HEIGHT = 190


class OverviewPanel(QWidget):
    """Shows an overview and reports what the user wants.

    Signals
    -------
    brushed(object)
        A `Brush`, or None.
    plane_chosen(str, str)
        Columns of the plane.
    picked(int)
        Row of a galaxy that was clicked.
    """

    brushed = Signal(object)
    plane_chosen = Signal(str, str)
    picked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._plane: Plane | None = None
        self._theme = LIGHT
        self.figure = Figure("Predictions of the catalogue")
        self.figure.caption = self._caption
        self.source: Callable[[], str] = str
        self.histograms = [self._add_plot(0, column) for column in range(len(PARAMETERS))]
        self.plane = self.figure.addPlot(row=1, col=0, colspan=len(PARAMETERS))
        self._prepare(self.plane)
        self._add_items()
        self.axes = [self._axis_box(name) for name in ("Horizontal axis", "Vertical axis")]
        self.brush = QCheckBox("Brush")
        self.brush.setAccessibleName("Brush")
        self.brush.setToolTip("List only the galaxies within a rectangle of the plane")
        self.brush.clicked.connect(self._brush_switched)
        self.text = LinesLabel()
        self.text.setAccessibleName("Number of predictions")
        self._lay_out()
        self.set_theme(LIGHT)
        self.show_overview(None, ("log_age", "metallicity"), None, None)

    def _add_plot(self, row: int, column: int) -> pg.PlotItem:
        plot = self.figure.addPlot(row=row, col=column)
        self._prepare(plot)
        plot.setMouseEnabled(x=False, y=False)
        plot.setMaximumHeight(with_text(_HISTOGRAM_HEIGHT))
        plot.setLabel("bottom", LABELS[PARAMETERS[column]].axis)
        return plot

    def _prepare(self, plot: pg.PlotItem) -> None:
        plot.hideButtons()
        plot.setMenuEnabled(False)
        plot.disableAutoRange()
        for side in ("left", "bottom"):
            plot.getAxis(side).enableAutoSIPrefix(False)
        plot.getAxis("left").setWidth(with_text(_AXIS_WIDTH))

    def _add_items(self) -> None:
        self._of_all = [pg.PlotCurveItem([0, 1], [0], stepMode="center", fillLevel=0) for _ in PARAMETERS]
        self._of_listed = [pg.PlotCurveItem([0, 1], [0], stepMode="center", fillLevel=0) for _ in PARAMETERS]
        for plot, everything, listed in zip(self.histograms, self._of_all, self._of_listed, strict=True):
            plot.addItem(everything, ignoreBounds=True)
            plot.addItem(listed, ignoreBounds=True)
        self._density = pg.ImageItem(axisOrder="col-major")
        self._others = pg.ScatterPlotItem(symbol="o", size=5, pxMode=True, pen=None)
        self._points = pg.ScatterPlotItem(symbol="o", size=6, pxMode=True, pen=None)
        self._current = pg.ScatterPlotItem(symbol="crosshair", size=20, pxMode=True, brush=None)
        self._rectangle = pg.RectROI((0, 0), (1, 1), pen=pg.mkPen(width=2))
        self._rectangle.addScaleHandle((0, 0), (1, 1))
        self._rectangle.setVisible(False)
        self.figure.tools = [self._rectangle, self._current]
        self._rectangle.sigRegionChangeFinished.connect(self._brush_moved)
        # Under the mouse it takes all clicks: those that are meant for a point are handed on.
        self._rectangle.setAcceptedMouseButtons(Qt.MouseButton.LeftButton)
        self._rectangle.sigClicked.connect(self._clicked_through)
        for item in (self._density, self._others, self._points, self._current):
            self.plane.addItem(item, ignoreBounds=True)
        self.plane.addItem(self._rectangle, ignoreBounds=True)
        for points in (self._others, self._points):
            points.sigClicked.connect(self._clicked)

    def _axis_box(self, name: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.setToolTip(name)
        for column, title in PLANE_COLUMNS.items():
            box.addItem(title, column)
        box.activated.connect(lambda _: self.plane_chosen.emit(*(box.currentData() for box in self.axes)))
        return box

    def _lay_out(self) -> None:
        row = QFlowLayout()
        row.setHorizontalSpacing(6)
        row.setVerticalSpacing(4)
        row.setContentsMargins(4, 2, 4, 2)
        for widget in (self.axes[1], QLabel("against"), self.axes[0], self.brush):
            widget.setMinimumHeight(self.axes[0].sizeHint().height())  # a flow puts all at the top of its lines
            row.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        layout.addWidget(self.text)
        layout.addWidget(self.figure, 1)

    def _caption(self) -> str:
        entries = [escape(self.source()), escape(self.text.text())]
        entries += [key_entry("o", self._theme.spectrum, "all"), key_entry("o", self._theme.accent, "listed")]
        return key_line(entry for entry in entries if entry)

    # -- what is shown ----------------------------------------------------------------------------------------------

    def show_overview(
        self, overview: Overview | None, columns: tuple[str, str], brush: Brush | None, row: int | None
    ) -> None:
        """Show an overview; None: nothing is predicted yet."""
        for box, column in zip(self.axes, columns, strict=True):
            with QSignalBlocker(box):
                box.setCurrentIndex(box.findData(column))
        self.brush.setEnabled(overview is not None)
        self.text.setVisible(overview is not None)
        self.brush.setChecked(brush is not None)
        self._rectangle.setVisible(brush is not None)
        if overview is None:
            self.text.setText("")
            self._show_nothing()
            return
        self.figure.say_nothing_to_show("")
        self.text.setText(f"{overview.n_predicted:,} predictions, {overview.n_flagged:,} rows with a flag")
        for place, counts in enumerate(overview.counts):
            self._of_all[place].setData(counts.edges, counts.of_all)
            self._of_listed[place].setData(counts.edges, counts.of_listed)
            self.histograms[place].setXRange(counts.edges[0], counts.edges[-1], padding=0)
            self.histograms[place].setYRange(0, max(1, int(counts.of_all.max())) * 1.06, padding=0)
        self._show_plane(overview.plane, brush)
        self.show_current(row)

    def _show_plane(self, plane: Plane, brush: Brush | None) -> None:
        before, self._plane = self._plane, plane
        for points, which in ((self._others, ~plane.is_listed), (self._points, plane.is_listed)):
            points.setData(x=plane.x[which], y=plane.y[which], data=plane.row[which])
        (x0, y0), (x1, y1) = plane.low, plane.high
        self._density.setVisible(plane.density.size > 0)
        if plane.density.size:
            self._density.setImage(plane.density, autoLevels=False, levels=(0, max(float(plane.density.max()), 1e-3)))
            self._density.setRect(QRectF(x0, y0, x1 - x0, y1 - y0))
        if before is None or (before.columns, before.low, before.high) != (plane.columns, plane.low, plane.high):
            for side, column in zip(("bottom", "left"), plane.columns, strict=True):
                self.plane.setLabel(side, PLANE_COLUMNS[column])
            self.plane.setXRange(x0, x1, padding=0)
            self.plane.setYRange(y0, y1, padding=0)
        if brush is not None:
            with QSignalBlocker(self._rectangle):
                self._rectangle.setPos(brush.low)
                self._rectangle.setSize(np.subtract(brush.high, brush.low))

    def _show_nothing(self) -> None:
        self._plane = None
        self.figure.say_nothing_to_show("Nothing is predicted yet: “Predict all” below the list")
        for curve in (*self._of_all, *self._of_listed):
            curve.setData([0.0, 1.0], [0.0])
        for points in (self._others, self._points, self._current):
            points.setData([], [])
        self._density.setVisible(False)

    def show_current(self, row: int | None) -> None:
        """Mark the galaxy that is shown, where it is drawn one by one."""
        plane = self._plane
        place = np.flatnonzero(plane.row == row) if plane is not None and row is not None else np.empty(0, dtype=int)
        self._current.setData(plane.x[place], plane.y[place]) if plane is not None else self._current.setData([], [])

    # -- what the user does -----------------------------------------------------------------------------------------

    def _brush_switched(self, on: bool) -> None:
        if not on or self._plane is None:
            self.brushed.emit(None)
            return
        plane = self._plane
        middle = [_middle(*part) for part in zip((plane.x, plane.y), plane.low, plane.high, strict=True)]
        (x0, x1), (y0, y1) = middle
        self.brushed.emit(Brush(plane.columns, (x0, y0), (x1, y1)))

    def _brush_moved(self) -> None:
        if self._plane is None or not self._rectangle.isVisible():
            return
        position, size = self._rectangle.pos(), self._rectangle.size()
        low, high = (position.x(), position.y()), (position.x() + size.x(), position.y() + size.y())
        self.brushed.emit(Brush(self._plane.columns, low, high))

    def _clicked(self, _: object, points: object, event: object) -> None:
        if len(points) and event.button() == Qt.MouseButton.LeftButton:
            self.picked.emit(int(points[0].data()))

    def _clicked_through(self, _: object, event: object) -> None:
        position = self.plane.vb.mapSceneToView(event.scenePos())
        for points in (self._points, self._others):
            found = points.pointsAt(position)
            if len(found):
                self.picked.emit(int(found[0].data()))
                return

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.figure.set_theme(theme)
        for plot in (*self.histograms, self.plane):
            for side in ("left", "bottom"):
                plot.getAxis(side).setPen(theme.muted)
                plot.getAxis(side).setTextPen(theme.foreground)
        accent = pg.mkColor(theme.accent)
        for curve in self._of_all:
            curve.setPen(pg.mkPen(theme.muted, width=1))
            curve.setBrush(pg.mkBrush(theme.faint))
        for curve in self._of_listed:
            curve.setPen(pg.mkPen(accent, width=1))
            filling = pg.mkColor(accent)
            filling.setAlpha(70)
            curve.setBrush(pg.mkBrush(filling))
        self._points.setBrush(pg.mkBrush(accent))
        self._others.setBrush(pg.mkBrush(theme.spectrum))
        self._current.setPen(pg.mkPen(theme.foreground, width=2))
        self._rectangle.setPen(pg.mkPen(theme.foreground, width=2))
        self._rectangle.hoverPen = pg.mkPen(theme.accent, width=3)
        for handle in self._rectangle.getHandles():
            handle.pen = handle.currentPen = pg.mkPen(theme.foreground, width=1.5)
            handle.hoverPen = pg.mkPen(theme.accent, width=2)
        self._density.setColorMap(pg.ColorMap(None, [theme.background, theme.spectrum, theme.foreground]))


def _middle(values: FloatArray, low: float, high: float) -> tuple[float, float]:
    """Return the ends of the middle half of some values, or of the axis where there are none."""
    first, last = np.percentile(values if values.size else [low, high], (25, 75))
    margin = (high - low) / 100
    return float(first - margin), float(last + margin)
