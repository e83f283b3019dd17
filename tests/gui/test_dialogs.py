"""The dialogs themselves: what they show, what their buttons and Escape do, what they remember."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton, QRadioButton

from jpas_gui.views.dialogs import Dialogs, with_suffix

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
