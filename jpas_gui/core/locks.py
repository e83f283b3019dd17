"""Locks on files, which the system lets go of however their holder ends."""

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

_PAUSE = 0.02
"""Who only looks whether a lock is held holds it for a moment."""


class LockedError(Exception):
    """Another program holds the lock."""


@contextmanager
def held(path: Path, patience: float = 0.2) -> Iterator[None]:
    """Hold a lock for the block, with the id of this process in its file, which stays.

    Parameters
    ----------
    path : Path
        Made if need be.
    patience : float
        Seconds to wait for another holder.

    Raises
    ------
    LockedError
        If another program holds it.
    OSError
        If the file cannot be written.
    """
    with path.open("a+b") as file:
        if not _lock_soon(file, patience):
            raise LockedError(path)
        file.truncate(0)
        file.write(str(os.getpid()).encode())
        file.flush()
        yield


def holder(path: Path) -> int | None:
    """Return the id of the process that holds a lock, or None where none does."""
    try:
        with path.open("r+b") as file:
            return None if _try_lock(file) else int(file.read() or 0) or None
    except (OSError, ValueError):
        return None


def _lock_soon(file: IO[bytes], patience: float) -> bool:
    end = time.monotonic() + patience
    while not _try_lock(file):
        if time.monotonic() > end:
            return False
        time.sleep(_PAUSE)
    return True


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: IO[bytes]) -> bool:
        """Lock a byte behind the content, which others may go on reading."""
        file.seek(1 << 20)
        with suppress(OSError):
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            file.seek(0)
            return True
        file.seek(0)
        return False
else:
    import fcntl

    def _try_lock(file: IO[bytes]) -> bool:
        """Lock a file; where the file system knows no locks, nobody is kept out."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            return error.errno not in (errno.EAGAIN, errno.EWOULDBLOCK)
        return True
