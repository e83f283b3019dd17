"""Points that move and keep their looks."""

import pyqtgraph as pg
from PySide6.QtCore import QRectF

from jpas_gui.core.arrays import FloatArray


class MovingPoints(pg.ScatterPlotItem):
    """Circles with sizes in pixels, for points that change at every step of a drag.

    pyqtgraph's own item gives each point its looks anew, and goes through all of them to know how far it reaches.
    """

    def __init__(self, size: float) -> None:
        self._looks: dict[str, object] = {}
        super().__init__(symbol="o", size=size, pxMode=True)

    def show_points(self, x: FloatArray, y: FloatArray, **looks: object) -> None:
        """Show points at these places, shape (n,) each; `looks` are the brushes, pens and symbols of ``setData``."""
        if len(x) == len(self.data) and looks == self._looks:
            self.data["x"], self.data["y"] = x, y
            self.update()
        else:
            self._looks = looks
            self.setData(x=x, y=y, **looks)

    def boundingRect(self) -> QRectF:
        return QRectF(self.viewRect())
