"""Asks where a number of each galaxy comes from: a column, one for all, or neither."""

from PySide6.QtWidgets import QButtonGroup, QLabel, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from jpas_gui.app.opening_questions import Given, ValueQuestion, column_named, number_of
from jpas_gui.views.dialogs.column_box import ColumnBox
from jpas_gui.views.dialogs.question_dialog import QuestionDialog

_INDENT = 24


class ValueDialog(QuestionDialog):
    """A button for each kind of answer, with what it needs below it; the answer is a `Given`."""

    def __init__(self, parent: QWidget | None, question: ValueQuestion) -> None:
        super().__init__(parent, question.title, question.text, "Open")
        self._question = question
        self.column = ColumnBox(question.column_words, [(column.name, column.text) for column in question.columns])
        self.detail = QLabel()
        self.detail.setAccessibleName("What is in the column")
        self._details = {column.name: column.text for column in question.columns}
        self.number = QLineEdit()
        self.number.setAccessibleName(question.number_words)
        self.number.setPlaceholderText(f"0 to {question.largest:g}")
        self._group = QButtonGroup(self)
        self._fixed = list(question.fixed)
        for words in self._fixed:
            self._add(words)
        self.by_column = self._add(question.column_words, self.column, self.detail)
        self.by_number = self._add(question.number_words, self.number)
        self.column.editTextChanged.connect(self._show_column)
        self.column.activated.connect(lambda _: self.by_column.setChecked(True))
        self.number.textEdited.connect(lambda _: self.by_number.setChecked(True))
        self._show(question.present)
        self._group.checkedButton().setFocus()

    def _add(self, words: str, *needed: QWidget) -> QRadioButton:
        button = QRadioButton(words)
        self._group.addButton(button)
        self.content.addWidget(button)
        indented = QVBoxLayout()
        indented.setContentsMargins(_INDENT, 0, 0, 4 if needed else 0)
        indented.setSpacing(2)
        for widget in needed:
            indented.addWidget(widget)
        self.content.addLayout(indented)
        return button

    def _show_column(self, name: str) -> None:
        self.by_column.setChecked(True)
        self.detail.setText(self._details.get(name, ""))

    def _show(self, present: Given | None) -> None:
        value = present.value if present else None
        fixed = [words for words, own in self._question.fixed.items() if own == value]
        if isinstance(value, str):
            self.column.setEditText(value)
        elif value is not None and not fixed:
            self.number.setText(f"{value:g}")
            self.by_number.setChecked(True)
        else:
            buttons = {button.text(): button for button in self._group.buttons()}
            buttons[fixed[0] if fixed else self._fixed[0]].setChecked(True)

    def read(self) -> Given:
        """Return the answer.

        Raises
        ------
        InputError
            If there is no such column, or the number is none or too large.
        """
        if self.by_column.isChecked():
            names = [column.name for column in self._question.columns]
            return Given(column_named(self.column.currentText(), names))
        if self.by_number.isChecked():
            return Given(number_of(self.number.text(), self._question.largest))
        return Given(self._question.fixed[self._group.checkedButton().text()])
