"""What the command does with its arguments, before any sub-command runs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jpas_gui import __version__
from jpas_gui.cli import main
from jpas_gui.commands import library
from jpas_gui.core.errors import InputError
from jpas_gui.core.photometry.attenuation import ATTENUATION_LAWS

COMMANDS = (
    "synth",
    "library",
    "library list",
    "library info",
    "library convert",
    "library get",
    "noise",
    "noise calibrate",
    "screenshot",
)


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
    assert all(f"\n    {command}" in text for command in ("synth", "library", "noise", "screenshot"))
    assert "[FILE ...]" in text


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
    ("arguments", "message"),
    [
        (["synth"], "the following arguments are required: --log-age"),
        (["library"], "the following arguments are required: ACTION"),
        (["library", "remove"], "invalid choice: 'remove'"),
        (["--fast"], "unrecognized arguments: --fast"),
        (["sinth", "--log-age", "9"], "unrecognized arguments: --log-age"),
        (["synth", "--log-age", "old", "--metallicity", "0", "--ebv", "0", "-o", "x.ecsv"], "'old' is not a number"),
        (["synth", "--log-age", "nan", "--metallicity", "0", "--ebv", "0", "-o", "x.ecsv"], "'nan' is not a number"),
        (["noise", "calibrate", "x", "-o", "n.ecsv", "--bin", "wide"], "argument --bin: 'wide' is not a number"),
        (["synth", "--aperture-factor", "0"], "argument --aperture-factor: '0' is not positive"),
        (
            ["noise", "calibrate", "x", "-o", "n.ecsv", "--min-count", "-1"],
            "--min-count: expected one argument|'-1' is",
        ),
    ],
)
def test_bad_usage(capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert any(part in printed.err for part in message.split("|"))


def test_bad_input_is_one_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> int:
        raise InputError("file.fits: damaged\nat line 3")

    monkeypatch.setattr(library, "_list", fail)
    assert main(["library", "list"]) == 2
    assert capsys.readouterr().err == "jpas-gui: file.fits: damaged at line 3\n"


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
