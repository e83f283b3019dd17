"""The trained models that can be named: those that ship, those that the user added, and those of trainings.

Imports no torch: a window lists them before it loads one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import platformdirs

from jpas_gui.core.errors import InputError
from jpas_gui.core.files import user_path
from jpas_gui.core.inference.shipped import DESCRIPTION, shipped_models
from jpas_gui.core.near_names import known_names

RUN_RECORD = "run.json"
"""The file that makes a folder of the user's trainings a run."""


class Origin(StrEnum):
    """Where a model comes from."""

    SHIPPED = "with the program"
    ADDED = "yours"
    TRAINED = "trained here"


@dataclass(frozen=True)
class KnownModel:
    """A model that the program knows.

    Parameters
    ----------
    name : str
    folder : Path
    origin : Origin
    is_named : bool
        Whether its name means it; else a model before it in the list has the name, and its folder is to be given.
    """

    name: str
    folder: Path
    origin: Origin
    is_named: bool = True


def models_folder() -> Path:
    """Return the folder of the models that the user added, which need not exist."""
    return platformdirs.user_data_path("jpas-gui") / "models"


def runs_folder() -> Path:
    """Return the folder of the user's trainings, which need not exist: ``NAME/NAME`` is the model of one."""
    return platformdirs.user_data_path("jpas-gui") / "runs"


def known_models() -> tuple[KnownModel, ...]:
    """Return all models, those first whose names go before others."""
    seen: set[str] = set()
    models = []
    for origin, folder in _folders():
        models.append(KnownModel(folder.name, folder, origin, folder.name not in seen))
        seen.add(folder.name)
    return tuple(models)


def _folders() -> Iterator[tuple[Origin, Path]]:
    yield from ((Origin.SHIPPED, folder) for folder in shipped_models().values())
    added = models_folder().glob(f"[!.]*/{DESCRIPTION}")
    yield from ((Origin.ADDED, path.parent) for path in sorted(added))
    for record in sorted(runs_folder().glob(f"[!.]*/{RUN_RECORD}")):
        folder = record.parent / record.parent.name
        if (folder / DESCRIPTION).is_file():
            yield Origin.TRAINED, folder


def find_model(name_or_folder: str | Path) -> Path:
    """Return the folder of a model: the one of that name, else the one that the path leads to.

    Raises
    ------
    InputError
        If there is neither; the message has the names that are near, and all names.
    """
    name = str(name_or_folder)
    shipped = shipped_models().get(name)
    if shipped:
        return shipped
    named = next((model.folder for model in known_models() if model.name == name), None)
    folder = named or user_path(name)
    if not folder.is_dir():
        names = known_names(name, (model.name for model in known_models()))
        raise InputError(f"{name}: no such folder, and no model of that name; {names}")
    return folder
