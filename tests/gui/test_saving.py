"""Saved values are those of what is in view."""

import pytest
from astropy.table import Table
from made_evaluations import made_elsewhere
from made_galaxies import write_galaxies
from PySide6.QtCore import Qt

from jpas_gui.app.evaluation_result import MockSettings
from jpas_gui.core.catalogues.opening import OpeningOptions
from jpas_gui.views.evaluation.evaluation_tab import EvaluationTab


def save(window, qtbot, path):
    """Press the key, and return the table that was written."""
    window.saving._dialogs.path = path
    qtbot.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(path.exists, timeout=20_000)
    return Table.read(path, format="ascii.ecsv")


def test_in_explore_the_sed_with_its_predictions(window, qtbot, tmp_path, answers):
    window.explore.wait_until_predicted()
    window.explorer.pin()
    table = save(window, qtbot, tmp_path / "sed.ecsv")
    assert answers.proposals[-1][0] == "sed.ecsv"
    assert [row["model"] for row in table.meta["predictions"]["rows"]] == ["paper-popstar", "posterior-popstar"]
    assert "flux_nu_pin_1" in table.colnames


def test_in_observed_the_galaxy(window, qtbot, tmp_path, answers):
    window.show_catalogue(write_galaxies(tmp_path / "galaxies.csv"), OpeningOptions(redshift=0.0))
    qtbot.waitUntil(lambda: not window.observed.is_busy, timeout=60_000)
    table = save(window, qtbot, tmp_path / "galaxy.ecsv")
    assert answers.proposals[-1][0] == "galaxy.ecsv"
    assert table.meta["galaxy"]["name"] == "101"
    assert [row["model"] for row in table.meta["answers"]["rows"]][-1] == "exact"
    action = window.menus.action("Save &data…")
    window.observed.pages.setCurrentWidget(window.observed.overview)
    assert not action.isEnabled()


def test_in_degeneracies_the_page(window, qtbot, tmp_path, answers):
    window.show_tab("degeneracies")
    window.degeneracies.wait_until_answered()
    table = save(window, qtbot, tmp_path / "bands.ecsv")
    assert answers.proposals[-1][0] == "bands.ecsv"
    assert "information_log_age" in table.colnames


@pytest.mark.parametrize("tab", ["observed", "training", "evaluation", "libraries"])
def test_where_there_are_no_values_nothing_is_saved(window, tab):
    window.show_tab(tab)
    assert not window.menus.action("Save &data…").isEnabled()


@pytest.mark.parametrize(
    ("page", "stem", "rows", "column"),
    [
        (0, "predicted-and-true", 520, "log_age_true"),
        (1, "by-magnitude", 26, "log_age_bias"),
        (2, "calibration", 11, "log_age_coverage"),
        (3, "exact-posterior", 26, "log_age_mae_ratio"),
        (4, "libraries", 2, "log_age_scatter"),
    ],
)
def test_in_evaluation_the_page_of_all_models_that_are_drawn(
    window, qtbot, tmp_path, answers, monkeypatch, page, stem, rows, column
):
    monkeypatch.setattr(EvaluationTab.__init__, "__defaults__", (made_elsewhere,))
    answers.yes = True  # the evaluations may be lost when the window closes
    window.show_tab("evaluation")
    tab = window.evaluation
    tab.controller.start(["paper-popstar", "posterior-popstar"], MockSettings(20, 5))
    qtbot.waitUntil(lambda: not tab.is_busy, timeout=20_000)
    tab.pages.setCurrentIndex(page)
    table = save(window, qtbot, tmp_path / f"{stem}.ecsv")
    assert answers.proposals[-1][0] == f"{stem}.ecsv"
    assert column in table.colnames
    assert (len(table), len({*table["model"]})) == (rows, 1 if page == 2 else 2)
    assert table.meta["evaluations"][-1]["model"] == "posterior-popstar"
