"""The line above a figure that says what it shows."""

from collections.abc import Callable
from math import ceil

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetricsF, QTextOption
from PySide6.QtWidgets import QGraphicsSceneResizeEvent, QGraphicsTextItem

from jpas_gui.views.text_size import with_text

_LINE_HEIGHT = 18


class Stamp(pg.GraphicsWidget):
    """Centred text that wraps where the figure is narrow.

    pyqtgraph's LabelItem lays out the whole figure anew at every change, and makes it as wide as its text.

    Parameters
    ----------
    longest : str
        A text that there is always room for: the height then follows from the width alone, and no text moves what lies
        below. Without it the height follows the text.
    """

    def __init__(self, longest: str = "") -> None:
        super().__init__()
        self._longest = longest
        self._item = QGraphicsTextItem(self)
        self._item.document().setDefaultTextOption(QTextOption(Qt.AlignmentFlag.AlignHCenter))
        self._item.document().setDocumentMargin(0)
        self._lines, self._shown = 1, ""
        self.setFixedHeight(with_text(_LINE_HEIGHT))

    @property
    def text(self) -> str:
        """What is shown, without its looks."""
        return self._item.toPlainText()

    def set_text(self, text: str) -> None:
        """Show this text."""
        self._set(text, self._item.setPlainText)

    def set_html(self, html: str) -> None:
        """Show this rich text."""
        self._set(html, self._item.setHtml)

    def _set(self, content: str, show: Callable[[str], object]) -> None:
        if content != self._shown:
            self._shown = content
            show(content)
            self._wrap()

    def set_colour(self, colour: str) -> None:
        """Write in this colour."""
        self._item.setDefaultTextColor(QColor(colour))

    def resizeEvent(self, event: QGraphicsSceneResizeEvent) -> None:
        super().resizeEvent(event)
        self._wrap()

    def _wrap(self) -> None:
        width = self.size().width()
        if width <= 0:
            return
        self._item.setTextWidth(width)
        if self._longest:
            lines = ceil(QFontMetricsF(self._item.font()).horizontalAdvance(self._longest) / width)
        else:
            lines = ceil(self._item.boundingRect().height() / with_text(_LINE_HEIGHT))
        if lines != self._lines:
            self._lines = lines
            self.setFixedHeight(lines * with_text(_LINE_HEIGHT))
