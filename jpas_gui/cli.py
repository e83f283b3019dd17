"""The command ``jpas-gui``: opens the window; sub-commands do the same work without one."""

import argparse
import os
import sys
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

from jpas_gui import __version__
from jpas_gui.commands import (
    completion,
    devices,
    evaluate,
    library,
    model,
    noise,
    predict,
    runs,
    screenshot,
    synth,
    train,
)
from jpas_gui.core.errors import InputError

_COMMANDS = {
    "synth": synth,
    "predict": predict,
    "train": train,
    "devices": devices,
    "evaluate": evaluate,
    "model": model,
    "runs": runs,
    "library": library,
    "noise": noise,
    "screenshot": screenshot,
    "completion": completion,
}

_BAD_INPUT = 2
_INTERRUPTED = 130
_PIPE_CLOSED = 141
"""What a shell reports of a program that SIGINT or SIGPIPE ended."""


class _Task(NamedTuple):
    run: Callable[[argparse.Namespace], int]
    arguments: argparse.Namespace


def main(argv: list[str] | None = None) -> int:
    """Run the command and return its exit status.

    Parameters
    ----------
    argv : list of str, optional
        Arguments behind the program's name; those of this process by default.

    Returns
    -------
    int
        0; 2 for bad usage or bad input, with one line on stderr; 130 when interrupted.
    """
    # astropy warns when it is imported where XDG_CONFIG_HOME or XDG_CACHE_HOME holds no folder of its own.
    warnings.filterwarnings("ignore", message="XDG_")
    if completion.is_completing():
        completion.complete(_COMMANDS, _command_parser, _window_parser)
    try:
        task = _parse(sys.argv[1:] if argv is None else argv)
        status = task.run(task.arguments)
        sys.stdout.flush()
    except SystemExit as request:
        if request.code is None or isinstance(request.code, int):
            return request.code or 0
        return _refuse(str(request.code))
    except InputError as error:
        return _refuse(f"jpas-gui: {error}")
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        _silence_stdout()
        return _PIPE_CLOSED
    except OSError as error:
        # What the system refuses (a name that is too long, a disk that goes away) is no fault of the program.
        where = f"{error.filename}: " if error.filename else ""
        return _refuse(f"jpas-gui: {where}{error.strerror or error}")
    return status


def _refuse(why: str) -> int:
    print(" ".join(why.split()), file=sys.stderr)
    return _BAD_INPUT


class _Parser(argparse.ArgumentParser):
    """Says in one line what is wrong; its sub-parsers are of the same kind."""

    def error(self, message: str) -> NoReturn:
        raise SystemExit(f"{self.prog}: error: {message}; see '{self.prog} --help'")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        # argparse leaves what a sub-parser does not know to the main one, whose help does not explain it.
        namespace, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return namespace, unknown


def _parse(argv: list[str]) -> _Task:
    """Tell a sub-command from files to open: the first argument decides."""
    if argv and (argv[0] in _COMMANDS or argv[0] in ("-h", "--help")):
        arguments = _command_parser().parse_args(argv)
        arguments.command_line = ["jpas-gui", *argv]
        return _Task(arguments.run, arguments)
    return _Task(_open_window, _window_parser().parse_args(argv))


def _open_window(arguments: argparse.Namespace) -> int:
    from jpas_gui.commands import window

    return window.run(arguments.files, commands=tuple(_COMMANDS))


def _command_parser() -> _Parser:
    parser = _described_parser(usage="jpas-gui [FILE ...]\n       jpas-gui COMMAND ...")
    commands = parser.add_subparsers(prog="jpas-gui", title="commands", metavar="COMMAND", required=True)
    for command in _COMMANDS.values():
        command.add_parser(commands)
    return parser


def _window_parser() -> _Parser:
    parser = _described_parser()
    parser.add_argument("files", nargs="*", metavar="FILE", help="what to open in the window")
    return parser


def _described_parser(usage: str | None = None) -> _Parser:
    parser = _Parser(
        prog="jpas-gui",
        usage=usage,
        description="Stellar populations through the 56 bands of J-PAS. "
        "Without a command, the window opens; FILE is a session, a catalogue of photometry, an SSP library (a file, a "
        "folder, an archive), the folder of a trained model, or a folder of filter curves.",
        epilog="'jpas-gui COMMAND --help' explains each command.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"jpas-gui {__version__}")
    return parser


def _silence_stdout() -> None:
    """Keep the interpreter from complaining about the closed pipe once more when it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
