"""A few symbols with vertical intervals."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols
from PySide6.QtCore import QPointF
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from jpas_gui.core.arrays import FloatArray
from jpas_gui.views.plots.pixel_item import PixelItem

_SIZE = 9.0


class IntervalMarks(PixelItem):
    """Symbols, each with a bar where it has an interval.

    For a handful of points that change at every step of a drag: pyqtgraph's scatter and curve items, made for many
    points, cost ten times as much.

    Attributes
    ----------
    x, y, low, high : ndarray, shape (n,)
        What is drawn; NaN in `y` draws no symbol, in `low` or `high` no bar.
    """

    def __init__(self) -> None:
        super().__init__()
        self.x = self.y = self.low = self.high = np.empty(0)
        self._symbols: Sequence[str] = ()
        self._brushes: Sequence[QBrush] = ()
        self._pen = QPen()

    def set_data(
        self,
        x: FloatArray,
        y: FloatArray,
        low: FloatArray,
        high: FloatArray,
        symbols: Sequence[str],
        brushes: Sequence[QBrush],
    ) -> None:
        """Draw these points and no others, one symbol and brush each."""
        self.x, self.y, self.low, self.high = x, y, low, high
        self._symbols, self._brushes = symbols, brushes
        self.update()

    def clear(self) -> None:
        """Draw nothing."""
        nothing = np.empty(0)
        self.set_data(nothing, nothing, nothing, nothing, (), ())

    def set_colour(self, colour: str) -> None:
        """Draw bars and outlines in this colour."""
        self._pen = QPen(QColor(colour))
        self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.save()
        transform = self.to_pixels(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._pen)
        for index, x in enumerate(self.x):
            low, high = (transform.map(QPointF(x, end[index])) for end in (self.low, self.high))
            if np.isfinite(self.low[index]) and np.isfinite(self.high[index]):
                painter.drawLine(low, high)
            if np.isfinite(self.y[index]):
                painter.setBrush(self._brushes[index])
                place = transform.map(QPointF(x, self.y[index]))
                painter.drawPath(_outline(self._symbols[index]).translated(place))
        painter.restore()


@cache
def _outline(symbol: str) -> QPainterPath:
    return QTransform.fromScale(_SIZE, _SIZE).map(Symbols[symbol])
