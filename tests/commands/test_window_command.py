"""Opening the window or drawing it: which of both, with what, and what can be wrong before."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jpas_gui.cli import main
from jpas_gui.commands import screenshot, window


class Views:
    """Stands for the module that makes windows."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    def run_window(self, files: list[Path]) -> int:
        self.calls.append(("run", files))
        return 0

    def render_window(self, *arguments: Any) -> None:
        self.calls.append(("render", *arguments))


@pytest.fixture
def views(monkeypatch: pytest.MonkeyPatch) -> Views:
    views = Views()
    monkeypatch.setattr(window, "views_application", lambda: views)
    monkeypatch.setattr(screenshot, "views_application", lambda: views)
    return views


def test_files_are_opened_in_the_window(views: Views, tmp_path: Path) -> None:
    file = tmp_path / "session.json"
    file.touch()
    assert main([str(file), str(tmp_path)]) == 0
    assert views.calls == [("run", [file, tmp_path])]


def test_a_file_with_the_name_of_a_command(views: Views, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("synth").touch()
    assert main(["./synth"]) == 0
    assert main(["--", "synth"]) == 0
    assert views.calls == [("run", [Path("synth")])] * 2


def test_a_file_that_is_not_there(views: Views, refusal: Callable[..., str]) -> None:
    message = (
        "jpas-gui: sinth: no such file or folder, and no command of that name; did you mean synth? there are: synth, "
        "predict, train, devices, evaluate, model, runs, library, noise, screenshot, completion"
    )
    assert refusal("sinth") == message
    assert views.calls == []


@pytest.mark.usefixtures("no_display")
def test_without_a_display_the_window_is_drawn_here(
    views: Views, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([]) == 0
    printed = capsys.readouterr()
    assert printed.err == (
        "jpas-gui: no display (DISPLAY and WAYLAND_DISPLAY are not set): drawing the window to a PNG\n"
    )
    assert printed.out == f"{tmp_path / 'jpas-gui.png'}\n"
    assert views.calls == [("render", tmp_path / "jpas-gui.png", None, None, (1600, 1000), [])]
    (tmp_path / "jpas-gui.png").touch()
    assert main([]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'jpas-gui-2.png'}\n"


@pytest.mark.usefixtures("no_display")
def test_where_nothing_can_be_written_the_picture_goes_to_the_cache(
    views: Views, tmp_path: Path, own_user_folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A file stands for a folder without permission, which root would have.
    (tmp_path / "file").touch()
    monkeypatch.setattr(Path, "cwd", lambda: tmp_path / "file")
    assert main([]) == 0
    assert views.calls[0][1] == own_user_folders / "cache" / "jpas-gui" / "jpas-gui.png"


@pytest.mark.usefixtures("no_display")
def test_where_the_cache_cannot_be_written_either_a_temporary_folder_is_made(
    views: Views, tmp_path: Path, own_user_folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    own_user_folders.touch()
    monkeypatch.setattr(Path, "cwd", lambda: tmp_path / "file")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(window.tempfile, "tempdir", None)
    assert main([]) == 0
    picture = views.calls[0][1]
    assert picture.name == "jpas-gui.png"
    assert picture.parent.is_dir()


def test_a_missing_system_library_is_named(refusal: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    class Loader:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "jpas_gui.views.application":
                raise ImportError("libEGL.so.1: cannot open shared object file: No such file or directory")

    monkeypatch.delitem(sys.modules, "jpas_gui.views.application", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Loader(), *sys.meta_path])
    import jpas_gui.views

    monkeypatch.delattr(jpas_gui.views, "application", raising=False)
    assert refusal().startswith("jpas-gui: Qt cannot start: libEGL.so.1: cannot open")


def test_screenshot(views: Views, tmp_path: Path) -> None:
    session, output = tmp_path / "s.json", tmp_path / "w.png"
    session.touch()
    assert main(["screenshot", "-o", str(output)]) == 0
    assert (
        main(["screenshot", "-o", str(output), "--session", str(session), "--tab", "explore", "--size", "800x600"]) == 0
    )
    assert main(["screenshot", "-o", str(output), str(session), "--overwrite"]) == 0
    assert main(["screenshot", "-o", str(output), "--redshift", "0", "--row", "3"]) == 0
    assert main(["screenshot", "-o", str(output), "--redshift", "PHOTOZ", "--appearance", "dark"]) == 0
    assert views.calls == [
        ("render", output, None, None, (1600, 1000), [], None, None, "light"),
        ("render", output, session, "explore", (800, 600), [], None, None, "light"),
        ("render", output, None, None, (1600, 1000), [session], None, None, "light"),
        ("render", output, None, None, (1600, 1000), [], 0.0, 3, "light"),
        ("render", output, None, None, (1600, 1000), [], "PHOTOZ", None, "dark"),
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "w.jpg"], "jpas-gui: w.jpg: the picture is a PNG: give it a name that ends in .png"),
        (["-o", "missing/w.png"], "jpas-gui: missing/w.png: the folder missing does not exist: make it first"),
        (["-o", "folder.png"], "jpas-gui: folder.png: cannot be written: choose another name or folder"),
        (["-o", "w.png", "--session", "s.json"], "jpas-gui: s.json: no such file or folder"),
        (["-o", "w.png", "photometry.csv"], "jpas-gui: photometry.csv: no such file or folder"),
        (["-o", "w.png", "--size", "large"], "argument --size: 'large' is not a size such as 1600x1000"),
        (["-o", "w.png", "--size", "10x10"], "of 200 to 10000 pixels each way"),
        ([], "the following arguments are required: -o/--output"),
    ],
)
def test_screenshots_that_cannot_be_made(
    views: Views,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    refusal: Callable[..., str],
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder.png").mkdir()
    assert message in refusal("screenshot", *arguments)
    assert views.calls == []
