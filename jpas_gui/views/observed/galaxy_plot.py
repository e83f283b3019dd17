"""The SED of an observed galaxy with the SEDs of its answers, and their residuals: one figure."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal

from jpas_gui.app.observed_frame import ObservedFrame, readout
from jpas_gui.app.state import Frame, Quantity, ResidualUnit
from jpas_gui.core.arrays import BoolArray, FloatArray
from jpas_gui.core.catalogues.observed import MaskReason
from jpas_gui.core.emission_lines import line_groups
from jpas_gui.core.photometry.bands import all_bands
from jpas_gui.views.observed.galaxy_items import SedItems
from jpas_gui.views.observed.sed_legend import SedLegend
from jpas_gui.views.plots.edge_marks import FeatureMarks, MissingMarks
from jpas_gui.views.plots.error_bars import ErrorBars
from jpas_gui.views.plots.figure import Figure
from jpas_gui.views.plots.stamp import Stamp
from jpas_gui.views.text_size import with_text
from jpas_gui.views.theme import LIGHT, Theme, band_colours

_QUANTITY_LABELS = {Quantity.FLUX_NU: "F<sub>ν</sub>  (nanomaggy)", Quantity.MAGNITUDE: "AB magnitude"}
_RESIDUAL_LABELS = {ResidualUnit.SIGMA: "residual  (σ)", ResidualUnit.MAGNITUDE: "residual  (mag)"}
_RESIDUAL_RANGE = {ResidualUnit.SIGMA: 4.5, ResidualUnit.MAGNITUDE: 0.12}
_RESIDUAL_LINES = {ResidualUnit.SIGMA: (-3.0, -1.0, 0.0, 1.0, 3.0), ResidualUnit.MAGNITUDE: (-0.1, -0.05, 0, 0.05, 0.1)}
_AXIS_WIDTH = 66
_LEAST_HEIGHT = 390
"""Pixels: below that SED and residuals could not be read."""

_LONGEST_TITLE = "name of 24 letters, 12345 (row 123456) · z = 0.0000 · AB 20.00 · S/N 100.0 · 56 of 56 bands"

_WAVELENGTHS = (3250.0, 10300.0)
"""Angstrom: the bands and a margin."""

_NEAR = 150.0
"""Angstrom between the mouse and a band that it means."""

_MASKED_SYMBOLS = {
    MaskReason.BY_HAND: "x",
    MaskReason.EMISSION: "star",
    MaskReason.LARGE_ERROR: "t",
    MaskReason.FLAGS: "d",
    MaskReason.MASK_FLAGS: "d",
}
"""Others are squares."""


class GalaxyPlot(Figure):
    """Shows frames of an observed galaxy.

    Signals
    -------
    band_hovered(int), band_clicked(int)
        Position of the band among the 60; -1 where the mouse is at none.
    click_withdrawn()
        The click was the first of a double click, which means the zoom and no band.
    """

    band_hovered = Signal(int)
    band_clicked = Signal(int)
    click_withdrawn = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Observed SED")
        self.setAccessibleDescription("Observed SED with the SEDs of all answers, and residuals per band")
        self._frame: ObservedFrame | None = None
        self._zoomed, self._hovered = False, -1
        self._stamp, self._legend = Stamp(_LONGEST_TITLE), SedLegend()
        self.addItem(self._stamp, row=0, col=0)
        self.addItem(self._legend, row=1, col=0)
        self.sed, self.residuals = self._add_plot(2), self._add_plot(3)
        self.setMinimumHeight(with_text(_LEAST_HEIGHT))
        self.ci.layout.setRowStretchFactor(2, 60)
        self.ci.layout.setRowStretchFactor(3, 32)
        self.residuals.setXLink(self.sed)
        self.sed.showAxis("top")
        self.sed.getAxis("bottom").setStyle(showValues=False)
        self._add_items()
        self._seds = SedItems(self.sed, self.residuals, self._legend)
        self.set_theme(LIGHT)
        self.value_at = self._value_at
        self.scene().sigMouseMoved.connect(self._mouse_moved)
        self.scene().sigMouseClicked.connect(self._mouse_clicked)
        for plot in (self.sed, self.residuals):
            plot.vb.sigRangeChangedManually.connect(self._zoom)

    def _add_plot(self, row: int) -> pg.PlotItem:
        plot = self.addPlot(row=row, col=0)
        plot.hideButtons()
        plot.setMenuEnabled(False)
        plot.disableAutoRange()
        for side in ("left", "bottom", "top"):
            plot.getAxis(side).enableAutoSIPrefix(False)
        plot.getAxis("left").setWidth(with_text(_AXIS_WIDTH))
        return plot

    def _add_items(self) -> None:
        self._lines = FeatureMarks([line.label for line in line_groups()])
        self._missing = MissingMarks()
        self._bars = ErrorBars()
        self._used = pg.ScatterPlotItem(symbol="o", size=9, pxMode=True)
        self._masked = pg.ScatterPlotItem(size=11, pxMode=True)
        self._hover = pg.InfiniteLine(angle=90, movable=False)
        self._hover_below = pg.InfiniteLine(angle=90, movable=False)
        for item in (self._lines, self._missing, self._bars, self._used, self._masked, self._hover):
            self.sed.addItem(item, ignoreBounds=True)
        self._levels = [pg.InfiniteLine(pos=0, angle=0, movable=False) for _ in range(5)]
        for item in (*self._levels, self._hover_below):
            self.residuals.addItem(item, ignoreBounds=True)
        for item in (*self._levels, self._hover, self._hover_below):
            item.setZValue(-5)
        for item in (self._hover, self._hover_below):
            item.setVisible(False)

    # -- what is shown ----------------------------------------------------------------------------------------------

    def show_frame(self, frame: ObservedFrame) -> None:
        """Show a frame. The view follows another galaxy, and stays where the user put it for the same one."""
        before, self._frame = self._frame, frame
        self.say_nothing_to_show("")
        self.say_missing(self.residuals, "" if frame.seds else "No residuals: there is no answer yet")
        if before is None or before.view != frame.view or before.redshift != frame.redshift:
            self._show_view(frame)
        self._show_points(frame)
        self._seds.show(frame)
        self._stamp.set_text(frame.title)
        is_another = before is None or before.galaxy.row[0] != frame.galaxy.row[0]
        if is_another:
            self.forget_mouse()
        axes = ("quantity", "frame", "residual_unit", "broad_bands")
        if is_another or any(getattr(before.view, name) != getattr(frame.view, name) for name in axes):
            self.fit()
        elif not self._zoomed:
            self._fit_residuals(frame)
        self.scene().prepareForPaint()  # else painting would find the view changed, and all would be painted twice

    def show_nothing(self) -> None:
        """Show an empty figure."""
        self._frame = None
        self.forget_mouse()
        self.say_nothing_to_show("No galaxy is shown: open a catalogue, and choose one of its list")
        for item in (self._used, self._masked, self._bars):
            item.setData([], [])
        self._missing.set_positions([])
        self._lines.set_positions([-1.0] * len(line_groups()))
        self._seds.show_nothing()
        self._stamp.set_text("")

    def _show_points(self, frame: ObservedFrame) -> None:
        used, masked, series = frame.used, frame.masked, frame.series
        self._used.setData(x=frame.x[used], y=series.y[used], brush=[self._brushes[i] for i in np.flatnonzero(used)])
        symbols = [_MASKED_SYMBOLS.get(frame.reason[i], "s") for i in np.flatnonzero(masked)]
        self._masked.setData(x=frame.x[masked], y=series.y[masked], symbol=symbols)
        drawn = used | masked
        self._bars.set_data(frame.x[drawn], series.low[drawn], series.high[drawn])
        self._missing.set_positions([float(x) for x in frame.x[frame.missing]])
        self._lines.set_positions(frame.line_x)

    def _show_view(self, frame: ObservedFrame) -> None:
        view, rest = frame.view, frame.view.frame is Frame.REST
        self._brushes = [pg.mkBrush(colour) for colour in band_colours(all_bands(), view.band_colours)]
        self._bars.setVisible(view.error_bars)
        self._lines.setVisible(view.features)
        self.sed.setLabel("left", _QUANTITY_LABELS[view.quantity])
        self.sed.invertY(view.quantity is Quantity.MAGNITUDE)
        self.residuals.setLabel("left", _RESIDUAL_LABELS[view.residual_unit])
        for line, level in zip(self._levels, _RESIDUAL_LINES[view.residual_unit], strict=True):
            line.setValue(level)
        names = ("Observed", "Rest-frame")
        self.residuals.setLabel("bottom", f"{names[rest]} wavelength (Å)")
        top = self.sed.getAxis("top")
        top.setLabel(f"{names[not rest]} wavelength (Å)")
        top.setScale(1 + frame.redshift if rest else 1 / (1 + frame.redshift))

    # -- where the view is ------------------------------------------------------------------------------------------

    def fit(self) -> None:
        """Show all of the galaxy, and let the view follow it again."""
        frame = self._frame
        if frame is None:
            return
        self._zoomed = False
        to_axis = 1 / (1 + frame.redshift) if frame.view.frame is Frame.REST else 1.0
        self.sed.setXRange(_WAVELENGTHS[0] * to_axis, _WAVELENGTHS[1] * to_axis, padding=0)
        low, high = _extent([frame.series.y[_shown(frame)], *(sed.y[frame.used] for sed in frame.seds)])
        margin, part = 0.07 * (high - low), self._lines.part
        labels = (high - low + 2 * margin) * part / (1 - part)
        is_down = frame.view.quantity is Quantity.MAGNITUDE
        self.sed.setYRange(low - margin - labels * is_down, high + margin + labels * (not is_down), padding=0)
        self._fit_residuals(frame)

    def _fit_residuals(self, frame: ObservedFrame) -> None:
        least = _RESIDUAL_RANGE[frame.view.residual_unit]
        worst = [float(np.nanmax(np.abs(sed.residual[frame.used]), initial=0)) for sed in frame.seds]
        # The best answer decides: one that is far off must not flatten the others.
        reach = max(least, 1.1 * min(worst, default=0.0))
        self.residuals.setYRange(-reach, reach, padding=0)

    def _zoom(self) -> None:
        self._zoomed = True

    # -- mouse and colours ------------------------------------------------------------------------------------------

    def _band_at(self, position: QPointF) -> int:
        frame = self._frame
        if frame is None or not any(plot.sceneBoundingRect().contains(position) for plot in (self.sed, self.residuals)):
            return -1
        x = self.sed.vb.mapSceneToView(position).x()
        distance = np.where(frame.used | frame.masked | frame.missing, np.abs(frame.x - x), np.inf)
        nearest = int(np.argmin(distance))
        return nearest if distance[nearest] < _NEAR else -1

    def _value_at(self, position: QPointF) -> str:
        band = self._band_at(position)
        return readout(self._frame, band) if self._frame and band >= 0 else self.coordinates_at(position)

    def _mouse_moved(self, position: QPointF) -> None:
        band = self._band_at(position)
        for line in (self._hover, self._hover_below):
            line.setVisible(band >= 0)
            if band >= 0 and self._frame is not None:
                line.setPos(float(self._frame.x[band]))
        if band != self._hovered:
            self._hovered = band
            self.band_hovered.emit(band)

    def _mouse_clicked(self, event: object) -> None:
        band = self._band_at(event.scenePos())
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if event.double():
            self.click_withdrawn.emit()
        elif band >= 0:
            self.band_clicked.emit(band)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        super().set_theme(theme)
        for plot in (self.sed, self.residuals):
            for side in ("left", "bottom", "top"):
                plot.getAxis(side).setPen(theme.muted)
                plot.getAxis(side).setTextPen(theme.foreground)
        self._stamp.set_colour(theme.foreground)
        self._used.setPen(pg.mkPen(theme.foreground, width=1))
        self._masked.setPen(pg.mkPen(theme.muted, width=1.5))
        self._masked.setBrush(None)
        self._bars.set_colour(theme.foreground)
        self._lines.set_colour(theme.muted)
        self._missing.set_colour(theme.accent)
        for line in (self._hover, self._hover_below):
            line.setPen(pg.mkPen(theme.accent, width=1))
        for place, line in enumerate(self._levels):
            line.setPen(pg.mkPen(theme.foreground if place == 2 else theme.faint, width=1))
        self._seds.set_theme(theme)
        if self._frame is not None:
            self._seds.show(self._frame)


def _shown(frame: ObservedFrame) -> BoolArray:
    """Return the bands that the view must hold: masked ones, which may be wild, only where there are no others."""
    return frame.used if frame.used.any() else frame.masked


def _extent(values: list[FloatArray]) -> tuple[float, float]:
    finite = np.concatenate(values)
    finite = finite[np.isfinite(finite)]
    if not finite.size:
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    return (low, high) if high > low else (low - 1, high + 1)
