from dataclasses import replace

import numpy as np
import pytest
from astropy.table import Table
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QMenu,
    QScrollBar,
)

from jpas_gui.app.state import Frame, Quantity
from jpas_gui.core.magnitudes import magnitude_of_flux
from jpas_gui.core.ssp.native import write_library
from jpas_gui.views.plots.export import export_figure


@pytest.fixture
def explore(window):
    return window.explore


@pytest.fixture
def explorer(window):
    return window.explorer


def drag(qtbot, row, fraction):
    """Drag a slider's handle to a fraction of its range, in a few steps; return the value there."""
    slider = row.slider
    start, target = slider.value(), slider.minimum() + fraction * (slider.maximum() - slider.minimum())
    slider.setSliderDown(True)
    for part in (0.25, 0.5, 0.75, 1.0):
        slider.setSliderPosition(round(start + part * (target - start)))
    slider.setSliderDown(False)
    return row.box.value()


def drawn(explore):
    """Return the synthetic points on the plot, shape (n, 2)."""
    return np.column_stack(explore.sed_plot._synthetic.getData())


def test_the_window_opens_on_the_embedded_library_with_all_56_bands(explore, explorer):
    assert explore.parameters.library.currentText() == "PopStar"
    assert len(drawn(explore)) == 56
    np.testing.assert_allclose(drawn(explore)[:, 1], explorer.frame().flux_nu[:56])


@pytest.mark.parametrize("name", ["log_age", "metallicity", "ebv", "redshift", "magnitude"])
def test_dragging_a_slider_changes_the_sed_and_is_one_step_of_undo(explore, explorer, window, qtbot, name):
    before, start = drawn(explore), explorer.state
    value = drag(qtbot, explore.parameters.sliders[name], 0.2)
    assert getattr(explorer.state.model.population, name) == pytest.approx(value)
    assert value != getattr(start.model.population, name)
    assert not np.array_equal(drawn(explore), before)
    window.undo_action.trigger()
    qtbot.waitUntil(lambda: np.array_equal(drawn(explore), before))
    assert explorer.state == start
    window.redo_action.trigger()
    assert explorer.state != start


def test_the_view_does_not_move_while_dragging(explore, explorer, qtbot):
    plot = explore.sed_plot.sed
    before = plot.viewRange()
    row = explore.parameters.sliders["magnitude"]
    slider = row.slider
    slider.setSliderDown(True)
    for magnitude in (18.5, 18.0, 17.0, 16.0):
        slider.setSliderPosition(row.position_of(magnitude))
        explore.show_now()
        assert plot.viewRange() == before
    slider.setSliderDown(False)
    # The SED has left the view: once the drag is over, the view follows.
    assert plot.viewRange() != before
    assert plot.viewRange()[1][1] > drawn(explore)[:, 1].max()


def test_a_number_is_taken_when_it_is_typed_and_enter_pressed(explore, explorer, qtbot):
    box = explore.parameters.sliders["metallicity"].box
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "-0.5")
    assert explorer.state.model.population.metallicity == 0.0
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert explorer.state.model.population.metallicity == -0.5


def test_page_keys_step_a_slider_but_not_with_modifiers_which_change_tabs(explore, explorer, qtbot):
    row = explore.parameters.sliders["log_age"]
    start = explorer.state.model.population.log_age
    for widget in (row.slider, row.box):
        for modifier in (Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier):
            qtbot.keyClick(widget, Qt.Key.Key_PageUp, modifier)
            qtbot.keyClick(widget, Qt.Key.Key_PageDown, modifier)
            assert explorer.state.model.population.log_age == start
    qtbot.keyClick(row.slider, Qt.Key.Key_PageUp)
    assert explorer.state.model.population.log_age == pytest.approx(start + 0.1)


def test_arrow_keys_step_a_slider_and_each_press_is_a_step_of_undo(explore, explorer, qtbot):
    slider = explore.parameters.sliders["log_age"].slider
    start = explorer.state.model.population.log_age
    for _ in range(2):
        qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert explorer.state.model.population.log_age == pytest.approx(start + 0.02)
    explorer.undo()
    assert explorer.state.model.population.log_age == pytest.approx(start + 0.01)


def test_a_sweep_of_moves_ends_with_the_last_one_shown(explore, explorer, qtbot):
    for log_age in np.linspace(8.0, 10.0, 200):
        explorer.set_population(gesture="log_age", log_age=float(log_age))
    qtbot.waitUntil(lambda: np.array_equal(drawn(explore)[:, 1], explorer.frame().flux_nu[:56]))


def test_bands_outside_the_library_are_masked_and_said(explore, explorer, qtbot, tmp_path):
    explorer.set_population(redshift=1.5)
    explore.show_now()
    assert explore.notes.text() == ""  # PopStar covers all bands
    library, covered = explorer.library, explorer.library.wavelength > 3465
    cut = replace(
        library, name="cut", wavelength=library.wavelength[covered], luminosity=library.luminosity[..., covered]
    )
    write_library(cut, tmp_path / "cut.h5")
    explorer.open_library(tmp_path / "cut.h5")
    qtbot.waitUntil(lambda: not explorer.is_busy)
    explorer.set_population(redshift=0.1)
    explore.show_now()
    assert "outside the library (✕): uJAVA" in explore.notes.text()
    assert len(drawn(explore)) == explorer.frame().mask[:56].sum() < 56


def test_magnitudes_point_downwards_and_are_those_of_the_fluxes(explore, explorer, qtbot):
    explore.display.choices["quantity"].setCurrentIndex(1)
    explore.display.choices["quantity"].activated.emit(1)
    explore.show_now()
    assert explorer.view.quantity is Quantity.MAGNITUDE
    np.testing.assert_allclose(drawn(explore)[:, 1], magnitude_of_flux(explorer.frame().flux_nu[:56]))
    assert explore.sed_plot.sed.vb.yInverted()


def test_the_rest_frame_axis(explore, explorer):
    explorer.set_population(redshift=0.5)
    explore.display.choices["frame"].activated.emit(1)
    explore.show_now()
    assert explorer.view.frame is Frame.REST
    frame = explorer.frame()
    np.testing.assert_allclose(drawn(explore)[:, 0], frame.x[:56])
    assert explore.sed_plot._top_axis.scale == 1.5
    assert "Rest-frame" in explore.sed_plot.difference.getAxis("bottom").labelText


@pytest.mark.parametrize(
    ("tick", "item"),
    [
        ("noisy_draw", "_noisy"),
        ("error_bars", "_error_bars"),
        ("spectrum", "_spectrum"),
        ("features", "_features"),
        ("filter_curves", "filters"),
    ],
)
def test_each_tick_shows_and_hides_its_part(explore, tick, item):
    part = getattr(explore.sed_plot, item)
    box = explore.display.ticks[tick]
    shown = part.isVisible()
    box.click()
    explore.show_now()
    assert part.isVisible() != shown
    box.click()
    explore.show_now()
    assert part.isVisible() == shown


def test_broad_bands_and_the_fan_on_demand(explore):
    explore.display.ticks["broad_bands"].click()
    explore.show_now()
    assert len(drawn(explore)) == 60
    explore.display.ticks["fan"].click()
    explore.show_now()
    assert all(item.isVisible() for item in explore.sed_plot._fan._points)


def test_pinned_seds_are_listed_drawn_recalled_and_removed(explore, explorer, qtbot, window):
    explorer.pin()
    explorer.set_population(log_age=8.0)
    explorer.pin()
    explore.show_now()
    assert explore.pins.list.count() == 2
    assert len(explore.sed_plot._pins._items) == 2
    explore.pins.list.setCurrentRow(0)
    qtbot.mouseClick(explore.pins.recall, Qt.MouseButton.LeftButton)
    assert explorer.state.model.population.log_age == 9.7
    explore.show_now()
    explore.pins.list.setCurrentRow(1)
    qtbot.mouseClick(explore.pins.remove, Qt.MouseButton.LeftButton)
    explore.show_now()
    assert [pin.number for pin in explorer.state.pins] == [1]
    assert len(explore.sed_plot._pins._items) == 1


def test_the_difference_shows_a_pin_in_sigmas(explore, explorer):
    explorer.pin()
    explorer.set_population(ebv=0.4)
    explore.show_now()
    item = explore.sed_plot._pins._items[1].difference
    np.testing.assert_allclose(item.getData()[1], explorer.frame().pins[0].difference[:56])


def test_a_click_on_the_coverage_sets_age_and_metallicity(explore, explorer, qtbot):
    coverage = explore.coverage
    target = QPointF(8.5, -0.7)
    scene = coverage.plane.vb.mapViewToScene(target)
    position = coverage.figure.mapFromScene(scene)
    qtbot.mouseClick(coverage.figure.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(position.x(), position.y()))
    population = explorer.state.model.population
    assert population.log_age == pytest.approx(8.5, abs=0.05)
    assert population.metallicity == pytest.approx(-0.7, abs=0.05)


def test_a_click_beside_the_library_is_clipped_to_it_and_said(explore, explorer, window):
    explore.coverage.picked.emit(12.0, 3.0)
    population = explorer.state.model.population
    assert population.log_age == explorer.library.log_age[-1]
    assert population.metallicity == explorer.library.metallicity[-1]
    assert "log age 12.00 is outside the library: 10.18 is shown" in window.statusBar().currentMessage()


def test_a_typed_value_outside_the_library_is_said_and_the_nearest_shown(explore, explorer, qtbot):
    box = explore.parameters.sliders["log_age"].box
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "10.9")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    explore.show_now()
    assert explorer.state.model.population.log_age == 10.9
    assert "log age 10.90 is outside the library: 10.18 is shown" in explore.notes.text()
    shown = drawn(explore)
    explorer.set_population(log_age=10.18)
    explore.show_now()
    np.testing.assert_allclose(drawn(explore), shown, rtol=1e-6)


@pytest.mark.qt_log_ignore("does not support")  # without a display no menu is raised
def test_a_right_click_on_the_coverage_changes_nothing(explore, explorer, qtbot):
    before = explorer.state
    coverage = explore.coverage
    position = coverage.figure.mapFromScene(coverage.plane.vb.mapViewToScene(QPointF(8.5, -0.7)))
    qtbot.mouseClick(coverage.figure.viewport(), Qt.MouseButton.RightButton, pos=QPoint(position.x(), position.y()))
    for menu in coverage.figure.findChildren(QMenu):
        menu.close()
    assert explorer.state == before


def test_the_band_under_the_mouse_is_read_out(explore, explorer, qtbot):
    plot = explore.sed_plot
    frame = explorer.frame()
    band = explorer.filters.index("J0660")
    scene = plot.sed.vb.mapViewToScene(QPointF(frame.x[band] + 10, frame.synthetic[band]))
    plot.scene().sigMouseMoved.emit(scene)
    text = explore.readout.text()
    assert text.startswith("J0660")
    assert plot.value_at(scene) == text  # which the right button copies
    assert f"{magnitude_of_flux(frame.flux_nu)[band]:.3f}" in text
    assert "S/N" in text


def test_the_noise_controls(explore, explorer, qtbot):
    panel = explore.parameters
    panel.survey.setCurrentIndex(panel.survey.findData("J-NEP"))
    panel.survey.activated.emit(panel.survey.currentIndex())
    panel.aperture.setValue(2.0)
    panel.zero_point.click()
    panel.one_magnitude.click()
    panel.seed.setValue(7)
    noise = explorer.state.noise
    assert (noise.survey, noise.aperture_factor, noise.zero_point, noise.one_magnitude) == ("J-NEP", 2.0, True, True)
    assert explorer.state.seed == 7


def test_the_dust_law_and_its_r_v(explore, explorer, qtbot):
    panel = explore.parameters
    assert not panel.r_v.isEnabled()  # Calzetti's is fixed
    panel.law.setCurrentIndex(panel.law.findData("fitzpatrick99"))
    panel.law.activated.emit(panel.law.currentIndex())
    qtbot.waitUntil(lambda: panel.r_v.isEnabled())
    panel.r_v.setValue(4.0)
    assert explorer.state.model.dust.r_v == 4.0


def test_every_control_has_a_name_for_screen_readers(explore):
    for kind in (QAbstractSpinBox, QComboBox, QAbstractSlider, QAbstractButton):
        for control in explore.findChildren(kind):
            if control.isVisible() and not isinstance(control, QScrollBar):
                assert control.accessibleName() or getattr(control, "text", str)(), control


def test_without_a_single_band_the_figure_is_empty_and_comes_back(explore, explorer, qtbot, tmp_path):
    library, ultraviolet = explorer.library, explorer.library.wavelength < 2600
    only = replace(
        library, name="uv", wavelength=library.wavelength[ultraviolet], luminosity=library.luminosity[..., ultraviolet]
    )
    write_library(only, tmp_path / "uv.h5")
    explorer.set_population(redshift=1.0)
    explorer.open_library(tmp_path / "uv.h5")
    qtbot.waitUntil(lambda: not explorer.is_busy)
    explore.show_now()
    assert len(drawn(explore)) > 5
    explorer.set_population(redshift=0.0)
    explore.show_now()
    assert len(drawn(explore)) == 0
    assert "uv covers no band at redshift 0" in explore.notes.text()
    assert explore.parameters.sliders["redshift"].box.value() == 0.0
    explorer.undo()
    explore.show_now()
    assert len(drawn(explore)) > 5


def test_clicks_beside_the_handle_are_steps_of_their_own(explore, explorer, qtbot):
    slider = explore.parameters.sliders["log_age"].slider
    start = explorer.state
    for _ in range(3):
        qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(3, slider.height() // 2))
    values = explorer.state.model.population.log_age
    explorer.undo()
    assert explorer.state.model.population.log_age > values
    explorer.undo()
    explorer.undo()
    assert explorer.state == start


def test_a_turn_of_the_wheel_moves_only_a_slider_that_was_chosen(explore, explorer, qtbot):
    slider = explore.parameters.sliders["ebv"].slider
    before = explorer.state

    def turn():
        event = QWheelEvent(
            QPointF(5, 5), slider.mapToGlobal(QPointF(5, 5)), QPoint(0, 0), QPoint(0, 120),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(slider, event)

    turn()
    assert explorer.state == before
    explore.window().activateWindow()
    slider.setFocus()
    qtbot.waitUntil(slider.hasFocus)
    turn()
    turn()
    assert explorer.state != before
    explorer.undo()
    explorer.undo()
    assert explorer.state == before


def test_the_view_follows_undo_but_not_a_zoom_of_the_user(explore, explorer, qtbot):
    plot = explore.sed_plot.sed
    explorer.set_population(magnitude=16.0)
    explore.show_now()
    bright = plot.viewRange()
    assert bright[1][1] > drawn(explore)[:, 1].max()
    explorer.undo()
    explore.show_now()
    assert plot.viewRange()[1][1] < 0.2 * bright[1][1]
    plot.vb.scaleBy((0.2, 0.2))
    plot.vb.sigRangeChangedManually.emit([True, True])
    zoomed = plot.viewRange()
    explorer.next_draw()
    explore.show_now()
    assert plot.viewRange() == zoomed
    explore.sed_plot.fit()
    assert plot.viewRange() != zoomed


def test_in_the_rest_frame_the_view_follows_the_redshift(explore, explorer):
    explorer.set_view(frame=Frame.REST)
    explore.show_now()
    explorer.set_population(redshift=0.8)
    explore.show_now()
    left, right = explore.sed_plot.sed.viewRange()[0]
    x = drawn(explore)[:, 0]
    assert left < x.min()
    assert x.max() < right


def test_bands_without_a_known_error_are_said(explore, explorer, qtbot, tmp_path):
    Table({"band": ["J0660"], "magnitude": [19.0], "magnitude_error": [0.05]}).write(tmp_path / "noise.ecsv")
    explorer.open_noise(tmp_path / "noise.ecsv")
    qtbot.waitUntil(lambda: not explorer.is_busy)
    explore.show_now()
    assert "no error known: 55 bands, uJAVA to J1007" in explore.notes.text()
    explore.sed_plot.band_hovered.emit(0)
    assert "no error known" in explore.readout.text()


def test_a_pin_keeps_all_its_bands_beside_a_narrower_library(explore, explorer, qtbot, real_data):
    explorer.pin()
    explorer.open_library(real_data / "ssp" / "miuscat")
    qtbot.waitUntil(lambda: not explorer.is_busy)
    explore.show_now()
    assert len(drawn(explore)) == 54
    assert np.isfinite(explore.sed_plot._pins._items[1].sed.getData()[1]).sum() == 56


def test_a_saved_figure_has_a_legend_of_pins_and_models_and_no_empty_panel(explore, explorer, tmp_path):
    explorer.pin()
    explorer.set_population(log_age=8.0)
    explore.show_now()
    export_figure(explore.sed_plot, tmp_path / "before.png")
    explore.wait_until_predicted()
    export_figure(explore.sed_plot, tmp_path / "figure.png")
    before, title = (QImage(str(tmp_path / f"{name}.png")).text("Title") for name in ("before", "figure"))
    assert "■ 1: " in title
    assert "posterior-popstar" in title
    assert "posterior-popstar" not in before
    export_figure(explore.coverage.figure, tmp_path / "coverage.png")
    assert "PopStar (636)" in QImage(str(tmp_path / "coverage.png")).text("Title")


def test_the_line_under_the_mouse_goes_with_it(explore, explorer):
    plot = explore.sed_plot
    scene = plot.sed.vb.mapViewToScene(QPointF(6000, float(np.nanmean(explorer.frame().synthetic))))
    plot.scene().sigMouseMoved.emit(scene)
    assert plot._hover_mark.isVisible()
    QApplication.sendEvent(plot, QEvent(QEvent.Type.Leave))
    assert not plot._hover_mark.isVisible()
    assert not explore.readout.text().strip()
