"""How tables look that are read, not edited."""

from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget

from jpas_gui.views.text_size import with_text

_ROW_HEIGHT = 24


def only_show(table: QTableWidget) -> None:
    """Let nothing be edited; columns are as wide as what they hold."""
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setAlternatingRowColors(True)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(with_text(_ROW_HEIGHT))
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)


def choose_rows(table: QTableWidget) -> None:
    """Let nothing be edited, and one row be chosen at a time."""
    only_show(table)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setShowGrid(False)
