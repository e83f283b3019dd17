"""What a training would be, before it begins."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from jpas_gui.app.coverage import coverage_of_nodes
from jpas_gui.app.training_text import example_title, preview_text
from jpas_gui.views.explore.coverage_plot import CoveragePlot
from jpas_gui.views.plots.error_bars import ErrorBars
from jpas_gui.views.plots.figure import Figure
from jpas_gui.views.theme import LIGHT, Theme, series_colour
from jpas_gui.views.training.plot_style import colour_axes, prepare

_COVERAGE_WIDTH = 460
_TITLE_HEIGHT = 34


class PreviewPanel(QWidget):
    """Size and time, coverage of the libraries, and example SEDs."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self.text = QLabel("Press Preview to see what the training would be.")
        self.text.setAccessibleName("Preview of the training")
        self.text.setWordWrap(True)
        self.coverage = CoveragePlot()
        self.coverage.setMaximumWidth(_COVERAGE_WIDTH)
        self.figure = Figure("Example SEDs of the sample")
        self._plots: list[pg.PlotItem] = []
        both = QHBoxLayout()
        both.addWidget(self.coverage)
        both.addWidget(self.figure, 1)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addLayout(both, 1)
        self._show_pictures(False)

    def show_waiting(self) -> None:
        """Say that the answer is still to come."""
        self.text.setText("Making a part of the sample, and timing a few batches …")

    def show_problem(self, problem: str) -> None:
        """Say why there is none."""
        self.text.setText(problem)
        self._show_pictures(False)

    def show_preview(self, preview: Mapping[str, Any]) -> None:
        """Show what ``jpas-gui train --preview --json`` prints."""
        self.text.setText(preview_text(preview))
        self.coverage.show_libraries(
            [coverage_of_nodes(one["title"], np.array(one["nodes"], dtype=float)) for one in preview["coverage"]]
        )
        self.figure.clear()
        self._plots = []
        for number, example in enumerate(preview["examples"]):
            self._add_example(number, example)
        self.set_theme(self._theme)
        self._show_pictures(True)

    def _add_example(self, number: int, example: Mapping[str, Any]) -> None:
        plot = self.figure.addPlot(row=number, col=0)
        prepare(plot)
        x, y, error = (np.array(example[key], dtype=float) for key in ("wavelength", "flux_nu", "flux_nu_error"))
        bars = ErrorBars()
        bars.set_data(x, y - error, y + error)
        bars.set_colour(series_colour(number + 1))
        plot.addItem(bars)
        plot.addItem(pg.ScatterPlotItem(x, y, size=6, pen=None, brush=series_colour(number + 1)))
        plot.setTitle(example_title(example), size="9pt")
        plot.titleLabel.setMaximumHeight(_TITLE_HEIGHT)
        plot.layout.setRowFixedHeight(0, _TITLE_HEIGHT)
        plot.setLabel("left", "F<sub>ν</sub> (nMgy)")
        plot.setLabel("bottom", "wavelength (Å)")
        plot.setXRange(float(x.min()), float(x.max()))
        plot.setYRange(float(min(0, (y - error).min())), float((y + error).max()))
        self._plots.append(plot)

    def _show_pictures(self, on: bool) -> None:
        for widget in (self.coverage, self.figure):
            widget.setVisible(on)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.coverage.set_theme(theme)
        self.figure.set_theme(theme)
        for plot in self._plots:
            colour_axes(plot, theme)
