"""Why a plot is empty, in place of axes that would be made up."""

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QGraphicsTextItem

_MARGIN = 8.0


class MissingNote(QGraphicsTextItem):
    """Words in the middle of a plot whose view and axes are invisible meanwhile; they keep their places.

    Parameters
    ----------
    plot : PlotItem

    Attributes
    ----------
    text : str
        The words; empty where the plot is seen.
    """

    def __init__(self, plot: pg.PlotItem) -> None:
        super().__init__(plot)
        self._plot, self.text = plot, ""
        self.document().setDefaultTextOption(QTextOption(Qt.AlignmentFlag.AlignHCenter))
        plot.vb.sigResized.connect(self._put)
        self.setVisible(False)

    def show_text(self, why: str) -> None:
        """Show why there is nothing; an empty text shows the plot again."""
        if why == self.text:
            return
        self.text = why
        self.setPlainText(why)
        self.setVisible(bool(why))
        for part in (self._plot.vb, *(self._plot.getAxis(side) for side in self._plot.axes)):
            part.setOpacity(0.0 if why else 1.0)
        self._put()

    def _put(self, *_: object) -> None:
        box = self._plot.vb.geometry()
        self.setTextWidth(max(box.width() - 2 * _MARGIN, 1.0))
        self.setPos(box.left() + _MARGIN, box.center().y() - self.boundingRect().height() / 2)
