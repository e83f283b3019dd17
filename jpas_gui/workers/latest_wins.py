"""Jobs in another thread, of which only the latest counts."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from jpas_gui.workers.job_queue import JobQueue


class LatestWins(JobQueue):
    """Runs the job that was asked for last: it takes the place of one that waits, and the answer of one that runs.

    At most one job waits, however fast they are asked for. All run in the same thread, for as long as this lives:
    some libraries keep settings for each thread.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool.setExpiryTimeout(-1)

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
        super().submit(job, done, failed)
