"""Panels of series in rows and columns, with a line above them and values under the mouse."""

from dataclasses import dataclass, field

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal

from jpas_gui.app.evaluation_panels import Kind, Panel, Panels, Series
from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.views.evaluation.figure_key import PAPER_COLOUR
from jpas_gui.views.plots.error_bars import ErrorBars
from jpas_gui.views.plots.figure import Figure
from jpas_gui.views.plots.stamp import Stamp
from jpas_gui.views.theme import LIGHT, Theme, model_colour, model_symbol

_AXIS_WIDTH = 58
_NEAR = 14.0
"""Pixels from a point within which it is under the mouse."""

_MARGIN = 0.07
_MOST_BARS = 0.4
"""Room beyond the points that is given to their bars, as part of what the points take."""


class _SeriesItems:
    """What draws one series: its line with symbols, and its error bars."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self.line, self.bars = pg.PlotDataItem(pxMode=True), ErrorBars()
        plot.addItem(self.bars, ignoreBounds=True)
        plot.addItem(self.line, ignoreBounds=True)

    def show(self, series: Series, is_log: bool, theme: Theme) -> None:
        y, error = _drawn(series, is_log)
        known = np.isfinite(y)
        x, y, error = series.x[known], y[known], error[known]
        self.line.setData(x, y, **_style(series, theme))
        drawn = np.where(error > 0, error, np.nan)
        self.bars.set_data(x, y - drawn, y + drawn)
        self.bars.set_colour(model_colour(series.place))
        self.set_visible(True)

    def set_visible(self, on: bool) -> None:
        self.line.setVisible(on)
        self.bars.setVisible(on)


def _drawn(series: Series, is_log: bool) -> tuple[FloatArray, FloatArray]:
    """Return values and errors as they are drawn: on a logarithmic axis logarithms, and their errors to first order."""
    if not is_log:
        return series.y, series.error
    y = np.where(series.y > 0, series.y, np.nan)
    return np.log10(y), series.error / y / np.log(10)


def _guides(panel: Panel) -> FloatArray:
    """Return the ends of the guides as they are drawn, shape (n, 2)."""
    ends = np.array(panel.guides, dtype=float).reshape(-1, 2)
    if panel.is_log:
        ends[:, 1] = np.log10(ends[:, 1])
    return ends


def _style(series: Series, theme: Theme) -> dict[str, object]:
    colour = model_colour(series.place)
    outline = pg.mkPen(theme.background, width=0.5)
    if series.kind is Kind.PAPER:
        brush = pg.mkBrush(PAPER_COLOUR)
        return {"pen": None, "symbol": "star", "symbolSize": 15, "symbolBrush": brush, "symbolPen": theme.foreground}
    if series.kind is Kind.EXACT:
        pen = pg.mkPen(colour, width=1.5, style=Qt.PenStyle.DotLine)
        return {"pen": pen, "symbol": "o", "symbolSize": 4, "symbolBrush": pg.mkBrush(colour), "symbolPen": None}
    if series.kind is Kind.ROBUST:
        return {"pen": pg.mkPen(colour, width=1.2, style=Qt.PenStyle.DashLine), "symbol": None}
    symbol = {"symbol": model_symbol(series.place), "symbolSize": 8}
    return {"pen": pg.mkPen(colour, width=1.6), **symbol, "symbolBrush": pg.mkBrush(colour), "symbolPen": outline}


@dataclass
class _Plot:
    """A panel's plot, the items made for it so far, and what is shown."""

    plot: pg.PlotItem
    guides: pg.PlotCurveItem
    items: list[_SeriesItems] = field(default_factory=list)
    panel: Panel | None = None


class PanelGrid(Figure):
    """Shows rows of panels, one column for each parameter; the mouse zooms, a double click shows all again.

    Parameters
    ----------
    name : str
        For assistive technology.
    n_rows : int
        Rows of panels.

    Signals
    -------
    hovered(str)
        The values under the mouse; empty where there are none.
    """

    hovered = Signal(str)

    def __init__(self, name: str, n_rows: int) -> None:
        super().__init__(name)
        self._n_rows = n_rows
        self._theme = LIGHT
        self._stamp = Stamp()
        self.addItem(self._stamp, row=0, col=0, colspan=len(PARAMETERS))
        self.plots: list[list[_Plot]] = []  # made one by one, when there is time: all together they take a while
        self.scene().sigMouseMoved.connect(self._hover)
        self.set_theme(LIGHT)

    def make_part(self) -> bool:
        """Make one plot more; return False where all are made."""
        if not self.plots or len(self.plots[-1]) == len(PARAMETERS):
            if len(self.plots) == self._n_rows:
                return False
            self.plots.append([])
        own = self._add_plot(len(self.plots) - 1, len(self.plots[-1]))
        own.plot.setVisible(False)
        self._colour(own)
        self.plots[-1].append(own)
        return True

    def _add_plot(self, row: int, column: int) -> _Plot:
        plot = self.addPlot(row=1 + row, col=column)
        plot.hideButtons()
        plot.setMenuEnabled(False)
        plot.disableAutoRange()
        for side in ("left", "bottom"):
            plot.getAxis(side).enableAutoSIPrefix(False)
            plot.getAxis(side).setStyle(maxTickLevel=1)  # ticks are most of what painting costs
        plot.getAxis("left").setWidth(_AXIS_WIDTH)
        guides = pg.PlotCurveItem(connect="pairs")
        plot.addItem(guides, ignoreBounds=True)
        return _Plot(plot, guides)

    def show_nothing(self, why: str) -> None:
        """Show only why there is nothing to be seen."""
        self._stamp.set_text(why)
        for own in (own for row in self.plots for own in row):
            own.plot.setVisible(False)

    def show_panels(self, panels: Panels, key: str) -> None:
        """Show these panels, `n_rows` rows of them, and this rich text above them."""
        self._stamp.set_html(key)
        while self.make_part():
            pass
        for plots, row in zip(self.plots, panels, strict=True):
            for own, panel in zip(plots, row, strict=True):
                self._label(own, panel)
                self._show_panel(own, panel)
        self.fit()

    def _label(self, own: _Plot, panel: Panel) -> None:
        """Name the axes, which is slow, where they have not these names already."""
        if own.plot.getAxis("left").logMode != panel.is_log:
            own.plot.getAxis("left").setLogMode(panel.is_log)
        if own.panel is None or (own.panel.x_label, own.panel.y_label) != (panel.x_label, panel.y_label):
            own.plot.setLabel("left", panel.y_label)
            own.plot.setLabel("bottom", panel.x_label)

    def _show_panel(self, own: _Plot, panel: Panel) -> None:
        own.panel = panel
        own.plot.setVisible(True)
        ends = _guides(panel)
        own.guides.setData(ends[:, 0], ends[:, 1], connect="pairs")
        while len(own.items) < len(panel.series):
            own.items.append(_SeriesItems(own.plot))
        for items, series in zip(own.items, panel.series, strict=False):
            items.show(series, panel.is_log, self._theme)
        for items in own.items[len(panel.series) :]:
            items.set_visible(False)

    def fit(self) -> None:
        """Show all of each panel."""
        for own in (own for row in self.plots for own in row):
            if own.panel is not None:
                x, y = _extent(own.panel)
                own.plot.setXRange(*x, padding=0)
                own.plot.setYRange(*y, padding=0)

    def _hover(self, position: QPointF) -> None:
        for own in (own for row in self.plots for own in row):
            if own.panel is not None and own.plot.isVisible() and own.plot.sceneBoundingRect().contains(position):
                self.hovered.emit(_nearest(own, position))
                return
        self.hovered.emit("")

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        super().set_theme(theme)
        self._stamp.set_colour(theme.muted)
        for own in (own for row in self.plots for own in row):
            self._colour(own)
            if own.panel is not None and own.plot.isVisible():
                self._show_panel(own, own.panel)

    def _colour(self, own: _Plot) -> None:
        for side in ("left", "bottom"):
            own.plot.getAxis(side).setPen(self._theme.muted)
            own.plot.getAxis(side).setTextPen(self._theme.foreground)
        own.guides.setPen(pg.mkPen(self._theme.spectrum, width=1))


def _extent(panel: Panel) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the ends of both axes: all points and guides, and of the bars as much as does not hide the points."""
    ends, drawn = _guides(panel), [_drawn(one, panel.is_log) for one in panel.series]
    x = np.concatenate([ends[:, 0], *(one.x for one in panel.series)])
    y = np.concatenate([ends[:, 1], *(values for values, _ in drawn)])
    bars = [values + sign * error for values, error in drawn for sign in (-1, 1)]
    low, high = _with_margin(y)
    room = _MOST_BARS * (high - low)
    return _with_margin(x), _with_margin(np.clip(np.concatenate([y, *bars]), low - room, high + room))


def _with_margin(values: FloatArray) -> tuple[float, float]:
    finite = values[np.isfinite(values)]
    if not finite.size:
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    margin = _MARGIN * (high - low) or 0.05
    return low - margin, high + margin


def _nearest(own: _Plot, position: QPointF) -> str:
    """Return the values of the point that is nearest to a place of the scene, where one is near."""
    box, best, text = own.plot.vb, _NEAR, ""
    for series in own.panel.series if own.panel else ():
        heights, _ = _drawn(series, own.panel.is_log)
        for x, height, y, error in zip(series.x, heights, series.y, series.error, strict=True):
            if np.isfinite(height):
                place = box.mapViewToScene(QPointF(x, height))
                distance = float(np.hypot(place.x() - position.x(), place.y() - position.y()))
                if distance < best:
                    best, text = distance, _text(own.panel, series, x, y, error)
    return text


def _text(panel: Panel, series: Series, x: float, y: float, error: float) -> str:
    spread = f" ± {error:.2g}" if error > 0 else ""
    return f"{series.title} · {panel.x_label} {x:.4g} · {panel.y_label} {y:.4g}{spread}"
