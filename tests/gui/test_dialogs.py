"""The dialogs themselves: what they show, what their buttons and Escape do, what they remember."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton, QRadioButton

from jpas_gui.app.opening_questions import (
    REST_FRAME,
    Given,
    columns_question,
    extinction_question,
    redshift_question,
    unit_question,
)
from jpas_gui.core.catalogues.column_summary import ColumnSummary
from jpas_gui.core.catalogues.unit_sample import UnitSample
from jpas_gui.views.dialogs.dialogs import Dialogs, with_suffix
from jpas_gui.views.unexpected import ErrorDialog

TABLES = "FITS table (*.fits);;ECSV table (*.ecsv)"


@pytest.fixture
def meet(qapp):
    """Have a function look at the next dialog, and close the dialog if that does not."""
    met = []

    def arrange(look):
        def when_shown():
            dialog = QApplication.activeModalWidget()
            if dialog is None:
                QTimer.singleShot(1, when_shown)
                return
            try:
                look(dialog)
                met.append(dialog)
            finally:
                if dialog.isVisible():
                    dialog.reject()

        QTimer.singleShot(0, when_shown)

    yield arrange
    assert met


def press(dialog, text):
    next(button for button in dialog.findChildren(QPushButton) if button.text() == text).click()


def escape(dialog):
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_a_button_says_what_it_does_and_escape_does_nothing(meet):
    dialogs = Dialogs()
    meet(lambda dialog: press(dialog, "Delete"))
    assert dialogs.confirm(None, "Remove it", "Delete /a/b?", "Delete")
    meet(escape)
    assert not dialogs.confirm(None, "Remove it", "Delete /a/b?", "Delete")
    meet(lambda dialog: press(dialog, "Cancel"))
    assert not dialogs.confirm(None, "Remove it", "Delete /a/b?", "Delete")


def test_what_cannot_be_taken_back_is_not_done_by_return(meet):
    def press_return(dialog):
        QTest.keyClick(dialog, Qt.Key.Key_Return)
        assert not dialog.isVisible()

    meet(press_return)
    assert not Dialogs().confirm(None, "Remove it", "Delete /a/b?", "Delete", is_harmful=True)
    meet(press_return)
    assert Dialogs().confirm(None, "Get it", "Download it?", "Download")


def test_details_of_an_error_can_be_copied(meet):
    def copy(dialog):
        assert dialog.details.isReadOnly()
        press(dialog, "Copy details")
        press(dialog, "Close")

    meet(copy)
    ErrorDialog(None, "ValueError: 3", "line 1\nline 2").ask()
    assert QApplication.clipboard().text() == "ValueError: 3\n\nline 1\nline 2"


def test_one_of_some_options_is_chosen(meet):
    options = ("E-MILES", "MIUSCAT & more")

    def second(dialog):
        buttons = dialog.findChildren(QRadioButton)
        assert [button.isChecked() for button in buttons] == [True, False]
        buttons[1].click()
        press(dialog, "Open")

    meet(second)
    assert Dialogs().choose(None, "Choose a library", "Which one?", options, "Open") == "MIUSCAT & more"
    meet(escape)
    assert Dialogs().choose(None, "Choose a library", "Which one?", options, "Open") is None


def test_a_text_can_be_typed_at_once(meet):
    def write(dialog):
        QTest.keyClicks(dialog.findChild(QLineEdit), "other")
        press(dialog, "Rename")

    meet(write)
    assert Dialogs().ask_text(None, "Rename the run", "New name:", "first", "Rename") == "other"
    meet(escape)
    assert Dialogs().ask_text(None, "Rename the run", "New name:", "first", "Rename") is None


def test_a_text_that_is_no_answer_stays_and_is_said(meet):
    def write(dialog):
        dialog.line.setText("taken")
        press(dialog, "Rename")
        assert dialog.isVisible()
        assert dialog.problem.text() == "taken has this name already"
        assert dialog.line.text() == "taken"
        dialog.line.setText(" free ")
        press(dialog, "Rename")

    def problem(name):
        return f"{name} has this name already" if name == "taken" else ""

    meet(write)
    assert Dialogs().ask_text(None, "Rename the run", "New name:", "first", "Rename", problem) == "free"


@pytest.mark.parametrize("message", ["short", f"{'/a_long_folder' * 40}: cannot be read", "many words " * 1000])
def test_messages_wrap_and_titles_are_not_cut(meet, message):
    title = "This cannot be used, and the title is longer than the message"

    def look(dialog):
        screen = dialog.screen().availableGeometry()
        assert dialog.width() <= 0.9 * screen.width()
        assert dialog.height() <= 0.9 * screen.height()
        assert dialog.width() > QFontMetrics(dialog.font()).horizontalAdvance(title) + 80
        label = dialog.text.label
        assert label.text().replace("\u200b", "") == message
        assert label.width() <= dialog.text.viewport().width()
        wrapped = label.fontMetrics().boundingRect(0, 0, label.width(), 0, Qt.TextFlag.TextWordWrap, label.text())
        assert wrapped.width() <= label.width()
        press(dialog, "Close")

    meet(look)
    Dialogs().warn(None, title, message)


@pytest.fixture
def file_dialog(monkeypatch):
    """Have a function look at the next file dialog and answer it."""

    def arrange(look):
        monkeypatch.setattr(QFileDialog, "exec", look)

    return arrange


def test_the_format_used_last_is_proposed_again_in_the_folder_used_last(file_dialog, settings, tmp_path):
    (tmp_path / "deep").mkdir()

    def save(dialog):
        assert dialog.selectedNameFilter() == "FITS table (*.fits)"
        assert [Path(name) for name in dialog.selectedFiles()] == [tmp_path / "predicted.fits"]
        dialog.selectNameFilter("ECSV table (*.ecsv)")
        dialog.filterSelected.emit("ECSV table (*.ecsv)")
        dialog.setDirectory(str(tmp_path / "deep"))
        dialog.selectFile("mine")
        return True

    def look(dialog):
        assert dialog.selectedNameFilter() == "ECSV table (*.ecsv)"
        assert [Path(name) for name in dialog.selectedFiles()] == [tmp_path / "deep" / "predicted.ecsv"]
        return False

    file_dialog(save)
    path = Dialogs(settings).save_file("Predict into", str(tmp_path / "predicted.fits"), TABLES)
    assert path == tmp_path / "deep" / "mine.ecsv"
    file_dialog(look)
    assert Dialogs(settings).save_file("Predict into", "predicted.fits", TABLES) is None


def test_files_are_opened_where_files_were_used_last(file_dialog, settings, tmp_path):
    (tmp_path / "a.fits").write_text("")

    def choose(dialog):
        dialog.setDirectory(str(tmp_path))
        dialog.selectFile("a.fits")
        return True

    def look(dialog):
        assert dialog.directory().absolutePath() == str(tmp_path)
        assert dialog.fileMode() is QFileDialog.FileMode.Directory
        return False

    file_dialog(choose)
    assert Dialogs(settings).open_file("Open", "") == tmp_path / "a.fits"
    file_dialog(look)
    assert Dialogs(settings).open_folder("Open a folder") is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [("sed", "sed.fits"), ("sed.gif", "sed.gif"), ("sed_z0.1", "sed_z0.1.fits"), ("a.csv", "a.csv")],
)
def test_a_name_gets_the_suffix_of_the_format_where_it_has_none(name, expected):
    assert with_suffix(Path("x", name), "FITS table (*.fits *.fit)").name == expected


COLUMNS = (
    ColumnSummary("ID", True, text="1 to 9; first 1, 2, 3"),
    ColumnSummary("z_spec", True, text="0.01 to 0.3; first 0.1, 0.2, 0.1"),
    ColumnSummary("EBV", True, text="0.01 to 0.1; first 0.1, 0.02, 0.1"),
)
UNIT = unit_question("a.csv", UnitSample("r", "rSDSS", 128.4, 95.2))


def test_units_are_chosen_by_the_magnitudes_that_they_give(meet):
    def look(dialog):
        rows = [[dialog.table.item(row, column).text() for column in range(5)] for row in range(8)]
        assert rows[0] == ["nanomaggy", "Fν, 22.5 mag is 1", "17.23", "17.55", "✓ 10 to 28 mag"]
        assert dialog.table.selectionModel().selectedRows()[0].row() == 0
        assert dialog.table.viewport().width() >= sum(dialog.table.columnWidth(column) for column in range(5))
        assert dialog.table.rowViewportPosition(7) + dialog.table.rowHeight(7) <= dialog.table.viewport().height()
        dialog.table.selectRow([row[0] for row in rows].index("uJy"))
        press(dialog, "Open")

    meet(look)
    assert Dialogs().choose_unit(None, UNIT) == "uJy"
    meet(escape)
    assert Dialogs().choose_unit(None, UNIT) is None


def test_another_unit_can_be_written_and_a_wrong_one_keeps_the_dialog(meet):
    def write(dialog):
        QTest.keyClicks(dialog.other, "furlong")
        press(dialog, "Open")
        assert dialog.isVisible()
        assert "'furlong' is no unit" in dialog.problem.text()
        assert dialog.other.text() == "furlong"
        dialog.other.clear()
        QTest.keyClicks(dialog.other, "mJy")
        press(dialog, "Open")

    meet(write)
    assert Dialogs().choose_unit(None, UNIT) == "mJy"


def test_a_redshift_is_chosen_from_the_columns_of_the_file(meet):
    question = redshift_question("a.csv", COLUMNS)

    def look(dialog):
        assert dialog.by_column.isChecked()
        assert dialog.column.currentText() == "z_spec"
        assert dialog.detail.text() == "0.01 to 0.3; first 0.1, 0.2, 0.1"
        model = dialog.column.model()
        shown = [model.index(row, 0).data() for row in range(model.rowCount())]
        assert shown[:2] == ["z_spec   (0.01 to 0.3; first 0.1, 0.2, 0.1)", "ID   (1 to 9; first 1, 2, 3)"]
        dialog.column.completer().setCompletionPrefix("bv")
        assert dialog.column.completer().currentCompletion() == "EBV"
        press(dialog, "Open")

    meet(look)
    assert Dialogs().choose_value(None, question) == Given("z_spec")

    def rest(dialog):
        next(button for button in dialog.findChildren(QRadioButton) if button.text() == REST_FRAME).click()
        press(dialog, "Open")

    meet(rest)
    assert Dialogs().choose_value(None, question) == Given(0.0)
    meet(escape)
    assert Dialogs().choose_value(None, question) is None


def test_a_wrong_column_or_number_stays_as_it_was_typed_and_is_said(meet):
    def write(dialog):
        dialog.column.setEditText("ebvv")  # typing opens a list, which needs a display
        press(dialog, "Open")
        assert dialog.isVisible()
        assert dialog.problem.text() == "there is no column 'ebvv': did you mean EBV?"
        assert dialog.column.currentText() == "ebvv"
        QTest.keyClicks(dialog.number, "25")
        assert dialog.by_number.isChecked()
        press(dialog, "Open")
        assert dialog.problem.text() == "25 is outside 0 to 10"
        assert dialog.number.text() == "25"
        dialog.number.clear()
        QTest.keyClicks(dialog.number, "0.02")
        press(dialog, "Open")

    meet(write)
    assert Dialogs().choose_value(None, extinction_question("a.csv", COLUMNS, Given(None))) == Given(0.02)


def test_what_is_in_use_is_shown_when_it_is_to_be_changed(meet):
    def none(dialog):
        assert dialog.findChildren(QRadioButton)[0].isChecked()
        press(dialog, "Open")

    def column(dialog):
        assert dialog.column.currentText() == "EBV"
        press(dialog, "Open")

    def number(dialog):
        assert dialog.number.text() == "0.02"
        press(dialog, "Open")

    for look, value in ((none, None), (column, "EBV"), (number, 0.02)):
        meet(look)
        question = extinction_question("a.csv", COLUMNS, Given(value))
        assert Dialogs().choose_value(None, question) == Given(value)


def test_the_columns_of_the_photometry_are_looked_for_in_the_file(meet):
    names = ("ID", "f_J0390", "e_J0390", "f_J0400", "e_J0400")

    def look(dialog):
        assert dialog.text.label.text().startswith("a.csv has no columns that are known to hold photometry of J-PAS")
        dialog.value.setEditText("g_{band}")
        press(dialog, "Open")
        assert dialog.isVisible()
        assert dialog.problem.text().replace("\u200b", "") == (
            "Columns of values: no column follows 'g_{band}': did you mean f_{band} or e_{band}?"
        )
        dialog.value.setEditText("f_{band}")
        dialog.redshift.setEditText("z")
        press(dialog, "Open")
        assert "there is no column 'z'" in dialog.problem.text()
        dialog.redshift.setEditText("0")
        press(dialog, "Open")

    meet(look)
    columns = Dialogs().map_columns(None, columns_question("a.csv", tuple(map(ColumnSummary, names)), ""))
    assert (columns.flux, columns.error, columns.id, columns.redshift) == ("f_{band}", "e_{band}", ("ID",), 0.0)


@pytest.mark.parametrize("is_folder", [True, False])
def test_what_was_moved_is_looked_for_where_it_was(file_dialog, settings, tmp_path, is_folder):
    was, now = tmp_path / "gone" / "galaxies.csv", tmp_path / "renamed.csv"
    now.touch()

    def find(dialog):
        assert dialog.windowTitle() == "Where is the catalogue galaxies.csv now?"
        assert dialog.directory().absolutePath() == str(tmp_path)
        assert (dialog.fileMode() is QFileDialog.FileMode.Directory) is is_folder
        assert dialog.labelText(QFileDialog.DialogLabel.Reject) == "Go on without it"
        dialog.selectFile(str(now))
        return True

    file_dialog(find)
    assert Dialogs(settings).find_moved("the catalogue", was, is_folder) == now
    file_dialog(lambda dialog: False)
    assert Dialogs(settings).find_moved("the catalogue", was, is_folder) is None
