"""Files of which no part can be read without the rest: those that would not fit into memory are refused."""

import os
from pathlib import Path

from jpas_gui.core.errors import InputError
from jpas_gui.core.files import is_packed

_UNPACKED = 3
"""Times by which photometry as text grows when it is unpacked."""


def check_memory(path: Path, kind: str, times: float) -> None:
    """Refuse a file that would not fit into the memory that is free.

    Parameters
    ----------
    path : Path
    kind : str
        Of the file, for people.
    times : float
        Bytes that are needed at most while it is read, per byte of it, unpacked.

    Raises
    ------
    InputError
        If it would not fit.
    """
    packed = is_packed(path)
    size, free = path.stat().st_size, free_memory()
    needed = times * size * (_UNPACKED if packed else 1)
    if free is not None and needed > free:
        name = f"{kind} packed with gzip" if packed else kind
        raise InputError(
            f"{path}: {name} is read as a whole: this file of {_size(size)} needs about {_size(needed)} of memory, "
            f"{_size(free)} are free: convert it to Parquet, or to FITS that is not packed, which are read in parts"
        )


def free_memory() -> int | None:
    """Return the bytes that are free, or else half of those that the machine has; None where it does not tell."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration):
        pass
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (AttributeError, ValueError, OSError):
        return None


def _size(n_bytes: float) -> str:
    return f"{n_bytes / 1e9:.1f} GB" if n_bytes >= 1e8 else f"{n_bytes / 1e6:.1f} MB"
