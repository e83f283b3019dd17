"""Exit statuses of programs in words."""

import signal

_FAULTS = ("SIGSEGV", "SIGBUS", "SIGABRT", "SIGFPE", "SIGILL")


def exit_text(status: int) -> str:
    """Return how a program ended that did not come to its own end.

    Parameters
    ----------
    status : int
        Negative: the signal that ended it.
    """
    if status >= 0:
        return f"ended with exit status {status}"
    try:
        name = signal.Signals(-status).name
    except ValueError:
        return f"ended by signal {-status}"
    how = f"ended by signal {-status} ({name})"
    if name == "SIGKILL":
        return f"{how}: was the memory full, or did somebody kill it?"
    return f"{how}: a fault in a library, or in the machine" if name in _FAULTS else how
