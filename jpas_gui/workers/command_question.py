"""Questions that the command ``jpas-gui`` answers in a program of its own."""

import json
import sys
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, QProcess

from jpas_gui.core.errors import InputError
from jpas_gui.core.exit_status import exit_text

_END_TIME = 2000


class CommandQuestion(QObject):
    """Runs ``jpas-gui`` with ``--json`` and delivers what it prints; the latest question counts."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None

    @property
    def is_busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._process is not None

    def ask(self, arguments: Sequence[str], done: Callable[[Any], None], failed: Callable[[Exception], None]) -> None:
        """Run the command; then call `done` with its JSON, or `failed` with an `InputError`."""
        self.cancel()
        process = self._process = QProcess(self)

        def end() -> None:
            if self._process is not process:
                return
            self._process = None
            process.deleteLater()
            answer, said = process.readAllStandardOutput().data(), process.readAllStandardError().data()
            try:
                content = json.loads(answer)
            except ValueError:
                failed(InputError(_last_line(said.decode(errors="replace")) or f"the program {_ended(process)}"))
            else:
                done(content)

        process.finished.connect(end)
        process.errorOccurred.connect(lambda error: end() if error == QProcess.ProcessError.FailedToStart else None)
        process.start(sys.executable, ["-m", "jpas_gui", *arguments])
        process.closeWriteChannel()

    def cancel(self) -> None:
        """End the program that runs; nobody is told."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.waitForFinished(_END_TIME)
            process.deleteLater()


def _last_line(said: str) -> str:
    lines = [line for line in said.splitlines() if line.strip()]
    return lines[-1].removeprefix("jpas-gui: ") if lines else ""


def _ended(process: QProcess) -> str:
    if process.error() == QProcess.ProcessError.FailedToStart:
        return "cannot be started"
    is_crash = process.exitStatus() == QProcess.ExitStatus.CrashExit
    return exit_text(-process.exitCode() if is_crash else process.exitCode())
