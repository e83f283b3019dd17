"""Programs that train: started so that they outlive the window, and found again by their folder.

Not by QProcess, which ends its program when the window goes.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from jpas_gui.core.inference.run_folder import training_process

_NICENESS = 15
"""The window comes first."""

_left: list[subprocess.Popen[bytes]] = []
"""Programs that outlive their window: Python would complain about those that nobody waits for."""


class TrainingLauncher:
    """Starts programs that train, and finds them again."""

    def start(self, arguments: Sequence[str], events: Path, errors: Path) -> "OwnProcess":
        """Start ``jpas-gui`` with these arguments.

        Parameters
        ----------
        arguments : sequence of str
        events, errors : Path
            What it prints is added to the first; what it complains about replaces the second.

        Raises
        ------
        OSError
            If a file cannot be written.
        """
        with events.open("ab") as out, errors.open("wb") as err:
            return OwnProcess(
                subprocess.Popen(
                    [sys.executable, "-m", "jpas_gui", *arguments],
                    stdin=subprocess.PIPE,
                    stdout=out,
                    stderr=err,
                    start_new_session=True,  # neither Ctrl-C nor the end of the terminal reaches it
                )
            )

    def attach(self, process: int, folder: Path) -> "FoundProcess":
        """Return the program that trains in a folder."""
        return FoundProcess(process, folder)


class OwnProcess:
    """A program that this window started."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        _left.append(process)
        _step_back(process.pid)

    def is_alive(self) -> bool:
        """Whether it still runs."""
        if self._process.poll() is None:
            return True
        if self._process in _left:
            _left.remove(self._process)
            with suppress(OSError):
                self._process.stdin.close()
        return False

    def stop(self) -> None:
        """Ask it to keep the best, and end."""
        self.go_on()
        with suppress(OSError):
            self._process.stdin.write(b"stop\n")
            self._process.stdin.flush()

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def pause(self) -> None:
        """Let it stand still, with all that it has in memory."""
        _send(self._process.pid, "SIGSTOP")

    def go_on(self) -> None:
        """Let it go on after a pause."""
        _send(self._process.pid, "SIGCONT")


class FoundProcess:
    """A program that an earlier window started."""

    def __init__(self, process: int, folder: Path) -> None:
        self._process, self._folder = process, folder

    def is_alive(self) -> bool:
        """Whether it still runs."""
        return training_process(self._folder) == self._process

    def stop(self) -> None:
        """Ask it to keep the best, and end."""
        self.go_on()
        _send(self._process, "SIGTERM")

    def kill(self) -> None:
        """End it at once."""
        _send(self._process, "SIGKILL" if hasattr(signal, "SIGKILL") else "SIGTERM")

    def pause(self) -> None:
        """Let it stand still, with all that it has in memory."""
        _send(self._process, "SIGSTOP")

    def go_on(self) -> None:
        """Let it go on after a pause."""
        _send(self._process, "SIGCONT")


def _step_back(process: int) -> None:
    """Let the window have the processor first."""
    if sys.platform == "win32":
        return
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process, _NICENESS)
    # Linux shares the processor between sessions first: the niceness of a process counts only inside its own.
    group = Path(f"/proc/{process}/autogroup")
    if group.exists():
        with suppress(OSError):
            group.write_text(str(_NICENESS))


def _send(process: int, name: str) -> None:
    """Send a signal, where the system knows it and the program is still there."""
    number = getattr(signal, name, None)
    if number is not None:
        with suppress(OSError):
            os.kill(process, number)
