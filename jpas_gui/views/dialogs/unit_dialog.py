"""Asks for the unit of a catalogue, by the magnitudes that each would give."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLineEdit, QTableWidget, QTableWidgetItem, QWidget

from jpas_gui.app.opening_questions import PLAUSIBLE, UnitQuestion, UnitReading, unit_reading
from jpas_gui.views.dialogs.question_dialog import QuestionDialog

_HEADERS = ("Unit", "Meaning", "First value, AB", "Median, AB", "")
_SHOWN_ROWS = 8


class UnitDialog(QuestionDialog):
    """One row for each unit, and a line for any other; the answer is the unit."""

    def __init__(self, parent: QWidget | None, question: UnitQuestion) -> None:
        super().__init__(parent, "Unit of the photometry", question.text, "Open")
        self._question = question
        self.table = QTableWidget(len(question.readings), len(_HEADERS))
        self.table.setAccessibleName("Units")
        self.table.setHorizontalHeaderLabels(_HEADERS)
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.setTabKeyNavigation(False)
        for row, reading in enumerate(question.readings):
            self._show(row, reading)
        height = self.table.verticalHeader().defaultSectionSize()
        self.table.setMinimumHeight(height * (min(len(question.readings), _SHOWN_ROWS) + 1) + 6)
        self.table.selectRow(question.chosen)
        self.table.doubleClicked.connect(lambda _: self.accept())
        self.table.itemSelectionChanged.connect(lambda: self.other.clear())
        self.other = QLineEdit()
        self.other.setAccessibleName("Another unit")
        self.other.setPlaceholderText("Another unit, such as mJy or 1e-17 erg s-1 cm-2 A-1")
        self.other.textEdited.connect(self._show_other)
        self.content.addWidget(self.table, 1)
        self.content.addWidget(self.other)
        self.table.resizeColumnsToContents()
        width = self.table.horizontalHeader().length() + 2 * self.table.frameWidth() + 2
        self.table.setMinimumWidth(min(width, self.screen().availableGeometry().width() * 8 // 10))
        self.table.setFocus()

    def _show(self, row: int, reading: UnitReading) -> None:
        remark = PLAUSIBLE if reading.is_plausible else ""
        for column, text in enumerate((reading.unit, reading.words, reading.first, reading.median, remark)):
            item = QTableWidgetItem(text)
            if column in (2, 3):
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            font = item.font()
            font.setBold(reading.is_plausible)
            item.setFont(font)
            self.table.setItem(row, column, item)

    def _show_other(self, text: str) -> None:
        if text:
            self.table.blockSignals(True)
            self.table.clearSelection()
            self.table.blockSignals(False)

    def read(self) -> str:
        """Return the unit.

        Raises
        ------
        InputError
            If what is written is none.
        """
        unit = self.other.text().strip()
        if unit:
            return unit_reading(unit, self._question.sample).unit
        chosen = self.table.selectionModel().selectedRows()
        return self._question.readings[chosen[0].row() if chosen else self._question.chosen].unit
