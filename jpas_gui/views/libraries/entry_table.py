"""The list of all libraries, models and filter curves."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem

from jpas_gui.app.collection_entries import Entry, Status
from jpas_gui.views.widgets.row_table import choose_rows

_COLUMNS = ("name", "what", "where", "size")


class EntryTable(QTableWidget):
    """A row for each entry.

    Signals
    -------
    chosen(object)
        An `Entry`, or None.
    used(object)
        An `Entry` was double-clicked.
    """

    chosen = Signal(object)
    used = Signal(object)

    def __init__(self) -> None:
        super().__init__(0, len(_COLUMNS))
        self._entries: tuple[Entry, ...] = ()
        self.setAccessibleName("Libraries and models")
        self.setHorizontalHeaderLabels(_COLUMNS)
        choose_rows(self)
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.currentCellChanged.connect(lambda *_: self.chosen.emit(self.current))
        self.cellDoubleClicked.connect(lambda row, _: self.used.emit(self._entries[row]))

    def show_entries(self, entries: tuple[Entry, ...]) -> None:
        """Show these entries; the choice stays where it was."""
        before = self.current
        self._entries = entries
        with QSignalBlocker(self):
            self.setRowCount(len(entries))
            chosen = 0
            for row, entry in enumerate(entries):
                self._fill(row, entry)
                if before is not None and (entry.kind, entry.name) == (before.kind, before.name):
                    chosen = row
            self.setCurrentCell(chosen, 0)
        self.chosen.emit(self.current)

    def _fill(self, row: int, entry: Entry) -> None:
        for column, text in enumerate([entry.title, entry.kind.value, entry.status.value, size_text(entry.size)]):
            item = QTableWidgetItem(text)
            item.setToolTip(entry.name if entry.path is None else str(entry.path))
            if not entry.is_at_hand:
                item.setForeground(self.palette().placeholderText())
            if column == len(_COLUMNS) - 1:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.setItem(row, column, item)
        if entry.status is Status.UNUSABLE:
            self.item(row, 0).setText(f"⚠ {entry.title}")

    @property
    def current(self) -> Entry | None:
        """The entry that is chosen."""
        row = self.currentRow()
        return self._entries[row] if 0 <= row < len(self._entries) else None

    def choose(self, name: str) -> None:
        """Choose the first entry of a name."""
        names = [entry.name for entry in self._entries]
        if name in names:
            self.setCurrentCell(names.index(name), 0)


def size_text(size: int) -> str:
    """Return a number of bytes for people; nothing where it is not known."""
    if not size:
        return ""
    return f"{size / 1e6:.1f} MB" if size < 1e9 else f"{size / 1e9:.2f} GB"
