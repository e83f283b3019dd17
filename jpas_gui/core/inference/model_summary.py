"""What a trained model says of itself, without its weights. Imports no torch."""

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jpas_gui.core.damage import damage_told
from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.known_models import models_folder
from jpas_gui.core.inference.shipped import DESCRIPTION
from jpas_gui.core.ssp.where_to_get import where_to_get


@dataclass(frozen=True)
class ModelSummary:
    """A trained model.

    Parameters
    ----------
    name, preset, created_by : str
    folder : Path
    size : int
        Bytes of its folder.
    weights_sha256 : str
    libraries : tuple of str
        Titles of what it was trained on.
    noise : str
    domain : mapping
        What it is valid for: the ends of ``log_age``, ``metallicity``, ``ebv``, ``magnitude`` and ``redshift``.
    citations, licences : tuple of str
        Of the method and of the libraries.
    is_evaluated : bool
        Whether it carries what was measured of it.
    where_to_get : tuple of str
        Those of the libraries that do not come with the program, each with where it is to be had.
    """

    name: str
    preset: str
    created_by: str
    folder: Path
    size: int
    weights_sha256: str
    libraries: tuple[str, ...]
    noise: str
    domain: Mapping[str, Any]
    citations: tuple[str, ...]
    licences: tuple[str, ...]
    is_evaluated: bool = False
    where_to_get: tuple[str, ...] = ()


def summarise_model(folder: Path) -> ModelSummary:
    """Return what a model says of itself.

    Raises
    ------
    InputError
        If there is none, or its description is damaged.
    """
    path = folder / DESCRIPTION
    if not path.exists():
        raise InputError(f"{folder}: no model there (no {DESCRIPTION})")
    with damage_told(path, "not the description of a jpas-gui model: get the model again"):
        return _summary(folder, json.loads(path.read_text(encoding="utf-8")))


def _summary(folder: Path, record: Mapping[str, Any]) -> ModelSummary:
    libraries = record["libraries"]
    return ModelSummary(
        name=str(record["name"]),
        preset=str(record["preset"]),
        created_by=str(record["created_by"]),
        folder=folder,
        size=sum(path.stat().st_size for path in folder.iterdir() if path.is_file()),
        weights_sha256=str(record["weights_sha256"]),
        libraries=tuple(str(library["title"]) for library in libraries),
        noise=str(record["noise"]["noise"]),
        domain=dict(record["domain"]),
        citations=tuple(str(text) for text in record["citations"]),
        licences=tuple(dict.fromkeys(str(library["licence"]) for library in libraries if library["licence"])),
        is_evaluated=bool(record.get("metrics")),
        where_to_get=tuple(_elsewhere(libraries)),
    )


def _elsewhere(libraries: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for library in libraries:
        way = where_to_get(str(library["name"]), str(library.get("citation", "")))
        if way:
            yield f"{library['title']}: {way}"


def add_model(folder: Path, overwrite: bool = False) -> Path:
    """Copy a model into the user's own, and return where it lies then.

    Parameters
    ----------
    folder : Path
    overwrite : bool
        Replace one of its name.

    Raises
    ------
    InputError
        If there is no model, one of its name is there already, or it cannot be copied.
    """
    name = summarise_model(folder).name
    own = models_folder() / Path(name).name
    if own.exists() and not overwrite:
        raise InputError(f"{folder}: a model {own.name!r} is in {own.parent} already: remove it first")
    try:
        own.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".model-", dir=own.parent) as room:
            copy = Path(room) / "model"
            copy.mkdir()
            for path in folder.iterdir():
                if path.is_file():
                    shutil.copyfile(path, copy / path.name)
            with suppress(FileNotFoundError):
                own.rename(Path(room) / "older")
            copy.rename(own)
    except OSError as error:
        raise InputError(f"{own}: cannot be written ({error.strerror or error})") from error
    return own
