"""The symbol of a series, as an icon beside its name."""

from pyqtgraph import mkBrush, mkPen
from pyqtgraph.graphicsItems.ScatterPlotItem import drawSymbol
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

_SHARP = 2
"""Pixels of the icon for each of the window's: screens of high density show them all."""


def symbol_icon(symbol: str, colour: str) -> QIcon:
    """Return an icon of a plot symbol in this colour."""
    pixmap = QPixmap(18 * _SHARP, 18 * _SHARP)
    pixmap.setDevicePixelRatio(_SHARP)
    pixmap.fill(QColor(0, 0, 0, 0))
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(9, 9)
    drawSymbol(painter, symbol, 11, mkPen("w"), mkBrush(colour))
    painter.end()
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)  # else a chosen row would tint it
    return icon
