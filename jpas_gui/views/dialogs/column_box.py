"""Chooses a column of a table: a list with what is in each, that is searched while one types."""

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QComboBox, QCompleter, QSizePolicy

_LEAST_CHARACTERS = 12
_SHOWN_ROWS = 20
_NO_PARENT = QModelIndex()


class ColumnBox(QComboBox):
    """A box that can be typed into; its text is the name of a column.

    Parameters
    ----------
    name : str
        For people and for screen readers.
    columns : iterable of (str, str)
        Names, and what is in them.
    text : str
        What it shows first.
    """

    def __init__(self, name: str, columns: Iterable[tuple[str, str]], text: str = "") -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(_SHOWN_ROWS)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_LEAST_CHARACTERS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        model = _Columns(list(columns), self)
        self.setModel(model)
        completer = QCompleter(model, self)
        completer.setCompletionRole(Qt.ItemDataRole.EditRole)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.setCompleter(completer)
        self.setCurrentIndex(-1)
        self.setEditText(text)

    def showPopup(self) -> None:
        width = self.view().sizeHintForColumn(0) + self.view().verticalScrollBar().sizeHint().width() + 8
        self.view().setMinimumWidth(min(width, self.screen().availableGeometry().width() // 2))
        super().showPopup()


class _Columns(QAbstractListModel):
    """Names to be chosen, shown with what is in the columns."""

    def __init__(self, columns: list[tuple[str, str]], parent: QComboBox) -> None:
        super().__init__(parent)
        self._columns = columns

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        name, text = self._columns[index.row()]
        if role == Qt.ItemDataRole.EditRole:
            return name
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{name}   ({text})" if text else name
        return text or None if role == Qt.ItemDataRole.ToolTipRole else None
