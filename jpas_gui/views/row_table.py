"""Tables of which whole rows are chosen."""

from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget


def choose_rows(table: QTableWidget) -> None:
    """Let one row be chosen at a time, and nothing be edited; columns are as wide as what they hold."""
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setShowGrid(False)
    table.setAlternatingRowColors(True)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(24)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
