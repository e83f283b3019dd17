"""Starting the window, and drawing it into a file where there is no display."""

import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QSettings, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from jpas_gui.app.explorer import Explorer
from jpas_gui.app.libraries import LibraryShelf
from jpas_gui.app.opening_questions import UNKNOWN_REDSHIFT, ColumnsQuestion, Given, UnitQuestion, ValueQuestion
from jpas_gui.core.catalogues.column_map import ColumnMap
from jpas_gui.core.catalogues.opening import OpeningOptions
from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.catalogue import load_library
from jpas_gui.views.dialogs.dialogs import Dialogs
from jpas_gui.views.main_window import DEFAULT_SIZE, MainWindow
from jpas_gui.views.theme import Appearance, appearance_of, apply_appearance
from jpas_gui.views.unexpected import report_unexpected_errors
from jpas_gui.views.widgets.focus_frame import FocusFrames
from jpas_gui.workers.job_queue import JobQueue

DEFAULT_LIBRARY = "popstar"


def run_window(files: list[Path]) -> int:
    """Open the window with these files, and return the exit status when it is closed."""
    application = make_application()
    settings = QSettings("jpas-gui", "jpas-gui")
    apply_appearance(application, appearance_of(settings))
    window = make_window(Dialogs(settings), settings)
    report_unexpected_errors(window)
    window.show()
    for path in files:
        window.open_path(path)
    _let_control_c_through(application)
    return application.exec()


def make_application() -> QApplication:
    """Return the Qt application, made on first use."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication(sys.argv[:1])
        application.setApplicationName("jpas-gui")
        application.setApplicationDisplayName("jpas-gui")
    return application


def make_window(dialogs: Dialogs, settings: QSettings) -> MainWindow:
    """Return the window on the embedded library, not yet shown."""
    jobs = JobQueue()
    explorer = Explorer(jobs, LibraryShelf(load_library(DEFAULT_LIBRARY)))
    window = MainWindow(explorer, jobs, dialogs, settings)
    FocusFrames(window)
    return window


class _FailingDialogs(Dialogs):
    """For a window that nobody looks at: what would be said there ends the command."""

    def __init__(self) -> None:
        super().__init__()
        self.problem: str | None = None

    def _fail(self, problem: str) -> None:
        """Take what is wrong; what follows from it is not told."""
        self.problem = self.problem or problem

    def warn(self, parent: object, title: str, message: str) -> None:
        self._fail(message)

    def confirm(self, parent: object, title: str, question: str, action: str = "", is_harmful: bool = False) -> bool:
        self._fail(question)
        return False

    def find_moved(self, what: str, path: Path, is_folder: bool) -> Path | None:
        self._fail(
            f"the session needs {what} {path}, which is not there: put it back, or open the session in the window, "
            "which asks where it is now, and save it again"
        )
        return None

    def choose(self, parent: object, title: str, question: str, options: Sequence[str], action: str = "") -> str | None:
        self._fail(f"{question} There are: {', '.join(options)}")
        return None

    def choose_unit(self, parent: object, question: UnitQuestion) -> str | None:
        self._fail(" ".join(question.text.split()))
        return None

    def choose_value(self, parent: object, question: ValueQuestion) -> Given | None:
        if UNKNOWN_REDSHIFT in question.fixed:
            return Given(None)
        self._fail(f"{question.text} Give --redshift")
        return None

    def map_columns(self, parent: object, question: ColumnsQuestion) -> ColumnMap | None:
        self._fail(question.text)
        return None


def render_window(
    output: Path,
    session: Path | None = None,
    tab: str | None = None,
    size: tuple[int, int] = DEFAULT_SIZE,
    files: list[Path] | None = None,
    redshift: str | float | None = None,
    row: int | None = None,
    appearance: str = Appearance.LIGHT,
) -> None:
    """Draw the real window into a PNG file, without a display.

    Parameters
    ----------
    output : Path
    session : Path, optional
        A saved session to show.
    tab : str, optional
        Name of the tab to show.
    size : tuple of int
        Width and height in pixels.
    files : list of Path, optional
        Files to open first.
    redshift : str or float, optional
        Of a catalogue: a column, or a value; 0 for photometry in the rest frame.
    row : int, optional
        The galaxy of a catalogue that is to be shown, from 0.
    appearance : str
        One of `Appearance`.

    Raises
    ------
    InputError
        If something cannot be opened, there is no such tab, or the picture cannot be written.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    unexpected: list[BaseException] = []

    def keep(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        unexpected.append(error)

    before, hook = qInstallMessageHandler(_without_what_offscreen_lacks), sys.excepthook
    sys.excepthook = keep  # an error in a slot ends the command, not only the slot
    try:
        picture = _Picture(output, session, tab, size, tuple(files or ()), redshift, row, Appearance(appearance))
        # Not the null device: Qt writes settings beside their file and renames them, which ends the device for root.
        with TemporaryDirectory(prefix="jpas-gui-") as folder:
            settings = QSettings(str(Path(folder, "settings.ini")), QSettings.Format.IniFormat)
            _render(picture, unexpected, settings)
    finally:
        sys.excepthook = hook
        qInstallMessageHandler(before)


def _without_what_offscreen_lacks(_: QtMsgType, __: QMessageLogContext, message: str) -> None:
    """Print Qt's messages, but not that a window without a desktop has none to tell its size to."""
    if "propagateSizeHints" not in message:
        sys.stderr.write(f"{message}\n")


@dataclass(frozen=True)
class _Picture:
    """What `render_window` was asked for."""

    output: Path
    session: Path | None
    tab: str | None
    size: tuple[int, int]
    files: tuple[Path, ...]
    redshift: str | float | None
    row: int | None
    appearance: Appearance


def _render(picture: _Picture, unexpected: list[BaseException], settings: QSettings) -> None:
    application = make_application()
    apply_appearance(application, picture.appearance)
    dialogs = _FailingDialogs()
    window = make_window(dialogs, settings)

    def wait() -> None:
        window.wait_until_idle()
        if dialogs.problem is not None:
            raise InputError(dialogs.problem)
        if unexpected:
            raise unexpected[0]

    try:
        window.resize(*picture.size)
        window.show()
        for path in [*([picture.session] if picture.session else []), *picture.files]:
            window.open_path(path, OpeningOptions(redshift=picture.redshift))
            wait()
        if picture.row is not None:
            window.show_galaxy(picture.row)
            wait()
        if picture.tab is not None:
            window.show_tab(picture.tab)
        wait()  # a tab may read what it shows when it is seen first
        if window.focusWidget() is not None:
            window.focusWidget().clearFocus()  # nobody types into a picture
        window.save_picture(picture.output)
        wait()
    finally:
        window.close()
        settings.sync()  # now, not when their folder is gone


def _let_control_c_through(application: QApplication) -> None:
    """Let Ctrl+C in the terminal close the window: Python sees signals only when it runs."""
    signal.signal(signal.SIGINT, lambda *_: application.quit())
    timer = QTimer(application)
    timer.start(300)
    timer.timeout.connect(lambda: None)
