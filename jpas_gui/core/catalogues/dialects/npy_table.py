"""Structured arrays of NumPy, as ``numpy.save`` writes them: any part of them is read by itself."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy

from jpas_gui.core.catalogues.table import CatalogueTable, TableRows, check_names
from jpas_gui.core.damage import damage_told
from jpas_gui.core.errors import InputError

_DAMAGED = "this NPY file is damaged or cut short"
_KINDS = "biufSU"
"""Numbers and texts."""

_LONGEST_HEADER = 1 << 20
"""Bytes: the names of thousands of columns."""


def is_npy(head: bytes) -> bool:
    """Return whether a file that begins so is an array of NumPy."""
    return head.startswith(npy.MAGIC_PREFIX)


def read_npy(path: Path) -> CatalogueTable:
    """Open a structured array of one dimension.

    Fields of other things than numbers and texts are left out. Nothing is unpickled: that would run what the file says.

    Raises
    ------
    InputError
        If it is another array, or damaged.
    """
    with damage_told(path, _DAMAGED, with_reason=True), path.open("rb") as file:
        shape, dtype = _header(file)
        offset = file.tell()
    if dtype.hasobject:
        raise InputError(f"{path}: this array holds Python objects, which are not read: save numbers and texts alone")
    if not dtype.names or len(shape) != 1:
        raise InputError(f"{path}: an array without names of columns: save a structured array of one dimension")
    check_names(str(path), dtype.names)
    (n_rows,) = shape
    if not dtype.itemsize:
        raise InputError(f"{path}: the columns of this array hold nothing: save it again")
    available = (path.stat().st_size - offset) // dtype.itemsize
    if available < n_rows:
        raise _damaged(path, f"it ends in row {available + 1} of {n_rows}")

    def read_part(wanted: Sequence[str], start: int, stop: int) -> TableRows:
        # Not mapped into memory: a file that another program cuts short would end the program.
        with path.open("rb") as file:
            file.seek(offset + start * dtype.itemsize)
            content = file.read((stop - start) * dtype.itemsize)
        if len(content) < (stop - start) * dtype.itemsize:
            raise _damaged(path, f"it ends in row {start + len(content) // dtype.itemsize + 1} of {n_rows}")
        records = np.frombuffer(content, dtype=dtype)
        return TableRows(start, {name: _values(records[name]) for name in wanted})

    names = tuple(name for name in dtype.names if dtype[name].base.kind in _KINDS)
    return CatalogueTable(str(path), "NPY", names, n_rows, read_part)


def _header(file: BinaryIO) -> tuple[tuple[int, ...], "np.dtype[Any]"]:
    read = npy.read_array_header_1_0 if npy.read_magic(file) == (1, 0) else npy.read_array_header_2_0
    shape, _, dtype = read(file, max_header_size=_LONGEST_HEADER)
    return shape, dtype


def _values(stored: "np.ndarray[Any, Any]") -> Any:
    return np.char.decode(stored, "utf-8", "replace") if stored.dtype.kind == "S" else stored


def _damaged(path: Path, why: str) -> InputError:
    return InputError(f"{path}: {_DAMAGED} ({why})")
