"""Predicted against true: a small plot for each parameter."""

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg

from jpas_gui.app.live_frame import Cloud, LiveFrame, ModelCloud
from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.inference.parameters import PRIOR_EBV
from jpas_gui.core.ssp.library import SSPLibrary
from jpas_gui.views.plots.figure import Figure
from jpas_gui.views.plots.interval_marks import IntervalMarks
from jpas_gui.views.plots.key import LINE, key_entry, key_line, model_entry
from jpas_gui.views.plots.model_style import faint_model_brush, model_brush
from jpas_gui.views.theme import LIGHT, Theme, model_symbol

_TITLES = ("log age", "[M/H]", "E(B−V)")
_LEAST_REACH = (0.3, 0.3, 0.06)
"""How far from the true value the view reaches at the least, in the order of `PARAMETERS`."""

_ROOM = 1.25
_SMALL = 0.3
"""Part of the view that the values fill when it is worth a closer one."""

_CLOUD_PART = (1.0, 99.0)
"""Percentiles of a cloud that the view holds."""

_CLOUD_WIDTH = 0.3
_AXIS_WIDTH = 2.9
_LEAST_HEIGHT = 7.2
"""In lines of text, in which the ticks of the axes can still be told apart."""

_LEAST_PLOT = 6.5
"""Width in lines of text, in which a title can be read."""


@dataclass(frozen=True)
class _Items:
    """What one plot draws."""

    plot: pg.PlotItem
    truth: pg.InfiniteLine
    answers: IntervalMarks
    cloud: pg.ScatterPlotItem


class ParameterPlots(Figure):
    """The true value as a line; beside each other each model's prediction, its 16 to 84 % interval and its cloud.

    While a slider is dragged the view changes only when a value leaves it: then it shows all of the parameter's
    range. `fit` goes closer again.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Predicted against true parameters")
        self.setAccessibleDescription("The true value as a line, each model's prediction with its interval")
        self._theme, self._places = LIGHT, dict[str, int]()
        self.caption = self._caption
        self.setMinimumHeight(int(_LEAST_HEIGHT * self.fontMetrics().lineSpacing()))
        self.setMinimumWidth(int(len(_TITLES) * _LEAST_PLOT * self.fontMetrics().lineSpacing()))
        self.ci.layout.setContentsMargins(2, 2, 2, 2)
        self.ci.layout.setSpacing(2)
        self._items = [self._add_plot(column, title) for column, title in enumerate(_TITLES)]
        self._whole: list[tuple[float, float]] = [(0.0, 1.0)] * len(_TITLES)
        self._values: list[FloatArray] = [np.zeros(1)] * len(_TITLES)
        self._truth = np.zeros(len(_TITLES))
        self._live: LiveFrame | None = None
        self._cloud: Cloud | None = None
        self.set_theme(LIGHT)
        self.show_nothing()

    def _add_plot(self, column: int, title: str) -> _Items:
        plot = self.addPlot(row=0, col=column)
        plot.setTitle(title, size="9pt")
        plot.hideButtons()
        plot.setMenuEnabled(False)
        plot.setMouseEnabled(x=False, y=False)
        plot.disableAutoRange()
        plot.getAxis("left").setWidth(_AXIS_WIDTH * self.fontMetrics().lineSpacing())
        plot.getAxis("left").setStyle(maxTickLevel=1)
        plot.getAxis("left").enableAutoSIPrefix(False)
        plot.getAxis("bottom").setStyle(showValues=False, tickLength=0)
        plot.getAxis("bottom").setHeight(4)
        for part in (plot.getAxis("left"), plot.getAxis("bottom"), plot.titleLabel):
            part.setCacheMode(part.CacheMode.DeviceCoordinateCache)  # they stay while the sliders move
        items = _Items(
            plot,
            pg.InfiniteLine(angle=0, movable=False),
            IntervalMarks(),
            pg.ScatterPlotItem(size=3, pxMode=True, pen=None, symbol="o"),
        )
        for item in (items.cloud, items.truth, items.answers):
            plot.addItem(item, ignoreBounds=True)
        return items

    def set_library(self, library: SSPLibrary) -> None:
        """Take the ranges of a library."""
        ages, metallicities = library.log_age, library.metallicity
        ends = ((ages[0], ages[-1]), (metallicities[0], metallicities[-1]), PRIOR_EBV)
        self._whole = [(float(low - 0.05 * (high - low)), float(high + 0.05 * (high - low))) for low, high in ends]

    def _caption(self) -> str:
        if self._live is None:
            return ""
        models = [model_entry(self._places[answer.model], answer.model) for answer in self._live.answers]
        return key_line([*models, key_entry(LINE, self._theme.accent, "true")])

    def show_nothing(self) -> None:
        """Show no predictions."""
        self.say_nothing_to_show("No predictions")
        for items in self._items:
            items.answers.clear()
            items.cloud.setData([], [])
            items.truth.setVisible(False)
        self._live = self._cloud = None

    def show_answers(self, live: LiveFrame, cloud: Cloud | None, places: dict[str, int]) -> None:
        """Show the answers of models, and what they say of many draws; `places` tells colours and symbols."""
        if live is not self._live:
            self._live, self._places = live, places
            self.say_nothing_to_show("" if live.answers else "No predictions: tick a model")
            self._show_live(live, places)
        if cloud is not self._cloud:
            self._cloud = cloud
            self._show_cloud(cloud.clouds if cloud else (), places)
        self._keep_in_view()

    def _show_live(self, live: LiveFrame, places: dict[str, int]) -> None:
        x = np.arange(1.0, len(live.answers) + 1)
        points = np.array([answer.point for answer in live.answers])
        ends = np.array([answer.percentiles[:, [0, -1]] for answer in live.answers])
        brushes = [model_brush(places[answer.model]) for answer in live.answers]
        symbols = [model_symbol(places[answer.model]) for answer in live.answers]
        self._truth = live.request.truth
        for number, items in enumerate(self._items):
            y = points[:, number]
            low, high = ends[:, number].T
            items.truth.setValue(self._truth[number])
            items.truth.setVisible(True)
            items.answers.set_data(x, y, low, high, symbols, brushes)
            self._values[number] = np.concatenate([y, low, high])
            if items.plot.viewRange()[0] != [0.5, len(x) + 0.5]:
                items.plot.setXRange(0.5, len(x) + 0.5, padding=0)

    def _show_cloud(self, clouds: tuple[ModelCloud, ...], places: dict[str, int]) -> None:
        points = np.concatenate([np.zeros((0, len(_TITLES))), *(own.points for own in clouds)])
        counts = [len(own.points) for own in clouds]
        beside = np.tile(
            np.random.default_rng(1).uniform(-_CLOUD_WIDTH, _CLOUD_WIDTH, max(counts, default=0)), len(counts)
        )
        x = np.repeat(np.arange(1.0, len(clouds) + 1), counts) + beside
        brushes = np.repeat(np.array([faint_model_brush(places[own.model]) for own in clouds], dtype=object), counts)
        known = np.isfinite(points).all(axis=1)
        for number, items in enumerate(self._items):
            items.cloud.setData(x[known], points[known, number], brush=list(brushes[known]))
            items.cloud.setVisible(bool(clouds))  # without points it costs as much as with some

    # -- where the view is ------------------------------------------------------------------------------------------

    def _keep_in_view(self) -> None:
        for number, items in enumerate(self._items):
            low, high = self._extent(number)
            bottom, top = items.plot.viewRange()[1]
            if low < bottom or high > top:
                whole_low, whole_high = self._whole[number]
                items.plot.setYRange(min(low, whole_low), max(high, whole_high), padding=0)

    def fit(self) -> None:
        """Put the true value in the middle and go as close as the others allow, unless the view is about so."""
        for number, items in enumerate(self._items):
            truth, (low, high) = self._truth[number], self._extent(number)
            bottom, top = items.plot.viewRange()[1]
            reach = max(_LEAST_REACH[number], _ROOM * max(truth - low, high - truth))
            is_outside = low < bottom or high > top
            is_aside = abs(truth - (bottom + top) / 2) > 0.02 * (top - bottom)
            if is_outside or is_aside or reach < _SMALL * (top - bottom) / 2:
                items.plot.setYRange(truth - reach, truth + reach, padding=0)

    def _extent(self, number: int) -> tuple[float, float]:
        values = [self._values[number], self._truth[number : number + 1]]
        for own in self._cloud.clouds if self._cloud else ():
            known = own.points[np.isfinite(own.points).all(axis=1), number]
            if known.size:
                values.append(np.percentile(known, _CLOUD_PART))
        finite = np.concatenate(values)
        finite = finite[np.isfinite(finite)]
        return float(finite.min()), float(finite.max())

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        super().set_theme(theme)
        self._theme = theme
        for items in self._items:
            items.plot.titleLabel.setText(items.plot.titleLabel.text, color=theme.foreground)
            for side in ("left", "bottom"):
                items.plot.getAxis(side).setPen(theme.muted)
                items.plot.getAxis(side).setTextPen(theme.foreground)
            items.truth.setPen(pg.mkPen(theme.accent, width=1))
            items.answers.set_colour(theme.foreground)
