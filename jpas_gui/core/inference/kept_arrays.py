"""What a training computes before its first epoch, kept in files of the user's cache for the next start or resume.

Whatever lies there can be made again. The latest files stay, up to a size in all.
"""

import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs

from jpas_gui.core.arrays import AnyArray
from jpas_gui.core.damage import damage_told
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import replacing

FORMAT_VERSION = 1
"""Also goes up when the same makings give other arrays."""

_MAKINGS = "makings"

_LARGEST = 2_000_000_000
"""Bytes of all files: the mocks of a default posterior training are 500 MB."""

_WRITTEN_IN = 3600.0
"""s after which a file that is not yet whole belongs to a program that was killed."""

Arrays = dict[str, AnyArray]
Make = Callable[[], Arrays]
Keep = Callable[[str, Make], Arrays]
"""Returns arrays of some kind: those that were kept, or else those that it has made."""


def made_anew(kind: str, make: Make) -> Arrays:
    """Keep nothing."""
    return make()


def kept_folder() -> Path:
    """Return the folder of the files, which need not exist."""
    return platformdirs.user_cache_path("jpas-gui") / "trainings"


def kept_arrays(makings: Mapping[str, Any], kind: str, make: Make) -> Arrays:
    """Return arrays from their file, or make them and keep them there.

    A file that is damaged, or that something else made, is not used but replaced. Where files cannot be written they
    are made every time.

    Parameters
    ----------
    makings : mapping
        Plain data: whatever decides the arrays.
    kind : str
        What they are.
    make : callable
        Makes them.
    """
    text = json.dumps({"kind": kind, "format": FORMAT_VERSION, **makings}, sort_keys=True)
    path = kept_folder() / f"{sha256(text.encode()).hexdigest()[:24]}.npz"
    arrays = _read(path, text)
    if arrays is not None:
        with suppress(OSError):
            path.touch()
        return arrays
    arrays = {name: np.ascontiguousarray(array) for name, array in make().items()}  # as they come back
    if sum(array.nbytes for array in arrays.values()) < _LARGEST:
        with suppress(InputError, OSError):
            _write(path, text, arrays)
            _tidy(path.parent)
    return arrays


def _write(path: Path, makings: str, arrays: Arrays) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    content: dict[str, Any] = {_MAKINGS: np.array(makings), **arrays}
    with replacing(path) as temporary:
        np.savez(temporary, **content)


def _read(path: Path, makings: str) -> Arrays | None:
    """Return the arrays of a file; None where it is missing, damaged, or was made from something else."""
    arrays: Arrays = {}
    # Opened here: what fails to be read, numpy leaves open. It compares checksums.
    with suppress(InputError), damage_told(path), path.open("rb") as file, np.load(file, allow_pickle=False) as content:
        arrays = {name: content[name] for name in content.files}
    return arrays if str(arrays.pop(_MAKINGS, "")) == makings else None


def _tidy(folder: Path) -> None:
    """Remove the oldest files beyond the size in all, and what killed programs left half-written."""
    files = {file: file.stat() for file in folder.iterdir()}
    size = 0
    for file in sorted(files, key=lambda file: files[file].st_mtime, reverse=True):
        is_left = file.name.startswith(".") and time.time() - files[file].st_mtime > _WRITTEN_IN
        size += files[file].st_size
        if size > _LARGEST or is_left:
            file.unlink(missing_ok=True)
