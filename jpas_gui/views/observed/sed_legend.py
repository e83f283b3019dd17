"""The legend of the SEDs over a galaxy: painted, because a layout of labels costs more than all else of the plot."""

from math import ceil

import pyqtgraph as pg
from pyqtgraph.graphicsItems.ScatterPlotItem import drawSymbol
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QApplication, QGraphicsSceneResizeEvent, QStyleOptionGraphicsItem, QWidget

from jpas_gui.views.observed.styles import Style
from jpas_gui.views.theme import LIGHT, Theme

_SYMBOL = 8
_SYMBOL_WIDTH = 20
_GAP = 8
_WIDEST = "exact (PopStar, Calzetti 2000)   χ² 1000.0 / 56 ⚠"
"""What a column has room for."""

_LEFT = 8


class SedLegend(pg.GraphicsWidget):
    """What the SEDs stand on, and a place for each of them: columns above the plot, so that no data lie below them.

    Its height follows from its width and the number of places, never from the texts.
    """

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._font = QFont(QApplication.font())
        metrics = QFontMetricsF(self._font)
        self._line = ceil(metrics.height())
        self._column = _SYMBOL_WIDTH + metrics.horizontalAdvance(_WIDEST) + _GAP
        self.heading, self._places = "", 0
        self.entries: tuple[tuple[Style, str], ...] = ()
        self._take_room()

    def show_entries(self, heading: str, entries: tuple[tuple[Style, str], ...], places: int) -> None:
        """Show a heading, and these styles and texts; `places` counts those that are still to come, too."""
        if (heading, entries, places) == (self.heading, self.entries, self._places):
            return
        self.heading, self.entries, self._places = heading, entries, places
        self._take_room()
        self.update()

    @property
    def _n_columns(self) -> int:
        return max(1, int((self.size().width() - _LEFT) // self._column))

    def _take_room(self) -> None:
        n_places = bool(self.heading) + max(self._places, len(self.entries))
        height = ceil(n_places / self._n_columns) * self._line
        if height != self.maximumHeight():
            self.setFixedHeight(height)

    def resizeEvent(self, event: QGraphicsSceneResizeEvent) -> None:
        super().resizeEvent(event)
        self._take_room()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setFont(self._font)
        n_columns, metrics = self._n_columns, QFontMetricsF(self._font)
        width = (self.size().width() - _LEFT) / n_columns
        for place, (style, text) in enumerate(((None, self.heading), *self.entries)):
            left, top = _LEFT + place % n_columns * width, place // n_columns * self._line
            if style is not None:
                painter.save()
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.translate(left + _SYMBOL_WIDTH / 2, top + self._line / 2)
                drawSymbol(painter, style.symbol, _SYMBOL, pg.mkPen(style.colour), pg.mkBrush(style.colour))
                painter.restore()
                left += _SYMBOL_WIDTH
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width - _SYMBOL_WIDTH)
            painter.setPen(pg.mkPen(self._theme.foreground))
            painter.drawText(QPointF(left, top + metrics.ascent()), shown)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.update()
