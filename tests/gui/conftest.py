"""The real window, offscreen; leaked widgets, threads and timers fail the test."""

import gc
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt, QThreadPool, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from jpas_gui.app.opening_questions import UNKNOWN_REDSHIFT, ColumnsQuestion, Given, UnitQuestion, ValueQuestion
from jpas_gui.core.catalogues.column_map import ColumnMap
from jpas_gui.views.application import make_window
from jpas_gui.views.dialogs.dialogs import Dialogs


class Answers(Dialogs):
    """Answers questions as the test says, and keeps what was said."""

    def __init__(self) -> None:
        super().__init__()
        self.path: Path | None = None
        self.yes = False
        self.choice: str | None = None
        self.text: str | None = None
        self.columns: ColumnMap | None = None
        self.unit: str | None = None
        self.given: Given | None = None
        """Of redshift and extinction; where it is not said, a redshift that may be unknown is."""
        self.asked: list[UnitQuestion | ValueQuestion | ColumnsQuestion] = []
        self.names_asked: tuple[str, ...] = ()
        self.places: dict[str, Path] = {}
        self.moved: list[tuple[str, Path, bool]] = []
        self.questions: list[str] = []
        self.warnings: list[str] = []
        self.told: list[str] = []
        self.actions: list[str] = []
        self.proposals: list[tuple[str, str]] = []

    def open_file(self, title, formats):
        return self.path

    def open_folder(self, title):
        return self.path

    def find_moved(self, what, path, is_folder):
        self.moved.append((what, path, is_folder))
        return self.places.get(path.name)

    def ask_where_to_save(self, title, proposal, formats):
        self.proposals.append((proposal, formats))
        return self.path, formats.partition(";;")[0]

    def warn(self, parent, title, message):
        self.warnings.append(message)

    def tell(self, parent, title, message):
        self.told.append(message)

    def choose(self, parent, title, question, options, action="Choose"):
        self.questions.append(question)
        return self.choice

    def ask_text(self, parent, title, question, text, action="Use", problem=None):
        self.questions.append(question)
        return self.text

    def choose_unit(self, parent, question):
        self.asked.append(question)
        return self.unit

    def choose_value(self, parent, question):
        self.asked.append(question)
        return Given(None) if self.given is None and UNKNOWN_REDSHIFT in question.fixed else self.given

    def map_columns(self, parent, question):
        self.asked.append(question)
        self.names_asked = question.names
        return self.columns

    def confirm(self, parent, title, question, action="Continue", is_harmful=False):
        self.questions.append(question)
        self.actions.append(action)
        return self.yes


@pytest.fixture
def answers():
    return Answers()


@pytest.fixture
def settings(tmp_path):
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def window(qtbot, answers, settings):
    window = make_window(answers, settings)
    qtbot.addWidget(window)
    window.resize(1600, 1000)
    window.show()
    return window


@pytest.fixture(autouse=True)
def nothing_is_left(qapp):
    """Fail when a test leaves windows, running timers or busy threads behind."""
    gc.freeze()  # what the tests before have imported is not gone through again: that takes a second
    yield
    _let_go_of_keys()
    deadline = time.monotonic() + 1.0
    while _running_timers() and time.monotonic() < deadline:  # a single shot may still be due
        QApplication.processEvents()
    gc.collect()
    # By the type of each object: some of torch warn when their __class__ is asked for.
    visible = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    assert not visible, f"windows left open: {visible}"
    assert not _running_timers(), "timers left running"
    pools = [item for item in gc.get_objects() if issubclass(type(item), QThreadPool) and isValid(item)]
    assert not any(pool.activeThreadCount() for pool in pools), "threads left running"


def _let_go_of_keys():
    """End Ctrl and Shift of the last click of a key, which QTest leaves down."""
    if QApplication.keyboardModifiers() != Qt.KeyboardModifier.NoModifier:
        QTest.keyClick(QWidget(), Qt.Key.Key_Escape)


def _running_timers():
    timers = [item for item in gc.get_objects() if issubclass(type(item), QTimer) and isValid(item)]
    return [(timer.parent(), timer.interval()) for timer in timers if timer.isActive()]
