"""A label in a place of its own: what it says never moves what lies beside it."""

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class LinesLabel(QLabel):
    """Plain text in as many lines as there is room for; what does not fit ends in "…", and its tooltip says all.

    Parameters
    ----------
    n_lines : int
        How high the label always is, in lines.
    """

    def __init__(self, n_lines: int = 1, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._n_lines = n_lines
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        if text == self.text():
            return  # Qt would lay out the window anew
        super().setText(text)
        self._tell_what_is_cut()

    def sizeHint(self) -> QSize:
        return QSize(10 * self.fontMetrics().averageCharWidth(), self._n_lines * self.fontMetrics().lineSpacing())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def shown_lines(self) -> list[str]:
        """Return what can be read, line by line."""
        lines = [line for paragraph in self.text().split("\n") for line in self._wrapped(paragraph)]
        if len(lines) <= self._n_lines:
            return lines
        rest = " ".join(lines[self._n_lines - 1 :])
        elided = self.fontMetrics().elidedText(rest, Qt.TextElideMode.ElideRight, self.width())
        return [*lines[: self._n_lines - 1], elided]

    def _wrapped(self, paragraph: str) -> list[str]:
        layout = QTextLayout(paragraph, self.font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        lines = []
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self.width())
            lines.append(paragraph[line.textStart() : line.textStart() + line.textLength()].rstrip())
        layout.endLayout()
        return lines

    def _tell_what_is_cut(self) -> None:
        lines = self.shown_lines()
        self.setToolTip(self.text() if lines and lines[-1].endswith("…") else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_what_is_cut()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        for number, line in enumerate(self.shown_lines()):
            y = number * self.fontMetrics().lineSpacing() + self.fontMetrics().ascent()
            painter.drawText(QPointF(0, y), line)
        painter.end()
