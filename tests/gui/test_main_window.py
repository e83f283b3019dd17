import shutil
from xml.etree import ElementTree

import numpy as np
import pytest
from astropy.table import Table
from pyqtgraph import GraphicsLayoutWidget
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QImage, QPalette
from PySide6.QtWidgets import QApplication

from jpas_gui.views.theme import DARK, LIGHT, Appearance, appearance_of


@pytest.fixture
def explorer(window):
    return window.explorer


def wait_until_read(qtbot, window):
    qtbot.waitUntil(lambda: not window.explorer.is_busy, timeout=20_000)


def drop(window, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(10, 10), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.dropEvent(event)


def test_a_real_library_folder_dropped_on_the_window_is_shown(window, explorer, qtbot, real_data):
    drop(window, real_data / "ssp" / "miuscat")
    wait_until_read(qtbot, window)
    window.explore.show_now()
    assert explorer.library.n_models == 200
    assert "MIUSCAT" in window.explore.parameters.library.currentText()
    row = window.explore.parameters.sliders["log_age"]
    assert row.slider.minimum() == row.position_of(np.log10(0.0631e9))
    assert "outside the library (✕): uJAVA" in window.explore.notes.text()


def test_an_unreadable_library_is_said_and_the_window_stays_as_it_was(window, explorer, qtbot, tmp_path, answers):
    before = explorer.state
    (tmp_path / "notes.fits").write_text("these are not the spectra you are looking for")
    drop(window, tmp_path / "notes.fits")
    wait_until_read(qtbot, window)
    assert explorer.state == before
    assert "notes.fits" in answers.warnings[0]


def test_an_empty_folder_is_said(window, qtbot, tmp_path, answers):
    (tmp_path / "nothing").mkdir()
    drop(window, tmp_path / "nothing")
    wait_until_read(qtbot, window)
    assert str(tmp_path / "nothing") in answers.warnings[0]


@pytest.mark.parametrize("yes", [True, False])
def test_a_folder_with_one_bad_file_can_be_opened_without_it(
    window, explorer, qtbot, tmp_path, answers, real_data, yes
):
    folder = tmp_path / "miuscat"
    shutil.copytree(real_data / "ssp" / "miuscat", folder)
    bad = sorted(folder.iterdir())[100]
    bad.write_bytes(b"")
    answers.yes = yes
    answers.path = folder
    window.opening.ask_library_folder()
    wait_until_read(qtbot, window)
    assert bad.name in answers.questions[0]
    assert explorer.library.n_models == (199 if yes else 636)


def test_a_session_is_saved_and_shown_again(window, explorer, qtbot, tmp_path, answers):
    explorer.set_population(log_age=8.25, redshift=0.3)
    explorer.pin()
    explorer.set_view(fan=True)
    state, view = explorer.state, explorer.view
    answers.path = tmp_path / "session"
    window.saving.save_session()
    explorer.reset()
    explorer.unpin_all()
    explorer.set_view(fan=False)
    answers.path = tmp_path / "session.json"
    window.opening.ask_session()
    wait_until_read(qtbot, window)
    assert explorer.state == state
    assert explorer.view == view


def test_a_session_that_is_none_is_said(window, explorer, qtbot, tmp_path, answers):
    before = explorer.state
    answers.path = tmp_path / "s.json"
    answers.path.write_text("{}")
    window.opening.ask_session()
    wait_until_read(qtbot, window)
    assert "not a session of jpas-gui" in answers.warnings[0]
    assert explorer.state == before


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_the_figure_is_saved_as_shown(window, tmp_path, answers, suffix):
    answers.path = tmp_path / f"sed{suffix}"
    window.save_figure()
    content = answers.path.read_bytes()
    if suffix == ".png":
        image = QImage.fromData(content)
        assert image.width() == 2 * window.explore.sed_plot.width()
        colours = {
            image.pixelColor(x, y).name() for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)
        }
        assert len(colours) > 30  # the colours of the bands are there
    elif suffix == ".svg":
        text = "".join(ElementTree.fromstring(content).itertext())
        assert "PopStar" in text
        assert "iSDSS = 19.00" in text
    else:
        assert content.startswith(b"%PDF")
        assert len(content) > 20_000


def test_the_coverage_of_the_libraries_is_saved(window, tmp_path, answers):
    answers.path = tmp_path / "coverage.svg"
    window.save_coverage()
    assert "log age" in "".join(ElementTree.fromstring(answers.path.read_bytes()).itertext())


def test_a_folder_of_filter_curves_dropped_on_the_window_is_used(window, explorer, qtbot, tmp_path):
    curve = explorer.filters.curves[30]
    np.savetxt(tmp_path / f"{curve.band.name}.dat", np.column_stack([curve.wavelength + 20, curve.transmission]))
    drop(window, tmp_path)
    wait_until_read(qtbot, window)
    assert str(tmp_path) in explorer.filters.source


def test_a_figure_of_another_format_or_in_a_folder_that_is_not_there_is_refused(window, tmp_path, answers):
    answers.path = tmp_path / "sed.gif"
    window.save_figure()
    answers.path = tmp_path / "nowhere" / "sed.png"
    window.save_figure()
    assert "a figure is saved as .png, .svg, .pdf" in answers.warnings[0]
    assert "nowhere/sed.png: cannot be written" in answers.warnings[1]
    assert list(tmp_path.rglob("*.gif")) == []


def test_the_values_are_saved_with_where_they_come_from(window, explorer, qtbot, tmp_path, answers):
    answers.path = tmp_path / "sed.ecsv"
    window.save_data()
    wait_until_read(qtbot, window)
    table = Table.read(answers.path)
    frame = explorer.frame()
    assert list(table["band"]) == [band.name for band in frame.bands]
    np.testing.assert_allclose(table["flux_nu"], frame.flux_nu, rtol=1e-9)
    np.testing.assert_allclose(table["magnitude_noisy"][:56], 22.5 - 2.5 * np.log10(frame.flux_nu_noisy[:56]))
    assert table.meta["library"]["name"] == "popstar"


def test_undo_is_enabled_only_when_there_is_something_to_undo(window, explorer):
    assert not window.undo_action.isEnabled()
    explorer.set_population(ebv=0.7)
    assert window.undo_action.isEnabled()
    window.undo_action.trigger()
    assert not window.undo_action.isEnabled()
    assert window.redo_action.isEnabled()


def test_what_to_cite_is_said(window, answers):
    window.help.show_citations()
    assert "A&A 705, A219" in answers.told[0]
    assert "MNRAS 398" in answers.told[0]


def test_light_and_dark_reach_the_plots_and_are_kept(window, settings, qtbot):
    try:
        window.set_appearance(Appearance.DARK)
        QApplication.processEvents()
        assert window.palette().color(QPalette.ColorRole.Window).lightness() < 128
        assert window.explore.sed_plot.backgroundBrush().color() == QColor(DARK.background)
        assert settings.value("appearance") == "dark"
    finally:
        window.set_appearance(Appearance.LIGHT)
    QApplication.processEvents()
    assert window.explore.sed_plot.backgroundBrush().color() == QColor(LIGHT.background)


@pytest.mark.parametrize("place", range(6))
def test_each_tab_is_there_in_the_present_colours_when_it_is_chosen(window, place):
    try:
        window.set_appearance(Appearance.DARK)
        QApplication.processEvents()
        titles = [window.tabs.tabText(index) for index in range(window.tabs.count())]
        window.tabs.setCurrentIndex(place)
        assert [window.tabs.tabText(index) for index in range(window.tabs.count())] == titles
        assert window.tabs.currentIndex() == place
        tab = window.tabs.currentWidget()
        assert tab is getattr(window, titles[place].lower())
        assert tab.isVisible()
        for figure in tab.findChildren(GraphicsLayoutWidget):
            assert figure.backgroundBrush().color() == QColor(DARK.background)
        window.wait_until_idle()
    finally:
        window.set_appearance(Appearance.LIGHT)


def test_the_window_closes_while_a_library_is_being_read(window, qtbot, real_data):
    window.open_path(real_data / "ssp" / "miuscat")
    window.close()
    assert not window.isVisible()


def test_two_files_dropped_together_are_both_opened(window, explorer, qtbot, real_data):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(real_data / "ssp" / name)) for name in ("miuscat", "emiles_sample")])
    event = QDropEvent(
        QPointF(10, 10), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.dropEvent(event)
    wait_until_read(qtbot, window)
    assert len(explorer.shelf.loaded) == 3
    assert explorer.library.n_models == 14


@pytest.mark.parametrize("choose", [True, False])
def test_of_several_libraries_in_one_place_the_user_chooses(
    window, explorer, qtbot, tmp_path, answers, real_data, choose
):
    for name in ("miuscat", "emiles_sample"):
        shutil.copytree(real_data / "ssp" / name, tmp_path / "both", dirs_exist_ok=True)
    answers.choice = "E-MILES BaSTI ku1.30" if choose else None
    answers.path = tmp_path / "both"
    window.opening.ask_library_folder()
    wait_until_read(qtbot, window)
    assert "holds several libraries" in answers.questions[0]
    assert explorer.library.n_models == (14 if choose else 636)


def test_an_unknown_appearance_in_the_settings_is_that_of_the_system(settings):
    settings.setValue("appearance", "psychedelic")
    assert appearance_of(settings) is Appearance.SYSTEM
    settings.setValue("appearance", "dark")
    assert appearance_of(settings) is Appearance.DARK


def test_official_filter_curves_come_back(window, explorer, qtbot, tmp_path):
    official = explorer.filters
    curve = official.curves[30]
    np.savetxt(tmp_path / f"{curve.band.name}.dat", np.column_stack([curve.wavelength + 20, curve.transmission]))
    drop(window, tmp_path)
    wait_until_read(qtbot, window)
    explorer.use_official_filters()
    assert explorer.filters is official
    assert explorer.session().filters is None


def test_another_appearance_leaves_the_panel_its_width(window, qtbot):
    panel = window.explore.parameters
    before = panel.minimumSizeHint().width()
    try:
        window.set_appearance(Appearance.DARK)
        window.set_appearance(Appearance.LIGHT)
        QApplication.processEvents()
        assert panel.minimumSizeHint().width() == before
        assert panel.width() <= panel.parentWidget().width()
    finally:
        window.set_appearance(Appearance.LIGHT)


def test_names_without_a_suffix_get_the_usual_one(window, qtbot, tmp_path, answers):
    answers.path = tmp_path / "sed"
    window.save_data()
    wait_until_read(qtbot, window)
    window.save_figure()
    assert sorted(path.name for path in tmp_path.iterdir() if path.stem == "sed") == ["sed.ecsv", "sed.png"]
