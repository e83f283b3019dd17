"""What the right button offers on tables and lists: to copy them."""

from collections.abc import Iterable

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QListView, QMenu, QTableView, QWidget

MOST_ROWS = 100_000
"""Rows that are copied at once: more of them take the window's time, and a file is the better place for them."""


def offer_copies_in(parent: QWidget) -> None:
    """Offer to copy what the tables and lists within a widget show."""
    for view in parent.findChildren(QAbstractItemView):
        if isinstance(view, QTableView | QListView) and not _is_of_combo(view):
            offer_copies(view)


def offer_copies(view: QAbstractItemView) -> None:
    """Offer to copy what a table or list shows; Ctrl+C copies the chosen rows."""
    view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    view.customContextMenuRequested.connect(lambda place: _open_menu(view, place))
    copy = QAction("Copy the chosen rows", view)
    copy.setShortcut(QKeySequence.StandardKey.Copy)
    copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    copy.triggered.connect(lambda: _copy(rows_as_text(view, _chosen_rows(view))))
    view.addAction(copy)


def table_menu(view: QAbstractItemView, index: QModelIndex) -> QMenu:
    """Return what the right button offers at a cell, which may be none."""
    n_rows = view.model().rowCount()
    menu = QMenu(view)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    chosen = _chosen_rows(view)
    if index.row() not in chosen:
        chosen = [index.row()]
    row_text = "Copy row" if len(chosen) == 1 else f"Copy {len(chosen)} rows"
    for text, copy, is_there in (
        ("Copy value", lambda: _copy(_words(index)), index.isValid()),
        (row_text, lambda: _copy(rows_as_text(view, chosen)), index.isValid()),
        ("Copy table", lambda: _copy(rows_as_text(view, range(n_rows))), 0 < n_rows <= MOST_ROWS),
        ("Copy picture", lambda: QGuiApplication.clipboard().setPixmap(view.grab()), True),
    ):
        menu.addAction(text, copy).setEnabled(is_there)
    return menu


def rows_as_text(view: QAbstractItemView, rows: Iterable[int]) -> str:
    """Return rows of a table with its heads, as they are shown: cells separated by tabulators, one row a line."""
    model = view.model()
    is_table = isinstance(view, QTableView)
    columns = [column for column in range(model.columnCount()) if not view.isColumnHidden(column)] if is_table else [0]
    has_names = is_table and not view.verticalHeader().isHidden()
    lines = [[_head(model, row, Qt.Orientation.Vertical)] * has_names for row in rows]
    for row, line in zip(rows, lines, strict=True):
        line += [_words(model.index(row, column)) for column in columns]
    if is_table:
        lines.insert(0, [""] * has_names + [_head(model, column, Qt.Orientation.Horizontal) for column in columns])
    return "\n".join("\t".join(line) for line in lines)


def _open_menu(view: QAbstractItemView, place: QPoint) -> None:
    index = view.indexAt(place)
    table_menu(view, index if index.isValid() else view.currentIndex()).popup(view.viewport().mapToGlobal(place))


def _chosen_rows(view: QAbstractItemView) -> list[int]:
    return sorted({index.row() for index in view.selectedIndexes()})


def _is_of_combo(view: QWidget) -> bool:
    """Return whether a view is the list that a combo box opens."""
    parent = view.parentWidget()
    while parent is not None and not isinstance(parent, QComboBox):
        parent = parent.parentWidget()
    return parent is not None


def _head(model: QAbstractItemModel, section: int, orientation: Qt.Orientation) -> str:
    return _plain(model.headerData(section, orientation))


def _words(index: QModelIndex) -> str:
    return _plain(index.data())


def _plain(value: object) -> str:
    """Return a text for one cell, with the minus sign that other programs read as one."""
    return " ".join(str("" if value is None else value).split()).replace("−", "-")


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)
