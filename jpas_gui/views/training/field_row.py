"""A setting in the form: its label, what edits it, the button that resets it, and how it is marked."""

from html import escape

import qtawesome
from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPalette
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from jpas_gui.app.training_form import FALSE, TRUE, FormField
from jpas_gui.core.photometry.noise_settings import survey_names
from jpas_gui.views.theme import theme_of
from jpas_gui.views.training.plot_style import wrong_colour


class FieldRow(QObject):
    """What a `FormField` looks like; `label` and `right` go side by side.

    Signals
    -------
    edited()
        The user changed it.
    entered()
        It has the focus now.
    """

    edited = Signal()
    entered = Signal()

    def __init__(self, field: FormField, parent: QWidget) -> None:
        super().__init__(parent)
        self.field = field
        self._is_changed, self._problem = False, ""
        self.editor = _editor(field)
        self.editor.setAccessibleName(field.label)
        self.editor.installEventFilter(self)
        self.label = QLabel("" if field.is_switch else field.label)
        self.label.setBuddy(self.editor)
        self.reset = QToolButton()
        self.reset.setAutoRaise(True)
        self.reset.setAccessibleName(f"Reset {field.label}")
        self.reset.setToolTip(f"Back to the preset: {field.rule.default_text}")
        self.reset.clicked.connect(lambda: self._reset())
        self._keep_places()
        self._listen()
        self.show_colours(parent.palette())

    def _keep_places(self) -> None:
        """Let nothing move when a mark comes or goes."""
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(policy)
        bold = self.label.font()
        bold.setBold(True)
        self.label.setMinimumWidth(QFontMetrics(bold).horizontalAdvance(self.label.text()) + 2)
        self.editor.setFixedHeight(self.editor.sizeHint().height())
        self._frame = QFrame()
        self.right = QWidget()
        for holder, parts in ((self._frame, (self.editor,)), (self.right, (self._frame, self.reset))):
            layout = QHBoxLayout(holder)
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(2)
            for part in parts:
                layout.addWidget(part)
        self.right.layout().setStretch(0, 1)

    def _listen(self) -> None:
        match self.editor:
            case QCheckBox() as box:
                box.toggled.connect(lambda _: self.edited.emit())
            case QComboBox() as box:
                box.currentTextChanged.connect(lambda _: self.edited.emit())
            case QLineEdit() as line:
                line.textChanged.connect(lambda _: self.edited.emit())

    @property
    def text(self) -> str:
        """What stands in it."""
        if isinstance(self.editor, QCheckBox):
            return TRUE if self.editor.isChecked() else FALSE
        return self.editor.currentText() if isinstance(self.editor, QComboBox) else self.editor.text()

    def show_text(self, text: str) -> None:
        """Show this; it is not told as an edit."""
        with QSignalBlocker(self.editor):
            self._put(text)

    def _put(self, text: str) -> None:
        if isinstance(self.editor, QCheckBox):
            self.editor.setChecked(text == TRUE)
        elif isinstance(self.editor, QComboBox):
            self.editor.setCurrentText(text)
        else:
            self.editor.setText(text)
            self.editor.setCursorPosition(0)

    def _reset(self) -> None:
        self._put(self.field.default)
        self.editor.setFocus()

    @property
    def problem(self) -> str:
        """What is wrong with it, if anything is."""
        return self._problem

    def mark(self, is_changed: bool, problem: str) -> None:
        """Mark whether it differs from the preset, and what is wrong with it."""
        if (is_changed, problem) != (self._is_changed, self._problem):
            self._is_changed, self._problem = is_changed, problem
            self._draw_marks()

    def _draw_marks(self) -> None:
        is_changed, problem = self._is_changed, self._problem
        marked = self.editor if self.field.is_switch else self.label
        font = marked.font()
        font.setBold(is_changed)
        marked.setFont(font)
        self.reset.setVisible(is_changed)
        # A frame around it: a border of its own would take away the look of a combo box, and its height.
        self._frame.setStyleSheet(f".QFrame {{ border: 1px solid {self._wrong if problem else 'transparent'} }}")
        wrong = f"<p style='color:{self._wrong}'>{escape(problem)}</p>" if problem else ""
        lines = escape(self.field.explanation).replace("\n", "<br>")
        self.editor.setToolTip(f"{wrong}<p>{lines}</p>")
        self.editor.setAccessibleDescription(". ".join(filter(None, (problem, self.field.explanation))))

    @property
    def _wrong(self) -> str:
        return wrong_colour(theme_of(self.right.palette()))

    def show_colours(self, palette: QPalette) -> None:
        """Take the colours of the window's palette."""
        self.reset.setIcon(qtawesome.icon("mdi6.restore", color=palette.windowText().color()))
        self._draw_marks()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell of the focus; keep the wheel, which scrolls the form, from changing what it passes over."""
        if event.type() == QEvent.Type.FocusIn:
            self.entered.emit()
        if event.type() == QEvent.Type.Wheel and isinstance(self.editor, QComboBox) and not self.editor.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def _editor(field: FormField) -> QLineEdit | QComboBox | QCheckBox:
    if field.is_switch:
        return QCheckBox(field.label)
    choices = survey_names() if field.key == "data.noise" else field.choices
    if not choices:
        return QLineEdit()
    box = QComboBox()
    box.addItems(choices)
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    box.setEditable(field.key == "data.noise")  # the file of errors that were measured
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return box
