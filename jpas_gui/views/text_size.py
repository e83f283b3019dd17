"""Lengths that follow the size of the text."""

from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

_LINE = 14
"""Pixels of a line of text for which lengths are given."""


def with_text(pixels: float) -> int:
    """Return a length that has room for text: given for lines of 14 pixels, it grows with those of the application."""
    return round(pixels * QFontMetrics(QApplication.font()).lineSpacing() / _LINE)
