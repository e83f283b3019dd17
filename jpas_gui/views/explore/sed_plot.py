"""The SED, residuals, its difference in sigmas and the filter curves: one figure with a common wavelength axis."""

from collections.abc import Mapping
from html import escape

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Signal
from PySide6.QtGui import QColor, QTransform

from jpas_gui.app.frame import ExplorerFrame
from jpas_gui.app.live_frame import ModelAnswer
from jpas_gui.app.state import Frame, Quantity
from jpas_gui.core.features import spectral_features
from jpas_gui.core.photometry.filters import FilterSet
from jpas_gui.views.explore.residual_plot import ResidualPlot
from jpas_gui.views.explore.sed_items import FanItems, PinItems, PredictedItems
from jpas_gui.views.plots.edge_marks import FeatureMarks, MissingMarks
from jpas_gui.views.plots.error_bars import ErrorBars
from jpas_gui.views.plots.figure import Figure
from jpas_gui.views.plots.filter_curves import FilterCurvesItem
from jpas_gui.views.plots.key import LINE, key_entry, key_line, model_entry
from jpas_gui.views.plots.moving_points import MovingPoints
from jpas_gui.views.plots.stamp import Stamp
from jpas_gui.views.text_size import with_text
from jpas_gui.views.theme import LIGHT, Theme, band_colours, readable, series_colour, series_symbol

_QUANTITY_LABELS = {Quantity.FLUX_NU: "F<sub>ν</sub>  (nanomaggy)", Quantity.MAGNITUDE: "AB magnitude"}
_AXIS_WIDTH = 62
_FILTERS_HEIGHT = 80
_LEAST_LINES = {1: 10.4, 2: 3.0, 3: 4.2, 4: 6.3}
"""How high each row is at the least, in lines of text; with its axes, of which the SED and the last row have one."""

_STAMP_LINES = 5.1
"""Height of the line above, which is wrapped, and of what lies between rows."""
_LEAST_WIDTH = 23
"""In lines of text."""
_ANY_HEIGHT = 16777215.0
"""What Qt has for no limit."""

_NO_ANSWERS = "No residuals: no model predicts"
_NO_DIFFERENCE = "No differences: neither a noisy draw nor a pin is shown"
_DIFFERENCE_RANGE = 4.5
_WAVELENGTHS = (3250.0, 10300.0)
"""Angstrom: the bands and a margin."""


class SedPlot(Figure):
    """Shows frames of the explorer.

    Signals
    -------
    band_hovered(int)
        Position of the band under the mouse in the frame's arrays; -1 for none.
    """

    band_hovered = Signal(int)

    def __init__(self) -> None:
        super().__init__("SED", "Synthetic and noisy J-PAS SED, and their difference in units of the noise")
        self.setMinimumWidth(_LEAST_WIDTH * self.fontMetrics().lineSpacing())
        self._frame: ExplorerFrame | None = None
        self._colours: list[QColor] = []
        self._filter_set: FilterSet | None = None
        self._answers: Mapping[int, ModelAnswer] = {}
        self._answers_frame: ExplorerFrame | None = None
        self._hovered = -1
        self._zoomed = False
        self._theme = LIGHT
        self.caption = self._caption

        self._stamp = Stamp()
        self.addItem(self._stamp, row=0, col=0)
        self.sed = self._add_plot(1)
        self.filters = self._add_plot(2)
        self.residuals = self._add_plot(3)
        self.difference = self._add_plot(4)
        layout = self.ci.layout
        for row, stretch in ((1, 60), (2, 10), (3, 24), (4, 24)):
            layout.setRowStretchFactor(row, stretch)
        layout.setVerticalSpacing(3)
        layout.setContentsMargins(4, 4, 4, 4)
        self._top_axis = self.sed.getAxis("top")
        self.sed.showAxis("top")
        self.sed.getAxis("bottom").setStyle(showValues=False)
        self.filters.setLabel("left", "T")
        self.difference.setLabel("left", "Δ / σ")
        for plot in (self.filters, self.residuals):
            plot.getAxis("bottom").setStyle(showValues=False)
        for plot in (self.filters, self.residuals, self.difference):
            plot.setXLink(self.sed)

        self._add_sed_items()
        self._add_difference_items()
        self._filter_curves = FilterCurvesItem()
        self.filters.addItem(self._filter_curves)
        self.filters.setYRange(0, 0.7, padding=0)
        self.filters.setMouseEnabled(y=False)
        self.filters.setVisible(False)
        self._pins = PinItems(self.sed, self.difference)
        self._predicted = PredictedItems(self.sed)
        self._residuals = ResidualPlot(self.residuals)
        self._fan = FanItems(self.sed)
        self.difference.setYRange(-_DIFFERENCE_RANGE, _DIFFERENCE_RANGE, padding=0)
        self.set_theme(LIGHT)
        self.scene().sigMouseMoved.connect(self._mouse_moved)
        self.sed.vb.sigRangeChangedManually.connect(self._zoom)

    def _add_plot(self, row: int) -> pg.PlotItem:
        plot = self.addPlot(row=row, col=0)
        plot.hideButtons()
        plot.setMenuEnabled(False)
        plot.disableAutoRange()
        for side in ("left", "bottom", "top"):
            plot.getAxis(side).enableAutoSIPrefix(False)
            plot.getAxis(side).setStyle(maxTickLevel=1)  # finer ticks cost a millisecond of every step of a drag
        plot.getAxis("left").setWidth(with_text(_AXIS_WIDTH))
        return plot

    def _add_sed_items(self) -> None:
        self._features = FeatureMarks([feature.label for feature in spectral_features()])
        self._missing = MissingMarks()
        self._spectrum = self.sed.plot(antialias=False)
        self._spectrum.setZValue(-3)
        self._synthetic_line = self.sed.plot(antialias=True)
        self._error_bars = ErrorBars()
        self._synthetic, self._noisy = MovingPoints(6), MovingPoints(9)
        self._hover_mark = pg.InfiniteLine(angle=90, movable=False)
        self._hover_mark.setVisible(False)
        for item in (self._features, self._missing, self._error_bars, self._synthetic, self._noisy, self._hover_mark):
            self.sed.addItem(item, ignoreBounds=True)

    def _add_difference_items(self) -> None:
        self._sigma_lines = [pg.InfiniteLine(pos=level, angle=0, movable=False) for level in (-3, -1, 0, 1, 3)]
        self._difference = MovingPoints(7)
        for item in (*self._sigma_lines, self._difference):
            self.difference.addItem(item, ignoreBounds=True)

    # -- what is shown ----------------------------------------------------------------------------------------------

    def show_frame(self, frame: ExplorerFrame) -> None:
        """Show a frame. The view does not move; see `fit` and `fit_if_needed`."""
        before, self._frame = self._frame, frame
        if before is None:
            self.say_nothing_to_show("")
            self._answers_frame = None
        if before is None or before.view != frame.view or before.bands is not frame.bands:
            self._show_view(frame)
        self._show_axes(frame, before)
        show = frame.shown & frame.mask
        x = frame.x[show]
        brushes = [self._brushes[i] for i in np.flatnonzero(show)]
        line = show & ~self._broad
        self._synthetic_line.setData(frame.x[line], frame.synthetic[line])
        self._synthetic.show_points(x, frame.synthetic[show])
        if frame.view.spectrum:
            self._spectrum.setData(frame.spectrum.x, frame.spectrum.y, connect="finite")
        has_difference = frame.view.noisy_draw or bool(frame.pins)
        self.say_missing(self.difference, "" if has_difference else _NO_DIFFERENCE)
        if frame.view.noisy_draw:
            self._noisy.show_points(x, frame.noisy.y[show], brush=brushes)
            self._difference.show_points(x, frame.difference[show], brush=brushes)
            self._error_bars.set_data(x, frame.noisy.low[show], frame.noisy.high[show])
        self._missing.set_positions([float(v) for v in frame.x[frame.shown & ~frame.mask]])
        self._features.set_positions([feature.wavelength * frame.shift for feature in spectral_features()])
        self._pins.show(frame.pins, frame.shown & ~self._broad)
        self._fan.show(frame.fan, frame.x, show)
        self._show_stamp(frame)
        if before is None or (before.view.quantity, before.view.frame) != (frame.view.quantity, frame.view.frame):
            self.fit()

    def show_answers(self, answers: Mapping[int, ModelAnswer]) -> None:
        """Show the SEDs that models predict and their residuals, by the place of the models, on the present frame."""
        frame = self._frame
        if frame is None or self._shows_answers(answers, frame):
            return
        self._answers, self._answers_frame = answers, frame
        predicted = answers if frame.view.predicted_seds else {}
        self._predicted.show(predicted, frame.x, frame.shown & ~self._broad, frame.view.quantity)
        self._residuals.show_answers(answers if frame.view.residuals else {}, frame.x)
        self.say_missing(self.residuals, "" if answers else _NO_ANSWERS)

    def _shows_answers(self, answers: Mapping[int, ModelAnswer], frame: ExplorerFrame) -> bool:
        before = self._answers_frame
        return (
            before is not None
            and answers == self._answers
            and before.view == frame.view
            and np.array_equal(before.x, frame.x)
        )

    def show_nothing(self) -> None:
        """Show an empty figure: there is no SED."""
        if self._frame is not None:
            self.show_answers({})
        self._frame = None
        self.forget_mouse()
        self.say_nothing_to_show("There is no SED")
        for item in (self._synthetic_line, self._synthetic, self._noisy, self._difference, self._spectrum):
            item.setData([], [])
        self._error_bars.setData([], [])
        self._missing.set_positions([])
        self._pins.show((), np.zeros(0, dtype=bool))
        self._fan.show((), np.zeros(0), np.zeros(0, dtype=bool))
        self._stamp.set_text("")

    def _show_view(self, frame: ExplorerFrame) -> None:
        view = frame.view
        self._broad = np.array([band.is_broad for band in frame.bands])
        self._colours = band_colours(frame.bands, view.band_colours)
        self._brushes = [pg.mkBrush(colour) for colour in self._colours]
        self._spectrum.setVisible(view.spectrum)
        self._noisy.setVisible(view.noisy_draw)
        self._difference.setVisible(view.noisy_draw)
        self._error_bars.setVisible(view.noisy_draw and view.error_bars)
        self._features.setVisible(view.features)
        self._residuals.show_unit(view.residual_unit)
        for plot, is_shown, height in (
            (self.filters, view.filter_curves, _FILTERS_HEIGHT),
            (self.residuals, view.residuals, _ANY_HEIGHT),
        ):
            plot.setVisible(is_shown)
            plot.setMaximumHeight(height if is_shown else 0)  # a hidden row keeps its place
        self._keep_rows_readable()
        self._show_filters(frame)
        self.sed.setLabel("left", _QUANTITY_LABELS[view.quantity])
        self.sed.invertY(view.quantity is Quantity.MAGNITUDE)

    def _show_filters(self, frame: ExplorerFrame) -> None:
        if frame.view.filter_curves and self._filter_set is not None:
            drawn = np.flatnonzero(frame.shown)
            curves = self._filter_set.curves
            colours = [readable(self._colours[i], self._theme) for i in drawn]
            self._filter_curves.set_curves([curves[i] for i in drawn], colours)

    def _show_stamp(self, frame: ExplorerFrame) -> None:
        key = self._fan.key
        if key:
            self._stamp.set_html(f"{escape(frame.stamp)}<br>{key}")
        else:
            self._stamp.set_text(frame.stamp)

    def _keep_rows_readable(self) -> None:
        line = self.fontMetrics().lineSpacing()
        plots = enumerate((self.sed, self.filters, self.residuals, self.difference), start=1)
        heights = {row: int(_LEAST_LINES[row] * line) if plot.isVisible() else 0 for row, plot in plots}
        for row, height in heights.items():
            self.ci.layout.setRowMinimumHeight(row, height)
        self.setMinimumHeight(int(sum(heights.values()) + _STAMP_LINES * line))

    def _show_axes(self, frame: ExplorerFrame, before: ExplorerFrame | None) -> None:
        redshift = frame.state.model.population.redshift
        rest = frame.view.frame is Frame.REST
        if before is None or before.view.frame is not frame.view.frame:
            names = ("Observed", "Rest-frame")
            self.difference.setLabel("bottom", f"{names[rest]} wavelength (Å)")
            self._top_axis.setLabel(f"{names[not rest]} wavelength (Å)")
        scale = 1 + redshift if rest else 1 / (1 + redshift)
        if self._top_axis.scale != scale:
            # Not setScale: it lays out the label anew, half a millisecond of each step of a drag in redshift.
            self._top_axis.scale, self._top_axis.picture = scale, None
            self._top_axis.update()
        self._filter_curves.setTransform(QTransform.fromScale(1 / (1 + redshift) if rest else 1.0, 1.0))

    def _caption(self) -> str:
        """Return what symbols and lines mean: the screen says it in the panels beside the figure."""
        frame = self._frame
        if frame is None:
            return ""
        entries = [key_entry("o", self._theme.foreground, "with noise")] if frame.view.noisy_draw else []
        entries += [key_entry(LINE, self._theme.spectrum, "spectrum")] if frame.view.spectrum else []
        entries += [
            model_entry(place, answer.model, LINE if frame.view.predicted_seds else "")
            for place, answer in self._answers.items()
            if frame.view.predicted_seds or frame.view.residuals
        ]
        pins = (
            key_entry(series_symbol(pin.pin.number), series_colour(pin.pin.number), pin.label) for pin in frame.pins
        )
        return "<br>".join(line for line in (key_line(entries), *pins) if line)

    def set_filters(self, filters: FilterSet) -> None:
        """Take the curves of these filters, for the frames to come."""
        self._filter_set = filters

    # -- where the view is ------------------------------------------------------------------------------------------

    def fit(self) -> None:
        """Show all of the SED, and let the view follow it again."""
        frame = self._frame
        if frame is None:
            return
        self._zoomed = False
        to_axis = frame.shift / (1 + frame.state.model.population.redshift)
        self.sed.setXRange(_WAVELENGTHS[0] * to_axis, _WAVELENGTHS[1] * to_axis, padding=0)
        low, high = self._vertical_extent(frame)
        margin = 0.06 * (high - low)
        labels = self._features.part  # need room at the top
        extra = (high - low + 2 * margin) * labels / (1 - labels)
        if frame.view.quantity is Quantity.MAGNITUDE:
            self.sed.setYRange(low - margin - extra, high + margin, padding=0)
        else:
            self.sed.setYRange(low - margin, high + margin + extra, padding=0)
        self._fit_difference(frame)

    def fit_if_needed(self) -> None:
        """Show all of the SED if it has left the view or become small, unless the user has zoomed."""
        frame = self._frame
        if frame is None or self._zoomed:
            return
        (left, right), (bottom, top) = self.sed.viewRange()
        x = frame.x[frame.shown]
        low, high = self._vertical_extent(frame)
        outside = low < bottom or high > top or x.min() < left or x.max() > right
        small = (high - low) < 0.35 * (top - bottom)
        if outside or small:
            self.fit()
        else:
            self._fit_difference(frame)

    def _vertical_extent(self, frame: ExplorerFrame) -> tuple[float, float]:
        show = frame.shown & frame.mask
        values = [frame.synthetic[show]]
        if frame.view.noisy_draw:
            values.append(frame.noisy.y[show])
        values += [pin.y[np.isfinite(pin.y) & frame.shown] for pin in frame.pins]
        if frame.view.quantity is Quantity.MAGNITUDE:
            values += [member.series.y[show] for member in frame.fan]
        finite = np.concatenate(values)
        finite = finite[np.isfinite(finite)]
        if not finite.size:
            return 0.0, 1.0
        low, high = float(finite.min()), float(finite.max())
        return (low, high) if high > low else (low - 1, high + 1)

    def _fit_difference(self, frame: ExplorerFrame) -> None:
        values = [np.abs(pin.difference[frame.shown & np.isfinite(pin.difference)]) for pin in frame.pins]
        reach = max([_DIFFERENCE_RANGE, *(1.1 * float(v.max()) for v in values if v.size)])
        self.difference.setYRange(-reach, reach, padding=0)
        self._residuals.fit()

    def _zoom(self) -> None:
        self._zoomed = True

    # -- mouse and colours ------------------------------------------------------------------------------------------

    def _mouse_moved(self, position: QPointF) -> None:
        if self._frame is None:
            return
        inside = any(
            plot.sceneBoundingRect().contains(position) for plot in (self.sed, self.residuals, self.difference)
        )
        x = self.sed.vb.mapSceneToView(position).x()
        distance = np.where(self._frame.shown, np.abs(self._frame.x - x), np.inf)
        nearest = int(np.argmin(distance))
        hovered = nearest if inside and distance[nearest] < 150 else -1
        if hovered >= 0:
            self._hover_mark.setPos(float(self._frame.x[hovered]))
        self._hover_mark.setVisible(hovered >= 0)
        if hovered != self._hovered:
            self._hovered = hovered
            self.band_hovered.emit(hovered)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        super().set_theme(theme)
        self._theme = theme
        for plot in (self.sed, self.filters, self.residuals, self.difference):
            for side in ("left", "bottom", "top", "right"):
                axis = plot.getAxis(side)
                axis.setPen(theme.muted)
                axis.setTextPen(theme.foreground)
        self._stamp.set_colour(theme.foreground)
        self._spectrum.setPen(pg.mkPen(theme.spectrum, width=1))
        self._synthetic_line.setPen(pg.mkPen(theme.foreground, width=1))
        self._synthetic.setPen(pg.mkPen(theme.foreground, width=1))
        self._synthetic.setBrush(pg.mkBrush(theme.background))
        outline = pg.mkPen(theme.foreground, width=1)
        self._noisy.setPen(outline)
        self._difference.setPen(outline)
        self._error_bars.set_colour(theme.foreground)
        self._features.set_colour(theme.muted)
        self._missing.set_colour(theme.accent)
        self._hover_mark.setPen(pg.mkPen(theme.accent, width=1))
        self._fan.set_theme(theme)
        if self._frame is not None:
            self._show_stamp(self._frame)
            self._show_filters(self._frame)
        self._residuals.set_theme(theme)
        for line in self._sigma_lines:
            line.setPen(pg.mkPen(theme.foreground if line.value() == 0 else theme.faint, width=1))
