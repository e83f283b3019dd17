"""The panes of the observed galaxy keep their places whatever is written in them."""

import numpy as np
import pytest
from made_galaxies import write_galaxies
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication, QSplitter, QWidget

from jpas_gui.app.explorer import Explorer
from jpas_gui.app.libraries import LibraryShelf
from jpas_gui.app.source_list import PredictedRows
from jpas_gui.app.state import DustSettings
from jpas_gui.core.catalogues.opening import OpeningOptions
from jpas_gui.core.photometry.bands import all_bands
from jpas_gui.core.ssp.readers.popstar import read_popstar
from jpas_gui.views.observed.observed_tab import ObservedTab
from jpas_gui.views.observed.source_model import COLUMNS
from jpas_gui.workers.job_queue import JobQueue


@pytest.fixture(scope="module")
def popstar():
    return read_popstar()


@pytest.fixture
def tab(qtbot, popstar, answers, settings, tmp_path):
    explorer = Explorer(JobQueue(), LibraryShelf(popstar))
    tab = ObservedTab(explorer, answers, settings)
    qtbot.addWidget(tab)
    tab.resize(1360, 680)
    tab.show()
    tab.open(write_galaxies(tmp_path / "galaxies.csv"), OpeningOptions(redshift=0.0))
    idle(qtbot, tab)
    yield tab
    tab.stop()
    explorer._background.stop()


def idle(qtbot, tab):
    qtbot.waitUntil(lambda: not tab.is_busy, timeout=60_000)
    tab.catch_up()


def places(tab):
    for _ in range(3):
        QApplication.processEvents()
    panes = [pane for splitter in tab.findChildren(QSplitter) for pane in splitter.findChildren(QWidget)]
    named = {id(pane): (type(pane).__name__, pane.geometry().getRect()) for pane in panes if pane.isVisible()}
    plots = [plot.sceneBoundingRect().getRect() for plot in (tab.plot.sed, tab.plot.residuals)]
    return named, np.round(plots, 3).tolist()


def test_the_longest_read_out_of_each_band_moves_nothing(tab, qtbot):
    tab.controller.show_sliders(True)
    for name in ("J0500", "J0660"):
        tab.controller.toggle_band([band.name for band in all_bands()].index(name))
    idle(qtbot, tab)
    before = places(tab)
    assert tab.corner.width() >= 200
    assert tab.corner.height() >= 150
    for band in range(len(all_bands())):
        tab.plot.band_hovered.emit(band)
        assert places(tab) == before, all_bands()[band].name
    tab.plot.band_hovered.emit([band.name for band in all_bands()].index("J0660"))
    assert "exact (PopStar, Calzetti 2000)" in tab.readout.text()
    assert "sliders (PopStar, Calzetti 2000)" in tab.readout.text()


def test_warnings_titles_and_answers_of_any_length_move_nothing(tab):
    before = places(tab)
    tab._say(["a warning that goes on and on " * 12] * 4)
    tab.plot._stamp.set_text("a title that is longer than any catalogue would make it " * 9)
    tab.answers.item(2, 5).setText("a remark that goes on and on " * 20)
    assert places(tab) == before
    tab._say([])
    tab.plot._stamp.set_text("")
    assert places(tab) == before
    assert tab.warnings.text() == ""


def test_residuals_beyond_the_axis_have_arrows_and_lose_them_when_the_view_reaches_them(tab):
    marks = tab.plot._seds.beyond
    tab.plot.residuals.setYRange(-0.5, 0.5, padding=0)
    below, above = marks.beyond()
    residuals = np.concatenate([sed.residual[tab._frame.used] for sed in tab._frame.seds])
    assert below.sum() == (residuals < -0.5).sum() > 0
    assert above.sum() == (residuals > 0.5).sum() > 0
    reach = 1.1 * np.abs(residuals).max()
    tab.plot.residuals.setYRange(-reach, reach, padding=0)
    assert not np.any(marks.beyond())


def test_the_law_of_the_sliders_is_told_apart_from_that_of_the_answers(tab, qtbot):
    tab.controller.show_sliders(True)
    tab._explorer.set_law("ccm89")
    qtbot.waitUntil(lambda: tab._explorer.state.model.dust == DustSettings("ccm89"), timeout=30_000)
    titles = {sed.name: sed.title for sed in tab.controller.frame().seds}
    assert titles["exact"] == "exact (PopStar, Calzetti 2000)"
    assert titles["sliders"] == "sliders (PopStar, Cardelli 1989)"


def in_list(tab, name, row):
    return tab.model.index(row, list(COLUMNS).index(name)).data()


def test_the_list_follows_what_is_masked_by_hand_and_its_undo(tab, qtbot):
    assert in_list(tab, "n_bands", 0) == "56"
    snr = in_list(tab, "snr", 0)
    for name in ("J0500", "J0660", "J0800"):
        tab.controller.toggle_band([band.name for band in all_bands()].index(name))
    idle(qtbot, tab)
    assert in_list(tab, "n_bands", 0) == "53"
    for _ in range(3):
        tab.controller.undo()
    idle(qtbot, tab)
    assert (in_list(tab, "n_bands", 0), in_list(tab, "snr", 0)) == ("56", snr)


def test_masks_of_earlier_days_count_in_the_list(tab, qtbot):
    tab.controller.toggle_band(3)
    tab.controller.select(1)
    idle(qtbot, tab)
    tab.controller.save_notes()
    tab.controller.show(tab.controller.catalogue, 1)
    idle(qtbot, tab)
    assert in_list(tab, "n_bands", 0) == "55"


def test_a_click_on_a_point_within_the_brush_shows_its_galaxy(tab, qtbot):
    point = np.array([[9.0 + 0.1 * row, 0.01 * row, 0.1] for row in range(6)])
    rows = PredictedRows(point, np.ones(6), np.zeros(6, dtype=int))
    tab.controller.sources.add_predictions(0, rows)
    idle(qtbot, tab)
    tab.pages.setCurrentWidget(tab.overview)
    tab.overview.brush.click()
    idle(qtbot, tab)
    qtbot.wait(50)
    view, figure = tab.overview.plane.vb, tab.overview.figure
    place = figure.mapFromScene(view.mapViewToScene(QPointF(*point[3, :2])))
    assert tab.overview._rectangle.isVisible()
    qtbot.mouseMove(figure.viewport(), place)
    qtbot.mouseClick(figure.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: tab.controller.row == 3, timeout=5000)
    idle(qtbot, tab)
