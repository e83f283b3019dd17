"""The folder of a training: what may be in it before, who works in it, and what is left in it. Imports no torch."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.shipped import DESCRIPTION, WEIGHTS
from jpas_gui.core.locks import LockedError, held_for, holder

CHECKPOINT = "checkpoint.safetensors"
"""Name of the checkpoint in the folder of a training."""

LOCK = "training.lock"
"""Held by the program that trains in the folder, whose process id is in it; gone when it ends in good order."""

_MADE = (CHECKPOINT, WEIGHTS, DESCRIPTION)
"""All that a training leaves in its folder."""


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
    return holder(folder / LOCK)


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
    """Hold the lock of a folder."""
    path = folder / LOCK
    with ExitStack() as stack:
        try:
            stack.enter_context(held_for(path))
        except OSError as error:
            raise _unusable(folder, error) from error
        except LockedError:
            raise InputError(
                f"{folder}: another program is training in it: wait for it, or choose another folder"
            ) from None
        yield


def _unusable(folder: Path, error: OSError) -> InputError:
    return InputError(f"{folder}: cannot be used ({error.strerror or error})")
