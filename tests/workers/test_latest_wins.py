import threading

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from jpas_gui.workers.latest_wins import LatestWins


@pytest.fixture
def worker(qtbot):
    worker = LatestWins()
    yield worker
    worker.stop()


class Gate:
    """A job that runs until it is let go."""

    def __init__(self, answer):
        self.running, self._open, self._answer = threading.Event(), threading.Event(), answer

    def __call__(self):
        self.running.set()
        assert self._open.wait(10)
        return self._answer

    def let_go(self):
        self._open.set()


def test_of_many_requests_only_the_latest_is_computed_and_answered(worker, qtbot):
    gate, computed, answers = Gate("first"), [], []
    worker.submit(gate, answers.append, pytest.fail)
    assert gate.running.wait(10)
    for number in range(100):
        worker.submit(lambda number=number: computed.append(number) or number, answers.append, pytest.fail)
    gate.let_go()
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == computed == [99]


def test_the_one_that_runs_may_still_answer(worker, qtbot):
    gate, answers = Gate("first"), []
    worker.submit(gate, answers.append, pytest.fail)
    assert gate.running.wait(10)
    for number in range(100):
        worker.submit(lambda number=number: number, answers.append, pytest.fail, keep_running=True)
    gate.let_go()
    qtbot.waitUntil(lambda: len(answers) == 2)
    assert answers == ["first", 99]


def test_a_job_can_wait_until_the_window_has_painted(qtbot):
    order, worker = [], LatestWins(after_painting=True)

    class Widget(QWidget):
        def paintEvent(self, event):  # noqa: N802  as Qt calls it
            order.append("painted")

    widget = Widget()
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitUntil(lambda: bool(order))
    order.clear()
    widget.update()
    worker.submit(lambda: order.append("first"), pytest.fail, pytest.fail)
    worker.submit(lambda: order.append("computed"), order.append, pytest.fail)
    qtbot.waitUntil(lambda: order[-1:] == [None])
    assert order == ["painted", "computed", None]
    worker.submit(lambda: order.append("computed"), order.append, pytest.fail)
    worker.stop()
    QApplication.processEvents()
    assert order == ["painted", "computed", None]


def test_answers_arrive_in_the_thread_that_asked_and_all_run_in_one_other(worker, qtbot):
    workers, receivers = set(), []
    for number in range(5):
        done = lambda ident: (workers.add(ident), receivers.append(threading.get_ident()))  # noqa: E731
        worker.submit(threading.get_ident, done, pytest.fail)
        qtbot.waitUntil(lambda number=number: len(receivers) == number + 1)
    assert set(receivers) == {threading.get_ident()}
    assert len(workers) == 1
    assert not workers & set(receivers)


def test_what_a_job_raises_is_its_answer(worker, qtbot):
    failures = []
    worker.submit(lambda: 1 / 0, lambda _: pytest.fail("no answer expected"), failures.append)
    qtbot.waitUntil(lambda: bool(failures))
    assert isinstance(failures[0], ZeroDivisionError)


def test_the_error_of_an_overtaken_job_is_not_told(worker, qtbot):
    gate, answers = Gate("first"), []
    worker.submit(lambda: gate() and 1 / 0, answers.append, answers.append)
    assert gate.running.wait(10)
    worker.submit(lambda: "second", answers.append, pytest.fail)
    gate.let_go()
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == ["second"]


def test_after_stop_nothing_arrives(worker):
    gate, answers = Gate("first"), []
    worker.submit(gate, answers.append, pytest.fail)
    worker.submit(lambda: "second", answers.append, pytest.fail, keep_running=True)
    gate.let_go()
    worker.stop()
    QApplication.processEvents()
    assert answers == []
