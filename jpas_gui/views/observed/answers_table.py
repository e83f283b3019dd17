"""The answers of all models beside the exact posterior's, in numbers."""

import numpy as np
from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import QTableWidget, QTableWidgetItem

from jpas_gui.app.observed_frame import ShownAnswer, answer_tooltip
from jpas_gui.core.evaluation.labels import LABELS
from jpas_gui.views.observed.styles import style_of
from jpas_gui.views.theme import LIGHT, Theme
from jpas_gui.views.widgets.row_table import choose_rows
from jpas_gui.views.widgets.symbol_icon import symbol_icon

_COLUMNS = ("", *(label.symbol for label in LABELS.values()), "χ² / bands", "remarks")
_FEWEST_ROWS = 2
_NAME = Qt.ItemDataRole.UserRole
_STYLE = _NAME + 1
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class AnswersTable(QTableWidget):
    """A row for each answer; a row with a remark has a warning sign, and says it in its tooltip.

    Signals
    -------
    chosen()
        Another row is current.
    sent(str)
        A double click wants this answer on the sliders.
    """

    chosen = Signal()
    sent = Signal(str)

    def __init__(self) -> None:
        super().__init__(0, len(_COLUMNS))
        self._theme = LIGHT
        self.setAccessibleName("Answers")
        self.setToolTip("Medians with 16 and 84 percentiles; a double click puts an answer on the sliders")
        self.setHorizontalHeaderLabels(_COLUMNS)
        choose_rows(self)
        self.horizontalHeader().setStretchLastSection(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.currentCellChanged.connect(lambda *_: self.chosen.emit())
        self.cellDoubleClicked.connect(lambda row, _: self.sent.emit(self.item(row, 0).data(_NAME)))

    def show_answers(self, answers: tuple[ShownAnswer, ...]) -> None:
        """Show these answers; the choice stays with its model."""
        chosen = self.chosen_name
        with QSignalBlocker(self):
            self.setRowCount(len(answers))
            for row, answer in enumerate(answers):
                self._fill(row, answer)
                if answer.name == chosen:
                    self.setCurrentCell(row, 0)
        self._take_room()
        self.chosen.emit()

    @property
    def chosen_name(self) -> str | None:
        """The model whose row is current; the exact posterior, the last, where none is."""
        row = self.currentRow() if self.currentRow() >= 0 else self.rowCount() - 1
        item = self.item(row, 0)
        return None if item is None else str(item.data(_NAME))

    def _fill(self, row: int, answer: ShownAnswer) -> None:
        style, tip = style_of(answer.name, self._theme), answer_tooltip(answer)
        title = f"{answer.title} ⚠" if answer.remarks else answer.title
        alignment = _RIGHT if np.isfinite(answer.point).all() else _LEFT
        for column, text in enumerate((title, *answer.cells, "; ".join((*answer.remarks, *answer.notes)))):
            item = self.item(row, column)
            if item is None:
                item = QTableWidgetItem()
                self.setItem(row, column, item)
            # What is set is laid out anew, though it were the same.
            if (item.text(), item.toolTip()) != (text, tip):
                item.setText(text)
                item.setToolTip(tip)
            is_number = 0 < column <= len(answer.cells)
            if is_number and item.textAlignment() != alignment:
                item.setTextAlignment(alignment)
        name = self.item(row, 0)
        if (name.data(_NAME), name.data(_STYLE)) != (answer.name, style):
            name.setData(_NAME, answer.name)
            name.setData(_STYLE, style)
            name.setIcon(symbol_icon(style.symbol, style.colour))

    def _take_room(self) -> None:
        """Be as high as the rows where there is room, and no lower than two of them."""
        row = self.verticalHeader().defaultSectionSize()
        rest = self.horizontalHeader().sizeHint().height() + 2 * self.frameWidth() + 2
        self.setMinimumHeight(min(self.rowCount(), _FEWEST_ROWS) * row + rest)
        self.setMaximumHeight(self.rowCount() * row + rest)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.maximumHeight())

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme, for the answers to come."""
        self._theme = theme
