"""What the command does with its arguments, before any sub-command runs."""

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jpas_gui import __version__
from jpas_gui.app.file_kinds import FileKind
from jpas_gui.cli import _command_parser, main
from jpas_gui.commands import library
from jpas_gui.core.errors import InputError
from jpas_gui.core.photometry.attenuation import ATTENUATION_LAWS


def parsers(parser: argparse.ArgumentParser, name: str = "") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Yield all commands and their actions, with their parsers."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, own in action.choices.items():
                yield f"{name} {word}".strip(), own
                yield from parsers(own, f"{name} {word}".strip())


COMMANDS = dict(parsers(_command_parser()))
POPULATION = ["--log-age", "9.7", "--metallicity", "0", "--ebv", "0", "-o", "x.ecsv"]


def run(*arguments: str, **changes: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "jpas_gui", *arguments],
        capture_output=True,
        text=True,
        env=os.environ | changes,
        check=False,
        timeout=60,
    )


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"jpas-gui {__version__}\n"


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    assert all(f"\n    {command}" in text for command in COMMANDS if " " not in command)
    assert "[FILE ...]" in text


def test_help_names_every_kind_of_file_that_the_window_opens(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    said = text[text.index("FILE is ") : text.index("options:")]
    assert [kind.value for kind in FileKind if kind.value not in said] == []


def test_every_command_is_in_the_docs() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "commands.md").read_text()
    words = set(re.findall(r"`(?:jpas-gui )?(\w+)", text))
    assert {command for command in COMMANDS if " " not in command} <= words


@pytest.mark.parametrize("command", COMMANDS)
def test_every_argument_is_explained(command: str) -> None:
    actions = COMMANDS[command]._actions
    assert [action.dest for action in actions if not action.help and action.metavar != "ACTION"] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert main([*command.split(), "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"usage: jpas-gui {command} [-h]")


def test_help_names_every_dust_law(capsys: pytest.CaptureFixture[str]) -> None:
    main(["synth", "--help"])
    text = capsys.readouterr().out
    assert all(law in text for law in ATTENUATION_LAWS)


def test_help_imports_neither_numpy_nor_qt() -> None:
    code = (
        "import sys; from jpas_gui.cli import main; main(['--help']); "
        "sys.exit(str({'numpy', 'astropy', 'PySide6', 'h5py', 'torch'} & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert ended.stderr.strip() == "set()"


@pytest.mark.parametrize(
    ("command", "arguments", "message"),
    [
        ("synth", [], "the following arguments are required: --log-age, --metallicity, --ebv, -o/--output"),
        ("synth", [*POPULATION, "--magntude", "3"], "unrecognized arguments: --magntude 3"),
        ("synth", ["--log-age", "old"], "argument --log-age: 'old' is not a number"),
        ("synth", ["--log-age", "nan"], "argument --log-age: 'nan' is not a number"),
        ("synth", ["--aperture-factor", "0"], "argument --aperture-factor: '0' is not positive"),
        ("synth", ["--seed", "0.5"], "argument --seed: '0.5' is not a whole number, zero or more"),
        ("library", [], "the following arguments are required: ACTION"),
        ("library get", [], "the following arguments are required: NAME"),
        ("library list", ["two\nlines"], "unrecognized arguments: two lines"),
        ("noise calibrate", ["--bin", "wide"], "argument --bin: 'wide' is not a number"),
        ("", ["--fast"], "unrecognized arguments: --fast"),
        ("", ["sinth", "--log-age", "9"], "unrecognized arguments: --log-age 9"),
    ],
)
def test_bad_usage(refusal: Callable[..., str], command: str, arguments: list[str], message: str) -> None:
    program = f"jpas-gui {command}".strip()
    assert refusal(*command.split(), *arguments) == f"{program}: error: {message}; see '{program} --help'"


def test_an_action_that_does_not_exist(refusal: Callable[..., str]) -> None:
    message = refusal("library", "remove")
    assert message.startswith("jpas-gui library: error: argument ACTION: invalid choice: 'remove'")
    assert message.endswith("; see 'jpas-gui library --help'")


def test_bad_input_is_one_line(refusal: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> int:
        raise InputError("file.fits: damaged\nat line 3")

    monkeypatch.setattr(library, "_list", fail)
    assert refusal("library", "list") == "jpas-gui: file.fits: damaged at line 3"


@pytest.mark.parametrize(
    ("code", "status", "said"),
    [(None, 0, ""), (0, 0, ""), (3, 3, ""), ("no more\nof this", 2, "no more of this\n")],
)
def test_a_command_that_leaves_the_program(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, code: object, status: int, said: str
) -> None:
    def leave(_: object) -> int:
        raise SystemExit(code)

    monkeypatch.setattr(library, "_list", leave)
    assert main(["library", "list"]) == status
    assert capsys.readouterr() == ("", said)


def test_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(library, "_list", interrupt)
    assert main(["library", "list"]) == 130


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end otherwise there")
def test_a_closed_pipe_is_no_news() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "jpas_gui", "library", "list"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_bad_input_through_the_program(tmp_path: Path) -> None:
    ended = run("library", "info", str(tmp_path / "none"))
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.startswith(f"jpas-gui: {tmp_path / 'none'}: no such file or folder")
    assert ended.stderr.count("\n") == 1
