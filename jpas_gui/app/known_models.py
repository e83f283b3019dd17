"""The trained models that the program knows: those that ship, the user's own, those trained here, and those in use."""

from collections.abc import Sequence
from pathlib import Path

from jpas_gui.app.training_runs import all_runs
from jpas_gui.core.inference.model_summary import models_folder
from jpas_gui.core.inference.shipped import DESCRIPTION, shipped_models


def known_models(in_use: Sequence[str]) -> dict[str, Path]:
    """Return the folders of models, by what a predictor is loaded with: the name of a shipped one, else the folder.

    Parameters
    ----------
    in_use : sequence of str
        Models that predict in the explorer, as names or folders.
    """
    own = sorted(path.parent for path in models_folder().glob(f"[!.]*/{DESCRIPTION}"))
    trained = [run.model_folder for run in all_runs() if run.has_model]
    shipped = shipped_models()
    used = [Path(name) for name in in_use if name not in shipped]
    return shipped | {str(folder): folder for folder in (*own, *trained, *used)}
