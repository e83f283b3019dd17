"""Names of models on the command line."""

import sys
from pathlib import Path

from jpas_gui.core.errors import InputError
from jpas_gui.core.files import user_path


def named_model(name: str) -> Path:
    """Return the folder of a model that the program knows by name, or that a path leads to.

    Where the name is that of a folder here, too, the known model is meant, and the user is told.

    Raises
    ------
    InputError
        If there is none: if a library has the name, the message says so.
    """
    from jpas_gui.core.inference.known_models import find_model
    from jpas_gui.core.inference.shipped import DESCRIPTION
    from jpas_gui.core.ssp.catalogue import known_libraries

    try:
        folder = find_model(name)
    except InputError:
        if name in {entry.name for entry in known_libraries()}:
            raise InputError(
                f"{name}: this is a library, not a model: --model exact --library {name} computes the exact posterior "
                "under it"
            ) from None
        raise
    here = user_path(name)
    if (here / DESCRIPTION).is_file() and here.resolve() != folder.resolve():
        print(f"jpas-gui: note: {name} is the model in {folder}; ./{name} is the one here", file=sys.stderr)
    return folder


def refuse_model(name: str) -> None:
    """Refuse the name of a model where a library is asked for.

    Raises
    ------
    InputError
        If it is one.
    """
    from jpas_gui.core.inference.known_models import known_models
    from jpas_gui.core.inference.shipped import DESCRIPTION

    folder = user_path(name)
    if (folder / DESCRIPTION).is_file() or (not folder.exists() and name in {model.name for model in known_models()}):
        raise InputError(f"{name}: this is a trained model, not a library: 'jpas-gui model info {name}' tells of it")
