"""Jobs in another thread, of which only the newest answer counts."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot


class LatestWins(QObject):
    """Runs jobs one after the other in a thread of its own; drops answers that a newer job has overtaken.

    A numerical job cannot be interrupted. It carries a generation number instead, and its answer is dropped
    when a newer one has been submitted.
    """

    _answered = Signal(int, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._generation = 0
        self._done: Callable[[Any], None] = lambda _: None
        self._failed: Callable[[Exception], None] = lambda _: None
        self._answered.connect(self._deliver)

    def submit(self, job: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[Exception], None]) -> None:
        """Run `job` in the thread; then call, here, `done` with its answer or `failed` with what it raised."""
        self._generation += 1
        self._done, self._failed = done, failed
        self._pool.clear()
        self._pool.start(_Job(self._generation, job, self._answered))

    @property
    def is_idle(self) -> bool:
        """Whether no job is running."""
        return self._pool.activeThreadCount() == 0

    def stop(self) -> None:
        """Drop all answers and wait for the thread to end."""
        self._generation += 1
        self._pool.clear()
        self._pool.waitForDone()

    @Slot(int, object, object)
    def _deliver(self, generation: int, answer: object, error: Exception | None) -> None:
        if generation != self._generation:
            return
        if error is None:
            self._done(answer)
        else:
            self._failed(error)


class _Job(QRunnable):
    def __init__(self, generation: int, job: Callable[[], Any], answered: Any) -> None:
        super().__init__()
        self._generation, self._job, self._answered = generation, job, answered

    def run(self) -> None:
        try:
            answer, error = self._job(), None
        except Exception as problem:  # handed over to the thread that submitted the job
            answer, error = None, problem
        self._answered.emit(self._generation, answer, error)
