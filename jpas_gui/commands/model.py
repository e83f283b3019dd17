"""``jpas-gui model``: list, describe and add trained models."""

import argparse
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jpas_gui.commands.completion import model_names
from jpas_gui.commands.naming import named_model
from jpas_gui.commands.overwriting import add_overwrite
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import refuse_existing, user_path

if TYPE_CHECKING:
    from jpas_gui.core.inference.known_models import KnownModel


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser of ``jpas-gui``."""
    parser = commands.add_parser(
        "model",
        help="list, describe and add trained models",
        description="Trained models: those that ship, those that you added, and those of your trainings in the window.",
        allow_abbrev=False,
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="the models that the program knows by name")
    listing.add_argument("--json", action="store_true", help="one JSON document")
    listing.set_defaults(run=_list)

    info = actions.add_parser("info", help="what a model was trained on, and what it is valid for")
    _add_model(info)
    info.add_argument("--json", action="store_true", help="one JSON document")
    info.set_defaults(run=_info)

    path = actions.add_parser("path", help="print the folder of a model")
    _add_model(path)
    path.set_defaults(run=_path)

    adding = actions.add_parser("import", help="copy a model into your own, so that it is known by name")
    adding.add_argument("folder", type=Path, metavar="DIR", help="folder of a trained model")
    add_overwrite(adding, "a model of this name")
    adding.set_defaults(run=_import)


def _add_model(parser: argparse.ArgumentParser) -> None:
    model = parser.add_argument(
        "model", metavar="NAME_OR_DIR", help="see 'jpas-gui model list', or the folder of a model"
    )
    model.completer = model_names


def _list(arguments: argparse.Namespace) -> int:
    from jpas_gui.core.inference.known_models import known_models, models_folder

    models = [_entry(model) for model in known_models()]
    if arguments.json:
        print(json.dumps({"models": models, "folder": str(models_folder())}, indent=1, ensure_ascii=False))
        return 0
    width = max(len(model["name"]) for model in models) + 2
    for model in models:
        what = model["problem"] or f"{model['preset']}: {', '.join(model['libraries'])}"
        name = "" if model["is_named"] else f"; its name is taken: {model['folder']}"
        print(f"{model['name']:{width}}{model['origin']:18}{what}{name}")
    print(f"models that you add lie in: {models_folder()}")
    return 0


def _entry(model: "KnownModel") -> dict[str, Any]:
    from jpas_gui.core.inference.model_summary import summarise_model

    known = {
        "name": model.name,
        "origin": str(model.origin),
        "folder": str(model.folder),
        "is_named": model.is_named,
    }
    try:
        summary = summarise_model(model.folder)
    except InputError as error:
        return known | {"preset": "", "libraries": [], "is_evaluated": False, "problem": str(error)}
    own = {"preset": summary.preset, "libraries": list(summary.libraries), "is_evaluated": summary.is_evaluated}
    return known | own | {"problem": ""}


def _info(arguments: argparse.Namespace) -> int:
    from jpas_gui.core.inference.model_summary import summarise_model

    description = asdict(summarise_model(named_model(arguments.model)))
    if arguments.json:
        print(json.dumps(description, indent=1, ensure_ascii=False, default=str))
    else:
        print("\n".join(f"{key.replace('_', ' ') + ':':22}{value}" for key, value in _facts(description)))
    return 0


def _facts(description: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in description.items():
        if key == "domain":
            for name, bounds in value.items():
                if isinstance(bounds, list) and len(bounds) == 2:
                    yield f"valid {name}", f"{bounds[0]:.4g} to {bounds[1]:.4g}"
        elif isinstance(value, tuple):
            yield key, "; ".join(value) or "-"
        elif isinstance(value, bool):
            yield key, "yes" if value else "no"
        else:
            yield key, str(value)


def _path(arguments: argparse.Namespace) -> int:
    print(named_model(arguments.model))
    return 0


def _import(arguments: argparse.Namespace) -> int:
    from jpas_gui.core.inference.known_models import models_folder
    from jpas_gui.core.inference.model_summary import add_model, summarise_model

    source = user_path(arguments.folder)
    if not arguments.overwrite:
        refuse_existing(models_folder() / summarise_model(source).name)
    folder = add_model(source, arguments.overwrite)
    print(f"{folder.name}: in {folder.parent}")
    return 0
