"""Jobs in another thread, of which only the latest counts."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer

from jpas_gui.workers.job_queue import JobQueue


class LatestWins(JobQueue):
    """Runs the job that was asked for last: it takes the place of one that waits, and the answer of one that runs.

    At most one job waits, however fast they are asked for. All run in the same thread, for as long as this lives:
    some libraries keep settings for each thread.

    Parameters
    ----------
    parent : QObject, optional
    after_painting : bool
        Start a job only when the window has painted what it has to show: both at once take twice as long.
    """

    def __init__(self, parent: QObject | None = None, *, after_painting: bool = False) -> None:
        super().__init__(parent)
        self._pool.setExpiryTimeout(-1)
        self._after_painting = after_painting
        self._next: Callable[[], None] | None = None
        # Without an interval it ends when there are no events any more: those that paint come last.
        self._painted = QTimer(self, singleShot=True, interval=0)
        self._painted.timeout.connect(self._start_next)

    def submit(
        self,
        job: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[Exception], None],
        *,
        keep_running: bool = False,
    ) -> None:
        """Run `job` in the thread; then call, here, `done` with its answer or `failed` with what it raised.

        Neither is called when another job takes its place. With `keep_running` the job that runs still answers: what
        follows a drag would otherwise stand still until the drag ends.
        """
        if keep_running:
            self._pool.clear()
        else:
            self.cancel()
        start = partial(super().submit, job, done, failed)
        if self._after_painting:
            self._next = start
            self._painted.start()
        else:
            start()

    def cancel(self) -> None:
        """Drop the job that waits, and the answer of the one that runs."""
        self._next = None
        self._painted.stop()
        super().cancel()

    def _start_next(self) -> None:
        if self._next is not None:
            self._next()
            self._next = None
