"""The posteriors of a galaxy: three marginals and three two-parameter maps with contours."""

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg

from jpas_gui.app.corner import PAIRS
from jpas_gui.app.observed_frame import ShownAnswer
from jpas_gui.core.evaluation.labels import LABELS
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.views.observed.styles import style_of
from jpas_gui.views.plots.figure import Figure
from jpas_gui.views.plots.key import key_entry, key_line
from jpas_gui.views.plots.sparse_axis import SparseAxis
from jpas_gui.views.text_size import with_text
from jpas_gui.views.theme import LIGHT, Theme

_LEFT_WIDTH, _BOTTOM_HEIGHT, _GAP = 50, 36, 8

_LEAST_WIDTH, _LEAST_HEIGHT = 210, 150
"""Pixels: below that its panels could not be read."""

_MARGIN = 0.06
_NARROWEST = (0.1, 0.1, 0.04)
"""Least width of the axes of log_age, metallicity and ebv."""


@dataclass(frozen=True, eq=False)
class _Items:
    """Of one answer: a curve or a line for each marginal, contours and a point for each map."""

    marginals: tuple[pg.PlotCurveItem, ...]
    lines: tuple[pg.InfiniteLine, ...]
    contours: tuple[pg.PlotCurveItem, ...]
    points: tuple[pg.ScatterPlotItem, ...]


class CornerPlot(Figure):
    """Shows the posteriors of all answers over each other."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(with_text(_LEAST_WIDTH), with_text(_LEAST_HEIGHT))
        self.setAccessibleName("Posteriors")
        self.setAccessibleDescription("Marginals and 68% and 95% contours of the exact posterior and of the models")
        self._theme = LIGHT
        self._items: dict[str, _Items] = {}
        self._shown: dict[str, str] = {}
        self.caption = self.key
        n = len(PARAMETERS)
        self.marginals = tuple(self._add_plot(i, i) for i in range(n))
        self.maps = {pair: self._add_plot(pair[1], pair[0]) for pair in PAIRS}
        for (first, second), plot in self.maps.items():
            plot.setXLink(self.marginals[first])
            if first == 0:
                plot.setLabel("left", LABELS[PARAMETERS[second]].symbol)
            if second == n - 1:
                plot.setLabel("bottom", LABELS[PARAMETERS[first]].symbol)
        for plot in self.marginals:
            plot.getAxis("left").setTicks([])
            plot.setYRange(0, 1.08, padding=0)
        self.marginals[-1].setLabel("bottom", LABELS[PARAMETERS[-1]].symbol)
        self.ci.layout.setSpacing(_GAP)
        self.set_theme(LIGHT)
        self.say_nothing_to_show("No posterior")

    def _add_plot(self, row: int, column: int) -> pg.PlotItem:
        axes = {side: SparseAxis(side) for side in ("left", "bottom")}
        plot = self.addPlot(row=row, col=column, axisItems=axes)
        plot.hideButtons()
        plot.setMenuEnabled(False)
        plot.setMouseEnabled(x=False, y=False)
        plot.disableAutoRange()
        for side in ("left", "bottom"):
            plot.getAxis(side).enableAutoSIPrefix(False)
        plot.getAxis("left").setWidth(with_text(_LEFT_WIDTH))
        plot.getAxis("bottom").setHeight(with_text(_BOTTOM_HEIGHT))
        # Axes along the outer edges alone: they are most of what painting costs.
        plot.showAxis("left", column == 0)
        plot.showAxis("bottom", row == len(PARAMETERS) - 1)
        return plot

    def key(self) -> str:
        """Return which colour is whose, as rich text."""
        return key_line(key_entry(*reversed(style_of(name, self._theme)), title) for name, title in self._shown.items())

    def show_answers(self, answers: tuple[ShownAnswer, ...]) -> None:
        """Show these answers, and no others."""
        known = [answer for answer in answers if np.isfinite(answer.point).all()]
        self.say_nothing_to_show("" if known else "No posterior")
        for answer in known:
            self._show_one(answer)
        names = {answer.name: answer.corner is not None for answer in known}
        self._shown = {answer.name: answer.title for answer in known}
        for name, items in self._items.items():
            for item in (*items.marginals, *items.contours):
                item.setVisible(names.get(name, False))
            for item in (*items.lines, *items.points):
                item.setVisible(name in names)
        if known:
            self._fit(known)
        # Else the first painting would find axes and view apart, and all would be painted twice.
        self.scene().prepareForPaint()

    def _show_one(self, answer: ShownAnswer) -> None:
        items = self._items.get(answer.name) or self._add(answer.name)
        for line, value in zip(items.lines, answer.point, strict=True):
            line.setValue(float(value))
        for points, (first, second) in zip(items.points, PAIRS, strict=True):
            points.setData([answer.point[first]], [answer.point[second]])
        if answer.corner is not None:
            for curve, marginal in zip(items.marginals, answer.corner.marginals, strict=True):
                curve.setData(marginal.x, marginal.y)
            for curve, contour in zip(items.contours, answer.corner.contours, strict=True):
                curve.setData(contour.x, contour.y, connect="finite")

    def _add(self, name: str) -> _Items:
        items = _Items(
            tuple(pg.PlotCurveItem(antialias=True) for _ in PARAMETERS),
            tuple(pg.InfiniteLine(angle=90, movable=False) for _ in PARAMETERS),
            tuple(pg.PlotCurveItem(antialias=True) for _ in PAIRS),
            tuple(pg.ScatterPlotItem(size=9, pxMode=True) for _ in PAIRS),
        )
        for plot, curve, line in zip(self.marginals, items.marginals, items.lines, strict=True):
            plot.addItem(curve, ignoreBounds=True)
            plot.addItem(line, ignoreBounds=True)
        for pair, curve, points in zip(PAIRS, items.contours, items.points, strict=True):
            self.maps[pair].addItem(curve, ignoreBounds=True)
            self.maps[pair].addItem(points, ignoreBounds=True)
        self._items[name] = items
        self._style(name, items)
        return items

    def _fit(self, answers: list[ShownAnswer]) -> None:
        points = np.array([answer.point for answer in answers])
        lows = [points.min(axis=0), *(answer.corner.low for answer in answers if answer.corner)]
        highs = [points.max(axis=0), *(answer.corner.high for answer in answers if answer.corner)]
        low, high = np.min(lows, axis=0), np.max(highs, axis=0)
        margin = _MARGIN * (high - low) + np.maximum(0, np.array(_NARROWEST) - (high - low)) / 2
        low, high = low - margin, high + margin
        for place, plot in enumerate(self.marginals):
            plot.setXRange(low[place], high[place], padding=0)
        for (_, second), plot in self.maps.items():
            plot.setYRange(low[second], high[second], padding=0)

    def _style(self, name: str, items: _Items) -> None:
        colour, symbol = style_of(name, self._theme)
        pen, dashed = pg.mkPen(colour, width=1), pg.mkPen(colour, width=1, dash=[3, 4])
        for curve in (*items.marginals, *items.contours):
            curve.setPen(pen)
        for line in items.lines:
            line.setPen(dashed)
        for points in items.points:
            points.setSymbol(symbol)
            points.setPen(pg.mkPen(self._theme.background, width=1))
            points.setBrush(pg.mkBrush(colour))

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        super().set_theme(theme)
        for plot in (*self.marginals, *self.maps.values()):
            plot.vb.setBorder(pg.mkPen(theme.muted, width=1))
            for side in ("left", "bottom"):
                plot.getAxis(side).setPen(theme.muted)
                plot.getAxis(side).setTextPen(theme.foreground)
        for name, items in self._items.items():
            self._style(name, items)
