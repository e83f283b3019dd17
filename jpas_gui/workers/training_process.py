"""Programs that train: started so that they outlive the window, and asked and ended by signals.

Not by QProcess, which ends its program when the window goes.
"""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

_NICENESS = 15
"""The window comes first."""

_left: list[subprocess.Popen[bytes]] = []
"""Programs that outlive their window: Python would complain about those that nobody waits for."""


class TrainingPrograms:
    """Starts the program that works the queue of trainings off, and talks to those that train."""

    def work_off(self, runs: Path) -> None:
        """Start the program that trains what waits in a folder of runs; it ends at once where another one does.

        Raises
        ------
        OSError
            If it cannot be started.
        """
        _left[:] = [process for process in _left if process.poll() is None]
        process = subprocess.Popen(
            [sys.executable, "-m", "jpas_gui.workers.training_queue", str(runs)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # neither Ctrl-C nor the end of the terminal reaches it
        )
        _left.append(process)

    def stop(self, process: int) -> None:
        """Ask a program that trains to keep the best, and end."""
        self.go_on(process)
        _send(process, "SIGTERM")

    def kill(self, process: int) -> None:
        """End it at once."""
        _send(process, "SIGKILL" if hasattr(signal, "SIGKILL") else "SIGTERM")

    def pause(self, process: int) -> None:
        """Let it stand still, with all that it has in memory."""
        _send(process, "SIGSTOP")

    def go_on(self, process: int) -> None:
        """Let it go on after a pause."""
        _send(process, "SIGCONT")


def step_back(process: int) -> None:
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
