import json

import pytest

from jpas_gui.app.notes import Notebook, Quality, read_hand_masks
from jpas_gui.core.catalogues.hand_masks import HandMask
from jpas_gui.core.errors import InputError


@pytest.fixture
def catalogue(tmp_path):
    path = tmp_path / "galaxies.csv"
    path.write_text("")
    return path


def test_notes_are_read_again_as_they_were_written(catalogue):
    notebook = Notebook(catalogue)
    notebook.change(3, "2241-7", quality=Quality.DOUBTFUL, text="merger?", masked=("J0500",))
    assert not notebook.is_saved
    notebook.save()
    assert notebook.is_saved
    note = Notebook(catalogue).note(3, "2241-7")
    assert (note.quality, note.text, note.masked) == (Quality.DOUBTFUL, "merger?", ("J0500",))


def test_masks_of_all_galaxies_are_those_of_the_file(catalogue):
    notebook = Notebook(catalogue)
    notebook.change(7, "2241-9", masked=("J0500",), emission=("J0660",))
    notebook.change(3, "2241-7", text="merger?")
    notebook.change(2, "2241-2", emission=("J0510",))
    notebook.save()
    expected = (HandMask(2, "2241-2", ("J0510",)), HandMask(7, "2241-9", ("J0500", "J0660")))
    assert notebook.hand_masks() == expected
    assert read_hand_masks(catalogue.with_name("galaxies.csv.notes.json")) == expected


def test_the_note_of_another_galaxy_in_the_same_row_is_not_shown(catalogue):
    notebook = Notebook(catalogue)
    notebook.change(3, "2241-7", text="merger?")
    assert notebook.note(3, "2241-8").is_empty


def test_a_note_from_which_everything_was_taken_goes(catalogue):
    notebook = Notebook(catalogue)
    notebook.change(3, "2241-7", text="merger?")
    notebook.change(3, "2241-7", text="")
    assert notebook.rows() == ()


def test_where_nothing_may_be_written_beside_the_catalogue_notes_go_to_the_users_folder(catalogue, tmp_path):
    beside = catalogue.with_name("galaxies.csv.notes.json")
    beside.mkdir()  # nothing can take its place, whoever runs the test
    own = tmp_path / "own"
    notebook = Notebook(catalogue, own)
    notebook.change(0, "1", text="here")
    notebook.save()
    assert [path.name[:13] for path in own.iterdir()] == ["galaxies.csv."]
    assert Notebook(catalogue, own).note(0, "1").text == "here"


def test_notes_that_cannot_be_saved_anywhere_are_said_and_kept_in_mind(catalogue, tmp_path):
    catalogue.with_name("galaxies.csv.notes.json").mkdir()
    blocked = tmp_path / "blocked"
    blocked.write_text("")
    notebook = Notebook(catalogue, blocked)
    notebook.change(0, "1", text="here")
    with pytest.raises(InputError, match="no notes are saved"):
        notebook.save()
    assert notebook.note(0, "1").text == "here"
    assert not notebook.is_saved


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "the notes on this catalogue cannot be read"),
        (json.dumps({"version": 2, "notes": {}}), "notes of a newer jpas-gui"),
        (json.dumps({"version": 1, "notes": {"0": {"name": "1", "quality": "superb"}}}), "cannot be read"),
    ],
)
def test_damaged_notes_are_said_and_not_overwritten(catalogue, content, message):
    path = catalogue.with_name("galaxies.csv.notes.json")
    path.write_text(content)
    with pytest.raises(InputError, match=message):
        Notebook(catalogue)
    assert path.read_text() == content
