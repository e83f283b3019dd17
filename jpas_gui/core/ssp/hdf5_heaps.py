"""Heaps of HDF5 files that would keep its library walking in place for ever.

Texts of variable length lie in global heaps, which have no checksum. The library steps from one object of a heap to
the next by the size that the file says: a size of zero, or one so large that the sum overflows, leads back (HDF5 File
Format Specification 3.0, III.E).
"""

import mmap
import struct
from pathlib import Path

_HEAP = b"GCOL\x01"
"""Signature and version; three bytes follow that mean nothing, and the size."""

_HEADER = struct.Struct("<5s3xQ")
_OBJECT = struct.Struct("<HH4xQ")
"""Index, number of references and size; index 0 is free space, whose size counts this header, too."""


def is_endless(path: Path) -> bool:
    """Return whether one of the heaps of a file has no end.

    Raises
    ------
    OSError
        If the file cannot be read.
    """
    with path.open("rb") as file:
        if not path.stat().st_size:
            return False
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            place = content.find(_HEAP)
            while place >= 0:
                if _has_no_end(content, place):
                    return True
                place = content.find(_HEAP, place + len(_HEAP))
    return False


def _has_no_end(content: mmap.mmap, heap: int) -> bool:
    if heap + _HEADER.size > len(content):
        return False
    _, size = _HEADER.unpack_from(content, heap)
    end, place = heap + size, heap + _HEADER.size
    if end > len(content):
        return False  # HDF5 sees that itself, or these bytes are no heap but numbers
    while place + _OBJECT.size <= end:
        index, _, length = _OBJECT.unpack_from(content, place)
        step = length if index == 0 else _OBJECT.size + -(-length // 8) * 8
        if not 0 < step <= end - place:
            return True
        place += step
    return False
