"""Moving bytes from an address to a file, and whether they are the right ones."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from jpas_gui.core.errors import InputError
from jpas_gui.core.files import file_hash

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


def transfer(url: str, path: Path, progress: Progress | None) -> None:
    """Write what is at an address, or what a DOI and a file name behind it mean, to a file.

    Raises
    ------
    InputError
        If the network or the server fails.
    OSError
        If the file cannot be written.
    """
    import pooch
    import requests

    kind = pooch.DOIDownloader if url.startswith("doi:") else pooch.HTTPDownloader
    download = kind(progressbar=False if progress is None else progress, chunk_size=_CHUNK, timeout=_TIMEOUT)
    try:
        download(url, path, None)
    except requests.RequestException as error:
        raise InputError(f"{url}: {_reason(error)}") from error
    except ValueError as error:  # the archive of the DOI has no such file
        raise InputError(f"{url}: {error}") from error


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


def has_hash(path: Path, expected: str) -> bool:
    """Return whether a file has a hash such as ``"md5:..."``."""
    algorithm, _, digest = expected.partition(":")
    return file_hash(path, algorithm) == digest
