import threading

import pytest

from jpas_gui.workers.latest_wins import LatestWins


@pytest.fixture
def latest(qtbot):
    latest = LatestWins()
    yield latest
    latest.stop()


def test_the_answer_arrives_in_the_thread_that_asked(latest, qtbot):
    answers = []
    latest.submit(threading.get_ident, lambda ident: answers.append((ident, threading.get_ident())), pytest.fail)
    qtbot.waitUntil(lambda: bool(answers))
    worker, receiver = answers[0]
    assert receiver == threading.get_ident()
    assert worker != receiver


def test_only_the_newest_answer_counts(latest, qtbot):
    gate = threading.Event()
    answers = []
    latest.submit(lambda: gate.wait(10) and "old", answers.append, pytest.fail)
    latest.submit(lambda: "skipped", answers.append, pytest.fail)
    latest.submit(lambda: "new", answers.append, pytest.fail)
    gate.set()
    qtbot.waitUntil(lambda: bool(answers))
    qtbot.waitUntil(lambda: latest.is_idle)
    assert answers == ["new"]


def test_what_a_job_raises_is_handed_over(latest, qtbot):
    failures = []
    latest.submit(lambda: 1 / 0, lambda _: pytest.fail("no answer expected"), failures.append)
    qtbot.waitUntil(lambda: bool(failures))
    assert isinstance(failures[0], ZeroDivisionError)


def test_after_stop_nothing_arrives(latest, qtbot):
    gate = threading.Event()
    answers = []
    latest.submit(lambda: gate.wait(10), answers.append, pytest.fail)
    gate.set()
    latest.stop()
    qtbot.wait(50)
    assert answers == []
    assert latest.is_idle
