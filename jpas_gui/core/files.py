"""Writing files so that there is never half a file, and telling one file from another."""

import gzip
import hashlib
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, cast

from jpas_gui.core.errors import InputError

FITS_MAGIC = b"SIMPLE  ="
"""How FITS files begin."""

GZIP_MAGIC = b"\x1f\x8b"
"""How files that are packed with gzip begin."""

STANDARD_INPUT = "standard-input"
"""Name of the file that holds what came through a pipe."""

_LONG_AGO = 86_400
"""Seconds in which a program that still writes a file has changed it."""

_TEMPORARY = re.compile(r"\..*\.\d+\.part(\..*)?")

_SAMPLES, _SAMPLE = 64, 4096
"""Number of samples, and the bytes of each."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`, with the same suffix, that takes its place when the block ends well.

    Raises
    ------
    InputError
        If it cannot be written. An older file is then still there as it was, and no temporary one is left.
    """
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
    _sweep(path)
    try:
        yield temporary
        # Without it a power cut after the renaming can leave an empty file.
        with temporary.open("r+b") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror or error})") from error
    finally:
        with suppress(OSError):  # what went wrong before is what is told
            temporary.unlink(missing_ok=True)


def _sweep(path: Path) -> None:
    """Remove the temporary files that programs left beside a path which were killed long ago."""
    own = re.compile(rf"\.{re.escape(path.stem)}\.\d+\.part{re.escape(path.suffix)}")
    with suppress(OSError):
        for left in filter(own.fullmatch, _unfinished(path.parent)):
            (path.parent / left).unlink(missing_ok=True)


@lru_cache(maxsize=64)
def _unfinished(folder: Path) -> tuple[str, ...]:
    """Return the temporary files in a folder that nobody has written to for long; looked for once in a program."""
    return tuple(
        entry.name
        for entry in os.scandir(folder)
        if _TEMPORARY.fullmatch(entry.name) and time.time() - entry.stat().st_mtime > _LONG_AGO
    )


def refuse_existing(path: Path) -> None:
    """Refuse to replace a file, or a folder with something in it, that is there already.

    Raises
    ------
    InputError
        If there is one.
    """
    try:
        is_there = path.exists() and not (path.is_dir() and not any(path.iterdir()))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from error
    if is_there:
        raise InputError(f"{path}: exists already: choose another name, or --overwrite it")


def user_path(text: str | Path) -> Path:
    """Return a path as a user wrote it, with a leading ``~`` read as a shell does."""
    path = Path(text)
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def file_hash(path: Path, algorithm: str = "sha256") -> str:
    """Return the hexadecimal hash of a file; `algorithm` is a name that `hashlib` knows."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest()


def is_packed(path: Path) -> bool:
    """Return whether a file is packed with gzip."""
    with path.open("rb") as file:
        return file.read(len(GZIP_MAGIC)) == GZIP_MAGIC


def unpacked_head(path: Path, size: int) -> bytes:
    """Return the first bytes of a file, of what is packed in it if it is packed with gzip."""
    with unpacked(path) as file:
        return file.read(size)


def unpacked(path: Path) -> BinaryIO:
    """Open a file for reading, unpacked if it is packed with gzip."""
    return cast(BinaryIO, gzip.open(path)) if is_packed(path) else path.open("rb")


def sampled_hash(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file's size and of samples of it: of all of it up to 256 KiB.

    It takes the same short time for a file of any size.
    """
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        for number in range(_SAMPLES):
            file.seek(number * max(size - _SAMPLE, 0) // (_SAMPLES - 1))
            digest.update(file.read(_SAMPLE))
    return digest.hexdigest()
