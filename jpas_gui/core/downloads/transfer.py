"""Moving bytes from an address to a file, and whether they are the right ones."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from jpas_gui.core.downloads.partial import Partial
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import file_hash

if TYPE_CHECKING:
    import requests

_CHUNK = 1 << 16
_TIMEOUT = 30
"""Seconds without an answer."""


class Progress(Protocol):
    """What is told how far a download is; a tqdm bar is one. What `update` raises ends the transfer."""

    total: float | None

    def update(self, n: float, /) -> object:
        """Say that `n` more bytes came."""

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
    with _named_failures(url):
        _receive(_request(_address(url), {}), path, 0, progress)


def transfer_on(url: str, partial: Partial, progress: Progress | None) -> None:
    """Do as `transfer`, going on from what came earlier where the server can and its file is still the same.

    Raises
    ------
    InputError
        As `transfer`; what came is kept.
    OSError
        As `transfer`.
    """
    with _named_failures(url):
        start, address = partial.n_bytes, _address(url)
        response = _request(address, _rest_of(start, partial.validator))
        if start and response.status_code != _PARTIAL_CONTENT:
            start = 0
            if response.status_code == _NOTHING_LEFT:
                response = _request(address, {})
        if not start:
            partial.begin(_validator(response))
        _receive(response, partial.path, start, progress)


_PARTIAL_CONTENT, _NOTHING_LEFT = 206, 416


def _address(url: str) -> str:
    """Return the address that an address or a DOI with a file name means."""
    if not url.startswith("doi:"):
        return url
    from pooch import downloaders

    doi, _, name = url.removeprefix("doi:").rpartition("/")
    return str(downloaders.doi_to_repository(doi).download_url(name))


def _request(address: str, headers: dict[str, str]) -> "requests.Response":
    import requests

    # The bytes as they are: a range of compressed ones would mean nothing.
    response = requests.get(
        address, headers={"Accept-Encoding": "identity"} | headers, stream=True, timeout=_TIMEOUT, allow_redirects=True
    )
    if response.status_code != _NOTHING_LEFT:
        response.raise_for_status()
    return response


def _rest_of(start: int, validator: str) -> dict[str, str]:
    if not start:
        return {}
    return {"Range": f"bytes={start}-"} | ({"If-Range": validator} if validator else {})


def _validator(response: "requests.Response") -> str:
    """Return what the server calls this version of its file, "" where it does not say."""
    tag = response.headers.get("ETag", "")
    return tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified", "")


def _receive(response: "requests.Response", path: Path, start: int, progress: Progress | None) -> None:
    """Write what comes after the first `start` bytes of a file."""
    if progress is not None:
        progress.total = start + int(response.headers.get("Content-Length", 0))
        progress.update(start)
    with response, path.open("r+b" if start else "wb") as file:
        file.seek(start)
        for chunk in response.iter_content(_CHUNK):
            file.write(chunk)
            if progress is not None:
                progress.update(len(chunk))
        file.flush()
        os.fsync(file.fileno())  # without it a power cut after a renaming can leave an empty file
    if progress is not None:
        progress.close()


@contextmanager
def _named_failures(url: str) -> Iterator[None]:
    import requests

    try:
        yield
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
