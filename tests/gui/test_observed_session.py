"""A session keeps the catalogue that is open, how it is read, and the galaxy that is shown."""

import json

import pytest
from made_galaxies import write_galaxies
from PySide6.QtWidgets import QSplitter

from jpas_gui.app.source_list import ListOptions, Which
from jpas_gui.core.catalogues.column_map import ColumnMap
from jpas_gui.core.catalogues.opening import OpeningOptions

FOREIGN = ColumnMap(id=("ID",), flux="X{band}", error="Eerror_{band}", unit="erg s-1 cm-2 Hz-1")
OPTIONS = OpeningOptions(columns=FOREIGN, redshift=0.05, extinction=0.02, keep_flagged=True)


@pytest.fixture
def wait(qtbot, window):
    def until_idle():
        qtbot.waitUntil(lambda: not (window.explorer.is_busy or window.observed.is_busy), timeout=60_000)

    return until_idle


@pytest.fixture
def catalogue(tmp_path):
    return write_galaxies(tmp_path / "foreign.csv", prefix="X")


@pytest.fixture
def saved(window, catalogue, wait, answers, tmp_path):
    """A session with another population and the fourth galaxy of a table with columns of its own."""
    window.explorer.set_population(log_age=8.25)
    window.show_catalogue(catalogue, OPTIONS)
    wait()
    window.observed.controller.select(3)
    wait()
    answers.path = tmp_path / "session.json"
    window.saving.save_session()
    window.explorer.reset()
    return answers.path


def test_the_same_galaxy_is_shown_read_in_the_same_way(window, saved, wait, answers, qtbot):
    other = write_galaxies(saved.with_name("other.csv"))
    window.show_catalogue(other, OpeningOptions(redshift=0.0))
    wait()
    window.opening.ask_session()
    wait()
    controller = window.observed.controller
    assert controller.catalogue.path.name == "foreign.csv"
    assert controller.catalogue.options == OPTIONS
    assert controller.row == 3
    assert controller.frame().galaxy.name[0] == "104"
    table = window.observed.sources.table
    qtbot.waitUntil(lambda: table.currentIndex().row() == 3)  # a list is shown a few times a second
    assert answers.questions == answers.warnings == []


def test_a_catalogue_that_was_moved_is_asked_for(window, saved, catalogue, wait, answers):
    answers.places[catalogue.name] = catalogue.rename(catalogue.with_name("renamed.csv"))
    window.opening.ask_session()
    wait()
    assert answers.moved == [("the catalogue", catalogue, False)]
    assert window.observed.controller.catalogue.path.name == "renamed.csv"
    assert window.observed.controller.row == 3
    assert answers.warnings == []


def test_without_a_catalogue_that_has_gone_the_rest_is_shown_and_that_is_said(window, saved, catalogue, wait, answers):
    catalogue.unlink()
    window.opening.ask_session()
    wait()
    assert answers.moved == [("the catalogue", catalogue, False)]
    assert answers.warnings == [f"the session is shown without the catalogue ({catalogue})"]
    assert window.explorer.state.model.population.log_age == 8.25
    assert window.front is window.observed


def test_a_session_on_the_command_line_asks_for_its_catalogue(window, saved, catalogue, wait, answers):
    answers.places[catalogue.name] = catalogue.rename(catalogue.with_name("renamed.csv"))
    window.open_path(saved)
    wait()
    assert window.observed.controller.catalogue.path.name == "renamed.csv"


def test_a_catalogue_that_has_changed_is_shown_and_said(window, saved, catalogue, wait, answers):
    catalogue.write_text("".join(catalogue.read_text().splitlines(keepends=True)[:3]))
    window.opening.ask_session()
    wait()
    assert answers.warnings == [f"{catalogue}: has changed since the session was saved: its galaxies may be others"]
    assert window.explorer.state.model.population.log_age == 8.25
    assert window.observed.controller.catalogue.n_rows == 2
    assert window.observed.controller.row == 0


def test_the_same_tab_and_page_are_in_front_with_the_same_list(window, saved, wait, qtbot):
    tab = window.observed
    tab.controller.sources.set_options(search="10", faintest=19.5, sort_by="magnitude", descending=True)
    tab.controller.show_sliders(True)
    tab.pages.setCurrentWidget(tab.overview)
    window.degeneracies.pages.setCurrentIndex(1)
    window.show_tab("observed")
    window.saving.save_session()

    window.show_tab("libraries")
    tab.pages.setCurrentIndex(0)
    window.degeneracies.pages.setCurrentIndex(0)
    tab.controller.sources.set_options(search="", faintest=None, sort_by="row")
    tab.controller.show_sliders(False)
    window.opening.ask_session()
    wait()
    assert window.front is tab
    assert tab.page == "Catalogue"
    assert window.degeneracies.page == "Twins"
    assert tab.bar.sliders.isChecked() is tab.controller.shows_sliders is True
    options = tab.controller.sources.options
    assert (options.search, options.faintest, options.sort_by, options.descending) == ("10", 19.5, "magnitude", True)
    tab.show_list()
    assert [tab.model.index(row, 1).data() for row in range(tab.model.rowCount())] == [
        "103",
        "106",
        "102",
        "104",
        "101",
    ]
    assert tab.controller.row == 3


def test_what_needs_predictions_is_not_listed_before_there_are_any(window, saved, wait):
    sources = window.observed.controller.sources
    sources.set_options(which=Which.FLAGGED, sort_by="log_age", min_snr=3.0)
    window.saving.save_session()
    window.opening.ask_session()
    wait()
    assert sources.options == ListOptions(min_snr=3.0)


def test_panes_are_as_wide_as_they_were(window, saved, wait):
    window.show_tab("observed")
    splitter = window.observed.findChildren(QSplitter)[0]
    splitter.setSizes([500, 1000])
    kept = splitter.sizes()
    window.saving.save_session()
    splitter.setSizes([300, 1200])
    window.opening.ask_session()
    wait()
    assert splitter.sizes() == kept


def test_a_session_without_what_is_in_view_leaves_the_tab(window, saved, wait):
    text = json.loads(saved.read_text())
    del text["window"], text["observed"]["listed"], text["observed"]["shows_sliders"]
    saved.write_text(json.dumps(text))
    window.show_tab("libraries")
    window.opening.ask_session()
    wait()
    assert window.front is window.libraries
    assert window.observed.controller.row == 3


def test_a_session_in_another_order_than_there_is_is_said(window, saved, wait, answers):
    saved.write_text(saved.read_text().replace('"sort_by": "row"', '"sort_by": "colour"'))
    window.opening.ask_session()
    wait()
    assert "galaxies cannot be sorted by 'colour'" in answers.warnings[0]
