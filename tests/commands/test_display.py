"""Which displays answer: sockets of the test's own, and ports that nobody listens on."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from jpas_gui.commands.display import display_problem

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Qt needs no such display"),
    pytest.mark.usefixtures("no_display"),
]


@contextmanager
def listening(address: object, family: socket.AddressFamily = socket.AF_UNIX) -> Iterator[socket.socket]:
    with socket.socket(family) as server:
        server.bind(address)
        server.listen()
        yield server


@pytest.fixture
def silent() -> int:
    """Return the number of an X display on whose port nobody listens."""
    with listening(("127.0.0.1", 0), socket.AF_INET) as server:
        return int(server.getsockname()[1]) - 6000


@pytest.mark.parametrize("name", [":{}", ":{}.0", "unix:{}", "unix/unix:{}.1"])
@pytest.mark.parametrize("abstract", [False, True])
def test_x_on_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, silent: int, name: str, abstract: bool
) -> None:
    display = name.format(silent)
    monkeypatch.setenv("DISPLAY", display)
    assert display_problem(tmp_path) == f"none answers at DISPLAY={display}"
    address = str(tmp_path / f"X{silent}")
    with listening(f"\0{address}" if abstract else address):
        assert display_problem(tmp_path) is None
    # Where the server has died, its file stays.
    assert Path(address).exists() != abstract
    assert display_problem(tmp_path) is not None


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "tcp/127.0.0.1", ""])
def test_x_behind_a_port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, silent: int, host: str) -> None:
    monkeypatch.setenv("DISPLAY", f"{host}:{silent}.0")
    assert display_problem(tmp_path) is not None
    with listening(("127.0.0.1", 0), socket.AF_INET) as server:
        monkeypatch.setenv("DISPLAY", f"{host}:{server.getsockname()[1] - 6000}.0")
        assert display_problem(tmp_path) is None


@pytest.mark.parametrize("display", ["something", ":", ":one", ":99999", ":0.0.0", "a..b:0", f"{'x' * 300}:0"])
def test_names_that_no_display_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, display: str) -> None:
    monkeypatch.setenv("DISPLAY", display)
    assert display_problem(tmp_path) == f"none answers at DISPLAY={display}"


@pytest.mark.parametrize("absolute", [False, True])
def test_wayland(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, absolute: bool) -> None:
    path = tmp_path / "wayland-7"
    display = str(path) if absolute else path.name
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/nowhere" if absolute else str(tmp_path))
    monkeypatch.setenv("WAYLAND_DISPLAY", display)
    assert display_problem(tmp_path) == f"none answers at WAYLAND_DISPLAY={display}"
    with listening(str(path)):
        assert display_problem(tmp_path) is None
        monkeypatch.setenv("DISPLAY", "nothing")
        assert display_problem(tmp_path) is None
        monkeypatch.setenv("QT_QPA_PLATFORM", "wayland-egl")
        assert display_problem(tmp_path) is None
        monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
        assert display_problem(tmp_path) == f"none answers at DISPLAY=nothing or WAYLAND_DISPLAY={display}"


@pytest.mark.parametrize("platform", ["offscreen", "vnc:size=800x600", "xcb;minimal"])
def test_platforms_without_a_display(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    assert display_problem(tmp_path) is None


def test_no_display_at_all(tmp_path: Path) -> None:
    assert display_problem(tmp_path) == "DISPLAY and WAYLAND_DISPLAY are not set"


def test_systems_other_than_linux_have_a_display(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert display_problem(tmp_path) is None


@pytest.mark.parametrize("platform", ["", "xcb"])
def test_the_program_draws_where_no_display_answers(tmp_path: Path, silent: int, platform: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "jpas_gui"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=os.environ | {"DISPLAY": f"127.0.0.1:{silent}", "QT_QPA_PLATFORM": platform},
        check=False,
        timeout=60,
    )
    assert ended.returncode == 0
    assert ended.stdout == f"{tmp_path / 'jpas-gui.png'}\n"
    assert ended.stderr.startswith(f"jpas-gui: no display (none answers at DISPLAY=127.0.0.1:{silent}): drawing")
    assert (tmp_path / "jpas-gui.png").stat().st_size > 10_000
