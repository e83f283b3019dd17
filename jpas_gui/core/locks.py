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
    end = time.monotonic() + patience
    while True:
        with path.open("a+b") as file:
            if not _lock_soon(file, end):
                raise LockedError(path)
            if not _is_still_there(file, path):
                continue  # its holder removed it when it was done: another may hold the one that is there now
            file.truncate(0)
            file.write(str(os.getpid()).encode())
            file.flush()
            try:
                yield
            finally:
                file.truncate(0)
            return


@contextmanager
def held_for(path: Path, patience: float = 0.2) -> Iterator[None]:
    """Hold a lock for the block, as `held`, and remove its file then."""
    with held(path, patience):
        try:
            yield
        finally:
            with suppress(OSError):  # Windows removes no open file; what stays is not locked
                path.unlink(missing_ok=True)


def holder(path: Path) -> int | None:
    """Return the id of the process that holds a lock, or None where none does."""
    try:
        with path.open("r+b") as file:
            is_free = _try_lock(file, shared=True)  # who looks is not in the way of others who look
            process = int(file.read() or 0) or None
    except (OSError, ValueError):
        return None
    if is_free is None:
        return process if process and _is_alive(process) else None
    return None if is_free else process


def _is_still_there(file: IO[bytes], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _lock_soon(file: IO[bytes], end: float) -> bool:
    while not (is_ours := _try_lock(file)):
        if is_ours is None:
            return True
        if time.monotonic() > end:
            return False
        time.sleep(_PAUSE)
    return True


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except PermissionError:
        return True
    except OSError:
        return False
    return True


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: IO[bytes], shared: bool = False) -> bool | None:
        """Lock a byte behind the content, which others may go on reading; return whether it could be."""
        file.seek(1 << 20)
        with suppress(OSError):
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            file.seek(0)
            return True
        file.seek(0)
        return False
else:
    import fcntl

    def _try_lock(file: IO[bytes], shared: bool = False) -> bool | None:
        """Lock a file; return whether it could be, None where the file system knows no locks: nobody is kept out."""
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError as error:
            return False if error.errno in (errno.EAGAIN, errno.EWOULDBLOCK) else None
        return True
