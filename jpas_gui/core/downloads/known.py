"""What can be fetched by name, `resources/downloads.toml`, and what only by hand, `resources/by_hand.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from jpas_gui.core.errors import InputError
from jpas_gui.core.resources import resource_path


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
        Where it is: an address, or ``doi:DOI/FILE``; of filters, with ``{band}`` for each band's name at the SVO.
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


@dataclass(frozen=True)
class ByHand:
    """A library that the program reads but does not fetch.

    Parameters
    ----------
    name, title : str
    citation : str
        Key of `citation_of`, which has the address, too.
    what : str
        What to take there.
    """

    name: str
    title: str
    citation: str
    what: str


def libraries_by_hand() -> tuple[ByHand, ...]:
    """Return the libraries that have to be fetched by hand."""
    with resource_path("by_hand.toml").open("rb") as file:
        return tuple(ByHand(name=name, **entry) for name, entry in tomllib.load(file).items())
