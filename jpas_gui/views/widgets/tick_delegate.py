"""Boxes to tick in lists and tables."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

_GAP = 6
"""Pixels between boxes below each other."""


class TickDelegate(QStyledItemDelegate):
    """Outlines boxes so that they are seen on the ground of a list: the style does it for that of a window."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        palette = QPalette(option.palette)  # type: ignore[attr-defined]
        palette.setColor(QPalette.ColorRole.Window, palette.color(QPalette.ColorRole.PlaceholderText))
        option.palette = palette  # type: ignore[attr-defined]

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        hint = super().sizeHint(option, index)
        box = QApplication.style().pixelMetric(QStyle.PixelMetric.PM_IndicatorHeight)
        return hint.expandedTo(QSize(0, box + _GAP))
