"""The trained models at hand."""

import ctypes
import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.shipped import DESCRIPTION

if TYPE_CHECKING:
    from jpas_gui.core.inference.predictor import Predictor


class ModelShelf:
    """Loads each trained model when it is first asked for, and keeps it. For one thread.

    The first model costs the import of torch, seconds: a window asks from a thread of its own.
    """

    def __init__(self) -> None:
        self._loaded: dict[str, tuple[int, Predictor | InputError]] = {}

    def predictor(self, name_or_folder: str | Path) -> "Predictor":
        """Return a shipped model by its name, or the one of a bundle's folder.

        Raises
        ------
        InputError
            If there is none, or it is damaged; the files are read again only when they have changed.
        """
        name = str(name_or_folder)
        written = _written(name)
        if name not in self._loaded or self._loaded[name][0] != written:
            self._loaded[name] = written, _load(name)
        _, found = self._loaded[name]
        if isinstance(found, InputError):
            raise found
        return found


def _written(name: str) -> int:
    """Return when the model in a folder was written, ns; 0 for one that ships: a training that goes on changes it."""
    try:
        return (Path(name) / DESCRIPTION).stat().st_mtime_ns
    except OSError:
        return 0


def _load(name: str) -> "Predictor | InputError":
    _load_compiled_part()
    import torch

    from jpas_gui.core.inference.predictor import Predictor

    torch.set_num_threads(1)  # one galaxy is too little to share, and the window needs the other cores
    try:
        return Predictor.load(name)
    except InputError as error:
        return error


def _load_compiled_part() -> None:
    """Load the large library of torch while other threads run: its import would stop them for half a second."""
    torch = find_spec("torch")
    library = Path(torch.origin).parent / "lib" / "libtorch_cpu.so" if torch and torch.origin else None
    if library and library.is_file():  # elsewhere than on Linux it has another name, and the import loads it
        load = ctypes.CDLL(None).dlopen  # Python lets other threads run only in foreign functions
        load.restype = ctypes.c_void_p
        load(os.fsencode(library), os.RTLD_NOW)
