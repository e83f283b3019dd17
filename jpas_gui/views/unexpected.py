"""What happens to errors that nobody expected: logged, and shown with their details."""

import logging
import sys
import threading
import traceback
from types import TracebackType

import platformdirs
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

_LOG = logging.getLogger("jpas_gui")


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
        box = QMessageBox(QMessageBox.Icon.Critical, "Unexpected error", summary, parent=self._window)
        box.setInformativeText("The window goes on working. Please report this with the details below.")
        box.setDetailedText(details)
        box.exec()
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
