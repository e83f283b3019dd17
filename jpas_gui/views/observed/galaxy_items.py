"""Plot items of the SEDs over a galaxy, and of their residuals."""

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg

from jpas_gui.app.observed_frame import ObservedFrame, ShownSED
from jpas_gui.app.state import Quantity
from jpas_gui.core.arrays import BoolArray
from jpas_gui.core.photometry.bands import N_SURVEY_BANDS
from jpas_gui.views.observed.sed_legend import SedLegend
from jpas_gui.views.observed.styles import Style, style_of
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
    """

    def __init__(self, sed: pg.PlotItem, residuals: pg.PlotItem) -> None:
        self._sed, self._residuals = sed, residuals
        self._items: dict[str, _Items] = {}
        self._theme = LIGHT
        self.legend = SedLegend(sed.vb)

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
        self.legend.show_entries(tuple(self._entry(sed) for sed in frame.seds), on_left=not _rises(frame))

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
        colour, symbol, _ = style_of(name, self._theme)
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
        style = style_of(sed.name, self._theme)
        return style, f"{style.title}   χ² {sed.chi2:.1f} / {sed.n_bands}"

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.legend.set_theme(theme)
        for name, items in self._items.items():
            self._style(name, items)


def _rises(frame: ObservedFrame) -> bool:
    """Return whether the SED is drawn higher on the right than on the left."""
    y = frame.series.y[:N_SURVEY_BANDS][frame.used[:N_SURVEY_BANDS]]
    third = y.size // 3
    if not third:
        return True
    rise = float(np.median(y[-third:]) - np.median(y[:third]))
    return rise < 0 if frame.view.quantity is Quantity.MAGNITUDE else rise > 0
