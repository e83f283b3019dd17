"""The models that ship with the program. Imports no torch: a window lists them before it loads one."""

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
