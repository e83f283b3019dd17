"""Predictions that follow the sliders, in the real window."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from jpas_gui.app.state import DEFAULT_MODELS, ResidualUnit, read_session

PAPER, POSTERIOR = DEFAULT_MODELS


@pytest.fixture
def explorer(window):
    return window.explorer


@pytest.fixture
def explore(window):
    window.explore.wait_until_predicted()
    return window.explore


@pytest.fixture
def live(explore):
    return explore.live


def texts(explore):
    """Return the table by row name and column name."""
    table = explore.live_panel.table
    columns = [table.horizontalHeaderItem(column).text() for column in range(table.columnCount())]
    rows = [table.verticalHeaderItem(row).text() for row in range(table.rowCount())]
    return {
        row: {column: table.item(i, j).text().replace("\N{NO-BREAK SPACE}", " ") for j, column in enumerate(columns)}
        for i, row in enumerate(rows)
    }


def points(explore, parameter):
    """Return the predictions that a small plot draws."""
    return explore.live_panel.plots._items[parameter].answers.y


def residuals(explore):
    return explore.sed_plot._residuals._points.getData()[1]


def test_both_models_answer_as_soon_as_the_window_is_up(window, explorer, qtbot):
    qtbot.waitUntil(lambda: window.explore.live.frame is not None, timeout=30_000)
    window.explore.show_now()
    assert [answer.model for answer in window.explore.live.frame.answers] == list(DEFAULT_MODELS)
    assert set(texts(window.explore)["log age"]) == {"true", *DEFAULT_MODELS}


def test_predicted_and_true_parameters_are_drawn_and_written(explore, live, explorer):
    population = explorer.state.model.population
    for number, truth in enumerate((population.log_age, population.metallicity, population.ebv)):
        items = explore.live_panel.plots._items[number]
        assert items.truth.value() == truth
        np.testing.assert_allclose(points(explore, number), [answer.point[number] for answer in live.frame.answers])
        low, high = live.frame.answers[1].percentiles[number, [0, 2]]
        np.testing.assert_array_equal(items.answers.low, [np.nan, low])  # the paper's network has no interval
        np.testing.assert_array_equal(items.answers.high, [np.nan, high])
        assert items.plot.viewRange()[1][0] < min(low, truth) < max(high, truth) < items.plot.viewRange()[1][1]
    table, posterior = texts(explore), live.frame.answers[1]
    assert table["log age"]["true"] == "9.70"
    low, point, high = posterior.percentiles[0]
    assert table["log age"][POSTERIOR] == f"{point:.2f} +{high - point:.2f} −{point - low:.2f}"
    assert table["χ² / bands"][POSTERIOR] == f"{posterior.comparison.chi2:.1f} / 56"


def test_the_sed_at_each_prediction_lies_over_the_data_and_its_residuals_below(explore, live, explorer):
    frame = explorer.frame()
    curves = explore.sed_plot._predicted._items.values()
    for curve, answer in zip(curves, live.frame.answers, strict=True):
        np.testing.assert_allclose(curve.getData()[1], answer.flux_nu[:56])
    sigmas = [(frame.flux_nu_noisy - answer.flux_nu)[:56] / frame.flux_nu_error[:56] for answer in live.frame.answers]
    np.testing.assert_allclose(residuals(explore), np.concatenate(sigmas))


def test_residuals_in_magnitudes_on_demand(explore, live, explorer):
    box = explore.display.choices["residual_unit"]
    box.setCurrentIndex(1)
    box.activated.emit(1)
    explore.show_now()
    assert explorer.view.residual_unit is ResidualUnit.MAGNITUDE
    magnitudes = [answer.comparison.magnitudes[:56] for answer in live.frame.answers]
    np.testing.assert_allclose(residuals(explore), np.concatenate(magnitudes))
    assert "mag" in explore.sed_plot.residuals.getAxis("left").labelText
    low, high = explore.sed_plot.residuals.viewRange()[1]
    assert low < residuals(explore).min() < residuals(explore).max() < high


def test_after_a_drag_the_answers_are_those_of_where_it_ended(explore, live, explorer, qtbot):
    row = explore.parameters.sliders["log_age"]
    row.slider.setSliderDown(True)
    for value in np.linspace(9.7, 8.0, 40):
        row.slider.setSliderPosition(row.position_of(value))
        qtbot.wait(1)  # lets answers in between arrive
    row.slider.setSliderDown(False)
    qtbot.waitUntil(lambda: not live.is_busy)
    explore.show_now()
    assert live.frame.request.frame.state == explorer.state
    assert texts(explore)["log age"]["true"] == "8.00"
    np.testing.assert_allclose(points(explore, 0), [8.0, 8.0], atol=0.5)


def test_a_model_is_switched_off_and_on_and_the_session_keeps_it(
    explore, live, explorer, window, answers, qtbot, tmp_path
):
    explore.live_panel.ticks[PAPER].click()
    explore.wait_until_predicted()
    assert set(texts(explore)["log age"]) == {"true", POSTERIOR}
    assert len(residuals(explore)) == 56
    assert len(points(explore, 0)) == 1
    answers.path = tmp_path / "session.json"
    window.saving.save_session()
    assert read_session(answers.path).view.models == (POSTERIOR,)
    explore.live_panel.ticks[PAPER].click()
    explore.wait_until_predicted()
    assert len(residuals(explore)) == 112
    window.opening.ask_session()
    qtbot.waitUntil(lambda: not explorer.is_busy)
    explore.wait_until_predicted()
    assert not explore.live_panel.ticks[PAPER].isChecked()
    assert len(residuals(explore)) == 56


def test_all_models_off_leaves_nothing_behind(explore, live):
    for model in DEFAULT_MODELS:
        explore.live_panel.ticks[model].click()
    explore.wait_until_predicted()
    assert live.frame is None
    assert len(residuals(explore)) == 0
    assert len(points(explore, 0)) == 0
    assert not explore.live_panel.draw.isEnabled()
    assert explore.live_panel.table.columnCount() == 0


def test_each_panel_can_be_switched_off(explore, explorer):
    explore.display.ticks["predictions"].click()
    explore.display.ticks["residuals"].click()
    explore.display.ticks["predicted_seds"].click()
    explore.wait_until_predicted()
    assert not explore.live_panel.isVisible()
    assert not explore.sed_plot.residuals.isVisible()
    assert not explore.sed_plot._predicted._items
    assert explore.live.frame is None  # nobody looks: nobody is asked
    explore.display.ticks["residuals"].click()
    explore.wait_until_predicted()
    assert explore.sed_plot.residuals.isVisible()
    assert len(residuals(explore)) == 112


def test_the_button_draws_the_noise_500_times_and_says_bias_and_scatter(explore, live, qtbot):
    before = texts(explore)["Δ log age"][PAPER]
    qtbot.mouseClick(explore.live_panel.draw, Qt.MouseButton.LeftButton)
    assert live.is_drawing
    qtbot.waitUntil(lambda: not live.is_drawing, timeout=20_000)
    explore.show_now()
    drawn = explore.live_panel.plots._items[0].cloud.getData()[1]
    assert len(drawn) == 1000  # of two models
    cloud = live.cloud.clouds[0]
    assert before == ""
    expected = f"{cloud.bias[0]:+.3f} ± {cloud.scatter[0]:.3f}".replace("-", "−")
    assert texts(explore)["Δ log age"][PAPER] == expected
    assert explore.live_panel.draw.isEnabled()


def test_the_cloud_goes_when_the_population_changes(explore, live, explorer, qtbot):
    explore.live_panel.draw.click()
    qtbot.waitUntil(lambda: live.cloud is not None and live.cloud.n_draws > 0, timeout=20_000)
    explorer.set_population(ebv=0.3)
    explore.wait_until_predicted()
    assert live.cloud is None
    assert len(explore.live_panel.plots._items[0].cloud.getData()[1]) == 0
    assert texts(explore)["Δ log age"][PAPER] == ""
    assert explore.live_panel.draw.text() == "Draw the noise 500 times"


def test_a_model_without_an_answer_says_why(explore, explorer):
    explorer.set_population(redshift=0.3)
    explore.wait_until_predicted()
    assert texts(explore)["log age"][PAPER] == "—"
    assert texts(explore)["χ² / bands"][PAPER] == "—"
    assert explore.live_panel.remarks.text().startswith(f"⚠ {PAPER}: trained at redshift 0 only: this galaxy has ")
    assert len(residuals(explore)) == 56


def test_a_model_that_has_gone_is_named(explore, explorer):
    explorer.set_view(models=("gone", POSTERIOR))
    explore.wait_until_predicted()
    assert "⚠ gone: no such folder" in explore.live_panel.remarks.text()
    assert explore.live_panel.ticks["gone"].isChecked()
    assert texts(explore)["log age"][POSTERIOR] != "—"


def test_the_view_of_a_parameter_changes_during_a_drag_only_to_keep_it_in_sight(explore, explorer):
    plot = explore.live_panel.plots._items[0].plot
    row = explore.parameters.sliders["log_age"]
    close = plot.viewRange()[1]
    row.slider.setSliderDown(True)
    row.slider.setSliderPosition(row.position_of(9.65))
    explore.wait_until_predicted()
    assert plot.viewRange()[1] == close
    row.slider.setSliderPosition(row.position_of(7.0))
    explore.wait_until_predicted()
    whole = plot.viewRange()[1]
    assert whole[0] < explorer.library.log_age[0] < explorer.library.log_age[-1] < whole[1]
    row.slider.setSliderDown(False)
    low, high = plot.viewRange()[1]
    assert (low + high) / 2 == pytest.approx(7.0)
    assert high - low < whole[1] - whole[0]


def test_the_picture_of_the_window_waits_for_the_models(window, tmp_path):
    window.save_picture(tmp_path / "window.png")
    assert window.explore.live.is_answered
    assert (tmp_path / "window.png").stat().st_size > 10_000


def test_the_window_can_be_closed_while_models_are_asked(window, qtbot):
    window.explore._begin_predicting()
    assert window.explore.live.is_busy
    window.close()  # what is left behind fails the test
