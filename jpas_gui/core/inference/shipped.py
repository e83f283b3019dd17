"""The models that ship with the program. Imports no torch: a window lists them before it loads one."""

from functools import cache
from pathlib import Path

from jpas_gui.core.resources import shipped_folder

DESCRIPTION = "model.json"
"""The file of a bundle that describes it."""

WEIGHTS = "weights.safetensors"
"""The file of a bundle that holds its numbers."""


def shipped_models() -> dict[str, Path]:
    """Return the folders of the models that ship with the program, by name."""
    folder = shipped_folder("models")
    return {path.parent.name: path.parent for path in sorted(folder.glob(f"*/{DESCRIPTION}"))} if folder else {}


@cache
def _shipped_names() -> frozenset[str]:
    return frozenset(shipped_models())


def model_title(name_or_folder: str | Path) -> str:
    """Return what lists and legends call a model: its name, and "(yours)" where a shipped one has that name, too.

    Parameters
    ----------
    name_or_folder : str or Path
        The name of a model that ships, or the folder of one that does not.
    """
    name = Path(name_or_folder).name
    return f"{name} (yours)" if name in _shipped_names() and str(name_or_folder) != name else name
