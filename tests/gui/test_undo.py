"""Undo and redo belong to the tab in front, and what acts on a tab acts where it is seen."""

import pytest
from clicks import double_click
from made_galaxies import write_galaxies
from PySide6.QtCore import QPointF, Qt

from jpas_gui.app.degeneracy_options import Source
from jpas_gui.app.notes import Quality
from jpas_gui.core.catalogues.opening import OpeningOptions
from jpas_gui.core.photometry.bands import all_bands

NAMES = [band.name for band in all_bands()]
NONE, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def explorer(window):
    return window.explorer


@pytest.fixture
def observed(window, tmp_path, qtbot):
    """The tab Observed of the window, with a catalogue whose second galaxy is shown."""
    window.show_catalogue(write_galaxies(tmp_path / "galaxies.csv"), OpeningOptions(redshift=0.0))
    tab = window.observed
    qtbot.waitUntil(lambda: tab.controller.galaxy is not None, timeout=20_000)
    go_to(tab, 1, qtbot)
    return tab


def go_to(tab, row, qtbot):
    tab.controller.select(row)
    qtbot.waitUntil(lambda: tab.controller.galaxy.row[0] == row)
    tab.show_now()


def press(window, qtbot, key, modifier=NONE):
    qtbot.keyClick(window.focusWidget() or window, getattr(Qt.Key, f"Key_{key}"), modifier)


def test_the_menu_says_what_would_be_undone_and_the_status_bar_what_was(window, explorer):
    explorer.set_population(ebv=0.7)
    explorer.pin()
    assert window.undo_action.text() == "&Undo pin 1"
    window.undo_action.trigger()
    assert window.statusBar().currentMessage() == "Undone: pin 1"
    assert (window.undo_action.text(), window.redo_action.text()) == ("&Undo E(B−V)", "&Redo pin 1")
    window.redo_action.trigger()
    assert window.statusBar().currentMessage() == "Done again: pin 1"
    assert len(explorer.state.pins) == 1


@pytest.mark.parametrize("tab", ["observed", "training", "evaluation", "libraries"])
def test_nothing_acts_on_the_sliders_where_they_are_not_seen(window, explorer, qtbot, tab):
    explorer.set_population(ebv=0.7)
    explorer.pin()
    before = explorer.state
    window.show_tab(tab)
    for key, modifier in [("Z", CONTROL), ("R", CONTROL), ("N", NONE), ("P", NONE), ("P", CONTROL | SHIFT)]:
        qtbot.keyClick(window, getattr(Qt.Key, f"Key_{key}"), modifier)
    assert explorer.state is before
    assert window.undo_action.text() == "&Undo"
    assert not window.undo_action.isEnabled()
    window.show_tab("explore")
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)
    assert explorer.state.pins == ()


def test_in_observed_masks_and_marks_are_undone_and_the_sliders_stay(window, observed, explorer, qtbot):
    explorer.set_population(ebv=0.7)
    observed.plot.band_clicked.emit(NAMES.index("J0660"))
    press(window, qtbot, "3", CONTROL)
    assert observed.controller.note.quality is Quality.BAD
    press(window, qtbot, "Z", CONTROL)
    assert observed.controller.note.quality is Quality.NONE
    assert window.undo_action.text() == "&Undo mask of J0660"
    press(window, qtbot, "Z", CONTROL)
    assert observed.controller.galaxy.mask[0, NAMES.index("J0660")]
    assert window.statusBar().currentMessage() == "Undone: mask of J0660"
    press(window, qtbot, "Z", CONTROL)
    assert explorer.state.model.population.ebv == 0.7
    press(window, qtbot, "Z", CONTROL | SHIFT)
    assert not observed.controller.galaxy.mask[0, NAMES.index("J0660")]
    press(window, qtbot, "Y", CONTROL)
    assert observed.controller.note.quality is Quality.BAD


def test_a_double_click_on_a_band_resets_the_zoom_and_masks_nothing(window, observed, qtbot):
    plot, frame = observed.plot, observed._frame
    band = NAMES.index("J0660")
    place = plot.mapFromScene(plot.sed.vb.mapViewToScene(QPointF(frame.x[band], frame.series.y[band])))
    observed.controller.toggle_band(NAMES.index("J0500"))
    masked = observed.controller.note.masked
    for _ in range(2):
        double_click(plot, place)
        assert observed.controller.note.masked == masked == ("J0500",)
    assert (window.undo_action.text(), window.redo_action.text()) == ("&Undo mask of J0500", "&Redo")
    qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert observed.controller.note.masked == ("J0500", "J0660")


def test_undo_shows_the_galaxy_on_which_it_acts(window, observed, qtbot):
    press(window, qtbot, "1", CONTROL)
    go_to(observed, 4, qtbot)
    observed.pages.setCurrentWidget(observed.overview)
    press(window, qtbot, "Z", CONTROL)
    assert window.statusBar().currentMessage() == "Undone: mark good of galaxy 102"
    qtbot.waitUntil(lambda: observed.controller.galaxy.row[0] == 1)
    assert observed.shows_galaxy
    assert observed.controller.note.is_empty


def test_a_note_is_one_step_and_what_is_being_typed_is_undone_in_its_field(window, observed, qtbot):
    field = observed.note.text
    press(window, qtbot, "1", CONTROL)
    field.setFocus()
    qtbot.keyClicks(field, "merger")
    assert field.isUndoAvailable()
    qtbot.keyClick(field, Qt.Key.Key_Z, CONTROL)
    assert field.text() == ""
    assert observed.controller.note.quality is Quality.GOOD
    qtbot.keyClicks(field, "dust lane")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert window.undo_action.text() == "&Undo note"
    qtbot.keyClick(field, Qt.Key.Key_Z, CONTROL)  # the focus is still in the field, which has nothing to undo
    observed.show_now()
    assert (observed.controller.note.text, field.text()) == ("", "")
    assert window.undo_action.text() == "&Undo mark good"


def test_the_menu_undoes_what_is_being_typed_as_one_step(window, observed, qtbot):
    field = observed.note.text
    press(window, qtbot, "1", CONTROL)
    field.setFocus()
    qtbot.keyClicks(field, "merger")
    window.undo_action.trigger()
    observed.show_now()
    assert (observed.controller.note.text, field.text()) == ("", "")
    assert observed.controller.note.quality is Quality.GOOD


def test_a_number_that_was_typed_is_undone_while_its_box_has_the_focus(window, explorer, qtbot):
    box = window.explore.parameters.sliders["ebv"].box
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "0.5")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert explorer.state.model.population.ebv == 0.5
    qtbot.keyClick(box, Qt.Key.Key_Z, CONTROL)
    assert explorer.state.model.population.ebv == 0.1


def test_sliders_over_the_galaxy_are_undone_there(window, observed, explorer, qtbot):
    observed.bar.sliders.click()
    observed.sliders.rows["ebv"].box.setValue(0.5)
    assert window.undo_action.text() == "&Undo E(B−V)"
    press(window, qtbot, "Z", CONTROL)
    assert explorer.state.model.population.ebv == 0.1
    explorer.set_population(redshift=0.2)  # in Explore
    assert not window.undo_action.isEnabled()


def test_in_degeneracies_only_what_is_looked_at_is_undone(window, explorer):
    explorer.set_population(ebv=0.7)
    window.show_tab("degeneracies")
    assert window.undo_action.text() == "&Undo E(B−V)"
    explorer.pin()
    assert not window.undo_action.isEnabled()
    explorer.undo()
    window.degeneracies.options.changed.emit({"source": Source.GALAXY})
    assert not window.undo_action.isEnabled()
    assert not window.menus.action("Reset &sliders").isEnabled()


def test_what_is_done_with_a_galaxy_is_done_where_it_is_seen(window, observed, qtbot):
    actions = {text: window.menus.action(text) for text in ("&Next galaxy", "Mask &emission lines", "&Send to sliders")}
    assert all(action.isEnabled() for action in actions.values())
    observed.pages.setCurrentWidget(observed.overview)
    assert [action.isEnabled() for action in actions.values()] == [True, False, False]  # the list is in view
    window.show_tab("explore")
    for key, modifier in [("L", NONE), ("Down", CONTROL), ("S", NONE)]:
        qtbot.keyClick(window, getattr(Qt.Key, f"Key_{key}"), modifier)
    assert observed.controller.note.is_empty
    assert observed.controller.row == 1
    assert window.explorer.last_step is None
