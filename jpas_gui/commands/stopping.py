"""How long work is asked to stop: by a signal, or by a line on standard input."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stop_request(on_stdin: bool) -> Iterator[Callable[[], bool]]:
    """Yield a function that tells whether someone asked to stop, by a signal or on standard input."""
    stop = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        if stop.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        stop.set()

    if on_stdin:
        threading.Thread(target=_wait_for_stop, args=(stop,), daemon=True).start()
    before = {number: signal.signal(number, on_signal) for number in _STOP_SIGNALS}
    try:
        yield stop.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _wait_for_stop(stop: threading.Event) -> None:
    """Read standard input until a line says stop, or it ends."""
    text = b""
    try:
        # Not by sys.stdin: a thread that holds its lock makes the interpreter crash when it exits.
        while part := os.read(0, 1024):
            *lines, text = (text + part).split(b"\n")
            if any(line.strip() == b"stop" for line in lines):
                stop.set()
                return
    except OSError:
        return
