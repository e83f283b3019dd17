"""The user's note on a galaxy: a quality mark and words."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QToolButton, QWidget

from jpas_gui.app.notes import Note, Quality

MARKS = {Quality.GOOD: "✔", Quality.DOUBTFUL: "?", Quality.BAD: "✘"}
KEYS = {Quality.GOOD: "Ctrl+1", Quality.DOUBTFUL: "Ctrl+2", Quality.BAD: "Ctrl+3"}
"""Of the marks, in the menu Galaxy."""


class NotePanel(QWidget):
    """Shows the note and reports what the user wants.

    Signals
    -------
    quality_chosen(str), text_written(str)
    """

    quality_chosen = Signal(str)
    text_written = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.buttons: dict[Quality, QToolButton] = {}
        group = QButtonGroup(self)
        group.setExclusive(False)  # a second click takes the mark away
        for quality, mark in MARKS.items():
            button = QToolButton()
            button.setText(f"{mark} {quality.value}")
            button.setCheckable(True)
            button.setAccessibleName(f"Mark as {quality.value}")
            button.setToolTip(f"Mark this galaxy as {quality.value} ({KEYS[quality]}); again takes the mark away")
            button.clicked.connect(lambda on, quality=quality: self.quality_chosen.emit(quality if on else ""))
            group.addButton(button)
            self.buttons[quality] = button
            layout.addWidget(button)
        self.text = QLineEdit()
        self.text.setAccessibleName("Note")
        self.text.setPlaceholderText("Note on this galaxy; it is kept beside the catalogue")
        self.text.editingFinished.connect(self._write)
        layout.addWidget(self.text, 1)
        self.show_note(None)

    def _write(self) -> None:
        self.text.setText(self.text.text())  # what was typed is a step of its own from now on, not one of the field
        self.text_written.emit(self.text.text())

    def show_note(self, note: Note | None) -> None:
        """Show a note; None: there is no galaxy."""
        self.setEnabled(note is not None)
        shown = note or Note("")
        for quality, button in self.buttons.items():
            button.setChecked(shown.quality is quality)
        if not self.text.hasFocus() or not self.text.isModified():
            with QSignalBlocker(self.text):
                self.text.setText(shown.text)
