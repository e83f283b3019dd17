"""Models as the user's folders hold them, for tests: copies of one that ships."""

import json
import shutil
from pathlib import Path

from jpas_gui.core.inference.bundle_record import HASH, description_hash
from jpas_gui.core.inference.known_models import RUN_RECORD, models_folder, runs_folder
from jpas_gui.core.inference.shipped import DESCRIPTION, shipped_models


def copy_model(folder: Path, shipped: str = "paper-popstar") -> Path:
    """Copy a shipped model into a new folder, whose name it gets, as one that was not evaluated."""
    shutil.copytree(shipped_models()[shipped], folder)
    path = folder / DESCRIPTION
    record = json.loads(path.read_text()) | {"name": folder.name, "metrics": {}}
    path.write_text(json.dumps(record | {HASH: description_hash(record)}))
    return folder


def trained_model(name: str) -> Path:
    """Make a run of the window that has a model, and return the model's folder."""
    run = runs_folder() / name
    run.mkdir(parents=True)
    (run / RUN_RECORD).write_text('{"device": "cpu", "created": "2026-01-01T00:00:00+00:00"}')
    return copy_model(run / name)


def added_model(name: str) -> Path:
    """Add a model to the user's own, and return its folder."""
    models_folder().mkdir(parents=True, exist_ok=True)
    return copy_model(models_folder() / name)
