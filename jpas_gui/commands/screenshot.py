"""``jpas-gui screenshot``: the real window, rendered without a display."""

import argparse
import os
import re
from pathlib import Path

from jpas_gui.commands.overwriting import add_overwrite, check_new
from jpas_gui.commands.pipes import refuse_piped
from jpas_gui.commands.window import PICTURE_SIZE, views_application
from jpas_gui.core.errors import InputError

_SMALLEST, _LARGEST = 200, 10000


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser of ``jpas-gui``."""
    parser = commands.add_parser(
        "screenshot",
        help="render the window to a picture, without a display",
        description="Render the real window to a PNG. No display is needed. The environment variable "
        "QT_SCALE_FACTOR (1.5, 2) scales it as a screen of high density does.",
        allow_abbrev=False,
    )
    parser.add_argument("-o", "--output", required=True, type=Path, metavar="PICTURE.png", help="the picture to write")
    add_overwrite(parser, "a picture")
    parser.add_argument("--session", type=Path, metavar="FILE", help="the session to show")
    parser.add_argument("--tab", metavar="NAME", help="the tab to show")
    parser.add_argument(
        "--size",
        type=_size,
        default=PICTURE_SIZE,
        metavar="WIDTHxHEIGHT",
        help="in pixels (default: {}x{})".format(*PICTURE_SIZE),
    )
    parser.add_argument("--redshift", type=_redshift, metavar="COLUMN_OR_VALUE", help="of a catalogue; 0: rest frame")
    parser.add_argument("--row", type=int, metavar="N", help="the galaxy of a catalogue to show, from 0")
    parser.add_argument(
        "--appearance", choices=("light", "dark"), default="light", help="of the window (default: light)"
    )
    parser.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="files to open in the window, as 'jpas-gui FILE' does"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the picture.

    Raises
    ------
    InputError
        If the output cannot be written, or an input does not exist.
    """
    output: Path = arguments.output
    refuse_piped(output, "a picture")
    if output.suffix.lower() != ".png":
        raise InputError(f"{output}: the picture is a PNG: give it a name that ends in .png")
    folder = output.parent
    if not folder.is_dir():
        raise InputError(f"{output}: the folder {folder} does not exist: make it first")
    if output.is_dir() or not os.access(output if output.exists() else folder, os.W_OK):
        raise InputError(f"{output}: cannot be written: choose another name or folder")
    check_new(output, arguments.overwrite)
    inputs: list[Path] = [*([arguments.session] if arguments.session else []), *arguments.files]
    for path in inputs:
        if not path.exists():
            raise InputError(f"{path}: no such file or folder")
    views_application().render_window(
        output,
        arguments.session,
        arguments.tab,
        arguments.size,
        arguments.files,
        arguments.redshift,
        arguments.row,
        arguments.appearance,
    )
    return 0


def _size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d+)[xX×](\d+)", text)
    size = (int(match[1]), int(match[2])) if match else (0, 0)
    if not all(_SMALLEST <= pixels <= _LARGEST for pixels in size):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a size such as 1600x1000, of {_SMALLEST} to {_LARGEST} pixels each way"
        )
    return size


def _redshift(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
