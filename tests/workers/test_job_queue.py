import threading

import pytest
from PySide6.QtWidgets import QApplication

from jpas_gui.workers.job_queue import JobQueue


@pytest.fixture
def queue(qtbot):
    queue = JobQueue()
    yield queue
    queue.stop()


def test_the_answer_arrives_in_the_thread_that_asked(queue, qtbot):
    answers = []
    queue.submit(threading.get_ident, lambda ident: answers.append((ident, threading.get_ident())), pytest.fail)
    qtbot.waitUntil(lambda: bool(answers))
    worker, receiver = answers[0]
    assert receiver == threading.get_ident()
    assert worker != receiver


def test_every_answer_arrives_in_the_order_of_the_jobs(queue, qtbot):
    gate = threading.Event()
    answers = []
    queue.submit(lambda: gate.wait(10) and "slow", answers.append, pytest.fail)
    queue.submit(lambda: "quick", answers.append, pytest.fail)
    gate.set()
    qtbot.waitUntil(lambda: len(answers) == 2)
    assert answers == ["slow", "quick"]


def test_what_a_job_raises_is_handed_over(queue, qtbot):
    failures = []
    queue.submit(lambda: 1 / 0, lambda _: pytest.fail("no answer expected"), failures.append)
    qtbot.waitUntil(lambda: bool(failures))
    assert isinstance(failures[0], ZeroDivisionError)


def test_after_cancel_only_later_jobs_answer(queue, qtbot):
    gate = threading.Event()
    answers = []
    queue.submit(lambda: gate.wait(10) and "running", answers.append, pytest.fail)
    queue.submit(lambda: "waiting", answers.append, pytest.fail)
    queue.cancel()
    queue.submit(lambda: "later", answers.append, pytest.fail)
    gate.set()
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == ["later"]


def test_after_stop_nothing_runs_and_nothing_arrives(queue):
    ran, answers = [], []
    for _ in range(5):
        queue.submit(lambda: ran.append(1), answers.append, pytest.fail)
    queue.stop()
    finished = len(ran)
    QApplication.processEvents()
    assert answers == []
    assert len(ran) == finished
