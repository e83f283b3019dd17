"""HDF5 files: opening them, taking data from them, and what is said when they are damaged."""

import math
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.damage import damage_told
from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.hdf5_heaps import is_endless
from jpas_gui.core.ssp.model_files import ModelFile

if TYPE_CHECKING:
    import h5py

HDF5_MAGIC = b"\x89HDF\r\n\x1a\n"

_MOST_ON_AXIS = 1_000_000
"""Libraries have up to some 60,000 wavelengths, and some 10,000 models."""


def is_hdf5(file: ModelFile) -> bool:
    """Whether a file begins as HDF5 files do."""
    return file.begins_with(HDF5_MAGIC)


class Hdf5File:
    """An open file. What is missing, damaged or of another kind is an InputError that names the file.

    Parameters
    ----------
    path : Path
    file : h5py.File
    """

    def __init__(self, path: Path, file: "h5py.File") -> None:
        self.path = path
        self._file = file

    def keys(self) -> set[str]:
        """Return the names in the root."""
        with _damage_told(self.path):
            return set(self._file.keys())

    def numbers(self, key: str, selection: Any = ..., dtype: DTypeLike = float) -> NDArray[Any]:
        """Return a part of a dataset, all of it without `selection`."""
        with _damage_told(self.path):
            return np.asarray(self._file[key][selection], dtype=dtype)

    def array(self, key: str, most: int, dtype: DTypeLike = float) -> NDArray[Any]:
        """Return all of a dataset, of which no more than `most` numbers can be true."""
        # What a file says of its size costs it nothing, and us the memory.
        size = math.prod(self.shape(key))
        if size > most:
            raise InputError(f"{self.path}: {key} is said to hold {size:,} numbers, more than any library: damaged")
        return self.numbers(key, dtype=dtype)

    def axis(self, key: str) -> FloatArray:
        """Return the values on an axis of a library."""
        return self.array(key, _MOST_ON_AXIS)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a dataset of strings."""
        with _damage_told(self.path):
            return tuple(self._file[key].asstr()[...].tolist())

    def shape(self, key: str) -> tuple[int, ...]:
        """Return the shape of a dataset."""
        with _damage_told(self.path):
            return tuple(self._file[key].shape)

    def unit(self, key: str) -> str:
        """Return the unit of a dataset, "" where no attribute says it."""
        with _damage_told(self.path):
            attributes = self._file[key].attrs
            found = next((attributes[name] for name in ("units", "unit", "UNIT", "UNITS") if name in attributes), "")
            return (found.decode() if isinstance(found, bytes) else str(found)).strip()

    def text(self, attribute: str, default: str | None = None) -> str:
        """Return an attribute of the root; it must be there if there is no `default`."""
        with _damage_told(self.path):
            attributes = self._file.attrs
            return str(attributes[attribute] if default is None else attributes.get(attribute, default))

    def number(self, attribute: str) -> float:
        """Return an attribute of the root."""
        with _damage_told(self.path):
            return float(self._file.attrs[attribute])

    def integer(self, attribute: str) -> int:
        """Return an attribute of the root."""
        with _damage_told(self.path):
            return int(self._file.attrs[attribute])


@contextmanager
def open_hdf5(path: Path) -> Iterator[Hdf5File]:
    """Open a file for reading.

    Raises
    ------
    InputError
        If it cannot be read or is damaged; the message names the file.
    """
    # Costs a tenth of a second that no window should wait for.
    import h5py

    with ExitStack() as stack:
        with _damage_told(path):
            if is_endless(path):
                raise InputError(f"{path}: damaged HDF5 file: get it again")
            # Python opens it: its message about a missing or forbidden file is clear, HDF5's is not.
            stream = stack.enter_context(path.open("rb"))
            file = stack.enter_context(h5py.File(stream, "r"))
        yield Hdf5File(path, file)


def _damage_told(path: Path) -> AbstractContextManager[None]:
    return damage_told(path, "cut short or damaged HDF5 file, or not what it seems: get it again")
