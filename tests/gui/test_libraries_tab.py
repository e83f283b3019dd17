"""The tab Libraries through the window's widgets, with downloads from a server on this machine."""

import hashlib
import io
from dataclasses import replace

import numpy as np
import pytest
from local_server import serving
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton

from jpas_gui.app import collection_entries
from jpas_gui.app.explorer import Explorer
from jpas_gui.app.libraries import LibraryShelf
from jpas_gui.core.downloads.getting import downloads_folder
from jpas_gui.core.downloads.known import Download
from jpas_gui.core.inference.known_models import models_folder
from jpas_gui.core.inference.shipped import shipped_models
from jpas_gui.core.ssp.catalogue import libraries_folder, load_library
from jpas_gui.core.ssp.native import read_native, write_library
from jpas_gui.views.libraries.libraries_tab import LibrariesTab
from jpas_gui.workers.job_queue import JobQueue


@pytest.fixture(scope="module")
def small():
    """A library that is quickly read."""
    popstar = load_library("popstar")
    ages = {"log_age": popstar.log_age[40::8], "luminosity": popstar.luminosity[:, 40::8]}
    return replace(popstar, name="mine", title="Mine", **ages)


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as server:
        yield server


@pytest.fixture
def download(server, small, monkeypatch):
    """A library in pPXF's format that can be fetched, the only one."""
    stream = io.BytesIO()
    np.savez(
        stream,
        templates=np.moveaxis(small.luminosity, -1, 0).swapaxes(1, 2),
        lam=small.wavelength,
        ages=10 ** (small.log_age - 9),
        metals=small.metallicity,
        fwhm=np.full(small.wavelength.size, 2.5),
        masses=np.ones((small.log_age.size, small.metallicity.size)),
    )
    content = stream.getvalue()
    server.files["/spectra_fsps_9.0.npz"] = content
    digest = f"md5:{hashlib.md5(content).hexdigest()}"
    url = f"{server.url}/spectra_fsps_9.0.npz"
    known = Download("far", "library", "Far away", url, "for everybody", "fsps", digest, len(content))
    monkeypatch.setattr(collection_entries, "known_downloads", lambda: {"far": known})
    return known


@pytest.fixture
def explorer():
    return Explorer(JobQueue(), LibraryShelf(load_library("popstar")))


@pytest.fixture
def tab(qtbot, explorer, answers, settle):
    """The tab alone; what it says goes where the window's messages go."""
    tab = LibrariesTab(explorer, answers)
    qtbot.addWidget(tab)
    tab.resize(1400, 800)
    tab.controller.problem.connect(answers.warnings.append)
    tab.controller.said.connect(answers.told.append)
    tab.show()
    settle(tab)
    yield tab
    tab.stop()
    explorer._background.stop()


@pytest.fixture
def settle(qtbot):
    """Wait until all that is under way in a tab has come to its end."""
    return lambda tab: qtbot.waitUntil(lambda: not tab.is_busy, timeout=20_000)


def button(tab, name):
    (found,) = (one for one in tab.findChildren(QPushButton) if one.accessibleName() == name)
    return found


def click(qtbot, tab, name):
    qtbot.mouseClick(button(tab, name), Qt.MouseButton.LeftButton)


def drop(tab, *paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    tab.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, *none))


def test_a_library_is_described_and_its_citation_copied(qtbot, tab):
    tab.table.choose("popstar")
    text = tab.detail.text.toPlainText()
    for words in ("636", "Chabrier (2003)", "BSD-3-Clause", "Molla, Garcia-Vargas & Bressan 2009", "dabb19abb3e28fd0"):
        assert words in text
    assert "PopStar, 1 file, wavelengths" in text
    assert "popstar_cha_0.15_100.fits.gz" in text  # where it lies
    assert tab.table.item(0, 3).text().endswith(" MB")
    click(qtbot, tab, "Copy BibTeX")
    assert QApplication.clipboard().text().startswith("@article{Molla2009,")
    assert not button(tab, "Remove").isEnabled()
    assert not button(tab, "Get").isEnabled()


def test_what_has_to_be_fetched_by_hand_says_where_and_what(tab):
    tab.table.choose("cb19")
    assert "https://www.bruzual.org/CB19/" in tab.detail.text.toHtml()
    assert "cb2019_z*_ssp.fits" in tab.detail.text.toPlainText()
    assert not button(tab, "Use").isEnabled()


def test_a_library_is_dropped_used_converted_and_removed(qtbot, explorer, tab, settle, small, answers, tmp_path):
    write_library(small, tmp_path / "mine.h5")
    drop(tab, tmp_path / "mine.h5")
    settle(tab)
    tab.table.choose("mine")
    assert str(libraries_folder() / "mine.h5") in tab.detail.text.toPlainText()
    click(qtbot, tab, "Use")
    qtbot.waitUntil(lambda: explorer.library.name == "mine")
    answers.path = tmp_path / "copy"
    click(qtbot, tab, "Convert")
    settle(tab)
    assert read_native(tmp_path / "copy.h5").n_models == small.n_models
    click(qtbot, tab, "Remove")
    assert (libraries_folder() / "mine.h5").is_file()  # not without a yes
    answers.yes = True
    click(qtbot, tab, "Remove")
    settle(tab)
    assert not (libraries_folder() / "mine.h5").exists()
    assert answers.warnings == []


@pytest.mark.parametrize("first", ["evaluation", "libraries"])
def test_what_is_dropped_is_offered_in_the_whole_window(window, settle, small, tmp_path, first):
    window.show_tab(first)
    write_library(small, tmp_path / "mine.h5")
    window.show_tab("libraries")
    drop(window.libraries, tmp_path / "mine.h5", shipped_models()["paper-popstar"])
    settle(window.libraries)
    window.show_tab("evaluation")
    boxes = [box for box in window.findChildren(QComboBox) if box.findText("Mine") >= 0]
    assert len(boxes) >= 2  # the explorer's, and that of the mocks to evaluate
    own = models_folder() / "paper-popstar"
    assert str(own) in window.explorer.view.models
    window.libraries.table.choose(str(own))
    assert "mini-JPAS" in window.libraries.detail.text.toPlainText()


def test_what_is_no_library_is_said(tab, settle, answers, tmp_path):
    (tmp_path / "words.txt").write_text("some words")
    drop(tab, tmp_path / "words.txt", tmp_path / "gone")
    settle(tab)
    assert len(answers.warnings) == 2
    assert "words.txt" in answers.warnings[0]
    assert "gone: no such file or folder" in answers.warnings[1]


def test_a_download_shows_its_terms_first(qtbot, download, tab, settle, server, answers):
    tab.table.choose("far")
    click(qtbot, tab, "Get")
    assert "Terms: for everybody" in answers.questions[0]
    assert "Conroy, Gunn & White 2009" in answers.questions[0]
    assert server.requests == []  # not without a yes
    answers.yes = True
    click(qtbot, tab, "Get")
    settle(tab)
    assert answers.warnings == []
    tab.table.choose("far")
    assert "yours" in tab.detail.text.toPlainText()
    assert load_library("far").n_models > 10


def test_a_download_that_was_cut_off_goes_on(qtbot, download, tab, settle, server, answers):
    answers.yes = True
    server.cut_short.add("/spectra_fsps_9.0.npz")
    tab.table.choose("far")
    click(qtbot, tab, "Get")
    settle(tab)
    assert answers.warnings[0].endswith("the connection ended before the file was complete: try again")
    server.cut_short.clear()
    click(qtbot, tab, "Get")
    settle(tab)
    assert load_library("far").n_models > 10
    assert (server.ranges[0], server.ranges[1][:6]) == ("", "bytes=")


def test_a_file_that_is_not_the_published_one_is_refused(qtbot, download, tab, settle, server, answers):
    answers.yes = True
    server.files["/spectra_fsps_9.0.npz"] = b"something else"
    tab.table.choose("far")
    click(qtbot, tab, "Get")
    settle(tab)
    assert "the file that came is not the one that was published" in answers.warnings[0]
    assert list(downloads_folder().iterdir()) == []


def test_a_download_is_stopped_and_goes_on(qtbot, download, tab, settle, server, answers):
    answers.yes = True
    tab.table.choose("far")
    with server.holding("/spectra_fsps_9.0.npz"):
        click(qtbot, tab, "Get")
        qtbot.waitUntil(lambda: tab.controller.fetching is not None and tab.controller.fetching.done > 0)
        tab._show_progress()
        assert "far: 0." in tab.text.text()
        qtbot.mouseClick(tab.stop_fetching, Qt.MouseButton.LeftButton)
    settle(tab)
    assert answers.told[-1] == "Stopped: get far again to go on"
    click(qtbot, tab, "Get")
    settle(tab)
    assert load_library("far").n_models > 10
    assert answers.warnings == []
