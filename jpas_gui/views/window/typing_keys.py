"""Undo and redo while a text field has the focus."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QWidget


class TypingKeys(QObject):
    """Leaves undo and redo to the text field that has the focus as long as it has typing of its own to take back.

    Qt's fields keep these keys to themselves even when they have nothing to undo.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        QApplication.instance().focusChanged.connect(self._watch)

    def _watch(self, _: QWidget | None, now: QWidget | None) -> None:
        if _field_of(now) is not None:
            now.installEventFilter(self)  # once, however often it is called

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            field = _field_of(watched)
            for key, is_typed in (
                (QKeySequence.StandardKey.Undo, QLineEdit.isUndoAvailable),
                (QKeySequence.StandardKey.Redo, QLineEdit.isRedoAvailable),
            ):
                if field is not None and event.matches(key) and not is_typed(field):
                    event.ignore()
                    return True
        return False


def finish_typing() -> None:
    """Take what is being typed as it stands, as if the field were left."""
    focus = QApplication.focusWidget()
    if _field_of(focus) is not None:
        focus.clearFocus()


def _field_of(widget: QObject | None) -> QLineEdit | None:
    if isinstance(widget, QAbstractSpinBox):
        return widget.lineEdit()
    return widget if isinstance(widget, QLineEdit) else None
