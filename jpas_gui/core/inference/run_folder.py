"""The folder of a training: what may be in it before, who works in it, and what is left in it. Imports no torch."""

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.shipped import DESCRIPTION, WEIGHTS

CHECKPOINT = "checkpoint.safetensors"
"""Name of the checkpoint in the folder of a training."""

LOCK = "training.lock"
"""Held by the program that trains in the folder, whose process id is in it; gone when it ends in good order."""

_MADE = (CHECKPOINT, WEIGHTS, DESCRIPTION)
"""All that a training leaves in its folder."""

_TRIES, _PAUSE = 10, 0.02
"""Who only looks whether a folder is in use holds its lock for a moment."""


@contextmanager
def training_folder(folder: Path, resume: bool, overwrite: bool = False) -> Iterator[None]:
    """Make the folder of a training, or take the one that is there, and keep others out of it for the block.

    Parameters
    ----------
    folder : Path
    resume : bool
        Go on with the training in it.
    overwrite : bool
        Remove the model, or the training, that is in it.

    Raises
    ------
    InputError
        If it cannot be made, or another program is at work in it; without `resume`, if there is anything in it, or,
        with `overwrite`, anything that no training left; with `resume`, if there is something in it but no checkpoint.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder}: this is a file: choose the name of a folder")
    if not folder.parent.is_dir():
        raise InputError(f"{folder}: the folder {folder.parent} does not exist: make it first")
    try:
        folder.mkdir(exist_ok=True)
        names = _names(folder)
    except OSError as error:
        raise _unusable(folder, error) from error
    if names and resume and CHECKPOINT not in names:
        raise InputError(f"{folder}: no training to resume: there is no {CHECKPOINT} in it")
    if names and not resume:
        _refuse_names(folder, names, overwrite)
    with _locked(folder):
        _remove_unfinished(folder)
        if overwrite:
            for name in _MADE:
                (folder / name).unlink(missing_ok=True)
        yield


def _refuse_names(folder: Path, names: list[str], overwrite: bool) -> None:
    """Refuse a folder for a new training because of what is in it."""
    others = [name for name in names if name not in _MADE]
    if others:
        raise InputError(f"{folder}: a folder with something else in it ({others[0]}): choose another folder")
    if not overwrite:
        way_out = "go on with that training (--resume), " if CHECKPOINT in names else ""
        raise InputError(f"{folder}: exists already: {way_out}choose another name, or --overwrite it")


def training_process(folder: Path) -> int | None:
    """Return the id of the process that trains in a folder, or None where none does."""
    try:
        with (folder / LOCK).open("r+b") as file:
            return None if _try_lock(file) else int(file.read() or 0) or None
    except (OSError, ValueError):
        return None


def _names(folder: Path) -> list[str]:
    """Return what lies in the folder, but for what a killed program was writing at that moment."""
    return sorted(path.name for path in folder.iterdir() if path.name != LOCK and not _is_unfinished(path))


def _is_unfinished(path: Path) -> bool:
    return any(path.match(f".{Path(name).stem}.*.part.*") for name in _MADE)


def _remove_unfinished(folder: Path) -> None:
    for path in folder.iterdir():
        if _is_unfinished(path):
            path.unlink(missing_ok=True)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder; the system lets go of it however the program ends."""
    path = folder / LOCK
    try:
        file = path.open("a+b")
    except OSError as error:
        raise _unusable(folder, error) from error
    with file:
        if not _lock_soon(file):
            raise InputError(f"{folder}: another program is training in it: wait for it, or choose another folder")
        file.truncate(0)
        file.write(str(os.getpid()).encode())
        file.flush()
        try:
            yield
        finally:
            if sys.platform != "win32":  # which removes no open file; what stays is not locked
                path.unlink(missing_ok=True)


def _lock_soon(file: IO[bytes]) -> bool:
    for _ in range(_TRIES):
        if _try_lock(file):
            return True
        time.sleep(_PAUSE)
    return False


def _unusable(folder: Path, error: OSError) -> InputError:
    return InputError(f"{folder}: cannot be used ({error.strerror or error})")


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
