"""The SED, and below it what each band says of each parameter."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsSimpleTextItem

from jpas_gui.app.degeneracy_frame import DegeneracyFrame
from jpas_gui.app.degeneracy_words import error_words
from jpas_gui.app.state import BandColours
from jpas_gui.core.arrays import BoolArray
from jpas_gui.core.evaluation.labels import LABELS
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.core.photometry.bands import all_bands
from jpas_gui.views.degeneracy.figure import PlainFigure
from jpas_gui.views.plots.error_bars import ErrorBars
from jpas_gui.views.plots.stamp import Stamp
from jpas_gui.views.theme import LIGHT, Theme, band_colours, readable

_WAVELENGTHS = (3250.0, 10300.0)
_BAR = 78.0
_BROAD_BAR = 34.0
"""Angstrom: widths of the bars of narrow and of broad bands, which stand among the others."""

_CORNER = (6.0, 2.0)
_HEAD = 20.0
"""Pixels above the highest bar: a line of words."""

_NEAR = 60.0
_BANDS = all_bands()
_X = np.array([band.wavelength + 50.0 * band.is_broad for band in _BANDS])
"""Broad bands stand beside the narrow ones of the same wavelength."""

_WIDTH = np.array([_BROAD_BAR if band.is_broad else _BAR for band in _BANDS])

_LEAST_LINES = 34
"""Height in lines of text, in which the bars can be told apart."""


class BandsFigure(PlainFigure):
    """Shows the photometry, and which part of the information on each parameter each band has.

    Signals
    -------
    band_clicked(int)
        Position of the band among the 60.
    """

    band_clicked = Signal(int)

    def __init__(self) -> None:
        super().__init__("Bands", "SED, and the information of each band on each parameter")
        self._frame: DegeneracyFrame | None = None
        self.caption = lambda: "bars: the part of the Fisher information that each band has"
        self._stamp = Stamp()
        self.addItem(self._stamp, row=0, col=0)
        self.sed = self.add_plain_plot(1, left="F<sub>ν</sub> (nanomaggy)")
        labels = [f"{LABELS[name].symbol} (%)" for name in PARAMETERS]
        self.bars = [self.add_plain_plot(row, left=label) for row, label in enumerate(labels, start=2)]
        for plot in (self.sed, *self.bars[:-1]):
            plot.getAxis("bottom").setStyle(showValues=False)
        self.bars[-1].setLabel("bottom", "Observed wavelength (Å)")
        for plot in self.bars:
            plot.setXLink(self.sed)
            plot.setMouseEnabled(x=True, y=False)
            plot.getAxis("left").setStyle(hideOverlappingLabels=True)
        for row, stretch in enumerate((34, 22, 22, 22), start=1):
            self.ci.layout.setRowStretchFactor(row, stretch)
        self.sed.setXRange(*_WAVELENGTHS, padding=0)
        self._errors = ErrorBars()
        self._points = pg.ScatterPlotItem(size=8, pxMode=True)
        self._off = pg.ScatterPlotItem(size=8, pxMode=True, brush=None)
        for item in (self._errors, self._off, self._points):
            self.sed.addItem(item, ignoreBounds=True)
        nothing = np.empty(0)
        self._shares = [pg.BarGraphItem(x=nothing, height=nothing, width=nothing) for _ in PARAMETERS]
        self._gains = [pg.BarGraphItem(x=nothing, height=nothing, width=nothing) for _ in PARAMETERS]
        for plot, shares, gains in zip(self.bars, self._shares, self._gains, strict=True):
            plot.addItem(shares, ignoreBounds=True)
            plot.addItem(gains, ignoreBounds=True)
        # In the corner of each plot, above the bars.
        self._errors_told = [QGraphicsSimpleTextItem(plot.vb) for plot in self.bars]
        for text in self._errors_told:
            text.setPos(*_CORNER)
        self.setMinimumHeight(_LEAST_LINES * self.fontMetrics().lineSpacing())
        self.bars[0].vb.sigResized.connect(lambda _: self._fit())  # all have the same height
        self._brushes = [pg.mkBrush(colour) for colour in band_colours(_BANDS, BandColours.SURVEY)]
        self.set_theme(LIGHT)
        self.value_at = lambda place: self._words_at(place) or self.coordinates_at(place)
        self.scene().sigMouseMoved.connect(self._mouse_moved)
        self.scene().sigMouseClicked.connect(self._mouse_clicked)

    def show_frame(self, frame: DegeneracyFrame | None) -> None:
        """Show a frame; None: nothing."""
        self._frame = frame
        self.say_nothing_to_show("" if frame else "There is no posterior")
        if frame is None:
            nothing = np.zeros(len(_BANDS), dtype=bool)
            self._show_bars(np.zeros((len(_BANDS), len(PARAMETERS))), nothing, nothing)
            self._points.setData([], [])
            self._off.setData([], [])
            self._errors.setData([], [])
            self._stamp.set_text("")
            for text in self._errors_told:
                text.setText("")
            return
        scene = frame.scene
        used, off = scene.mask, scene.usable & ~scene.mask
        flux, error = scene.flux_nu, scene.flux_nu_error
        self._points.setData(x=_X[used], y=flux[used], brush=[self._brushes[i] for i in np.flatnonzero(used)])
        self._off.setData(x=_X[off], y=flux[off])
        self._errors.set_data(_X[used], (flux - error)[used], (flux + error)[used])
        self._stamp.set_text(scene.stamp)
        self._show_bars(100 * frame.information.share, used, off)
        errors = zip(PARAMETERS, frame.information.error, frame.exact_error, strict=True)
        for text, (name, fisher, exact) in zip(self._errors_told, errors, strict=True):
            text.setText(error_words(name, fisher, exact))
        if frame.is_sharp:
            self._fit()

    def _show_bars(self, percent: np.ndarray, used: BoolArray, off: BoolArray) -> None:
        brushes = [self._bar_brushes[i] for i in np.flatnonzero(used)]
        for number, (shares, gains) in enumerate(zip(self._shares, self._gains, strict=True)):
            shares.setOpts(x=_X[used], height=percent[used, number], width=_WIDTH[used], brushes=brushes)
            gains.setOpts(x=_X[off], height=percent[off, number], width=_WIDTH[off])

    def _fit(self) -> None:
        frame = self._frame
        if frame is None:
            return
        flux = frame.scene.flux_nu[frame.scene.usable]
        low, high = (float(flux.min()), float(flux.max())) if flux.size else (0.0, 1.0)
        margin = 0.08 * (high - low) or 1.0
        self.sed.setYRange(low - margin, high + margin, padding=0)
        for number, plot in enumerate(self.bars):
            top = float(100 * frame.information.share[frame.scene.mask, number].max(initial=0.01))
            height = max(plot.vb.height(), 2 * _HEAD)
            plot.setYRange(0, top * height / (height - _HEAD), padding=0)

    def _band_at(self, position: QPointF) -> int:
        frame = self._frame
        if frame is None or not any(plot.sceneBoundingRect().contains(position) for plot in self.plots):
            return -1
        x = self.sed.vb.mapSceneToView(position).x()
        distance = np.where(frame.scene.usable, np.abs(_X - x), np.inf)
        nearest = int(np.argmin(distance))
        return nearest if distance[nearest] < _NEAR else -1

    def _words_at(self, position: QPointF) -> str:
        band = self._band_at(position)
        return "" if band < 0 or self._frame is None else _tip(self._frame, band)

    def _mouse_moved(self, position: QPointF) -> None:
        self.setToolTip(self._words_at(position))

    def _mouse_clicked(self, event: object) -> None:
        band = self._band_at(event.scenePos())
        if band >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.band_clicked.emit(band)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        super().set_theme(theme)
        colours = band_colours(_BANDS, BandColours.SURVEY)
        self._bar_brushes = [pg.mkBrush(readable(colour, theme)) for colour in colours]  # bars have no outline
        self._stamp.set_colour(theme.foreground)
        self._points.setPen(pg.mkPen(theme.foreground, width=1))
        self._off.setPen(pg.mkPen(theme.muted, width=1))
        self._errors.set_colour(theme.foreground)
        for text in self._errors_told:
            text.setBrush(QColor(theme.foreground))
        for shares, gains in zip(self._shares, self._gains, strict=True):
            shares.setOpts(pen=pg.mkPen(None))
            gains.setOpts(pen=pg.mkPen(theme.muted, width=1), brush=pg.mkBrush(None))
        if self._frame is not None:
            self.show_frame(self._frame)


def _tip(frame: DegeneracyFrame, band: int) -> str:
    is_used = frame.scene.mask[band]
    verb = "has" if is_used else "would add"
    parts = [
        f"{LABELS[name].symbol} {100 * frame.information.share[band, number]:.1f} %"
        for number, name in enumerate(PARAMETERS)
    ]
    click = "click to switch it off" if is_used else "switched off: click to use it"
    return f"{_BANDS[band].name} {verb} {', '.join(parts)} of the information; {click}"
