"""Jobs in another thread, one after the other."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot


class JobQueue(QObject):
    """Runs jobs one after the other in a thread of its own, and delivers their answers in that order.

    A job that runs cannot be interrupted. After `cancel`, its answer is dropped.
    """

    _answered = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._generation = 0
        self._answered.connect(self._deliver)

    def submit(self, job: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[Exception], None]) -> None:
        """Run `job` in the thread; then call, here, `done` with its answer or `failed` with what it raised."""
        self._pool.start(_Job(job, _Receiver(self._generation, done, failed), self._answered))

    def cancel(self) -> None:
        """Drop the jobs that wait, and the answer of the one that runs."""
        self._generation += 1
        self._pool.clear()

    def stop(self) -> None:
        """Cancel, and wait for the thread to end."""
        self.cancel()
        self._pool.waitForDone()

    @Slot(object, object, object)
    def _deliver(self, receiver: "_Receiver", answer: object, error: Exception | None) -> None:
        if receiver.generation != self._generation:
            return
        if error is None:
            receiver.done(answer)
        else:
            receiver.failed(error)


class _Receiver:
    """Who waits for the answer of a job, and since which generation."""

    def __init__(self, generation: int, done: Callable[[Any], None], failed: Callable[[Exception], None]) -> None:
        self.generation, self.done, self.failed = generation, done, failed


class _Job(QRunnable):
    def __init__(self, job: Callable[[], Any], receiver: _Receiver, answered: Any) -> None:
        super().__init__()
        self._job, self._receiver, self._answered = job, receiver, answered

    def run(self) -> None:
        try:
            answer, error = self._job(), None
        except Exception as problem:  # handed over to the thread that submitted the job
            answer, error = None, problem
        self._answered.emit(self._receiver, answer, error)
