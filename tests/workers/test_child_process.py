"""Work in a process of its own, with functions of this module."""

import os
import time
import weakref

import pytest

from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.unreadable import UnreadableModels
from jpas_gui.workers.child_process import StoppedError, run_in_child


def square(number, report):
    report("squaring", 1, 2)
    return number**2, os.getpid()


def refuse(message, report):
    raise UnreadableModels(message, (("a.fits", "empty"),), 2)


def fail(report):
    raise KeyError("lost")


def die(report):
    os._exit(3)


def leave_slowly(report):
    weakref.finalize(pytest, time.sleep, 60)  # called when the process ends
    return "done"


def wait_with_a_file(path, report):
    try:
        path.touch()
        report("waiting")
        time.sleep(60)
    finally:
        path.unlink()


def never():
    return False


def test_the_answer_comes_from_another_process_and_tells_how_far_it_is():
    said = []
    answer, process = run_in_child(square, (7,), lambda *what: said.append(what), never)
    assert answer == 49
    assert process != os.getpid()
    assert said == [("squaring", 1, 2)]


def test_what_the_user_did_wrong_is_said_as_it_would_be_here():
    with pytest.raises(InputError, match=r"^library: 1 of 2 files cannot be used: a\.fits \(empty\)"):
        run_in_child(refuse, ("library",), print, never)


def test_another_error_is_told_with_its_place():
    with pytest.raises(RuntimeError, match=r"(?s)in fail.*KeyError: 'lost'"):
        run_in_child(fail, (), print, never)


def test_a_process_that_ends_by_itself_is_named():
    with pytest.raises(InputError, match="the process that computes ended with exit status 3"):
        run_in_child(die, (), print, never)


def test_a_process_that_has_answered_goes_without_a_word(capfd):
    assert run_in_child(leave_slowly, (), print, never) == "done"
    assert capfd.readouterr().err == ""


def test_a_process_that_is_stopped_tidies_up_and_is_gone(tmp_path):
    said = []
    with pytest.raises(StoppedError):
        run_in_child(wait_with_a_file, (tmp_path / "half",), lambda *what: said.append(what), lambda: bool(said))
    assert list(tmp_path.iterdir()) == []
