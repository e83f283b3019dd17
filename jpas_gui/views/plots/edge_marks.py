"""Marks along the edges of a plot: labelled lines, crosses for what is missing, arrows for what lies beyond."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QApplication, QStyleOptionGraphicsItem, QWidget

from jpas_gui.core.arrays import BoolArray, FloatArray
from jpas_gui.views.plots.pixel_item import PixelItem

_LABEL_ROWS = 4
_LABEL_GAP = 6
_LABEL_PART = 0.3
"""The part of the plot's height that labels may take."""

_CROSS = 3.5
_ARROW_WIDTH, _ARROW_HEIGHT = 7.0, 8.0


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
    """Dotted lines with labels at the top of the plot; a label that would lie over others is left out."""

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__()
        self._labels = labels

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.save()
        columns, top, bottom = self._edges(painter)
        dotted = QPen(self._pen)
        dotted.setStyle(Qt.PenStyle.DotLine)
        metrics = painter.fontMetrics()
        rows = self._rows(columns, metrics, bottom - top)
        for column, row, label in zip(columns, rows, self._labels, strict=True):
            if column < 0:
                continue
            label_bottom = top if row is None else top + (row + 1) * _label_height(metrics)
            painter.setPen(dotted)
            painter.drawLine(QPointF(column, label_bottom + 3), QPointF(column, bottom))
            if row is not None:
                painter.setPen(self._pen)
                painter.drawText(QPointF(column - metrics.horizontalAdvance(label) / 2, label_bottom), label)
        painter.restore()

    def _rows(self, columns: Sequence[float], metrics: QFontMetrics, height: float) -> list[int | None]:
        """Return the row of each label, from the top; None where it would lie over another or leave the plot."""
        n_rows = max(1, min(_LABEL_ROWS, int(_LABEL_PART * height / _label_height(metrics))))
        occupied = [-1e9] * n_rows
        rows: list[int | None] = []
        for column, label in zip(columns, self._labels, strict=True):
            width = metrics.horizontalAdvance(label)
            free = (row for row in range(n_rows) if column - width / 2 > occupied[row])
            rows.append(next(free, None) if column >= 0 else None)
            if rows[-1] is not None:
                occupied[rows[-1]] = column + width / 2 + _LABEL_GAP
        return rows

    @property
    def part(self) -> float:
        """The part of the plot's height that the labels take."""
        box = self.getViewBox()
        if not self.isVisible() or box is None or box.height() <= 0:
            return 0.0
        columns = [box.mapFromView(QPointF(x, 0.0)).x() if x > 0 else -1.0 for x in self._x]
        metrics = QFontMetrics(QApplication.font())
        used = [row for row in self._rows(columns, metrics, box.height()) if row is not None]
        return (max(used, default=-1) + 1) * _label_height(metrics) / box.height()


def _label_height(metrics: QFontMetrics) -> int:
    """Return the height of a row of labels, whose letters have next to nothing below the line."""
    return metrics.ascent() + 2


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


class BeyondMarks(PixelItem):
    """Arrows at the upper and the lower edge, for points that lie beyond it, whatever the view."""

    def __init__(self) -> None:
        super().__init__()
        self._x = self._y = np.empty(0)
        self._colours: Sequence[str | QColor] = ()
        self._filled = np.empty(0, dtype=bool)

    def set_points(
        self, x: FloatArray, y: FloatArray, colours: Sequence[str | QColor], filled: BoolArray | None = None
    ) -> None:
        """Mark those of some points, shape (n,), that are out of view, in these colours, all filled or some of them."""
        self._x, self._y, self._colours = x, y, colours
        self._filled = np.ones(x.size, dtype=bool) if filled is None else filled
        self.update()

    def beyond(self) -> tuple[BoolArray, BoolArray]:
        """Return which of the points lie below the view, and which above it, shape (n,) each."""
        box = self.getViewBox()
        rect = QRectF() if box is None else box.viewRect()
        beside = ~((self._x >= rect.left()) & (self._x <= rect.right()))
        return ~beside & (self._y < rect.top()), ~beside & (self._y > rect.bottom())

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        rect = self.viewRect()
        below, above = self.beyond()
        if not (below | above).any():
            return
        painter.save()
        transform = self.to_pixels(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = transform.map(rect.center()).y()
        for which, edge in ((below, rect.top()), (above, rect.bottom())):
            for place in np.flatnonzero(which):
                tip = transform.map(QPointF(float(self._x[place]), edge))
                inwards = 1 if middle > tip.y() else -1
                self._paint_arrow(painter, tip, inwards, int(place))
        painter.restore()

    def _paint_arrow(self, painter: QPainter, tip: QPointF, inwards: int, place: int) -> None:
        colour = QColor(self._colours[place])
        painter.setPen(QPen(colour))
        painter.setBrush(colour if self._filled[place] else Qt.BrushStyle.NoBrush)
        base = tip.y() + inwards * (_ARROW_HEIGHT + 1)
        corners = [QPointF(tip.x() + side * _ARROW_WIDTH / 2, base) for side in (-1, 1)]
        painter.drawPolygon(QPolygonF([QPointF(tip.x(), tip.y() + inwards), *corners]))
