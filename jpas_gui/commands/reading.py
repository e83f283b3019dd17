"""How a catalogue is read, as the options of all commands that read one say it."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from jpas_gui.commands.arguments import number
from jpas_gui.core.errors import InputError

if TYPE_CHECKING:
    from jpas_gui.core.catalogues.hand_masks import HandMask
    from jpas_gui.core.catalogues.opening import OpeningOptions


def add_reading(group: "argparse._ArgumentGroup") -> None:
    """Add the options that every reader of photometry needs."""
    group.add_argument("--columns", type=Path, metavar="MAP.toml", help="which column is what, for any table")
    group.add_argument("--aperture", metavar="NAME", help="where the file has several (default: its best)")
    group.add_argument("--unit", metavar="UNIT", help="of the fluxes, where the file does not say")
    group.add_argument(
        "--notes",
        type=Path,
        metavar="NOTES.json",
        help="notes of the window on this catalogue (CATALOGUE.notes.json): bands masked there by hand are not used",
    )


def add_redshift(group: "argparse._ArgumentGroup") -> None:
    """Add the options that say how far the galaxies are, and how much dust lies before them."""
    group.add_argument("--redshift", type=_column_or_value, metavar="COLUMN_OR_VALUE", help="0 for rest frame")
    group.add_argument(
        "--extinction",
        type=_column_or_value,
        metavar="COLUMN_OR_VALUE",
        help="E(B-V) of the Milky Way, to be removed (default: nothing is)",
    )


def _column_or_value(text: str) -> str | float:
    try:
        float(text)
    except ValueError:
        return text
    return number(text)


def opening_options(arguments: argparse.Namespace) -> "OpeningOptions":
    """Return what the user said of the catalogue.

    Raises
    ------
    InputError
        If the column map or the notes cannot be used.
    """
    from jpas_gui.core.catalogues.column_map import read_column_map
    from jpas_gui.core.catalogues.opening import OpeningOptions

    return OpeningOptions(
        None if arguments.columns is None else read_column_map(arguments.columns),
        arguments.aperture,
        getattr(arguments, "redshift", None),
        getattr(arguments, "extinction", None),
        arguments.unit,
        hand_masked=_hand_masks(arguments),
    )


def _hand_masks(arguments: argparse.Namespace) -> "tuple[HandMask, ...]":
    if arguments.notes is None:
        return ()
    from jpas_gui.app.notes import read_hand_masks

    if arguments.catalogue.is_dir():
        raise InputError(f"{arguments.catalogue}: a folder: --notes goes with a catalogue in one file")
    return read_hand_masks(arguments.notes)
