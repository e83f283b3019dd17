"""Questions to the user, in one place so that tests can answer them."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QWidget

from jpas_gui.core.catalogues.column_map import ColumnMap
from jpas_gui.views.observed.column_dialog import ColumnDialog


class Dialogs:
    """Asks for files and answers with the dialogs of the desktop."""

    def open_file(self, title: str, formats: str) -> Path | None:
        """Ask for an existing file."""
        name, _ = QFileDialog.getOpenFileName(None, title, "", formats)
        return Path(name) if name else None

    def open_folder(self, title: str) -> Path | None:
        """Ask for an existing folder."""
        name = QFileDialog.getExistingDirectory(None, title)
        return Path(name) if name else None

    def save_file(self, title: str, proposal: str, formats: str) -> Path | None:
        """Ask for the name of a file to write."""
        name, _ = QFileDialog.getSaveFileName(None, title, proposal, formats)
        return Path(name) if name else None

    def warn(self, parent: QWidget, title: str, message: str) -> None:
        """Say what is wrong."""
        QMessageBox.warning(parent, title, message)

    def tell(self, parent: QWidget, title: str, message: str) -> None:
        """Say something; the text may be rich."""
        QMessageBox.information(parent, title, message)

    def confirm(self, parent: QWidget, title: str, question: str) -> bool:
        """Ask a question that is answered with yes or no."""
        return QMessageBox.question(parent, title, question) == QMessageBox.StandardButton.Yes

    def choose(self, parent: QWidget, title: str, question: str, options: Sequence[str]) -> str | None:
        """Ask for one of some options."""
        text, chosen = QInputDialog.getItem(parent, title, question, list(options), 0, False)
        return text if chosen else None

    def ask_text(self, parent: QWidget, title: str, question: str, text: str) -> str | None:
        """Ask for a line of text; None where it was not answered."""
        answer, given = QInputDialog.getText(parent, title, question, text=text)
        return answer if given else None

    def map_columns(self, parent: QWidget, names: Sequence[str], message: str) -> ColumnMap | None:
        """Ask which columns of a table hold the photometry."""
        dialog = ColumnDialog(parent, names, message)
        dialog.exec()
        return dialog.answer
