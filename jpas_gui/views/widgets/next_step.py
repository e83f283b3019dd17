"""What an empty part of the window says, and the buttons of what can be done next."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

_TEXT_WIDTH = 60
"""Characters of a line at most."""


class NextStep(QWidget):
    """Covers a widget that has nothing to show.

    Parameters
    ----------
    covered : QWidget
    text : str
        Why there is nothing, and what would be here.
    actions : mapping of str to callable
        What can be done, by the words on the buttons.
    """

    def __init__(self, covered: QWidget, text: str, actions: Mapping[str, Callable[[], object]]) -> None:
        super().__init__(covered)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAccessibleName("What to do next")
        self.text = QLabel(text)
        self.text.setWordWrap(True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.text.setMaximumWidth(_TEXT_WIDTH * self.fontMetrics().averageCharWidth())
        self.buttons = {words: QPushButton(words) for words in actions}
        row = QHBoxLayout()
        row.addStretch(1)
        for words, do in actions.items():
            self.buttons[words].setAccessibleName(f"Next step: {words}")
            self.buttons[words].clicked.connect(lambda _, do=do: do())
            row.addWidget(self.buttons[words])
        row.addStretch(1)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self.text, 100)
        middle.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addStretch(1)
        layout.addLayout(middle)
        layout.addLayout(row)
        layout.addStretch(1)
        covered.installEventFilter(self)
        self._cover()

    def show_if(self, is_empty: bool) -> None:
        """Cover the widget, or show it."""
        self.setVisible(is_empty)
        if is_empty:
            self._cover()
            self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._cover()
        return super().eventFilter(watched, event)

    def _cover(self) -> None:
        self.setGeometry(self.parentWidget().rect())
