"""Plot items of the SEDs over a galaxy, and of their residuals."""

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg

from jpas_gui.app.observed_frame import SLIDERS, ObservedFrame, ShownSED
from jpas_gui.core.arrays import BoolArray
from jpas_gui.views.observed.sed_legend import SedLegend
from jpas_gui.views.observed.styles import Style, style_of
from jpas_gui.views.plots.edge_marks import BeyondMarks
from jpas_gui.views.theme import LIGHT, Theme

_SPECTRUM_ALPHA = 110
_MASKED_ALPHA = 90


@dataclass(frozen=True, eq=False)
class _Items:
    spectrum: pg.PlotDataItem
    points: pg.ScatterPlotItem
    residual: pg.ScatterPlotItem
    masked_residual: pg.ScatterPlotItem

    @property
    def all(self) -> tuple[pg.GraphicsObject, ...]:
        """Every item."""
        return self.spectrum, self.points, self.residual, self.masked_residual


class SedItems:
    """Spectrum, points and residuals of each SED, made when a name is first shown, and a legend with chi2.

    Attributes
    ----------
    legend : SedLegend
    beyond : BeyondMarks
        Of the residuals that are out of view.
    """

    def __init__(self, sed: pg.PlotItem, residuals: pg.PlotItem, legend: SedLegend) -> None:
        self._sed, self._residuals = sed, residuals
        self._items: dict[str, _Items] = {}
        self._theme = LIGHT
        self.legend = legend
        self.beyond = BeyondMarks()
        residuals.addItem(self.beyond, ignoreBounds=True)

    def show(self, frame: ObservedFrame) -> None:
        """Show the SEDs of a frame, and no others."""
        drawn = frame.used | frame.masked | frame.missing
        names = {sed.name for sed in frame.seds}
        for sed in frame.seds:
            self._show_one(sed, frame, drawn)
        for name, items in self._items.items():
            for item in items.all:
                item.setVisible(name in names)
            items.spectrum.setVisible(name in names and frame.view.spectrum)
        entries = tuple(self._entry(sed) for sed in frame.seds)
        places = len(frame.answers) + any(sed.name == SLIDERS for sed in frame.seds)
        self.legend.show_entries(f"SEDs: {frame.stands_on}" if frame.stands_on else "", entries, places)
        self._mark_beyond(frame)

    def show_nothing(self) -> None:
        """Show no SED."""
        for items in self._items.values():
            for item in items.all:
                item.setVisible(False)
        self.legend.show_entries("", (), 0)
        self.beyond.set_points(np.empty(0), np.empty(0), [])

    def _mark_beyond(self, frame: ObservedFrame) -> None:
        drawn = frame.used | frame.masked
        n = int(drawn.sum())
        colours = [style_of(sed.name, self._theme).colour for sed in frame.seds]
        self.beyond.set_points(
            np.tile(frame.x[drawn], len(frame.seds)),
            np.concatenate([np.empty(0), *(sed.residual[drawn] for sed in frame.seds)]),
            [colour for colour in colours for _ in range(n)],
            np.tile(frame.used[drawn], len(frame.seds)),
        )

    def _show_one(self, sed: ShownSED, frame: ObservedFrame, drawn: BoolArray) -> None:
        items = self._items.get(sed.name) or self._add(sed.name)
        if frame.view.spectrum:
            items.spectrum.setData(sed.spectrum.x, sed.spectrum.y, connect="finite")
        items.points.setData(x=frame.x[drawn], y=sed.y[drawn])
        items.residual.setData(x=frame.x[frame.used], y=sed.residual[frame.used])
        items.masked_residual.setData(x=frame.x[frame.masked], y=sed.residual[frame.masked])

    def _add(self, name: str) -> _Items:
        items = _Items(
            pg.PlotDataItem(antialias=False),
            pg.ScatterPlotItem(size=6, pxMode=True),
            pg.ScatterPlotItem(size=6, pxMode=True),
            pg.ScatterPlotItem(size=6, pxMode=True),
        )
        items.spectrum.setZValue(-3)
        items.points.setZValue(-1)
        self._sed.addItem(items.spectrum, ignoreBounds=True)
        self._sed.addItem(items.points, ignoreBounds=True)
        self._residuals.addItem(items.residual, ignoreBounds=True)
        self._residuals.addItem(items.masked_residual, ignoreBounds=True)
        self._items[name] = items
        self._style(name, items)
        return items

    def _style(self, name: str, items: _Items) -> None:
        colour, symbol = style_of(name, self._theme)
        pen, brush = pg.mkPen(colour, width=1), pg.mkBrush(colour)
        line = pg.mkColor(colour)
        line.setAlpha(_SPECTRUM_ALPHA)
        items.spectrum.setPen(pg.mkPen(line, width=1))
        for points in (items.points, items.residual, items.masked_residual):
            points.setSymbol(symbol)
            points.setPen(pen)
        items.points.setBrush(pg.mkBrush(self._theme.background))
        items.residual.setBrush(brush)
        faint = pg.mkColor(colour)
        faint.setAlpha(_MASKED_ALPHA)
        items.masked_residual.setPen(pg.mkPen(faint, width=1))
        items.masked_residual.setBrush(None)

    def _entry(self, sed: ShownSED) -> tuple[Style, str]:
        sign = " ⚠" if sed.is_poor else ""
        return style_of(sed.name, self._theme), f"{sed.title}   χ² {sed.chi2:.1f} / {sed.n_bands}{sign}"

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.legend.set_theme(theme)
        for name, items in self._items.items():
            self._style(name, items)
