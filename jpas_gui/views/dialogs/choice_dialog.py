"""Asks for one of a few things."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QButtonGroup, QLineEdit, QRadioButton, QWidget

from jpas_gui.core.errors import InputError
from jpas_gui.views.dialogs.question_dialog import QuestionDialog


class ChoiceDialog(QuestionDialog):
    """One button for each option; the first is chosen, and the answer is its text."""

    def __init__(self, parent: QWidget | None, title: str, question: str, options: Sequence[str], action: str) -> None:
        super().__init__(parent, title, question, action)
        self._group = QButtonGroup(self)
        for place, option in enumerate(options):
            button = QRadioButton(option.replace("&", "&&"))
            button.setChecked(place == 0)
            self._group.addButton(button, place)
            self.content.addWidget(button)
        self._options = tuple(options)
        self._group.buttons()[0].setFocus()

    def read(self) -> str:
        """Return the option that is chosen."""
        return self._options[self._group.checkedId()]


class TextDialog(QuestionDialog):
    """A line of text, which is the answer; `problem` returns why a text is none, and nothing where it is one."""

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        question: str,
        text: str,
        action: str,
        problem: Callable[[str], str] | None = None,
    ) -> None:
        super().__init__(parent, title, question, action)
        self._problem_of = problem
        self.line = QLineEdit(text)
        self.line.setAccessibleName(title)
        self.line.selectAll()
        self.content.addWidget(self.line)
        self.line.setFocus()

    def read(self) -> str:
        """Return the text.

        Raises
        ------
        InputError
            If it is no answer.
        """
        text = self.line.text().strip()
        if self._problem_of is not None and (why := self._problem_of(text)):
            raise InputError(why)
        return text
