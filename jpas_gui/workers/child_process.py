"""Work in a process of its own: what computes for long would otherwise take turns with the window."""

import multiprocessing
import os
import signal
import sys
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

from jpas_gui.core.errors import InputError
from jpas_gui.core.exit_status import exit_text

_LOOK_TIME = 0.1
"""Seconds between two looks whether to stop."""

_GRACE = 2.0
"""Seconds that a process has to end by itself."""

_POLITENESS = 10
"""How much the process stands back where others want to compute."""


class StoppedError(Exception):
    """The work was stopped."""


def run_in_child(
    function: Callable[..., Any], arguments: tuple[Any, ...], report: Callable[..., object], stop: Callable[[], bool]
) -> Any:
    """Return ``function(*arguments, report)``, computed in a new process; waits for it.

    Parameters
    ----------
    function : callable
        Of a module that needs no Qt. It, its arguments and its answer are pickled.
    arguments : tuple
    report : callable
        Called here with what the function calls it with there.
    stop : callable
        Asked again and again: where it says True the process is ended.

    Raises
    ------
    StoppedError
        If it was stopped.
    InputError
        If the function raised it, or the process ended without an answer.
    RuntimeError
        If the function raised another error, which is the message.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(function, arguments, there), daemon=True)
    process.start()
    there.close()
    try:
        return _answer(here, report, stop)
    except EOFError as error:
        process.join()
        raise InputError(f"the process that computes {exit_text(process.exitcode or 0)}") from error
    finally:
        _end(process)
        here.close()


def _answer(here: Connection, report: Callable[..., object], stop: Callable[[], bool]) -> Any:
    while True:
        if stop():
            raise StoppedError
        if here.poll(_LOOK_TIME):
            kind, content = here.recv()
            if kind == "answer":
                return content
            if kind == "error":
                raise content
            report(*content)


def _end(process: SpawnProcess) -> None:
    process.terminate()
    process.join(_GRACE)
    process.kill()
    process.join()
    process.close()


def _work(function: Callable[..., Any], arguments: tuple[Any, ...], there: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the window's, which then ends this process
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # what is half written is removed on the way out
    if hasattr(os, "nice"):
        os.nice(_POLITENESS)
    try:
        there.send(("answer", function(*arguments, lambda *content: there.send(("report", content)))))
    except InputError as error:
        there.send(("error", InputError(str(error))))  # its subclasses cannot all be pickled
    except Exception:
        there.send(("error", RuntimeError(traceback.format_exc())))
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # nothing is half written any more: it may go without a word
