"""What to cite for each family of libraries."""

import tomllib
from dataclasses import dataclass
from functools import cache

from jpas_gui.core.resources import resource_path


@dataclass(frozen=True)
class Citation:
    """What to cite, the terms of use and the address of a family of libraries."""

    title: str
    text: str
    licence: str
    url: str


@cache
def _citations() -> dict[str, Citation]:
    with resource_path("citations.toml").open("rb") as file:
        return {key: Citation(**entry) for key, entry in tomllib.load(file).items()}


def citation_of(family: str) -> Citation:
    """Return the citation of a family, e.g. ``"popstar"``.

    Raises
    ------
    KeyError
        If `resources/citations.toml` has no such family.
    """
    return _citations()[family]
