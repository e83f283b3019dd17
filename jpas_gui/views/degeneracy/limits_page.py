"""What can be told at all: errors against magnitude, and over the whole library."""

from html import escape

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from jpas_gui.app.degeneracy_frame import DegeneracyFrame
from jpas_gui.app.limits_frame import MAGNITUDES, ErrorCurve, MapFrame
from jpas_gui.core.evaluation.labels import LABELS
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.views.degeneracy.figure import PlainFigure
from jpas_gui.views.degeneracy.library_map_plot import LibraryMapPlot
from jpas_gui.views.theme import LIGHT, Theme, series_colour, series_symbol

_LEAST_LINES = 14
"""Height of each figure in lines of text, in which it can be read."""


class LimitsPage(QWidget):
    """Errors of the present population against magnitude, and of all populations at the present magnitude."""

    def __init__(self) -> None:
        super().__init__()
        self.figure = ErrorFigure()
        self.map = LibraryMapPlot("Error", is_signed=False)
        self.parameter = QComboBox()
        self.parameter.setAccessibleName("Parameter of the map")
        self.parameter.setToolTip("The parameter whose error the map shows")
        self.parameter.addItems([f"Error of {LABELS[name].symbol} over the library" for name in PARAMETERS])
        self.parameter.currentIndexChanged.connect(lambda _: self._show_map())
        self._shown: MapFrame | None = None
        for figure in (self.figure, self.map):
            figure.setMinimumHeight(_LEAST_LINES * self.fontMetrics().lineSpacing())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.figure, 45)
        layout.addWidget(self.parameter)
        layout.addWidget(self.map, 55)

    def show_limits(self, frame: DegeneracyFrame | None, curve: ErrorCurve | None, shown: MapFrame | None) -> None:
        """Show what is known of the limits so far."""
        self.figure.show_curve(frame, curve)
        self._shown = shown
        self._show_map()
        if frame is not None:
            self.map.show_population(float(frame.centre[0]), float(frame.centre[1]))

    def _show_map(self) -> None:
        shown = self._shown
        if shown is None or shown.grid is None:
            self.map.show_nothing("the map follows")
            return
        label = LABELS[PARAMETERS[self.parameter.currentIndex()]]
        known, total = shown.grid.n_known, shown.grid.n_nodes
        progress = "" if shown.is_whole else f" · {known / total:.0%}"
        title = (
            f"half the 16–84 % width of {label.symbol} ({label.delta_unit}) · {shown.scene.library.title} · "
            f"E(B−V) {shown.ebv:.2f} · magnitude {shown.magnitude:.2f}{progress}"
        )
        grid = shown.grid
        self.map.show_map(grid.log_age, grid.metallicity, grid.error[..., self.parameter.currentIndex()], title)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.figure.set_theme(theme)
        self.map.set_theme(theme)


class ErrorFigure(PlainFigure):
    """The error of each parameter against magnitude: exact posteriors as points, Fisher information as a line."""

    def __init__(self) -> None:
        super().__init__("Errors against magnitude", "Error of each parameter against magnitude")
        self._frame: DegeneracyFrame | None = None
        self.caption = self._caption
        self._fisher, self._exact, self._present = [], [], []
        for column, name in enumerate(PARAMETERS):
            label = LABELS[name]
            plot = self.add_plain_plot(
                0, column, f"error of {label.symbol} ({label.delta_unit})", "AB magnitude", is_narrow=True
            )
            plot.setLogMode(y=True)
            plot.setXRange(MAGNITUDES[0], MAGNITUDES[-1], padding=0.02)
            colour = series_colour(column + 1)
            self._fisher.append(pg.PlotDataItem(pen=pg.mkPen(colour, width=1, dash=[4, 3])))
            self._exact.append(
                pg.PlotDataItem(
                    pen=pg.mkPen(colour, width=1), symbol=series_symbol(column + 1), symbolSize=7, symbolPen=None
                )
            )
            self._exact[-1].setSymbolBrush(colour)
            self._present.append(pg.InfiniteLine(angle=90, movable=False))
            for item in (self._fisher[-1], self._exact[-1]):
                item.setLogMode(False, True)
            for item in (self._fisher[-1], self._exact[-1], self._present[-1]):
                plot.addItem(item, ignoreBounds=True)
        self.setToolTip("Points: exact posteriors, half the 16–84 % width; dashed: Fisher information; line: now")
        self.set_theme(LIGHT)
        self.say_nothing_to_show("the errors follow")

    def _caption(self) -> str:
        stamp = escape(self._frame.scene.stamp) if self._frame else ""
        return f"{stamp}<br>points: exact posteriors, half the 16–84 % width; dashed: Fisher information"

    def show_curve(self, frame: DegeneracyFrame | None, curve: ErrorCurve | None) -> None:
        """Show what is known so far."""
        self.say_nothing_to_show("" if curve is not None else "the errors follow")
        self._frame = frame
        for number, plot in enumerate(self.plots):
            if frame is not None:
                self._present[number].setValue(frame.magnitude)
            if curve is None:
                continue
            known = np.isfinite(curve.exact[:, number])
            fisher, exact = curve.fisher[:, number], curve.exact[known, number]
            self._fisher[number].setData(MAGNITUDES, fisher)
            self._exact[number].setData(MAGNITUDES[known], exact)
            values = np.log10(np.maximum(np.concatenate([fisher, exact]), 1e-5))
            plot.setYRange(float(values.min()), float(values.max()), padding=0.05)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        super().set_theme(theme)
        for line in self._present:
            line.setPen(pg.mkPen(theme.accent, width=1))
