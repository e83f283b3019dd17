"""The folder of a training: what may be in it before, and what is left in it."""

from pathlib import Path

from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.training import CHECKPOINT


def prepare_folder(folder: Path, resume: bool) -> None:
    """Make the folder of a training, or find out whether the one that is there can be used.

    Raises
    ------
    InputError
        If it cannot be made; without `resume`, if there is anything in it; with `resume`, if there is something in it
        but no checkpoint.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder}: this is a file: choose the name of a folder")
    if not folder.parent.is_dir():
        raise InputError(f"{folder}: the folder {folder.parent} does not exist: make it first")
    try:
        folder.mkdir(exist_ok=True)
        _remove_unfinished(folder)
        names = sorted(path.name for path in folder.iterdir())
    except OSError as error:
        raise InputError(f"{folder}: cannot be used ({error.strerror or error})") from error
    if names and not resume:
        way_out = "resume that training, or choose another folder" if CHECKPOINT in names else "choose another folder"
        raise InputError(f"{folder}: the folder is not empty, and nothing in it is overwritten: {way_out}")
    if names and CHECKPOINT not in names:
        raise InputError(f"{folder}: no training to resume: there is no {CHECKPOINT} in it")


def _remove_unfinished(folder: Path) -> None:
    """Remove what a killed program was writing at that moment."""
    for path in folder.glob(f".{Path(CHECKPOINT).stem}.*.part.*"):
        path.unlink(missing_ok=True)
