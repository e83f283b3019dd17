"""What all dialogs of the program have in common: text that wraps, a title that fits, and no harm by Escape."""

from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from jpas_gui.core.errors import InputError
from jpas_gui.views.theme import theme_of

_WIDTH = 64
"""Characters of a line: longer ones are hard to read."""

_FRAME = 24
"""Characters that the icon and the buttons of a window's title take."""

_BREAK = "\u200b"
"""A space of no width: a long path has no other place where a line may end."""


class QuestionDialog(QDialog):
    """A text, what is to be answered below it, what is wrong with the answer, and two buttons.

    The button of the answer says what it does; Escape and *Cancel* leave all as it was.

    Parameters
    ----------
    parent : QWidget, optional
    title : str
    text : str
        Plain, or rich.
    action : str
        What the button of the answer says.
    cancel : bool
        Whether there is a button to give no answer: a message has none.
    """

    def __init__(self, parent: QWidget | None, title: str, text: str, action: str, cancel: bool = True) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.answer: Any = None
        self.text = _Text(text)
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self.problem.setAccessibleName("What is wrong")
        self.problem.setStyleSheet(f"color: {theme_of(self.palette()).warning}")
        self.problem.hide()
        buttons = QDialogButtonBox()
        self.action = QPushButton(action)
        self.action.setDefault(True)
        buttons.addButton(self.action, QDialogButtonBox.ButtonRole.AcceptRole)
        self.cancel = buttons.addButton(QDialogButtonBox.StandardButton.Cancel) if cancel else None
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.content = QVBoxLayout()
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addLayout(self.content, 1)
        layout.addWidget(self.problem)
        layout.addWidget(buttons)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetMinimumSize)  # nothing in it is ever cut
        character = self.fontMetrics().averageCharWidth()
        width = max(_WIDTH * character, self.fontMetrics().horizontalAdvance(title) + _FRAME * character)
        self.text.setMinimumWidth(min(width, int(0.85 * self.screen().availableGeometry().width())))

    def read(self) -> Any:
        """Return the answer as it stands.

        Raises
        ------
        InputError
            If it is none: the dialog says so, and stays open.
        """
        return True

    def accept(self) -> None:
        """Take the answer if it is one; say what is wrong if it is not."""
        try:
            self.answer = self.read()
        except InputError as error:
            self.problem.setText(_breakable(str(error)))
            self.problem.show()
            self.layout().activate()
            self.resize(self.width(), max(self.height(), self.layout().totalHeightForWidth(self.width())))
            return
        super().accept()

    def ask(self) -> Any:
        """Return the answer; None where none was given."""
        self.exec()
        return self.answer


class _Text(QScrollArea):
    """A text that wraps, and scrolls where the screen is too small for it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        is_rich = Qt.mightBeRichText(text)
        self.label = QLabel(text if is_rich else _breakable(text))
        self.label.setWordWrap(True)
        self.label.setOpenExternalLinks(True)
        self.label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.label.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the first key is for the answer
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setWidget(self.label)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return min(self.label.heightForWidth(width) + 2, self.screen().availableGeometry().height() * 6 // 10)

    def sizeHint(self) -> QSize:
        width = _WIDTH * self.fontMetrics().averageCharWidth()
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.fontMetrics().height() + 2)


def _breakable(text: str) -> str:
    return text.replace("/", f"/{_BREAK}").replace("_", f"_{_BREAK}")
