"""What a network makes of the watched mocks: predicted against true, and scatter per magnitude."""

import numpy as np
import pyqtgraph as pg
from cmap import Colormap
from PySide6.QtCore import Qt

from jpas_gui.app.training_curves import scatter_curves
from jpas_gui.app.training_log import Watched
from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.evaluation.figures.magnitudes import PAPER_AGE
from jpas_gui.core.evaluation.labels import LABELS
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.views.plots.stamp import Stamp
from jpas_gui.views.theme import Theme
from jpas_gui.views.training.plot_style import PAPER, VALIDATION, colour_axes, prepare

_MARGIN = 0.04
_KEYED = (16, 18, 20, 22)
_SCATTERS = (0.003, 3.0)
_MAGNITUDES = (15.75, 22.25)


class RecoveryPlots:
    """A row of a figure: predicted against true values of each parameter, bright mocks dark, faint ones light."""

    def __init__(self, figure: pg.GraphicsLayoutWidget, row: int) -> None:
        self._shown: FloatArray | None = None
        self.plots, self.points, self._diagonals = [], [], []
        for column, name in enumerate(PARAMETERS):
            plot = figure.addPlot(row=row, col=column)
            prepare(plot)
            plot.setLabel("bottom", f"true {LABELS[name].axis}")
            plot.setLabel("left", f"predicted {LABELS[name].axis}")
            diagonal = plot.plot(pen=pg.mkPen(style=Qt.PenStyle.DashLine))
            points = pg.ScatterPlotItem(size=5, pen=None, pxMode=True)
            plot.addItem(points, ignoreBounds=True)
            self.plots.append(plot)
            self.points.append(points)
            self._diagonals.append(diagonal)

    def show_watched(self, watched: Watched | None) -> None:
        """Show what the network says of the mocks after the last epoch."""
        if watched is None or watched.predicted is None:
            for points in self.points:
                points.setData([], [])
            return
        brushes = [pg.mkBrush(colour) for colour in _colours(watched.magnitude)]
        for number, (plot, points) in enumerate(zip(self.plots, self.points, strict=True)):
            true, predicted = watched.truth[:, number], watched.predicted[:, number]
            known = np.isfinite(predicted)
            own = [brush for brush, there in zip(brushes, known, strict=True) if there]
            points.setData(true[known], predicted[known], brush=own)
            if watched.truth is not self._shown:
                self._fit(plot, self._diagonals[number], true)
        self._shown = watched.truth

    def _fit(self, plot: pg.PlotItem, diagonal: pg.PlotDataItem, true: FloatArray) -> None:
        low, high = float(true.min()), float(true.max())
        margin = _MARGIN * (high - low) or 1.0
        diagonal.setData([low, high], [low, high])
        plot.setXRange(low - margin, high + margin, padding=0)
        plot.setYRange(low - margin, high + margin, padding=0)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        for plot, diagonal in zip(self.plots, self._diagonals, strict=True):
            colour_axes(plot, theme)
            diagonal.setPen(pg.mkPen(theme.muted, style=Qt.PenStyle.DashLine))


def _colours(magnitude: FloatArray) -> list[str]:
    part = np.interp(magnitude, _MAGNITUDES, (0.1, 0.85))
    colours = {value: Colormap("viridis")(value).hex for value in np.unique(part).tolist()}
    return [colours[value] for value in part.tolist()]


class WatchKey:
    """A line of a figure that says what the colours and lines of both rows are."""

    def __init__(self, figure: pg.GraphicsLayoutWidget, row: int) -> None:
        self._stamp = Stamp()
        figure.addItem(self._stamp, row=row, col=0, colspan=len(PARAMETERS))

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        dots = [("●", colour, f"{value}") for value, colour in zip(_KEYED, _colours(np.array(_KEYED)), strict=True)]
        lines = [("●", VALIDATION, "network"), ("━", theme.foreground, "exact posterior"),
                 ("★", PAPER, "the paper, its test set")]  # fmt: skip
        self._stamp.set_html(
            f"points by magnitude: {_marked(dots)}&nbsp;&nbsp;&nbsp;&nbsp;&nbsp; scatter: {_marked(lines)}"
        )
        self._stamp.set_colour(theme.foreground)


def _marked(entries: list[tuple[str, str, str]]) -> str:
    return " ".join(f'<span style="color:{colour}">{mark}</span>&nbsp;{text}' for mark, colour, text in entries)


class ScatterPlots:
    """A row of a figure: scatter of each parameter against magnitude, the exact posterior's, and the paper's."""

    def __init__(self, figure: pg.GraphicsLayoutWidget, row: int) -> None:
        self.plots, self.lines, self._exact = [], [], []
        for column, name in enumerate(PARAMETERS):
            plot = figure.addPlot(row=row, col=column)
            prepare(plot)
            plot.setLabel("bottom", "magnitude (AB, iSDSS)")
            plot.setLabel("left", f"scatter of {LABELS[name].symbol} ({LABELS[name].delta_unit})")
            plot.getAxis("left").setLogMode(True)
            plot.setXRange(*_MAGNITUDES, padding=0)
            plot.setYRange(*np.log10(_SCATTERS).tolist(), padding=0)
            self.lines.append(plot.plot(pen=pg.mkPen(VALIDATION, width=2), symbol="o", symbolSize=6,
                                        symbolBrush=VALIDATION, symbolPen=None))  # fmt: skip
            self._exact.append(plot.plot(pen=pg.mkPen(width=2)))
            self.plots.append(plot)
        self.paper = pg.ScatterPlotItem(symbol="star", size=14, brush=PAPER, pen=None)
        self.paper.setData([one.magnitude for one in PAPER_AGE], np.log10([one.scatter for one in PAPER_AGE]).tolist())
        self.plots[0].addItem(self.paper, ignoreBounds=True)

    def show_watched(self, watched: Watched | None) -> None:
        """Show the scatter after the last epoch."""
        if watched is None:
            for line in (*self.lines, *self._exact):
                line.setData([], [])
            return
        curves = scatter_curves(watched)
        for number, (line, exact) in enumerate(zip(self.lines, self._exact, strict=True)):
            line.setData(*_positive(curves.magnitude, curves.scatter[:, number]))
            exact.setData(*_positive(watched.exact_magnitude, watched.exact_scatter[:, number]))

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        for plot, exact in zip(self.plots, self._exact, strict=True):
            colour_axes(plot, theme)
            exact.setPen(pg.mkPen(theme.foreground, width=2))


def _positive(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    there = np.isfinite(y) & (y > 0)
    return x[there], np.log10(y[there])
