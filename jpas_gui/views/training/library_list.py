"""The libraries of a training, with their weights."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

import qtawesome
from PySide6.QtCore import QLocale, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QStyledItemDelegate,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from jpas_gui.core.ssp.catalogue import known_libraries, library_problem
from jpas_gui.views.theme import theme_of
from jpas_gui.views.training.plot_style import wrong_colour
from jpas_gui.views.widgets.tick_delegate import TickDelegate

_NAME = Qt.ItemDataRole.UserRole
_ROWS = 2, 4
"""The fewest and the most that are in view at once; more are scrolled."""
_ABSENT = "cannot be used"
_WAY_OUT = "Get it in the tab Libraries, add its file or folder here, or untick it."


class _Weights(QStyledItemDelegate):
    """Shows what an empty weight means."""

    def displayText(self, value: object, locale: QLocale | QLocale.Language) -> str:
        return str(value) or "equal"


class LibraryList(QWidget):
    """A tick for each library that is to be learned, and its part in the mixture.

    Signals
    -------
    file_wanted(), folder_wanted()
        The user wants a library that is not in the list.
    edited()
        Others are ticked, or have other weights.
    """

    edited = Signal()
    file_wanted = Signal()
    folder_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.table = QTableWidget(0, 2)
        self.table.setItemDelegateForColumn(0, TickDelegate(self.table))
        self.table.setAccessibleName("Libraries of the training")
        self.table.setHorizontalHeaderLabels(["Library", "Weight"])
        self.table.setItemDelegateForColumn(1, _Weights(self.table))
        self.table.itemChanged.connect(lambda _: self._changed())
        self._is_weighted = False
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(self.table.fontMetrics().lineSpacing() + 8)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._take_room()
        self.file = QPushButton("Add file…")
        self.file.clicked.connect(lambda: self.file_wanted.emit())
        self.folder = QPushButton("Add folder…")
        self.folder.clicked.connect(lambda: self.folder_wanted.emit())
        buttons = QHBoxLayout()
        for button in (self.file, self.folder):
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)
        layout.addLayout(buttons)

    def show_libraries(self, chosen: Sequence[tuple[str, str]]) -> None:
        """Show all libraries at hand, and tick those that are chosen, with their weights."""
        weights, titles = dict(chosen), {entry.name: entry.title for entry in known_libraries()}
        names = list(dict.fromkeys((*titles, *self._added(), *weights)))
        with QSignalBlocker(self.table):
            self.table.setRowCount(0)
            for name in names:
                self._add_row(name, titles.get(name, Path(name).name), name in weights, weights.get(name, ""))
        self._take_room()
        self._changed()

    def _take_room(self) -> None:
        """Be no higher than the rows need."""
        few, many = _ROWS
        rows = min(max(self.table.rowCount(), few), many)
        row, head = self.table.verticalHeader().defaultSectionSize(), self.table.horizontalHeader().sizeHint().height()
        self.table.setFixedHeight(head + rows * row + 2 * self.table.frameWidth())

    def refresh(self) -> None:
        """List the libraries that are at hand by now; the choice stays."""
        self.show_libraries(self.chosen())

    def add(self, name: str) -> None:
        """Add a library by its path, and tick it."""
        self.show_libraries((*(pair for pair in self.chosen() if pair[0] != name), (name, "")))

    def chosen(self) -> tuple[tuple[str, str], ...]:
        """Return name and weight of each library that is ticked."""
        rows = [(self.table.item(row, 0), self.table.item(row, 1)) for row in range(self.table.rowCount())]
        return tuple(
            (str(name.data(_NAME)), weight.text())
            for name, weight in rows
            if name.checkState() == Qt.CheckState.Checked
        )

    def set_weighted(self, on: bool) -> None:
        """Show the weights, or leave them out: not every preset has them."""
        self._is_weighted = on
        self._show_weights()

    def mark(self, is_wrong: bool) -> None:
        """Mark that the choice, or a weight, cannot be used."""
        colour = wrong_colour(theme_of(self.palette()))
        style = f"QTableWidget {{ border: 1px solid {colour} }}" if is_wrong else ""
        if style != self.table.styleSheet():  # to set it takes a while, though it were the same
            self.table.setStyleSheet(style)

    def _changed(self) -> None:
        self._show_weights()
        self.edited.emit()

    def _show_weights(self) -> None:
        """Show the weights of a mixture: one library alone has none."""
        self.table.setColumnHidden(1, not self._is_weighted or len(self.chosen()) < 2)

    def _added(self) -> list[str]:
        """Return the libraries that were added by their paths."""
        names = [str(self.table.item(row, 0).data(_NAME)) for row in range(self.table.rowCount())]
        return [name for name in names if Path(name).is_absolute()]

    def _add_row(self, name: str, title: str, is_chosen: bool, weight: str) -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        problem = library_problem(name)
        item = QTableWidgetItem(f"{title}: {_ABSENT}" if problem else title)
        item.setData(_NAME, name)
        item.setToolTip(f"<p>{escape(problem)}. {_WAY_OUT}</p>" if problem else name)
        if problem:
            item.setIcon(qtawesome.icon("mdi6.alert", color=wrong_colour(theme_of(self.palette()))))
        item.setFlags(Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        item.setCheckState(Qt.CheckState.Checked if is_chosen else Qt.CheckState.Unchecked)
        self.table.setItem(row, 0, item)
        self.table.setItem(row, 1, QTableWidgetItem(weight))
