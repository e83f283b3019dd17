"""A sign in the status bar that a model is trained, seen from every tab."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QSizePolicy, QToolButton

_WIDTH = 90
"""Characters; a longer text is cut in its middle, and whole in the tooltip."""


class RunningSign(QToolButton):
    """Says what is trained, how far it is and what waits; out of sight where nothing is. A click leads there."""

    def __init__(self) -> None:
        super().__init__()
        self.setAutoRaise(True)
        self.setAccessibleName("Training under way")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Ignored)  # no higher than the bar was
        self.hide()

    def show_text(self, text: str) -> None:
        """Show this; nothing where it is empty."""
        metrics = self.fontMetrics()
        room = _WIDTH * metrics.averageCharWidth()
        self.setText(metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, room))
        self.setToolTip(f"{text}\nClick to see it" if text else "")
        self.setAccessibleDescription(text)
        self.setVisible(bool(text))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)
