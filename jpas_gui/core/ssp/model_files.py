"""A file, a folder or an archive as a list of files that may hold models."""

import gzip
import hashlib
import io
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from jpas_gui.core.damage import damage_told
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import GZIP_MAGIC, file_hash
from jpas_gui.core.ssp.library import SourceFile

MAX_FILES = 50_000
MAX_BYTES = 2 << 30
"""Per file, unpacked: the largest that is read whole, a metallicity of CB19, has 30 MB."""

ZIP_MAGIC = b"PK\x03\x04"


@dataclass(frozen=True, eq=False)
class ModelFile:
    """One file, wherever it lies.

    Parameters
    ----------
    place : str
        Its path within the folder or archive that was opened; its name where it was opened itself.
    origin : str
        Where it is, for messages.
    open_raw : callable
        Opens it for reading as it is stored.
    path : Path, optional
        Where it is as a file of its own; None inside an archive.
    """

    place: str
    origin: str
    open_raw: Callable[[], IO[bytes]]
    path: Path | None = None

    @property
    def name(self) -> str:
        """Its name without folders."""
        return PurePosixPath(self.place).name

    def head(self, size: int = 2880) -> bytes:
        """Return the first bytes, unpacked; none where the file cannot be read."""
        with suppress(InputError), damage_told(), self.open_raw() as stream:
            return _unpacked(stream).read(size)
        return b""

    @contextmanager
    def unpacked(self) -> Iterator[IO[bytes]]:
        """Open it for reading here and there, unpacked where it is gzipped.

        Raises
        ------
        InputError
            With the reason alone.
        """
        with damage_told(), self.open_raw() as stream:
            yield _unpacked(stream)

    def begins_with(self, magic: bytes) -> bool:
        """Whether the first bytes, unpacked, are those."""
        return self.head(len(magic)) == magic

    def read(self) -> tuple[bytes, SourceFile]:
        """Return the content, unpacked where it is gzipped, and the SHA-256 of what is stored.

        Raises
        ------
        InputError
            With the reason alone: who asks knows the file.
        """
        with damage_told():
            with self.open_raw() as stream:
                stored = _limited(stream)
            content = _limited(gzip.GzipFile(fileobj=io.BytesIO(stored))) if stored[:2] == GZIP_MAGIC else stored
        return content, SourceFile(self.name, hashlib.sha256(stored).hexdigest())

    def digest(self) -> SourceFile:
        """Return the SHA-256 of a file of its own that is too large to be read whole; an InputError names it."""
        assert self.path is not None
        with damage_told(self.origin):
            return SourceFile(self.name, file_hash(self.path))


@contextmanager
def open_model_files(path: Path) -> Iterator[list[ModelFile]]:
    """List the files of a folder or of an archive (.tar, .tar.gz, .zip), or a file alone.

    Archives are read in place, nothing is unpacked to disk. In a folder without files of its own, those of its
    folders are taken. The files can be read until the context ends.

    Raises
    ------
    InputError
        If there is nothing, or it cannot be read; the message names the path.
    """
    with ExitStack() as stack:
        if not path.exists():
            raise InputError(f"{path}: no such file or folder")
        with damage_told(path, "the archive is cut short or damaged: get it again"):
            files = _files(path, stack)
        if not files:
            raise InputError(f"{path}: the {'folder' if path.is_dir() else 'archive'} is empty")
        if len(files) > MAX_FILES:
            raise InputError(f"{path}: {len(files)} files, more than any library has ({MAX_FILES} are read)")
        yield files


def _files(path: Path, stack: ExitStack) -> list[ModelFile]:
    if path.is_dir():
        return _folder(path, path) or [file for folder in _subfolders(path) for file in _folder(folder, path)]
    with path.open("rb") as stream:
        is_zip = stream.read(len(ZIP_MAGIC)) == ZIP_MAGIC
    if is_zip:
        archive = stack.enter_context(zipfile.ZipFile(path))
        # NumPy's .npz is a zip archive, too, but one file to its reader.
        is_numpy = all(name.endswith(".npy") for name in archive.namelist())
        return [_stored(path, path.name)] if is_numpy else _zip_members(path, archive)
    if tarfile.is_tarfile(path):
        return _tar_members(path, stack.enter_context(tarfile.open(path)))
    return [_stored(path, path.name)]


def _stored(path: Path, place: str) -> ModelFile:
    return ModelFile(place, str(path), lambda: path.open("rb"), path)


def _folder(path: Path, opened: Path) -> list[ModelFile]:
    files = [file for file in sorted(path.iterdir()) if _is_visible(file.name) and file.is_file()]
    return [_stored(file, file.relative_to(opened).as_posix()) for file in files]


def _subfolders(path: Path) -> list[Path]:
    return [folder for folder in sorted(path.iterdir()) if _is_visible(folder.name) and folder.is_dir()]


def _tar_members(path: Path, archive: tarfile.TarFile) -> list[ModelFile]:
    def opener(member: tarfile.TarInfo) -> Callable[[], IO[bytes]]:
        def open_member() -> IO[bytes]:
            stream = archive.extractfile(member)
            if stream is None:
                raise tarfile.ReadError(member.name)
            return stream

        return open_member

    # In the archive's order: going back in a gzipped one means to unpack it from the start.
    members = [member for member in archive.getmembers() if member.isreg()]
    return _members(path, ((member.name, opener(member)) for member in members))


def _zip_members(path: Path, archive: zipfile.ZipFile) -> list[ModelFile]:
    def opener(member: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
        return lambda: archive.open(member)

    members = [member for member in archive.infolist() if not member.is_dir()]
    return _members(path, ((member.filename, opener(member)) for member in members))


def _members(path: Path, openers: Iterable[tuple[str, Callable[[], IO[bytes]]]]) -> list[ModelFile]:
    places = ((str(PurePosixPath(name)), opener) for name, opener in openers)
    files = [ModelFile(place, f"{path}: {place}", opener) for place, opener in places]
    return [file for file in files if _is_visible(file.name)]


def _is_visible(name: str) -> bool:
    return not name.startswith((".", "__"))


def _unpacked(stream: IO[bytes]) -> IO[bytes]:
    packed = stream.read(2) == GZIP_MAGIC
    stream.seek(0)
    return gzip.GzipFile(fileobj=stream) if packed else stream  # type: ignore[return-value]


def _limited(stream: IO[bytes] | gzip.GzipFile) -> bytes:
    content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise InputError(f"larger than any spectrum ({MAX_BYTES >> 30} GiB are read)")
    return content
