"""Questions to the user, in one place so that tests can answer them."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from jpas_gui.app.opening_questions import ColumnsQuestion, Given, UnitQuestion, ValueQuestion
from jpas_gui.core.catalogues.column_map import ColumnMap
from jpas_gui.views.dialogs.choice_dialog import ChoiceDialog, TextDialog
from jpas_gui.views.dialogs.column_dialog import ColumnDialog
from jpas_gui.views.dialogs.question_dialog import QuestionDialog
from jpas_gui.views.dialogs.unit_dialog import UnitDialog
from jpas_gui.views.dialogs.value_dialog import ValueDialog

_SUFFIX = re.compile(r"\*(\.\w+)")
_LAST_FOLDER = "files/folder"


class Dialogs:
    """Asks for files and answers.

    Parameters
    ----------
    settings : QSettings, optional
        Remembers folders and formats.
    """

    def __init__(self, settings: QSettings | None = None) -> None:
        self._settings = settings

    # -- files ------------------------------------------------------------------------------------------------------

    def open_file(self, title: str, formats: str) -> Path | None:
        """Ask for an existing file."""
        dialog = self._file_dialog(title, formats)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        return self._chosen(dialog)

    def open_folder(self, title: str) -> Path | None:
        """Ask for an existing folder."""
        dialog = self._file_dialog(title, "")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        return self._chosen(dialog)

    def find_moved(self, what: str, path: Path, is_folder: bool) -> Path | None:
        """Ask where a file, or a folder, is now, beginning where it was; None: it is not to be found.

        Parameters
        ----------
        what : str
            What it is, such as ``"the catalogue"``.
        """
        dialog = self._file_dialog(f"Where is {what} {path.name} now?", "")
        if is_folder:
            dialog.setFileMode(QFileDialog.FileMode.Directory)
            dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        else:
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setDirectory(str(next(folder for folder in path.absolute().parents if folder.is_dir())))
        dialog.setLabelText(QFileDialog.DialogLabel.Reject, "Go on without it")
        return self._chosen(dialog)

    def save_file(self, title: str, proposal: str, formats: str) -> Path | None:
        """Ask for the name of a file to write.

        Parameters
        ----------
        title : str
            The format that was chosen last under this title is proposed again.
        proposal : str
            A name, or a path where the folder matters.
        formats : str
            Filters of Qt, such as ``"FITS table (*.fits);;CSV table (*.csv)"``, the usual one first.

        Returns
        -------
        Path
            With the suffix of the chosen format where the user gave none.
        """
        path, chosen = self.ask_where_to_save(title, proposal, formats)
        return None if path is None else with_suffix(path, chosen)

    def ask_where_to_save(self, title: str, proposal: str, formats: str) -> tuple[Path | None, str]:
        """Return the path that the user gave, and the format that was chosen."""
        dialog = self._file_dialog(title, formats)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)

        def use_format(chosen: str) -> None:
            dialog.setDefaultSuffix(suffix_of(chosen))

        dialog.filterSelected.connect(use_format)
        last = self._recall(f"files/{title}/format")
        if last in dialog.nameFilters():
            dialog.selectNameFilter(last)
        use_format(dialog.selectedNameFilter())
        path = Path(proposal).with_suffix(suffix_of(dialog.selectedNameFilter()))
        if path.is_absolute():
            dialog.setDirectory(str(path.parent))
        dialog.selectFile(path.name)
        chosen = self._chosen(dialog)
        if chosen is not None:
            self._keep(f"files/{title}/format", dialog.selectedNameFilter())
        return chosen, dialog.selectedNameFilter()

    def _file_dialog(self, title: str, formats: str) -> QFileDialog:
        return QFileDialog(QApplication.activeWindow(), title, self._recall(_LAST_FOLDER), formats)

    def _chosen(self, dialog: QFileDialog) -> Path | None:
        chosen = dialog.exec() and dialog.selectedFiles()
        dialog.deleteLater()
        if not chosen:
            return None
        path = Path(chosen[0])
        self._keep(_LAST_FOLDER, str(path.parent))
        return path

    def _recall(self, key: str) -> str:
        return str(self._settings.value(key, "")) if self._settings is not None else ""

    def _keep(self, key: str, value: str) -> None:
        if self._settings is not None:
            self._settings.setValue(key, value)

    # -- messages and answers ---------------------------------------------------------------------------------------

    def warn(self, parent: QWidget, title: str, message: str) -> None:
        """Say what is wrong."""
        QuestionDialog(parent, title, message, "Close", cancel=False).ask()

    def tell(self, parent: QWidget, title: str, message: str) -> None:
        """Say something; the text may be rich."""
        QuestionDialog(parent, title, message, "Close", cancel=False).ask()

    def confirm(
        self, parent: QWidget, title: str, question: str, action: str = "Continue", is_harmful: bool = False
    ) -> bool:
        """Ask whether something is to be done.

        Parameters
        ----------
        action : str
            What the button that does it says.
        is_harmful : bool
            What cannot be taken back is not done by Return alone.
        """
        dialog = QuestionDialog(parent, title, question, action)
        if is_harmful and dialog.cancel is not None:
            dialog.cancel.setDefault(True)
            dialog.cancel.setFocus()
        return bool(dialog.ask())

    def choose(
        self, parent: QWidget, title: str, question: str, options: Sequence[str], action: str = "Choose"
    ) -> str | None:
        """Ask for one of some options."""
        answer: str | None = ChoiceDialog(parent, title, question, options, action).ask()
        return answer

    def ask_text(
        self,
        parent: QWidget,
        title: str,
        question: str,
        text: str,
        action: str = "Use",
        problem: Callable[[str], str] | None = None,
    ) -> str | None:
        """Ask for a line of text; None where it was not answered.

        Parameters
        ----------
        problem : callable, optional
            Returns why a text is no answer, which the dialog then says, and nothing where it is one.
        """
        answer: str | None = TextDialog(parent, title, question, text, action, problem).ask()
        return answer

    # -- catalogues -------------------------------------------------------------------------------------------------

    def choose_unit(self, parent: QWidget, question: UnitQuestion) -> str | None:
        """Ask for the unit of the photometry."""
        answer: str | None = UnitDialog(parent, question).ask()
        return answer

    def choose_value(self, parent: QWidget, question: ValueQuestion) -> Given | None:
        """Ask for a column or a number."""
        answer: Given | None = ValueDialog(parent, question).ask()
        return answer

    def map_columns(self, parent: QWidget, question: ColumnsQuestion) -> ColumnMap | None:
        """Ask which columns of a table hold the photometry."""
        answer: ColumnMap | None = ColumnDialog(parent, question).ask()
        return answer


def suffix_of(file_format: str) -> str:
    """Return the first suffix of a filter of Qt, such as ``".fits"``; empty where it has none."""
    found = _SUFFIX.search(file_format)
    return found[1] if found else ""


def with_suffix(path: Path, file_format: str) -> Path:
    """Return the path, with the suffix of this format where the user gave none: that of ``z0.1`` is a number."""
    has_one = path.suffix and not path.suffix[1:].isdigit()
    return path if has_one else path.with_name(path.name + suffix_of(file_format))
