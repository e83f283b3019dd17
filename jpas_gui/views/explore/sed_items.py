"""Plot items of pinned SEDs, of the SEDs that models predict, and of the fan of magnitudes."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg

from jpas_gui.app.frame import FanMember, PinnedSED
from jpas_gui.app.live_frame import ModelAnswer
from jpas_gui.app.plot_values import vertical
from jpas_gui.app.state import FAN_MAGNITUDES, Quantity
from jpas_gui.core.arrays import BoolArray, FloatArray
from jpas_gui.views.plots.error_bars import ErrorBars
from jpas_gui.views.plots.key import key_entry, key_line
from jpas_gui.views.plots.model_style import model_pen
from jpas_gui.views.theme import LIGHT, Theme, fan_colours, series_colour, series_symbol


@dataclass(frozen=True, eq=False)
class _PinItem:
    sed: pg.PlotDataItem
    difference: pg.PlotDataItem


class PinItems:
    """A line with symbols for each pinned SED, in the plot of the SED and in that of the difference."""

    def __init__(self, sed: pg.PlotItem, difference: pg.PlotItem) -> None:
        self._sed_plot, self._difference_plot = sed, difference
        self._items: dict[int, _PinItem] = {}

    def show(self, pins: tuple[PinnedSED, ...], drawn: BoolArray) -> None:
        """Show these pins at the bands where `drawn` is True, and no others."""
        for number in set(self._items) - {pin.pin.number for pin in pins}:
            item = self._items.pop(number)
            self._sed_plot.removeItem(item.sed)
            self._difference_plot.removeItem(item.difference)
        for pin in pins:
            item = self._items.get(pin.pin.number) or self._add(pin.pin.number)
            x, y = pin.x[drawn], pin.y[drawn]
            if not _shows(item.sed, x, y):  # a pin stays while the sliders move
                item.sed.setData(x, y)
            item.difference.setData(pin.x[drawn], pin.difference[drawn])

    def _add(self, number: int) -> _PinItem:
        colour, symbol = series_colour(number), series_symbol(number)
        style: dict[str, object] = {
            "pen": pg.mkPen(colour, width=1),
            "symbol": symbol,
            "symbolSize": 7,
            "symbolBrush": colour,
            "symbolPen": colour,
        }
        item = _PinItem(pg.PlotDataItem(**style), pg.PlotDataItem(**style))
        for curve in (item.sed, item.difference):
            curve.setZValue(-1)  # behind the present SED
        self._sed_plot.addItem(item.sed, ignoreBounds=True)
        self._difference_plot.addItem(item.difference, ignoreBounds=True)
        self._items[number] = item
        return item


def _shows(item: pg.PlotDataItem, x: FloatArray, y: FloatArray) -> bool:
    shown_x, shown_y = item.getOriginalDataset()
    return shown_x is not None and np.array_equal(shown_x, x) and np.array_equal(shown_y, y, equal_nan=True)


class PredictedItems:
    """A line for the SED at each model's prediction."""

    def __init__(self, sed: pg.PlotItem) -> None:
        self._plot = sed
        self._items: dict[int, pg.PlotCurveItem] = {}

    def show(self, answers: Mapping[int, ModelAnswer], x: FloatArray, drawn: BoolArray, quantity: Quantity) -> None:
        """Show these answers, by the place of their models, at the bands where `drawn` is True."""
        for place in set(self._items) - set(answers):
            self._items.pop(place).setData([], [])
        for place, answer in answers.items():
            item = self._items.get(place) or self._add(place)
            known = drawn & np.isfinite(answer.flux_nu)
            item.setData(x[known], vertical(quantity, answer.flux_nu[known]))

    def _add(self, place: int) -> pg.PlotCurveItem:
        item = pg.PlotCurveItem(pen=model_pen(place), antialias=True)
        item.setZValue(-1)  # behind the data
        self._plot.addItem(item, ignoreBounds=True)
        self._items[place] = item
        return item


class FanItems:
    """Noisy draws at several magnitudes."""

    def __init__(self, sed: pg.PlotItem) -> None:
        self._points: list[pg.PlotDataItem] = []
        self._bars: list[ErrorBars] = []
        for _ in FAN_MAGNITUDES:
            points, bars = pg.PlotDataItem(symbol="o", symbolSize=4, symbolPen=None), ErrorBars()
            for item in (bars, points):
                item.setZValue(-2)
                sed.addItem(item, ignoreBounds=True)
            self._points.append(points)
            self._bars.append(bars)
        self._set_visible(False)
        self.set_theme(LIGHT)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._colours = fan_colours(len(FAN_MAGNITUDES), theme)
        for colour, points, bars in zip(self._colours, self._points, self._bars, strict=True):
            points.setPen(pg.mkPen(colour, width=1))
            points.setSymbolBrush(colour)
            bars.set_colour(colour)

    @property
    def key(self) -> str:
        """What the colours mean, as rich text; empty where no fan is shown."""
        if not self._is_shown:
            return ""
        entries = zip(FAN_MAGNITUDES, self._colours, strict=True)
        return key_line(key_entry("o", colour, f"{magnitude:g}") for magnitude, colour in entries) + " mag"

    def show(self, fan: tuple[FanMember, ...], x: FloatArray, drawn: BoolArray) -> None:
        """Show the fan at the bands where `drawn` is True; an empty fan hides it."""
        if bool(fan) != self._is_shown:
            self._set_visible(bool(fan))
        order = np.flatnonzero(drawn)[np.argsort(x[drawn])]
        for member, points, bars in zip(fan, self._points, self._bars, strict=False):
            series = member.series
            points.setData(x[order], series.y[order])
            bars.set_data(x[order], series.low[order], series.high[order])

    def _set_visible(self, visible: bool) -> None:
        self._is_shown = visible
        for item in (*self._points, *self._bars):
            item.setVisible(visible)
