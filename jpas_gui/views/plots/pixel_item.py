"""A plot item that paints in pixels."""

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QTransform


class PixelItem(pg.GraphicsObject):
    """An item that fills its view box and leaves the view alone: what it paints has a size in pixels."""

    def boundingRect(self) -> QRectF:
        return QRectF(self.viewRect())

    def to_pixels(self, painter: QPainter) -> QTransform:
        """Let a painter paint in the figure's pixels, which a picture may enlarge; return where the item lies there."""
        own = self.sceneTransform()
        painter.setTransform(own.inverted()[0] * painter.transform())
        return own

    def viewTransformChanged(self) -> None:
        super().viewTransformChanged()  # forgets the old view
        self.prepareGeometryChange()
        self.update()

    def dataBounds(self, *_: object) -> tuple[None, None]:
        return None, None  # it never widens the view
