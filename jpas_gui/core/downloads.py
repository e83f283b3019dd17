"""Libraries and filter curves that the program fetches by name.

`resources/downloads.toml` says what there is. Files come under a temporary name, are checked, and are renamed.
"""

import hashlib
import json
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import urlsplit

import platformdirs

from jpas_gui.core.errors import InputError
from jpas_gui.core.files import replacing
from jpas_gui.core.photometry.bands import all_bands
from jpas_gui.core.resources import resource_path

_CHUNK = 1 << 18
_TIMEOUT = 30
"""Seconds without an answer."""


class Progress(Protocol):
    """What is told how far a download is; a tqdm bar is one."""

    total: float | None

    def update(self, n: float, /) -> object:
        """Say that `n` more bytes came."""

    def reset(self) -> object:
        """Start again from zero."""

    def close(self) -> object:
        """Say that this was all."""


ProgressOf = Callable[[str, str], Progress]
"""Makes the progress of one thing, from its name and its unit."""


@dataclass(frozen=True)
class Download:
    """Something that can be fetched by name.

    Parameters
    ----------
    name : str
    kind : {"library", "filters"}
    title : str
        Name for people.
    url : str
        Where it is; of filters, with ``{band}`` for each band's name at the SVO.
    licence : str
        Terms of use, in one line.
    citation : str
        Key of `citation_of`.
    hash : str
        ``"md5:..."`` or ``"sha256:..."`` as published, "" where it is not.
    size : int
        Bytes; 0 where it is not known.
    """

    name: str
    kind: Literal["library", "filters"]
    title: str
    url: str
    licence: str
    citation: str
    hash: str = ""
    size: int = 0


def known_downloads() -> dict[str, Download]:
    """Return what can be fetched, by name."""
    with resource_path("downloads.toml").open("rb") as file:
        return {name: Download(name=name, **entry) for name, entry in tomllib.load(file).items()}


def find_download(name: str, downloads: Mapping[str, Download]) -> Download:
    """Return the download of a name.

    Raises
    ------
    InputError
        If there is none.
    """
    try:
        return downloads[name]
    except KeyError:
        raise InputError(f"there is no download {name!r}: choose one of {', '.join(downloads)}") from None


def downloads_folder() -> Path:
    """Return the folder where files are kept as they came, which need not exist."""
    return platformdirs.user_cache_path("jpas-gui") / "downloads"


def filters_folder() -> Path:
    """Return the folder of downloaded filter curves, which need not exist."""
    return platformdirs.user_data_path("jpas-gui") / "filters"


@dataclass(frozen=True)
class Fetched:
    """A file that was fetched.

    Parameters
    ----------
    path : Path
    sha256 : str
    downloaded : bool
        False where a good copy was there already.
    """

    path: Path
    sha256: str
    downloaded: bool


def fetch_file(download: Download, progress: ProgressOf | None = None, force: bool = False) -> Fetched:
    """Fetch the file of a download into `downloads_folder`, unless a good copy is there.

    Parameters
    ----------
    download : Download
    progress : callable, optional
        Makes what is told how far it is.
    force : bool
        Fetch it again, even so.

    Raises
    ------
    InputError
        If it cannot be fetched or kept, or is not the file that was published or seen before. An older copy is
        then still there as it was.
    """
    path = _make_folder(downloads_folder()) / Path(urlsplit(download.url).path).name
    record = None if download.hash else _Record.beside(path)
    expected = download.hash or (f"sha256:{record.sha256}" if record else "")
    if not force and path.is_file() and expected and _has_hash(path, expected):
        return Fetched(path, _hash(path, "sha256"), downloaded=False)
    with replacing(path) as temporary:
        _transfer(download.url, temporary, progress(download.name, "B") if progress else None)
        _check_hash(temporary, download, path, record)
        sha256 = _hash(temporary, "sha256")
    _Record(download.url, sha256, _now()).save(path)
    return Fetched(path, sha256, downloaded=True)


def get_library(download: Download, progress: ProgressOf | None = None, force: bool = False) -> tuple[Fetched, Path]:
    """Fetch a library and add it, under the download's name, to those that can be loaded by name.

    Returns
    -------
    fetched : Fetched
        The file as it came.
    path : Path
        The library in the program's own format.

    Raises
    ------
    InputError
        If it cannot be fetched, read or saved.
    """
    # Readers need h5py and more, which `library list` and the window's start do not.
    from jpas_gui.core.ssp.catalogue import add_library
    from jpas_gui.core.ssp.reading import read_library

    fetched = fetch_file(download, progress, force)
    library = read_library(fetched.path)
    return fetched, add_library(replace(library, name=download.name))


def get_filters(download: Download, progress: ProgressOf | None = None, force: bool = False) -> Path:
    """Fetch the curves of all bands into `filters_folder`, unless they are there.

    They take the place of an older set together, when all of them came and can be used.

    Raises
    ------
    InputError
        If one of them cannot be fetched, used or kept.
    """
    from jpas_gui.core.photometry.filter_files import read_filters, svo_name

    folder = filters_folder()
    if not force and _is_complete(folder):
        return folder
    _make_folder(folder.parent)
    with _replacing_folder(folder) as temporary:
        bar = progress(download.name, "bands") if progress else None
        if bar is not None:
            bar.total = len(all_bands())
        for band in all_bands():
            name = svo_name(band)
            _transfer(download.url.format(band=name), temporary / f"OAJ_JPAS.{name}.xml", None)
            if bar is not None:
                bar.update(1)
        if bar is not None:
            bar.close()
        try:
            read_filters(temporary)
        except InputError as error:
            # The temporary folder is gone when the message is read.
            problem = str(error).replace(f"{temporary}/", "")
            raise InputError(f"{download.name}: what the server sent cannot be used: {problem}") from error
    return folder


def _is_complete(folder: Path) -> bool:
    from jpas_gui.core.photometry.filter_files import read_filters

    try:
        return len(read_filters(folder).curves) == len(all_bands())
    except InputError:
        return False


def _make_folder(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: this folder cannot be made ({error.strerror or error})") from error
    return folder


@contextmanager
def _replacing_folder(folder: Path) -> Iterator[Path]:
    """Yield a temporary folder that takes the place of `folder` when the block ends well."""
    try:
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as room:
            fresh, old = Path(room) / "new", Path(room) / "old"
            fresh.mkdir()
            yield fresh
            if folder.exists():
                folder.rename(old)
            fresh.rename(folder)
    except OSError as error:
        raise InputError(f"{folder}: cannot be written ({error.strerror or error})") from error


def _transfer(url: str, path: Path, progress: Progress | None) -> None:
    """Write what is at an address to a file.

    Raises
    ------
    InputError
        If the network or the server fails.
    OSError
        If the file cannot be written.
    """
    import pooch
    import requests

    download = pooch.HTTPDownloader(
        progressbar=False if progress is None else progress, chunk_size=_CHUNK, timeout=_TIMEOUT
    )
    try:
        download(url, path, None)
    except requests.RequestException as error:
        raise InputError(f"{url}: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    import requests

    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"the server answered {error.response.status_code} {error.response.reason}"
    if isinstance(error, requests.Timeout):
        return f"no answer within {_TIMEOUT} seconds: try again later"
    if isinstance(error, requests.exceptions.ChunkedEncodingError | requests.exceptions.ContentDecodingError):
        return "the connection ended before the file was complete: try again"
    if isinstance(error, requests.ConnectionError):
        return "no connection to the server: check the network (and HTTPS_PROXY behind a proxy)"
    return f"cannot be fetched ({error})"


def _check_hash(temporary: Path, download: Download, path: Path, record: "_Record | None") -> None:
    if download.hash:
        if not _has_hash(temporary, download.hash):
            raise InputError(
                f"{download.url}: the file that came is not the one that was published ({download.hash}): try again"
            )
    elif record and not _has_hash(temporary, f"sha256:{record.sha256}"):
        raise InputError(
            f"{download.url}: the file differs from the one fetched on {record.fetched}: if the publisher has renewed "
            f"it, remove {_Record.path_beside(path)} and get it again"
        )


def _has_hash(path: Path, expected: str) -> bool:
    algorithm, _, digest = expected.partition(":")
    return _hash(path, algorithm) == digest


def _hash(path: Path, algorithm: str) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True)
class _Record:
    """What is remembered of a file that was fetched, in a JSON file beside it."""

    url: str
    sha256: str
    fetched: str

    @staticmethod
    def path_beside(path: Path) -> Path:
        return path.with_name(f"{path.name}.json")

    @classmethod
    def beside(cls, path: Path) -> "_Record | None":
        record = cls.path_beside(path)
        try:
            return cls(**json.loads(record.read_text()))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError) as error:
            raise InputError(f"{record}: damaged: remove it") from error

    def save(self, path: Path) -> None:
        with replacing(self.path_beside(path)) as temporary:
            temporary.write_text(json.dumps(vars(self), indent=1) + "\n")
