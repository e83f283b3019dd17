"""The trained models that the window offers: all that the program knows by name, and those in use."""

from collections.abc import Sequence
from pathlib import Path

from jpas_gui.core.inference import known_models as core
from jpas_gui.core.inference.known_models import Origin


def known_models(in_use: Sequence[str]) -> dict[str, Path]:
    """Return the folders of models, by what a predictor is loaded with: the name of a shipped one, else the folder.

    Parameters
    ----------
    in_use : sequence of str
        Models that predict in the explorer, as names or folders.
    """
    known = {_key(model): model.folder for model in core.known_models()}
    return known | {name: Path(name) for name in keys_of_models(in_use) if name not in known}


def keys_of_models(names: Sequence[str]) -> tuple[str, ...]:
    """Return what predictors are loaded with, for models by any of their names, as someone may write in a session."""
    keys = {model.name: _key(model) for model in core.known_models() if model.is_named}
    return tuple(dict.fromkeys(keys.get(name, name) for name in names))


def _key(model: core.KnownModel) -> str:
    return model.name if model.origin is Origin.SHIPPED else str(model.folder)
