import gc
import os
import shutil
import sys
import tempfile
import threading
from contextlib import nullcontext
from pathlib import Path

import pytest
from made_galaxies import write_galaxies
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from jpas_gui.app.state import ExplorerState, Model, OpenCatalogue, Session, ViewOptions, session_to_json
from jpas_gui.core.errors import InputError
from jpas_gui.core.populations import StellarPopulation
from jpas_gui.views.application import render_window
from jpas_gui.views.unexpected import ErrorDialog, report_unexpected_errors


def test_the_window_is_drawn_into_a_file_of_the_size_asked_for(qapp, tmp_path):
    render_window(tmp_path / "window.png", size=(1400, 900))
    image = QImage(str(tmp_path / "window.png"))
    assert (image.width(), image.height()) == (1400, 900)


@pytest.mark.parametrize("tab", [None, "nonsense"])
def test_a_picture_leaves_nothing_else_behind(qapp, tmp_path, monkeypatch, tab):
    monkeypatch.setattr(os, "devnull", str(tmp_path / "null"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with nullcontext() if tab is None else pytest.raises(InputError):
        render_window(tmp_path / "window.png", tab=tab)
    gc.collect()
    assert [path.name for path in tmp_path.iterdir()] == ([] if tab else ["window.png"])


@pytest.mark.parametrize("width", [1100, 1280, 1600])
def test_the_figure_fits_the_window_however_long_its_title(qtbot, window, width):
    window.resize(width, 800)
    QApplication.processEvents()
    figure = window.explore.sed_plot
    assert window.width() == width
    assert figure.ci.boundingRect().width() <= figure.viewport().width()
    assert figure.sed.sceneBoundingRect().right() <= figure.viewport().width()


def test_a_session_is_drawn_as_it_was_saved(qapp, tmp_path):
    session = Session(explorer=ExplorerState(model=Model(population=StellarPopulation(log_age=7.0))))
    (tmp_path / "s.json").write_text(session_to_json(session))
    render_window(tmp_path / "old.png")
    render_window(tmp_path / "young.png", session=tmp_path / "s.json")
    assert QImage(str(tmp_path / "old.png")) != QImage(str(tmp_path / "young.png"))


@pytest.mark.parametrize("name", ["compare", "fan"])
def test_the_sessions_of_the_guide_are_drawn(qapp, tmp_path, name):
    session = Path(__file__).resolve().parents[2] / "docs" / "sessions" / f"{name}.json"
    render_window(tmp_path / "window.png", session=session)
    assert not QImage(str(tmp_path / "window.png")).isNull()


def test_a_real_library_is_drawn(qapp, tmp_path, real_data):
    render_window(tmp_path / "window.png", files=[real_data / "ssp" / "emiles_sample"])
    assert not QImage(str(tmp_path / "window.png")).isNull()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"tab": "kitchen"}, "no tab 'kitchen': choose one of explore"),
        ({"session": "missing.json"}, "missing.json: cannot be read"),
        ({"session": "wrong.json"}, "wrong.json: not a session"),
        ({"files": ["missing"]}, "missing: no such file or folder"),
        ({"files": ["both"]}, r"both holds several libraries. Which one\? There are: .*BaSTI ku1.30"),
    ],
)
def test_what_cannot_be_drawn_is_said_and_nothing_is_written(qapp, tmp_path, real_data, arguments, message):
    (tmp_path / "wrong.json").write_text("{}")
    if arguments.get("files") == ["both"]:
        for name in ("miuscat", "emiles_sample"):
            shutil.copytree(real_data / "ssp" / name, tmp_path / "both", dirs_exist_ok=True)
    given = {
        key: tmp_path / value if key == "session" else [tmp_path / name for name in value] if key == "files" else value
        for key, value in arguments.items()
    }
    with pytest.raises(InputError, match=message):
        render_window(tmp_path / "window.png", **given)
    assert not (tmp_path / "window.png").exists()


def test_a_picture_that_cannot_be_written_is_said(qapp, tmp_path):
    with pytest.raises(InputError, match=r"window\.png: cannot be written"):
        render_window(tmp_path / "nowhere" / "window.png")


def test_a_picture_of_a_session_whose_catalogue_is_gone_ends_in_one_line(qapp, tmp_path):
    gone = str(tmp_path / "gone.csv")
    session = Session(observed=OpenCatalogue(gone, "0" * 64))
    (tmp_path / "s.json").write_text(session_to_json(session))
    with pytest.raises(
        InputError, match=r"the session needs the catalogue .*gone\.csv, which is not there: put it back"
    ):
        render_window(tmp_path / "window.png", session=tmp_path / "s.json")


def test_a_view_with_everything_on_is_drawn(qapp, tmp_path):
    view = ViewOptions(broad_bands=True, filter_curves=True, fan=True, quantity="magnitude", frame="rest")
    (tmp_path / "s.json").write_text(session_to_json(Session(view=view)))
    render_window(tmp_path / "window.png", session=tmp_path / "s.json")
    assert not QImage(str(tmp_path / "window.png")).isNull()


def test_a_picture_of_a_catalogue_that_does_not_say_its_unit_ends_in_one_line(qapp, tmp_path):
    path = write_galaxies(tmp_path / "bare.csv", nanomaggies=True)
    with pytest.raises(InputError, match=r"bare\.csv does not say the unit of its photometry.*the median") as problem:
        render_window(tmp_path / "window.png", files=[path])
    assert "\n" not in str(problem.value)


@pytest.fixture
def shown(window, monkeypatch):
    """Details of the error dialogs that were shown."""
    details = []
    monkeypatch.setattr(
        ErrorDialog, "exec", lambda dialog: details.append((dialog.text.label.text(), dialog.details.toPlainText()))
    )
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    report_unexpected_errors(window)
    return details


def raise_something():
    raise RuntimeError("the cat is on the keyboard")


def test_an_unexpected_error_is_shown_with_its_details(shown):
    try:
        raise_something()
    except RuntimeError:
        sys.excepthook(*sys.exc_info())
    assert shown[0][0].startswith("RuntimeError: the cat is on the keyboard\n\nThe window goes on working.")
    assert "raise_something" in shown[0][1]


def test_an_unexpected_error_in_another_thread_is_shown_in_the_window(shown, qtbot):
    thread = threading.Thread(target=raise_something)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(shown))
    assert "the cat is on the keyboard" in shown[0][0]


def test_an_unexpected_error_while_drawing_ends_the_command(qapp, tmp_path, monkeypatch):
    monkeypatch.setattr("jpas_gui.app.explorer.library_variants", lambda path: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        render_window(tmp_path / "window.png", files=[tmp_path])
    assert not (tmp_path / "window.png").exists()
