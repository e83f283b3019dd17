"""Undo and redo where a galaxy is seen."""

import pytest
from made_galaxies import write_galaxies

from jpas_gui.app.notes import Notebook, Quality
from jpas_gui.app.observed import ObservedController, Workers
from jpas_gui.app.observed_steps import observed_steps
from jpas_gui.core.catalogues.opening import OpeningOptions, open_catalogue
from jpas_gui.core.photometry.bands import all_bands

J0660 = [band.name for band in all_bands()].index("J0660")


class Latest:
    """Does at once what is asked for, or never."""

    def __init__(self, now):
        self.now = now

    def submit(self, job, done, failed, *, keep_running=False):
        if self.now:
            done(job())

    def cancel(self):
        pass


@pytest.fixture
def catalogue(tmp_path):
    return open_catalogue(write_galaxies(tmp_path / "galaxies.csv"), OpeningOptions(redshift=0.0))


@pytest.fixture
def controller(explorer, catalogue):
    now, never = Latest(True), Latest(False)
    controller = ObservedController(explorer, Workers(now, now, never, never, now))
    controller.show(catalogue)
    return controller


@pytest.fixture
def steps(controller, explorer):
    return observed_steps(controller, explorer)


def test_masks_marks_and_notes_are_undone_and_done_again_each_by_its_name(controller, steps, catalogue):
    controller.toggle_band(J0660)
    controller.mask_emission(True)
    controller.set_note(quality=Quality.BAD)
    controller.set_note(text="merger?")
    controller.use_all_bands()
    controller.toggle_band(J0660)
    controller.toggle_band(J0660)
    names = ["use of J0660", "mask of J0660", "use of all bands", "note", "mark bad", "mask of emission lines"]
    for name in [*names, "mask of J0660"]:
        assert steps.undo_name == name
        steps.undo()
    assert steps.undo_name == ""
    assert controller.note.is_empty
    assert controller.galaxy.mask[0, J0660]
    assert Notebook(catalogue.path).rows() == ()  # on disk, too
    steps.redo()
    assert not controller.galaxy.mask[0, J0660]
    assert steps.redo_name == "mask of emission lines"


def test_undo_goes_to_the_galaxy_on_which_the_step_was_made(controller, steps):
    controller.set_note(quality=Quality.GOOD)
    controller.select(3)
    controller.toggle_band(J0660)
    controller.select(5)
    assert steps.undo_name == "mask of J0660 of galaxy 104"
    steps.undo()
    assert controller.row == 3
    assert controller.note.is_empty
    steps.undo()
    assert controller.row == 0
    assert controller.note.quality is Quality.NONE
    assert steps.redo_name == "mark good"


def test_the_answers_are_asked_again_when_a_mask_is_undone(controller, steps):
    controller.toggle_band(J0660)
    asked = controller._asked
    steps.undo()
    assert controller._asked is not asked
    assert controller._asked.galaxy.mask[0, J0660]


def test_sliders_shown_over_the_galaxy_are_undone_in_turn_with_its_masks(controller, steps, explorer):
    controller.show_sliders(True)
    controller.toggle_band(J0660)
    explorer.set_population(ebv=0.4)
    controller.set_note(text="dusty")
    undone = []
    while steps.undo_name:
        undone.append(steps.undo_name)
        steps.undo()
    assert undone == ["note", "E(B−V)", "mask of J0660"]
    assert explorer.state.model.population.ebv == 0.1
    redone = []
    while steps.redo_name:
        redone.append(steps.redo_name)
        steps.redo()
    assert redone == undone[::-1]
    assert explorer.state.model.population.ebv == 0.4


@pytest.mark.parametrize("shown", [True, False])
def test_what_is_not_seen_over_the_galaxy_is_not_undone(controller, steps, explorer, shown):
    controller.toggle_band(J0660)
    controller.show_sliders(shown)
    if not shown:
        explorer.set_population(ebv=0.4)
    explorer.pin()
    steps.undo()
    assert len(explorer.state.pins) == 1
    assert controller.galaxy.mask[0, J0660]
    assert steps.undo_name == ""


def test_another_catalogue_begins_without_a_history(controller, steps, tmp_path):
    controller.toggle_band(J0660)
    other = write_galaxies(tmp_path / "others.csv")
    controller.show(open_catalogue(other, OpeningOptions(redshift=0.0)))
    assert steps.undo_name == ""
