"""Marks along the edges of a plot: labelled lines at the top, crosses at the bottom."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from jpas_gui.views.plots.pixel_item import PixelItem

_LABEL_HEIGHT = 13
_LABEL_ROWS = 4
_CROSS = 3.5


class _EdgeItem(PixelItem):
    """Paints at positions along the horizontal axis."""

    def __init__(self) -> None:
        super().__init__()
        self._x: Sequence[float] = ()
        self._pen = QPen()
        self.setZValue(-5)

    def set_positions(self, x: Sequence[float]) -> None:
        self._x = x
        self.update()

    def set_colour(self, colour: str) -> None:
        self._pen = QPen(QColor(colour))
        self.update()

    def _edges(self, painter: QPainter) -> tuple[list[float], float, float]:
        """Return the pixel columns of the positions in view, and the rows of the upper and the lower edge."""
        rect, transform = self.boundingRect(), self.to_pixels(painter)
        rows = sorted(transform.map(QPointF(rect.left(), y)).y() for y in (rect.top(), rect.bottom()))
        columns = [
            transform.map(QPointF(x, rect.top())).x() if rect.left() <= x <= rect.right() else -1.0 for x in self._x
        ]
        return columns, rows[0], rows[1]


class FeatureMarks(_EdgeItem):
    """Dotted lines with labels at the top of the plot."""

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__()
        self._labels = labels

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.save()
        columns, top, bottom = self._edges(painter)
        dotted = QPen(self._pen)
        dotted.setStyle(Qt.PenStyle.DotLine)
        occupied = [-1e9] * _LABEL_ROWS
        metrics = painter.fontMetrics()
        for column, label in zip(columns, self._labels, strict=True):
            if column < 0:
                continue
            width = metrics.horizontalAdvance(label)
            # Labels that would overlap go to the next row.
            free = (row for row in range(_LABEL_ROWS) if column - width / 2 > occupied[row])
            row = next(free, _LABEL_ROWS - 1)
            occupied[row] = column + width / 2 + 6
            label_bottom = top + (row + 1) * _LABEL_HEIGHT
            painter.setPen(dotted)
            painter.drawLine(QPointF(column, label_bottom + 3), QPointF(column, bottom))
            painter.setPen(self._pen)
            painter.drawText(QPointF(column - width / 2, label_bottom), label)
        painter.restore()


class MissingMarks(_EdgeItem):
    """Crosses at the bottom of the plot, for bands without a value."""

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.save()
        columns, _, bottom = self._edges(painter)
        pen = QPen(self._pen)
        pen.setWidthF(1.5)
        painter.setPen(pen)
        row = bottom - 3 * _CROSS
        for column in columns:
            if column >= 0:
                painter.drawLine(QPointF(column - _CROSS, row - _CROSS), QPointF(column + _CROSS, row + _CROSS))
                painter.drawLine(QPointF(column - _CROSS, row + _CROSS), QPointF(column + _CROSS, row - _CROSS))
        painter.restore()
