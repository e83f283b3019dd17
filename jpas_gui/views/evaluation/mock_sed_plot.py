"""The SEDs of the mocks in a brush, and of the one under the mouse."""

import numpy as np
import pyqtgraph as pg

from jpas_gui.app.recovery import MockSEDs
from jpas_gui.views.plots.error_bars import ErrorBars
from jpas_gui.views.plots.figure import Figure
from jpas_gui.views.theme import LIGHT, Theme

_AXIS_WIDTH = 58
_OPACITIES = (60, 255)
"""Of many lines, and of few."""

_INK = 1200
"""Opacity that all lines share."""

_EXTREMES = (1.0, 99.0)
"""Percentiles at the ends of the vertical axis: a noisy band must not hide the rest."""


class MockSEDPlot(Figure):
    """Fluxes relative to that in iSDSS, as they were given to the model, over rest-frame wavelength."""

    def __init__(self) -> None:
        super().__init__("SEDs of the mocks in the brush")
        self.plot = self.addPlot(row=0, col=0)
        self.plot.hideButtons()
        self.plot.setMenuEnabled(False)
        self.plot.disableAutoRange()
        for side in ("left", "bottom"):
            self.plot.getAxis(side).enableAutoSIPrefix(False)
        self.plot.getAxis("left").setWidth(_AXIS_WIDTH)
        self.plot.setLabel("left", "Fν / Fν(iSDSS)")
        self.plot.setLabel("bottom", "rest-frame wavelength (Å)")
        self._lines = pg.PlotCurveItem(connect="finite")
        self._bars = ErrorBars()
        self._points = pg.ScatterPlotItem(symbol="o", size=6, pxMode=True, pen=None)
        for item in (self._lines, self._bars, self._points):
            self.plot.addItem(item, ignoreBounds=True)
        self._theme, self._opacity = LIGHT, _OPACITIES[0]
        self.set_theme(LIGHT)

    def show_seds(self, seds: MockSEDs | None) -> None:
        """Show these SEDs as lines; None: there are none."""
        self.show_one(None)
        is_empty = seds is None or not len(seds.x)
        self.say_missing(self.plot, "No mock lies in the brush" if is_empty else "")
        if is_empty:
            self._lines.setData([], [])
            return
        gap = np.full((len(seds.x), 1), np.nan)
        x, y = np.hstack([seds.x, gap]).ravel(), np.hstack([seds.y, gap]).ravel()
        self._lines.setData(x, y, connect="finite")
        self._opacity = int(np.clip(_INK / len(seds.x), *_OPACITIES))
        self._colour_lines()
        low, high = np.nanpercentile(seds.y, _EXTREMES)
        margin = 0.08 * (high - low) + 1e-3
        self.plot.setXRange(float(np.nanmin(seds.x)), float(np.nanmax(seds.x)), padding=0.02)
        self.plot.setYRange(low - margin, high + margin, padding=0)

    def show_one(self, sed: MockSEDs | None) -> None:
        """Show one SED as points with bars, over the others; None: none."""
        if sed is None:
            self._points.setData([], [])
            self._bars.setData([], [])
        else:
            x, y, error = sed.x[0], sed.y[0], sed.error[0]
            known = np.isfinite(y)
            self._points.setData(x[known], y[known])
            self._bars.set_data(x, y - error, y + error)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        super().set_theme(theme)
        for side in ("left", "bottom"):
            self.plot.getAxis(side).setPen(theme.muted)
            self.plot.getAxis(side).setTextPen(theme.foreground)
        self._theme = theme
        self._colour_lines()
        self._bars.set_colour(theme.accent)
        self._points.setBrush(pg.mkBrush(theme.accent))

    def _colour_lines(self) -> None:
        colour = pg.mkColor(self._theme.foreground)
        colour.setAlpha(self._opacity)
        self._lines.setPen(pg.mkPen(colour, width=1))
