"""The rows of the source list, as Qt's views ask for them: only those that are seen."""

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from jpas_gui.app.notes import Quality
from jpas_gui.app.source_list import SourceTable
from jpas_gui.core.arrays import IndexArray
from jpas_gui.core.flags import flag_sentences, short_flag
from jpas_gui.views.observed.note_panel import MARKS

Index = QModelIndex | QPersistentModelIndex

COLUMNS = {
    "row": ("#", "Row in the file", "d"),
    "name": ("Name", "The catalogue's own id", ""),
    "mark": ("", "Your quality mark", ""),
    "magnitude": ("AB", "AB magnitude in iSDSS, or in J0770", ".2f"),
    "snr": ("S/N", "Median of the usable bands", ".1f"),
    "log_age": ("log age", "Predicted; log10 yr", ".2f"),
    "metallicity": ("[M/H]", "Predicted; dex", ".2f"),
    "ebv": ("E(B−V)", "Predicted; mag", ".2f"),
    "chi2": ("χ²/n", "chi2 per band of the nearest SED", ".2f"),
    "flag": ("flag", "Why the prediction deserves no trust", ""),
    "redshift": ("z", "Redshift in use", ".3f"),
    "n_bands": ("bands", "Usable ones of the survey's 56", "d"),
}
"""Title, tooltip and format of each column, by the column of `SourceTable`."""

PREDICTED = ("log_age", "metallicity", "ebv", "chi2", "flag")
"""Columns that are empty before the catalogue is predicted."""

_NAMES = tuple(COLUMNS)


class SourceModel(QAbstractTableModel):
    """Shows a `SourceTable` in the order of the list.

    Parameters
    ----------
    quality : callable
        Returns the quality mark of a row.
    """

    def __init__(self, quality: Callable[[int], str]) -> None:
        super().__init__()
        self._quality = quality
        self._table = SourceTable(0)
        self.order: IndexArray = np.empty(0, dtype=np.intp)

    def show(self, table: SourceTable, order: IndexArray) -> None:
        """Show these rows of a table. Rows that only come behind the last leave the view where it is."""
        shown = self.order.size
        grows = table is self._table and order.size >= shown and np.array_equal(order[:shown], self.order)
        if not grows:
            self.beginResetModel()
            self._table, self.order = table, order
            self.endResetModel()
            return
        if order.size > shown:
            self.beginInsertRows(QModelIndex(), shown, order.size - 1)
            self.order = order
            self.endInsertRows()
        if shown:
            self.dataChanged.emit(self.index(0, 0), self.index(shown - 1, len(_NAMES) - 1))

    def place_of(self, row: int) -> int:
        """Return where a row of the catalogue is listed; -1 where it is not."""
        found = np.flatnonzero(self.order == row)
        return int(found[0]) if found.size else -1

    # -- what Qt asks for -------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, as Qt declares it
        return 0 if parent.isValid() else int(self.order.size)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(_NAMES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal:
            title, tip, _ = COLUMNS[_NAMES[section]]
            if role == Qt.ItemDataRole.DisplayRole:
                return title
            if role == Qt.ItemDataRole.ToolTipRole:
                return tip
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        name, row = _NAMES[index.column()], int(self.order[index.row()])
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(name, row)
        if role == Qt.ItemDataRole.TextAlignmentRole and name not in ("name", "flag"):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(row)
        return None

    def _text(self, name: str, row: int) -> str:
        table = self._table
        if name == "row":
            return str(row + 1)
        if name == "mark":
            return MARKS.get(Quality(self._quality(row)), "")
        if name == "name":
            return f"{table.name[row]} ⚠" if table.unreadable[row] else str(table.name[row])
        if name == "flag":
            return short_flag(int(table.flag[row])) if table.flag[row] > 0 else ""
        value = getattr(table, name)[row]
        return format(value, COLUMNS[name][2]) if np.isfinite(value) else ""

    def _tip(self, row: int) -> str:
        if self._table.unreadable[row]:
            return "This row of the file cannot be read; select it to see why"
        return "\n".join([str(self._table.name[row]), *flag_sentences(max(0, int(self._table.flag[row])))])
