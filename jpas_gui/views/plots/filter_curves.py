"""The filter curves, as filled areas in the colours of their bands."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from jpas_gui.core.photometry.filters import FilterCurve

_POINTS_PER_CURVE = 60
_VISIBLE = 0.01
"""Throughput over its peak below which a curve would only be a line along the axis."""


class FilterCurvesItem(pg.GraphicsObject):
    """All curves in one item: sixty plot items would be painted one by one."""

    def __init__(self) -> None:
        super().__init__()
        self._polygons: list[QPolygonF] = []
        self._colours: list[QColor] = []
        self._bounds = QRectF()

    def set_curves(self, curves: Sequence[FilterCurve], colours: Sequence[QColor]) -> None:
        """Show these curves, on the observed wavelength axis."""
        self.prepareGeometryChange()
        self._colours = list(colours)
        self._polygons = [_polygon(curve) for curve in curves]
        self._bounds = QRectF()
        for polygon in self._polygons:
            self._bounds = self._bounds.united(polygon.boundingRect())
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        for polygon, colour in zip(self._polygons, self._colours, strict=True):
            fill = QColor(colour)
            fill.setAlpha(90)
            painter.setPen(QPen(colour, 0))
            painter.setBrush(fill)
            painter.drawPolygon(polygon)


def _polygon(curve: FilterCurve) -> QPolygonF:
    seen = np.flatnonzero(curve.transmission > _VISIBLE * curve.transmission.max())
    x = np.linspace(curve.wavelength[seen[0]], curve.wavelength[seen[-1]], _POINTS_PER_CURVE)
    y = np.interp(x, curve.wavelength, curve.transmission)
    points = [QPointF(x[0], 0.0), *(QPointF(a, b) for a, b in zip(x, y, strict=True)), QPointF(x[-1], 0.0)]
    return QPolygonF(points)
