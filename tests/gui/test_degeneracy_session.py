"""A session keeps what is chosen in the degeneracy explorer."""

from dataclasses import replace

import pytest

from jpas_gui.app.band_sets import BandSet, names_of
from jpas_gui.app.degeneracy_options import DegeneracyOptions, DegeneracySettings, Page
from jpas_gui.core.ssp.native import write_library
from jpas_gui.core.ssp.readers.popstar import read_popstar


@pytest.fixture
def wait(qtbot, window):
    def until_idle():
        qtbot.waitUntil(lambda: not window.explorer.is_busy, timeout=60_000)

    return until_idle


def test_options_page_and_library_come_back(window, wait, answers, tmp_path):
    tab, explorer = window.degeneracies, window.explorer
    path = tmp_path / "other.h5"
    popstar = read_popstar()
    write_library(replace(popstar, name="other", luminosity=popstar.luminosity * 1.5), path)
    explorer.open_library(path)
    wait()
    other = explorer.library.name
    explorer.choose_library("popstar")
    tab.controller.set_options(bands=names_of(BandSet.JPLUS), exposure=4.0, network=False)
    tab.pages.setCurrentIndex(list(Page).index(Page.LIBRARIES))
    tab.controller.compare_with(other)
    answers.path = tmp_path / "session.json"
    window.saving.save_session()

    tab.show_settings(DegeneracySettings())
    assert tab.options.bands.currentText() == BandSet.SURVEY.value
    window.opening.ask_session()
    wait()
    assert tab.controller.options == DegeneracyOptions(bands=names_of(BandSet.JPLUS), exposure=4.0, network=False)
    assert tab.options.bands.currentText() == BandSet.JPLUS.value
    assert tab.options.exposure.value() == 4.0
    assert not tab.options.network.isChecked()
    assert tab.page == Page.LIBRARIES.value
    assert tab.libraries.against.currentData() == other
    assert answers.warnings == []
