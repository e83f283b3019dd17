"""A session keeps the catalogue that is open, how it is read, and the galaxy that is shown."""

import pytest
from made_galaxies import write_galaxies

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


def test_a_catalogue_that_has_gone_is_said_and_the_rest_is_shown(window, saved, catalogue, wait, answers):
    catalogue.unlink()
    window.opening.ask_session()
    wait()
    assert answers.warnings == [f"{catalogue}: cannot be read (No such file or directory)"]
    assert window.explorer.state.model.population.log_age == 8.25


def test_a_catalogue_that_has_changed_is_shown_and_said(window, saved, catalogue, wait, answers):
    catalogue.write_text("".join(catalogue.read_text().splitlines(keepends=True)[:3]))
    window.opening.ask_session()
    wait()
    assert answers.warnings == [f"{catalogue}: has changed since the session was saved: its galaxies may be others"]
    assert window.explorer.state.model.population.log_age == 8.25
    assert window.observed.controller.catalogue.n_rows == 2
    assert window.observed.controller.row == 0
