"""A plot item that paints in pixels."""

import pyqtgraph as pg
from PySide6.QtCore import QRectF


class PixelItem(pg.GraphicsObject):
    """An item that fills its view box and leaves the view alone: what it paints has a size in pixels."""

    def boundingRect(self) -> QRectF:
        return QRectF(self.viewRect())

    def viewTransformChanged(self) -> None:
        super().viewTransformChanged()  # forgets the old view
        self.prepareGeometryChange()
        self.update()

    def dataBounds(self, *_: object) -> tuple[None, None]:
        return None, None  # it never widens the view
