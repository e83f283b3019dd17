"""Figure 3 of the paper: predicted against true, their difference, and a rectangle that picks mocks."""

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QSignalBlocker, Signal

from jpas_gui.app.recovery import MockBrush, RecoveryFrame, RecoverySeries, brushed_rows
from jpas_gui.core.evaluation.running import Running
from jpas_gui.views.plots.error_bars import ErrorBars
from jpas_gui.views.plots.figure import Figure
from jpas_gui.views.plots.model_style import faint_model_brush
from jpas_gui.views.plots.stamp import Stamp
from jpas_gui.views.theme import LIGHT, Theme, model_colour, model_symbol

_AXIS_WIDTH = 58
_NEAR = 12.0
"""Pixels from a mock within which it is under the mouse."""


@dataclass(frozen=True)
class _Items:
    """What draws the running percentiles of one evaluation in one plot."""

    line: pg.PlotDataItem
    bars: ErrorBars

    def show(self, running: Running, place: int, theme: Theme) -> None:
        colour = model_colour(place)
        self.line.setData(
            running.place,
            running.median,
            pen=pg.mkPen(colour, width=1.5),
            symbol=model_symbol(place),
            symbolSize=9,
            symbolBrush=pg.mkBrush(colour),
            symbolPen=pg.mkPen(theme.background, width=1),
        )
        self.bars.set_data(running.place, running.low, running.high)
        self.bars.set_colour(colour)
        self.set_visible(True)

    def set_visible(self, on: bool) -> None:
        self.line.setVisible(on)
        self.bars.setVisible(on)


class RecoveryPlot(Figure):
    """Points are the mocks of one evaluation; running medians with 16 to 84 % bars are those of all that are shown.

    Signals
    -------
    brushed(object)
        A `MockBrush`: the rectangle was moved.
    hovered(int)
        Row of the mock under the mouse; -1 where there is none.
    """

    brushed = Signal(object)
    hovered = Signal(int)

    def __init__(self) -> None:
        super().__init__("Predicted against true")
        self._theme = LIGHT
        self._frame: RecoveryFrame | None = None
        self._series: list[tuple[_Items, _Items]] = []
        self._stamp = Stamp()
        self.addItem(self._stamp, row=0, col=0)
        self.plane, self.difference = self._add_plot(1), self._add_plot(2)
        self.difference.setXLink(self.plane)
        self.ci.layout.setRowStretchFactor(1, 3)
        self.ci.layout.setRowStretchFactor(2, 1)
        self._points = [pg.ScatterPlotItem(symbol="o", size=4, pxMode=True, pen=None) for _ in range(2)]
        self._hovered = pg.ScatterPlotItem(symbol="o", size=12, pxMode=True, brush=None)
        self._guides = [pg.PlotCurveItem(), pg.PlotCurveItem()]
        self._rectangle = pg.RectROI((0, 0), (1, 1))
        self._rectangle.addScaleHandle((0, 0), (1, 1))
        self._rectangle.sigRegionChangeFinished.connect(self._brush_moved)
        self._add_items()
        self.tools = [self._rectangle, self._hovered]
        self.scene().sigMouseMoved.connect(self._hover)
        self.set_theme(LIGHT)
        self.show_nothing("")

    def _add_plot(self, row: int) -> pg.PlotItem:
        plot = self.addPlot(row=row, col=0)
        plot.hideButtons()
        plot.setMenuEnabled(False)
        plot.disableAutoRange()
        for side in ("left", "bottom"):
            plot.getAxis(side).enableAutoSIPrefix(False)
        plot.getAxis("left").setWidth(_AXIS_WIDTH)
        return plot

    def _add_items(self) -> None:
        for plot, points, guide in zip((self.plane, self.difference), self._points, self._guides, strict=True):
            plot.addItem(points, ignoreBounds=True)
            plot.addItem(guide, ignoreBounds=True)
        self.plane.addItem(self._hovered, ignoreBounds=True)
        self.plane.addItem(self._rectangle, ignoreBounds=True)

    # -- what is shown ----------------------------------------------------------------------------------------------

    def show_nothing(self, why: str) -> None:
        """Show only why there is nothing to be seen."""
        self._stamp.set_text(why)
        self._show_frame(None)

    def show_frame(self, frame: RecoveryFrame, key: str) -> None:
        """Show a frame, with this rich text above it."""
        self._stamp.set_html(key)
        self._show_frame(frame)

    def _show_frame(self, frame: RecoveryFrame | None) -> None:
        before, self._frame = self._frame, frame
        for plot in (self.plane, self.difference):
            plot.setVisible(frame is not None)
        self._hovered.setData([], [])
        self._rectangle.setVisible(frame is not None)
        if frame is None:
            for points in self._points:
                points.setData([], [])
            self._show_series(())
            return
        brush = faint_model_brush(frame.place)
        for points, y in zip(self._points, (frame.point, frame.point - frame.truth), strict=True):
            points.setData(frame.truth, y, brush=brush)
        self._show_series(frame.series)
        ends = [frame.low, frame.high]
        self._guides[0].setData(ends, ends)
        self._guides[1].setData(ends, [0.0, 0.0])
        self.plane.setLabel("left", f"predicted {frame.label}")
        self.difference.setLabel("left", f"Δ ({frame.delta_unit})")
        self.difference.setLabel("bottom", f"true {frame.label}")
        if before is None or (before.label, before.low, before.high) != (frame.label, frame.low, frame.high):
            self.fit()
        if before is None or before.label != frame.label or not brushed_rows(frame, self.brush).size:
            self._put_rectangle(frame)

    def _show_series(self, series: tuple[RecoverySeries, ...]) -> None:
        while len(self._series) < len(series):
            self._series.append(self._new_items())
        for (above, below), one in zip(self._series, series, strict=False):
            above.show(one.predicted, one.place, self._theme)
            below.show(one.delta, one.place, self._theme)
        for items in self._series[len(series) :]:
            for part in items:
                part.set_visible(False)

    def _new_items(self) -> tuple[_Items, _Items]:
        pair = _Items(pg.PlotDataItem(), ErrorBars()), _Items(pg.PlotDataItem(), ErrorBars())
        for plot, items in zip((self.plane, self.difference), pair, strict=True):
            plot.addItem(items.bars, ignoreBounds=True)
            plot.addItem(items.line, ignoreBounds=True)
        return pair

    def _put_rectangle(self, frame: RecoveryFrame) -> None:
        """Put the rectangle where predictions are farthest off, to begin with."""
        worst = int(np.argmax(np.abs(frame.point - frame.truth)))
        side = (frame.high - frame.low) / 6
        middle = np.array([frame.truth[worst], frame.point[worst]])
        corner = np.clip(middle - side / 2, frame.low, frame.high - side)
        with QSignalBlocker(self._rectangle):
            self._rectangle.setPos(corner)
            self._rectangle.setSize((side, side))

    def fit(self) -> None:
        """Show all mocks."""
        if self._frame is not None:
            self.plane.setXRange(self._frame.low, self._frame.high, padding=0)
            self.plane.setYRange(self._frame.low, self._frame.high, padding=0)
            self.difference.setYRange(-self._frame.reach, self._frame.reach, padding=0)

    @property
    def brush(self) -> MockBrush:
        """Where the rectangle is."""
        position, size = self._rectangle.pos(), self._rectangle.size()
        return MockBrush((position.x(), position.y()), (position.x() + size.x(), position.y() + size.y()))

    def set_brush(self, brush: MockBrush) -> None:
        """Put the rectangle somewhere."""
        self._rectangle.setPos(brush.low, finish=False)
        self._rectangle.setSize(np.subtract(brush.high, brush.low))

    # -- what the user does -----------------------------------------------------------------------------------------

    def _brush_moved(self) -> None:
        self.brushed.emit(self.brush)

    def _hover(self, position: QPointF) -> None:
        frame = self._frame
        place = -1 if frame is None else self._under(frame, position)
        if frame is None or place < 0:
            self._hovered.setData([], [])
            self.hovered.emit(-1)
        else:
            self._hovered.setData([frame.truth[place]], [frame.point[place]])
            self.hovered.emit(int(frame.rows[place]))

    def _under(self, frame: RecoveryFrame, position: QPointF) -> int:
        """Return the place of the mock under the mouse; -1 where there is none."""
        for plot, y in ((self.plane, frame.point), (self.difference, frame.point - frame.truth)):
            if plot.vb.sceneBoundingRect().contains(position):
                at, pixel = plot.vb.mapSceneToView(position), plot.vb.viewPixelSize()
                distance = np.hypot((frame.truth - at.x()) / pixel[0], (y - at.y()) / pixel[1])
                nearest = int(np.argmin(distance))
                return nearest if distance[nearest] < _NEAR else -1
        return -1

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        super().set_theme(theme)
        self._stamp.set_colour(theme.muted)
        for plot in (self.plane, self.difference):
            for side in ("left", "bottom"):
                plot.getAxis(side).setPen(theme.muted)
                plot.getAxis(side).setTextPen(theme.foreground)
        for guide in self._guides:
            guide.setPen(pg.mkPen(theme.spectrum, width=1))
        self._hovered.setPen(pg.mkPen(theme.accent, width=2))
        self._rectangle.setPen(pg.mkPen(theme.foreground, width=2))
        if self._frame is not None:
            self._show_series(self._frame.series)
