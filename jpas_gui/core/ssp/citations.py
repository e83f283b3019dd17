"""What to cite for each family of libraries."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from jpas_gui.core.resources import resource_path


@dataclass(frozen=True)
class Citation:
    """What to cite, the terms of use and the address of a family of libraries.

    `bibtex` has the keys of its entries in `resources/citations.bib`.
    """

    title: str
    text: str
    licence: str
    url: str
    bibtex: tuple[str, ...]


@cache
def _citations() -> dict[str, Citation]:
    with resource_path("citations.toml").open("rb") as file:
        families = tomllib.load(file).items()
    return {key: Citation(**entry | {"bibtex": tuple(entry["bibtex"])}) for key, entry in families}


def citation_of(family: str) -> Citation:
    """Return the citation of a family, e.g. ``"popstar"``.

    Raises
    ------
    KeyError
        If `resources/citations.toml` has no such family.
    """
    return _citations()[family]


def bibtex_of(texts: Iterable[str]) -> str:
    """Return BibTeX entries for citations in words, as files of libraries and models have them, each entry once.

    Parameters
    ----------
    texts : iterable of str
        Such as `Citation.text`; one that no family has becomes an entry whose note is that text.
    """
    keys = {citation.text: citation.bibtex for citation in _citations().values()}
    entries: dict[str, str] = {}
    for text in texts:
        known = keys.get(text, ())
        entries |= {key: _entries()[key] for key in known}
        if not known and text:
            entries[text] = f"@misc{{{_made_up_key(text)},\n  note = {{{text}}}\n}}"
    return "\n\n".join(entries.values()) + ("\n" if entries else "")


@cache
def _entries() -> dict[str, str]:
    content = resource_path("citations.bib").read_text(encoding="utf-8")
    entries = [f"@{entry.strip()}" for entry in re.split(r"^@", content, flags=re.MULTILINE)[1:]]
    return {entry[entry.index("{") + 1 : entry.index(",")]: entry for entry in entries}


def _made_up_key(text: str) -> str:
    return "".join(re.findall(r"[A-Za-z0-9]+", text)[:4]) or "library"
