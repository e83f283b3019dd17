"""What a shell is told when it completes a command line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from trained_models import trained_model

from jpas_gui.cli import main
from jpas_gui.commands.completion import SHELLS

pytest.importorskip("argcomplete", reason="an environment from before it was needed: run the set-up again")


def completed(line: str, folder: Path) -> set[str]:
    """Return what is offered behind the last letter of a line, typed in a folder."""
    told = folder.parent / "told"
    request = {"_ARGCOMPLETE": "1", "_ARGCOMPLETE_STDOUT_FILENAME": str(told), "_ARGCOMPLETE_SHELL": "bash"}
    cursor = {"COMP_LINE": line, "COMP_POINT": str(len(line)), "COMP_TYPE": "9"}
    command = [sys.executable, "-m", "jpas_gui"]
    done = subprocess.run(command, cwd=folder, env=os.environ | request | cursor, check=True, capture_output=True)
    assert done.stdout == b""
    return {word.rstrip() for word in told.read_text().split("\013") if word}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "posterior.fits").touch()
    return folder


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("jpas-gui pred", {"predict"}),
        ("jpas-gui library g", {"get"}),
        ("jpas-gui library get ppxf-g", {"ppxf-galaxev"}),
        ("jpas-gui synth --libr", {"--library"}),
        ("jpas-gui synth --library pops", {"popstar", "popstar-nebular"}),
        ("jpas-gui session.json post", {"posterior.fits"}),
    ],
)
def test_commands_options_names_and_files(folder: Path, line: str, offered: set[str]) -> None:
    assert completed(line, folder) == offered


def test_names_of_ones_own_models(folder: Path) -> None:
    trained_model("posterior-dusty")
    names = {"posterior-popstar", "posterior-mixture", "posterior-dusty", "posterior.fits"}
    assert completed("jpas-gui predict x.fits --model post", folder) == names


@pytest.mark.parametrize("shell", SHELLS)
def test_code_for_every_shell(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    assert "jpas-gui" in capsys.readouterr().out
