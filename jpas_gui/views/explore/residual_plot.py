"""Residuals per band: the noisy draw minus the SED at each model's prediction."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np
import pyqtgraph as pg

from jpas_gui.app.live_frame import ModelAnswer
from jpas_gui.app.state import ResidualUnit
from jpas_gui.core.arrays import BoolArray, FloatArray
from jpas_gui.views.plots.edge_marks import BeyondMarks
from jpas_gui.views.plots.model_style import model_pen
from jpas_gui.views.plots.moving_points import MovingPoints
from jpas_gui.views.theme import Theme, model_colour, model_symbol

Value = TypeVar("Value")

_LABELS = {ResidualUnit.SIGMA: "Resid. / σ", ResidualUnit.MAGNITUDE: "Resid. (mag)"}
_SMALLEST_REACH = {ResidualUnit.SIGMA: 4.5, ResidualUnit.MAGNITUDE: 0.05}
_LEVELS = (-3.0, -1.0, 0.0, 1.0, 3.0)
"""Of the lines, in sigmas; in magnitudes only the one at zero is drawn."""


class ResidualPlot:
    """Fills a plot with a series of points for each model.

    Parameters
    ----------
    plot : PlotItem
        Its horizontal axis is that of the SED.
    """

    def __init__(self, plot: pg.PlotItem) -> None:
        self._plot = plot
        self._unit: ResidualUnit | None = None
        self._points = MovingPoints(7)
        self._beyond = BeyondMarks()
        self._lines = [pg.InfiniteLine(pos=level, angle=0, movable=False) for level in _LEVELS]
        for item in (*self._lines, self._points, self._beyond):
            plot.addItem(item, ignoreBounds=True)

    def show_unit(self, unit: ResidualUnit) -> None:
        """Show residuals in this unit, from the next answers on."""
        if unit is self._unit:
            return
        self._unit = unit
        self._plot.setLabel("left", _LABELS[unit])
        for line in self._lines:
            line.setVisible(unit is ResidualUnit.SIGMA or line.value() == 0)
        reach = _SMALLEST_REACH[unit]
        self._plot.setYRange(-reach, reach, padding=0)

    def show_answers(self, answers: Mapping[int, ModelAnswer], x: FloatArray) -> None:
        """Show these answers, by the place of their models; `x`, shape (n_bands,), is where the bands lie."""
        residuals = [self._residual(answer) for answer in answers.values()]
        known = [np.isfinite(residual) for residual in residuals]
        # One item for all models: each costs a part of every step of a drag.
        shown_x = np.concatenate([np.empty(0), *(x[own] for own in known)])
        y = np.concatenate([np.empty(0), *(residual[own] for residual, own in zip(residuals, known, strict=True))])
        self._points.show_points(
            x=shown_x,
            y=y,
            pen=_repeated([model_pen(place) for place in answers], known),
            symbol=_repeated([model_symbol(place) for place in answers], known),
            brush=None,
        )
        self._beyond.set_points(shown_x, y, _repeated([model_colour(place) for place in answers], known))

    def _residual(self, answer: ModelAnswer) -> FloatArray:
        comparison = answer.comparison
        return comparison.sigmas if self._unit is ResidualUnit.SIGMA else comparison.magnitudes

    def fit(self) -> None:
        """Show all residuals, and no less than what noise would make."""
        assert self._unit is not None
        residuals = np.abs(self._points.getData()[1])
        reach = max(_SMALLEST_REACH[self._unit], 1.1 * float(residuals.max(initial=0.0)))
        self._plot.setYRange(-reach, reach, padding=0)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        for line in self._lines:
            line.setPen(pg.mkPen(theme.foreground if line.value() == 0 else theme.faint, width=1))


def _repeated(values: Sequence[Value], known: Sequence[BoolArray]) -> list[Value]:
    """Return each value as often as its series has points."""
    return [value for value, own in zip(values, known, strict=True) for _ in range(int(own.sum()))]
