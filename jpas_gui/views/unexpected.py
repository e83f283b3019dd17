"""What happens to errors that nobody expected: logged, and shown with their details."""

import logging
import sys
import threading
import traceback
from types import TracebackType

import platformdirs
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QWidget

from jpas_gui.views.dialogs.question_dialog import QuestionDialog

_LOG = logging.getLogger("jpas_gui")


class ErrorDialog(QuestionDialog):
    """Shows what happened with its details, which can be copied into a report."""

    def __init__(self, parent: QWidget | None, summary: str, details: str) -> None:
        text = f"{summary}\n\nThe window goes on working. Please report this with the details below."
        super().__init__(parent, "Unexpected error", text, "Close", cancel=False)
        self.details = QPlainTextEdit(details)
        self.details.setAccessibleName("Details")
        self.details.setReadOnly(True)
        self.copy = QPushButton("Copy details")
        self.copy.setAutoDefault(False)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(f"{summary}\n\n{details}"))
        self.content.addWidget(self.details, 1)
        self.content.addWidget(self.copy)


class _Reporter(QObject):
    """Shows a report in the thread of the window, whichever thread the error comes from."""

    happened = Signal(str, str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._showing = False
        self.happened.connect(self._show)

    def _show(self, summary: str, details: str) -> None:
        if self._showing:  # an error at every frame must not fill the screen
            return
        self._showing = True
        ErrorDialog(self._window, summary, details).ask()
        self._showing = False


def report_unexpected_errors(window: QWidget) -> None:
    """Log errors that reach the top of any thread, and show them in a dialog of `window`."""
    try:
        log_file = platformdirs.user_log_path("jpas-gui", ensure_exists=True) / "jpas-gui.log"
        logging.basicConfig(filename=log_file, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    except OSError:
        logging.basicConfig()  # nowhere to write: the terminal
    reporter = _Reporter(window)

    def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        details = "".join(traceback.format_exception(kind, error, trace))
        _LOG.error("%s", details)
        reporter.happened.emit(f"{kind.__name__}: {error}", details)

    sys.excepthook = report
    threading.excepthook = lambda args: report(args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback)
