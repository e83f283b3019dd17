"""Standard input and output in place of files: a path that is ``-``."""

import argparse
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from jpas_gui.core.errors import InputError
from jpas_gui.core.files import STANDARD_INPUT

_TEXTS, _BINARIES = ("csv", "ecsv", "vot"), ("fits", "parquet")
"""Formats of tables on standard output."""


def add_output(
    parser: argparse.ArgumentParser,
    metavar: str,
    help: str,  # noqa: A002
    formats: tuple[str, ...] = _TEXTS,
    required: bool = True,
) -> None:
    """Add the options that say where a table is to be written.

    Parameters
    ----------
    parser : ArgumentParser
    metavar, help : str
    formats : tuple of str
        What the table can be on standard output.
    required : bool
    """
    parser.add_argument(
        "-o", "--output", required=required, type=Path, metavar=metavar, help=f"{help}; - is standard output"
    )
    parser.add_argument("--format", choices=formats, help="of the table on standard output (default: csv)")


def is_piped(path: Path | None) -> bool:
    """Return whether a path stands for standard input or output."""
    return path == Path("-")


def refuse_piped(path: Path | None, what: str) -> None:
    """Refuse standard output for what is no table of text.

    Raises
    ------
    InputError
        If the path is ``-``.
    """
    if is_piped(path):
        raise InputError(f"-: {what} cannot go to standard output: give it a name")


@contextmanager
def table_file(arguments: argparse.Namespace) -> Iterator[Path]:
    """Yield the file that a table is to be written to: for ``-`` one that goes to standard output at the end.

    Raises
    ------
    InputError
        If a format was asked for, but a file, whose suffix says the format; or one that a terminal cannot show, on one.
    """
    if not is_piped(arguments.output):
        if arguments.format is not None:
            raise InputError("--format goes with '-o -': the suffix of a file says its format")
        yield arguments.output
        return
    if arguments.format in _BINARIES and sys.stdout.isatty():
        raise InputError(f"-: a terminal cannot show {arguments.format}: send it to a file or another program")
    with TemporaryDirectory(prefix="jpas-gui-") as folder:
        path = Path(folder, f"table.{arguments.format or 'csv'}")
        yield path
        if path.exists():
            with path.open("rb") as file:
                shutil.copyfileobj(file, sys.stdout.buffer)
            sys.stdout.buffer.flush()


@contextmanager
def input_file(path: Path) -> Iterator[Path]:
    """Yield the file to read: for ``-`` one with all of standard input, since catalogues are not read in one go.

    Raises
    ------
    InputError
        If the block does, with standard input for the name of that file.
    """
    if not is_piped(path):
        yield path
        return
    with TemporaryDirectory(prefix="jpas-gui-") as folder:
        copy = Path(folder, STANDARD_INPUT)
        with copy.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        try:
            yield copy
        except InputError as error:
            raise InputError(str(error).replace(str(copy), "standard input")) from error
