"""HDF5 files: opening them, and what is said when they are damaged."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.model_files import ModelFile

if TYPE_CHECKING:
    import h5py

_MAGIC = b"\x89HDF\r\n\x1a\n"


def is_hdf5(file: ModelFile) -> bool:
    """Whether a file begins as HDF5 files do."""
    return file.head(len(_MAGIC)) == _MAGIC


@contextmanager
def open_hdf5(path: Path) -> Iterator["h5py.File"]:
    """Open a file for reading; whatever is wrong with it, found now or when data is taken, is an InputError.

    Raises
    ------
    InputError
        The message names the file.
    """
    # Costs a tenth of a second that no window should wait for.
    import h5py

    try:
        # Python opens it: its message about a missing or forbidden file is clear, HDF5's is not.
        with path.open("rb") as stream, h5py.File(stream, "r") as file:
            yield file
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file") from error
    except PermissionError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except (OSError, RuntimeError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise InputError(f"{path}: cut short or damaged HDF5 file, or not what it seems: get it again") from error
