"""Clicks on figures, as the mouse makes them: QTest's double click has one press too many."""

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication


def double_click(figure, place):
    for kind in (
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.MouseButtonDblClick,
        QEvent.Type.MouseButtonRelease,
    ):
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        held = none if kind is QEvent.Type.MouseButtonRelease else left
        globally = QPointF(figure.viewport().mapToGlobal(place))
        event = QMouseEvent(kind, QPointF(place), globally, left, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(figure.viewport(), event)
