"""Losses and learning rate, epoch by epoch."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt

from jpas_gui.app.training_curves import LossCurves
from jpas_gui.core.arrays import FloatArray
from jpas_gui.views.theme import Theme
from jpas_gui.views.training.plot_style import AXIS_WIDTH, TRAIN, VALIDATION, colour_axes, prepare

_RATE_WIDTH = 72


class LossPlot:
    """Two plots of a row of a figure: losses over two columns, learning rate in the third."""

    def __init__(self, figure: pg.GraphicsLayoutWidget, row: int) -> None:
        self.losses = figure.addPlot(row=row, col=0, colspan=2)
        self.rates = figure.addPlot(row=row, col=2)
        for plot, width in ((self.losses, AXIS_WIDTH), (self.rates, _RATE_WIDTH)):
            prepare(plot, width)
            plot.setLabel("bottom", "epoch")
        self.losses.setLabel("left", "loss")
        self.rates.setLabel("left", "learning rate")
        self.losses.addLegend(offset=(-8, 8))
        style = {"symbolPen": None, "symbolSize": 5}
        self.train = self.losses.plot(name="training", pen=pg.mkPen(TRAIN, width=2), **style, symbolBrush=TRAIN)
        self.validation = self.losses.plot(
            name="validation", pen=pg.mkPen(VALIDATION, width=2), symbol="d", symbolBrush=VALIDATION, **style
        )
        # The legend asks the points for their colour, and they have none before there are data.
        for line, colour in ((self.train, TRAIN), (self.validation, VALIDATION)):
            line.scatter.setBrush(colour)
            line.scatter.setPen(None)
        self._best = pg.InfiniteLine(angle=90, pen=pg.mkPen(VALIDATION, style=Qt.PenStyle.DotLine))
        self.losses.addItem(self._best, ignoreBounds=True)
        self._rate = self.rates.plot(pen=pg.mkPen(TRAIN, width=2), symbol="o", symbolBrush=TRAIN, **style)

    def show_curves(self, curves: LossCurves, n_epochs: int, best_epoch: int) -> None:
        """Show the curves of a run of so many epochs."""
        scaled = np.log10 if curves.is_log else np.asarray
        self.losses.setLogMode(False, False)
        self.losses.getAxis("left").setLogMode(curves.is_log)
        self.train.setData(curves.epoch, scaled(curves.train))
        self.validation.setData(curves.epoch, scaled(curves.validation))
        self._rate.setData(curves.epoch, curves.learning_rate)
        limits = scaled(np.array([curves.low, curves.high])) if curves.epoch.size else np.array([0.0, 1.0])
        self.losses.setYRange(*limits.tolist(), padding=0)
        self.rates.setYRange(0, 1.05 * _largest(curves.learning_rate), padding=0)
        for plot in (self.losses, self.rates):
            plot.setXRange(0.5, max(n_epochs, 2) + 0.5, padding=0)
        self._best.setVisible(best_epoch > 0)
        self._best.setValue(best_epoch)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        for plot in (self.losses, self.rates):
            colour_axes(plot, theme)


def _largest(values: FloatArray) -> float:
    return float(values.max()) if values.size and values.max() > 0 else 1.0
