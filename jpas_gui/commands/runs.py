"""``jpas-gui runs``: the trainings that were started in the window."""

import argparse
import json
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jpas_gui.app.training_runs import Run


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser of ``jpas-gui``."""
    parser = commands.add_parser(
        "runs",
        help="list the trainings of the window",
        description="Trainings that were started in the window: what became of them, and where they lie.",
        allow_abbrev=False,
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="state, epochs and best validation loss of each, the oldest first")
    listing.add_argument("--json", action="store_true", help="one JSON document")
    listing.set_defaults(run=_list)


def _list(arguments: argparse.Namespace) -> int:
    from jpas_gui.app.training_runs import all_runs
    from jpas_gui.core.inference.known_models import runs_folder

    runs = [_described(run) for run in all_runs()]
    if arguments.json:
        print(json.dumps({"runs": runs, "folder": str(runs_folder())}, indent=1, ensure_ascii=False))
        return 0
    width = max((len(run["name"]) for run in runs), default=0) + 2
    for run in runs:
        loss = "" if run["best_loss"] is None else f", best validation loss {run['best_loss']:.4g}"
        model = ", has a model" if run["has_model"] else ""
        print(f"{run['name']:{width}}{run['state']:11}{run['epochs']} of {run['of_epochs']} epochs{loss}{model}")
    print(f"trainings of the window lie in: {runs_folder()}")
    return 0


def _described(run: "Run") -> dict[str, Any]:
    from jpas_gui.app.training_log import TrainingLog

    log = TrainingLog(run.events_path)
    log.read()
    return {
        "name": run.name,
        "state": str(run.state_now(log)),
        "epochs": max(log.epochs, default=0),
        "of_epochs": log.n_epochs,
        "best_epoch": log.best_epoch,
        "best_loss": log.best_loss if math.isfinite(log.best_loss) else None,
        "has_model": run.has_model,
        "device": run.device,
        "created": run.created,
        "folder": str(run.folder),
    }
