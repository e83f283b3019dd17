"""The legend of the SEDs over a galaxy: painted, because a layout of labels costs more than all else of the plot."""

import pyqtgraph as pg
from pyqtgraph.graphicsItems.ScatterPlotItem import drawSymbol
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QApplication, QStyleOptionGraphicsItem, QWidget

from jpas_gui.views.observed.styles import Style
from jpas_gui.views.theme import LIGHT, Theme

_POINTS = 9
_SYMBOL = 8
_SYMBOL_WIDTH = 20
_MARGIN = 12
_ABOVE_MARKS = 20
"""Pixels at the lower edge that belong to the marks of missing bands."""

_ALPHA = 190


class SedLegend(pg.GraphicsObject):
    """A line for each SED, in a lower corner of a view box."""

    def __init__(self, box: pg.ViewBox) -> None:
        super().__init__()
        self._box, self._theme = box, LIGHT
        self._font = QFont(QApplication.font())
        self._font.setPointSize(_POINTS)
        self._line = QFontMetricsF(self._font).height()
        self.entries: tuple[tuple[Style, str], ...] = ()
        self._width, self._on_left = 0.0, False
        self.setParentItem(box)
        self.setZValue(20)
        box.sigResized.connect(self._place)

    def show_entries(self, entries: tuple[tuple[Style, str], ...], on_left: bool) -> None:
        """Show these styles and texts, and no others, in the left or in the right corner."""
        if (entries, on_left) == (self.entries, self._on_left):
            return
        self.prepareGeometryChange()
        self.entries, self._on_left = entries, on_left
        metrics = QFontMetricsF(self._font)
        texts = [metrics.horizontalAdvance(text) for _, text in entries]
        self._width = _SYMBOL_WIDTH + max(texts, default=0) + 4
        self._place()
        self.update()

    def _place(self) -> None:
        size, own = self._box.size(), self.boundingRect()
        left = _MARGIN if self._on_left else size.width() - own.width() - _MARGIN
        self.setPos(left, size.height() - own.height() - _ABOVE_MARKS)

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, self._width, len(self.entries) * self._line)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        background = QColor(self._theme.background)
        background.setAlpha(_ALPHA)
        painter.fillRect(self.boundingRect(), background)
        painter.setFont(self._font)
        ascent = QFontMetricsF(self._font).ascent()
        for place, (style, text) in enumerate(self.entries):
            top = place * self._line
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(_SYMBOL_WIDTH / 2, top + self._line / 2)
            drawSymbol(painter, style.symbol, _SYMBOL, pg.mkPen(style.colour), pg.mkBrush(style.colour))
            painter.restore()
            painter.setPen(pg.mkPen(self._theme.foreground))
            painter.drawText(QPointF(_SYMBOL_WIDTH, top + ascent), text)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.update()
