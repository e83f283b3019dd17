"""Fetching a library or filter curves, and putting them to use.

Files come under a temporary name, are checked, and are renamed.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs

from jpas_gui.core.downloads.known import Download
from jpas_gui.core.downloads.partial import Partial
from jpas_gui.core.downloads.record import Record
from jpas_gui.core.downloads.transfer import ProgressOf, has_hash, transfer, transfer_on
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import file_hash
from jpas_gui.core.photometry.bands import all_bands


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

    What came before a transfer was cut off is kept, and the next one goes on from there.

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
    record = None if download.hash else Record.beside(path)
    expected = download.hash or (f"sha256:{record.sha256}" if record else "")
    if not force and path.is_file() and expected and has_hash(path, expected):
        return Fetched(path, file_hash(path), downloaded=False)
    partial = Partial(path, download.url, is_checked=bool(download.hash))
    try:
        transfer_on(download.url, partial, progress(download.name, "B") if progress else None)
        _check_hash(partial, download, path, record)
        sha256 = file_hash(partial.path)
        partial.path.replace(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror or error})") from error
    finally:
        partial.tidy()
    Record.of_now(download.url, sha256).save(path)
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
            transfer(download.url.format(band=name), temporary / f"OAJ_JPAS.{name}.xml", None)
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


def _check_hash(partial: Partial, download: Download, path: Path, record: Record | None) -> None:
    """Throw away a file that is not the one that was published or seen before, and say so."""
    if download.hash and not has_hash(partial.path, download.hash):
        partial.remove()
        raise InputError(
            f"{download.url}: the file that came is not the one that was published ({download.hash}): try again"
        )
    if not download.hash and record and not has_hash(partial.path, f"sha256:{record.sha256}"):
        partial.remove()
        raise InputError(
            f"{download.url}: the file differs from the one fetched on {record.fetched}: if the publisher has renewed "
            f"it, remove {Record.path_beside(path)} and get it again"
        )
