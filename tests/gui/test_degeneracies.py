"""The degeneracy explorer, through its widgets."""

from dataclasses import replace

import numpy as np
import pytest
from astropy.table import Table
from made_galaxies import TRUTH, write_galaxies
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QPushButton

from jpas_gui.app import limits_frame
from jpas_gui.app.band_sets import BandSet
from jpas_gui.app.degeneracy_options import Page, Source
from jpas_gui.app.explorer import Explorer
from jpas_gui.app.galaxy_answers import EXACT
from jpas_gui.app.libraries import LibraryShelf, OpenedLibrary
from jpas_gui.core.catalogues.opening import OpeningOptions, open_catalogue
from jpas_gui.core.photometry.bands import all_bands
from jpas_gui.core.ssp.readers.popstar import read_popstar
from jpas_gui.views.degeneracy.degeneracy_tab import DegeneracyTab
from jpas_gui.views.plots.export import export_figure
from jpas_gui.views.theme import DARK
from jpas_gui.workers.job_queue import JobQueue

NAMES = [band.name for band in all_bands()]


@pytest.fixture(scope="module")
def popstar():
    return read_popstar()


@pytest.fixture
def explorer(popstar):
    return Explorer(JobQueue(), LibraryShelf(popstar))


@pytest.fixture
def galaxies():
    return []


@pytest.fixture
def tab(qtbot, explorer, galaxies, answers):
    """The tab alone, with an answer; what it says goes where the window's messages go."""
    tab = DegeneracyTab(explorer, lambda: galaxies[0] if galaxies else None, answers)
    qtbot.addWidget(tab)
    tab.controller.set_options(network=False)
    tab.problem.connect(answers.warnings.append)
    tab.said.connect(answers.told.append)
    tab.resize(1600, 950)
    tab.show()
    tab.wait_until_answered()
    yield tab
    tab.hide()
    tab.stop()
    explorer._background.stop()


def choose(combo, index):
    combo.setCurrentIndex(index)
    combo.activated.emit(index)


def show_page(tab, page):
    tab.pages.setCurrentIndex(list(Page).index(page))


def curve(tab, number=0):
    return tab.maps._items[EXACT].marginals[number].getData()


def test_maps_words_and_bands_are_there_at_once(tab, explorer):
    x, y = curve(tab)
    assert x.size == 48
    assert x[y.argmax()] == pytest.approx(explorer.state.model.population.log_age, abs=0.15)
    lines = tab.words.text().splitlines()
    assert lines[0].startswith("log age ")
    assert float(lines[0].split()[2]) == pytest.approx(9.7, abs=0.03)
    assert "looks the same with" in lines[1]
    for pair, image in tab.maps._images.items():
        assert image.image.shape == (48, 48)
        contour = tab.maps._items[EXACT].contours[list(tab.maps._images).index(pair)].getData()[0]
        assert np.isfinite(contour).sum() > 20
    used = tab.controller.frame.information.share[:56, 1]
    np.testing.assert_allclose(tab.bands._shares[1].opts["height"], 100 * used)
    frame = tab.controller.frame
    fisher, exact = frame.information.error[2], (frame.percentiles[2, 2] - frame.percentiles[0, 2]) / 2
    said = f"error: Fisher {fisher:.3f}, exact {exact:.3f} mag"
    assert tab.bands._errors_told[2].text() == said


def test_the_axes_stay_during_a_drag_and_follow_its_end(tab, explorer, qtbot):
    before = [plot.viewRange() for plot in tab.maps.marginals]
    row = tab.options.sliders.rows["log_age"]
    row.slider.setSliderDown(True)
    for value in (9.2, 8.7, 8.2):
        row.slider.setSliderPosition(row.position_of(value))
    frame = tab.controller.frame
    tab.maps.show_frame(replace(frame, is_sharp=False))
    assert [plot.viewRange() for plot in tab.maps.marginals] == before
    row.slider.setSliderDown(False)
    qtbot.waitUntil(lambda: tab.controller.is_sharp and tab.controller.frame.centre[0] == 8.2, timeout=30_000)
    low, high = tab.maps.marginals[0].viewRange()[0]
    assert low < 8.2 < high
    assert curve(tab)[0].size == 48
    assert explorer.state.model.population.log_age == 8.2


def test_a_click_on_a_bar_switches_the_band_off_and_on(tab, qtbot):
    band = int(tab.controller.frame.information.share[:56, 0].argmax())
    plot = tab.bands.bars[0]

    def click():
        scene = plot.vb.mapViewToScene(QPointF(all_bands()[band].wavelength, plot.viewRange()[1][1] / 2))
        qtbot.mouseClick(tab.bands.viewport(), Qt.MouseButton.LeftButton, pos=tab.bands.mapFromScene(scene))
        tab.wait_until_answered()

    before = tab.controller.frame.percentiles
    click()
    assert NAMES[band] not in tab.controller.options.bands
    assert tab.options.bands.currentText() == "Your choice"
    after = tab.controller.frame.percentiles
    assert (after[2] - after[0])[0] > (before[2] - before[0])[0]
    assert "whole" in tab.maps._items  # as J-PAS observes, to compare with
    click()
    assert tab.options.bands.currentText() == BandSet.SURVEY.value


def test_sets_of_bands_exposure_and_back(tab):
    choose(tab.options.bands, list(BandSet).index(BandSet.JPLUS))
    tab.wait_until_answered()
    assert tab.controller.frame.scene.mask.sum() == 12
    assert "J0390" in tab.options.remark.text()
    tab.options.exposure.setValue(4.0)
    tab.wait_until_answered()
    assert tab.controller.frame.scene.options.exposure == 4.0
    tab.options.changed.emit({"bands": (), "exposure": 1.0})
    tab.wait_until_answered()
    assert tab.words.text() == "⚠ 0 usable bands: the posterior needs two or more"
    assert curve(tab) is not None
    tab.options.changed.emit({"bands": tuple(NAMES[:56])})
    tab.wait_until_answered()
    assert tab.words.text().startswith("log age")


def test_twins_are_listed_drawn_and_put_on_the_sliders(tab, explorer):
    show_page(tab, Page.TWINS)
    table, frame = tab.twins.table, tab.controller.frame
    titles = [table.item(row, 0).text() for row in range(table.rowCount())]
    assert titles == ["youngest", "oldest", "most metal-poor", "most metal-rich", "least dust", "most dust"]
    assert "σ" in table.item(0, 5).text()
    assert "dex younger" in table.item(0, 0).toolTip()
    assert all(curve.isVisible() for curve in tab.twins.figure._curves)
    table.selectRow(1)
    assert [curve.isVisible() for curve in tab.twins.figure._curves] == [False, True, False, False, False, False]
    difference = tab.twins.figure._marks[1].getData()[1]
    np.testing.assert_allclose(np.sort(difference), np.sort(frame.twins[1].difference[frame.scene.mask]))
    oldest = frame.twins[1].parameters
    table.cellDoubleClicked.emit(1, 0)
    tab.wait_until_answered()
    np.testing.assert_allclose(tab.controller.frame.centre, oldest)
    assert explorer.last_step


def test_limits_come_part_by_part_and_a_click_on_the_map_sets_the_sliders(tab, explorer, qtbot, monkeypatch):
    monkeypatch.setattr(limits_frame, "_EARLY", np.array([4, 8]))
    monkeypatch.setattr(limits_frame, "_PART", 30)
    show_page(tab, Page.LIMITS)
    qtbot.waitUntil(lambda: tab.controller.library_map is not None, timeout=60_000)
    assert "%" in tab.limits.map._stamp._item.toPlainText()
    assert tab.limits.figure._exact[0].getData()[0].size == 2
    tab.limits.parameter.setCurrentIndex(2)
    assert "E(B−V)" in tab.limits.map._stamp._item.toPlainText()
    plot = tab.limits.map.plot
    scene = plot.vb.mapViewToScene(QPointF(9.0, 0.0))
    tab.limits.map._mouse_moved(scene)
    assert tab.limits.map.toolTip().startswith("log age 9.03, [M/H] +0.00: ")
    qtbot.mouseClick(tab.limits.map.viewport(), Qt.MouseButton.LeftButton, pos=tab.limits.map.mapFromScene(scene))
    qtbot.waitUntil(lambda: explorer.state.model.population.log_age != 9.7)
    assert explorer.state.model.population.log_age == pytest.approx(9.0, abs=0.05)


def test_other_libraries_are_compared(tab, explorer, popstar, qtbot):
    show_page(tab, Page.LIBRARIES)
    assert tab.libraries.against.currentText() == "no other library is open"
    assert "Open another library" in tab.libraries.map.why_missing(tab.libraries.map.plot)
    older = replace(popstar, name="older", title="Older", log_age=popstar.log_age + 0.1)
    explorer.shelf.put(OpenedLibrary(older, None))
    explorer.libraries_changed.emit()
    explorer.set_population(ebv=0.12)
    qtbot.waitUntil(lambda: bool(tab.controller.opinions), timeout=30_000)
    table = tab.libraries.table
    assert table.item(0, 0).text() == "Older"
    assert table.item(0, 2).text().startswith("9.8")
    choose(tab.libraries.against, 1)
    qtbot.waitUntil(
        lambda: "Older minus" in tab.libraries.map._stamp._item.toPlainText().replace("log age in ", ""), timeout=30_000
    )
    choose(tab.libraries.against, 0)


def test_figures_and_data_are_saved(tab, answers, tmp_path, qtbot):
    answers.path = tmp_path / "maps"
    tab.save_figure(tab.maps, "posterior.png")
    assert not QImage(str(tmp_path / "maps.png")).isNull()
    for page, columns in ((Page.BANDS, "information_log_age"), (Page.TWINS, "delta_chi2")):
        show_page(tab, page)
        answers.path = tmp_path / page.value
        tab.save_page_data()
        path = (tmp_path / page.value).with_suffix(".ecsv")
        qtbot.waitUntil(path.exists)
        assert columns in Table.read(path, format="ascii.ecsv").colnames
    answers.path = tmp_path / "maps.csv"
    tab.save_posterior_data()
    qtbot.waitUntil(answers.path.exists)
    answers.path = tmp_path / "data.xyz"
    tab.save_page_data()
    qtbot.waitUntil(lambda: bool(answers.warnings))
    assert "data.xyz: give it a name that ends in .ecsv" in answers.warnings.pop()
    tab.save_figure(tab.maps, "posterior.png")
    assert "a figure is saved as .png, .svg, .pdf" in answers.warnings.pop()
    tab.save_map_data()
    qtbot.waitUntil(lambda: bool(answers.warnings))
    assert answers.warnings.pop() == "the map is not known yet"


def test_what_a_page_without_a_map_cannot_save_says_why(tab, qtbot):
    (save,) = (button for button in tab.findChildren(QPushButton) if button.accessibleName() == "Save")

    def offered():
        save.menu().aboutToShow.emit()
        return {action.text(): action.isEnabled() for action in save.menu().actions() if "map" in action.text()}

    show_page(tab, Page.BANDS)
    figure, data = (f"{what} of its map: this page has none" for what in ("Figure", "Data"))
    assert (offered()[figure], offered()[data]) == (False, False)
    show_page(tab, Page.LIBRARIES)
    assert not offered()["Figure of its map: Open another library (menu File) to compare this one with"]
    show_page(tab, Page.LIMITS)
    qtbot.waitUntil(lambda: not tab.limits.map.why_missing(tab.limits.map.plot), timeout=30_000)
    assert offered()["Figure of its map…"]


def test_words_above_bars_are_not_crossed_by_them(tab):
    tab.resize(1366, 700)
    QApplication.processEvents()
    for plot, shares, words in zip(tab.bands.bars, tab.bands._shares, tab.bands._errors_told, strict=True):
        top = plot.vb.mapViewToScene(QPointF(0, float(np.max(shares.opts["height"])))).y()
        assert words.sceneBoundingRect().bottom() <= top + 2
        assert top < plot.vb.sceneBoundingRect().bottom() - 5


def test_files_say_what_their_figures_show(tab, tmp_path, qtbot):
    for page, figure, words in (
        (Page.BANDS, tab.bands, ("Fisher information", "PopStar", "J-PAS, 56 bands")),
        (Page.TWINS, tab.twins.figure, ("youngest", "PopStar")),
        (Page.LIMITS, tab.limits.figure, ("dashed: Fisher information", "PopStar")),
        (Page.BANDS, tab.maps, ("exact (PopStar, Calzetti 2000)", "sliders (PopStar, Calzetti 2000)", "twins")),
    ):
        show_page(tab, page)
        qtbot.waitUntil(lambda figure=figure: "PopStar" in title_of_saved(figure, tmp_path), timeout=30_000)
        assert [word for word in words if word not in title_of_saved(figure, tmp_path)] == []


def title_of_saved(figure, folder):
    export_figure(figure, folder / "figure.png")
    return QImage(str(folder / "figure.png")).text("Title")


def test_the_observed_galaxy(tab, galaxies, tmp_path):
    choose(tab.options.source, list(Source).index(Source.GALAXY))
    assert tab.words.text() == "⚠ no observed galaxy is selected: open a catalogue in the tab Observed"
    assert not tab.options.sliders.isEnabled()
    galaxies.append(
        open_catalogue(write_galaxies(tmp_path / "galaxies.csv"), OpeningOptions(redshift=0.0)).galaxies(0, 1)
    )
    tab.show_galaxy()
    tab.wait_until_answered()
    assert tab.options.exposure.isEnabled()
    tab.options.exposure.setValue(4.0)
    tab.wait_until_answered()
    assert "4 × the exposure" in tab.controller.frame.scene.stamp
    tab.options.exposure.setValue(1.0)
    tab.wait_until_answered()
    assert "101" in tab.controller.frame.scene.stamp
    assert curve(tab)[0].min() < TRUTH[0].log_age < curve(tab)[0].max()


def test_nothing_is_computed_behind_another_tab(tab, explorer):
    tab.hide()
    shown = tab.controller.frame
    explorer.set_population(log_age=9.0)
    assert not tab.controller.is_busy
    assert tab.controller.frame is shown
    tab.set_theme(DARK)
    tab.show()
    tab.wait_until_answered()
    assert tab.controller.frame.centre[0] == 9.0


def test_the_window_has_the_tab(window):
    window.show_tab("Degeneracies")
    window.degeneracies.wait_until_answered()
    assert window.degeneracies.controller.frame.network is not None
    window.show_tab("Explore")
    window.explorer.set_population(log_age=9.1)
    assert not window.degeneracies.controller.is_busy
