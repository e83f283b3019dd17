"""One rule for all commands that write: what is there already is replaced only with ``--overwrite``."""

import argparse
from pathlib import Path

from jpas_gui.commands.pipes import is_piped
from jpas_gui.core.files import refuse_existing


def add_overwrite(parser: "argparse.ArgumentParser | argparse._ActionsContainer", what: str = "a file") -> None:
    """Add the option that lets a command replace what is there already."""
    parser.add_argument("--overwrite", action="store_true", help=f"replace {what} that is there already")


def check_new(path: Path | None, overwrite: bool) -> None:
    """Find out before the work is done whether an output would replace something.

    Raises
    ------
    InputError
        If it would, and is not to.
    """
    if path is not None and not overwrite and not is_piped(path):
        refuse_existing(path)
