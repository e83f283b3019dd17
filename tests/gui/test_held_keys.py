"""A test begins without keys held: QTest leaves Ctrl down after Ctrl+C, and tables would then add to what is chosen."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget


def test_a_key_that_is_clicked_stays_held(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    qtbot.keyClick(widget, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.keyboardModifiers() == Qt.KeyboardModifier.ControlModifier


def test_but_not_into_the_next_test():
    assert QApplication.keyboardModifiers() == Qt.KeyboardModifier.NoModifier
