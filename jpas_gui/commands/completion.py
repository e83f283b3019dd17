"""``jpas-gui completion``: names of commands, options, models and libraries, completed by the shell."""

import argparse
import os
from collections.abc import Callable, Collection

SHELLS = ("bash", "zsh", "fish")
_REQUEST = "_ARGCOMPLETE"
"""Set by the shell when it asks for completions."""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser of ``jpas-gui``."""
    parser = commands.add_parser(
        "completion",
        help="print what lets a shell complete commands and names",
        description="Print the code that lets a shell complete commands, options, files, and names of models and "
        'libraries. bash, in ~/.bashrc: eval "$(jpas-gui completion bash)"; zsh, in ~/.zshrc behind compinit: '
        'eval "$(jpas-gui completion zsh)"; fish, once: jpas-gui completion fish > '
        "~/.config/fish/completions/jpas-gui.fish",
        allow_abbrev=False,
    )
    parser.add_argument("shell", choices=SHELLS, help="the shell that is to complete")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the code."""
    import argcomplete

    print(argcomplete.shellcode(["jpas-gui"], shell=arguments.shell))
    return 0


def is_completing() -> bool:
    """Return whether a shell asks for completions."""
    return _REQUEST in os.environ


def complete(
    commands: Collection[str],
    command_parser: Callable[[], argparse.ArgumentParser],
    window_parser: Callable[[], argparse.ArgumentParser],
) -> None:
    """Tell the shell what may be meant, and end the process.

    Parameters
    ----------
    commands : collection of str
    command_parser, window_parser : callable
        Make the parser of command lines that begin with a command, and of those that begin with a file.
    """
    import argcomplete

    line = os.environ["COMP_LINE"][: int(os.environ["COMP_POINT"])]
    words = line.split()[1:]
    is_first = len(words) + line[-1:].isspace() <= 1
    parser = command_parser() if is_first or words[0] in commands else window_parser()
    argcomplete.autocomplete(parser, always_complete_options="long")


def model_names(prefix: str, **_: object) -> list[str]:
    """Return names of models, and files."""
    from jpas_gui.core.inference.known_models import known_models

    return _with_files([model.name for model in known_models() if model.is_named], prefix)


def predictor_names(prefix: str, **_: object) -> list[str]:
    """Return what ``--model`` of a prediction may be."""
    from jpas_gui.core.inference.catalogue_model import EXACT

    return [EXACT, *model_names(prefix)]


def library_names(prefix: str, **_: object) -> list[str]:
    """Return names of libraries, and files."""
    from jpas_gui.core.ssp.catalogue import known_libraries

    return _with_files([entry.name for entry in known_libraries() if entry.is_usable], prefix)


def download_names(prefix: str, **_: object) -> list[str]:
    """Return what can be fetched by name."""
    from jpas_gui.core.downloads.known import known_downloads

    return list(known_downloads())


def survey_names(prefix: str, **_: object) -> list[str]:
    """Return names of surveys, and files."""
    from jpas_gui.core.photometry.noise_settings import survey_names as known

    return _with_files(list(known()), prefix)


def _with_files(names: list[str], prefix: str) -> list[str]:
    from argcomplete.completers import FilesCompleter

    return [*names, *FilesCompleter()(prefix)]
