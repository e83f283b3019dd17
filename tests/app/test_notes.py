import errno
import json
import os
from pathlib import Path

import pytest

from jpas_gui.app.note_steps import note_change
from jpas_gui.app.notes import Note, Notebook, Quality, read_hand_masks
from jpas_gui.core.catalogues.hand_masks import HandMask
from jpas_gui.core.errors import InputError
from jpas_gui.core.locks import held_for


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


def test_two_windows_on_one_catalogue_lose_nothing(catalogue):
    first, second = Notebook(catalogue), Notebook(catalogue)
    first.change(1, "1", text="of the first")
    first.save()
    second.change(2, "2", text="of the second")
    second.save()
    assert second.rows() == (1, 2)
    second.change(1, "1", quality=Quality.BAD)
    second.save()
    first.change(3, "3", text="more")
    first.undo()
    first.save()
    assert [Notebook(catalogue).note(row, str(row)).text for row in (1, 2, 3)] == ["of the first", "of the second", ""]
    first.undo()
    first.save()
    assert Notebook(catalogue).rows() == (2,)


def test_of_two_places_the_newer_one_counts(catalogue, tmp_path):
    own = tmp_path / "own"
    notebook = Notebook(catalogue, own)
    notebook.change(0, "1", text="old")
    notebook.change(5, "6", text="kept")
    notebook.save()
    beside = catalogue.with_name("galaxies.csv.notes.json")
    os.utime(beside, (1e9, 1e9))
    (own / "elsewhere").mkdir(parents=True)
    place = notebook._places[1]
    place.write_text(beside.read_text().replace("old", "new"))
    again = Notebook(catalogue, own)
    assert again.note(0, "1").text == "new"
    again.change(0, "1", text="newest")
    again.save()
    assert again.is_beside
    assert {row: Notebook(catalogue, own).note(row, name).text for row, name in ((0, "1"), (5, "6"))} == {
        0: "newest",
        5: "kept",
    }


def test_on_a_read_only_file_system_notes_go_to_the_users_folder(catalogue, tmp_path, monkeypatch):
    def refuse(self, *_, **__):
        raise OSError(errno.EROFS, "Read-only file system")

    own, write_bytes, unlink = tmp_path / "own", Path.write_bytes, Path.unlink

    def unless_own(whole):
        return lambda self, *given, **named: (whole if own in self.parents else refuse)(self, *given, **named)

    monkeypatch.setattr(Path, "write_bytes", unless_own(write_bytes))
    monkeypatch.setattr(Path, "unlink", unless_own(unlink))
    notebook = Notebook(catalogue, own)
    notebook.change(0, "1", text="here")
    notebook.save()
    monkeypatch.undo()
    assert not notebook.is_beside
    assert Notebook(catalogue, own).note(0, "1").text == "here"


def test_while_another_program_writes_notes_they_are_waited_for(catalogue, monkeypatch):
    monkeypatch.setattr("jpas_gui.app.notes._PATIENCE", 0.05)
    notebook = Notebook(catalogue)
    notebook.change(0, "1", text="here")
    told = pytest.raises(InputError, match="another program is writing it: the notes are not saved yet")
    with held_for(catalogue.with_name(".galaxies.csv.notes.json.lock")), told:
        notebook.save()
    assert not notebook.is_saved
    notebook.save()
    assert Notebook(catalogue).rows() == (0,)


def test_a_step_after_saving_is_of_the_galaxy_that_was_changed(catalogue):
    earlier = Notebook(catalogue)
    earlier.change(5, "five", text="long ago")
    earlier.save()
    notebook = Notebook(catalogue)
    notebook.change(7, "seven", text="merger?")
    notebook.save()
    notebook.change(7, "seven", quality=Quality.GOOD)
    change = note_change(notebook.last_step)
    assert (change.row, change.name) == (7, "mark good")


def test_undo_leaves_what_another_window_noted_on_the_galaxy(catalogue):
    notebook, other = Notebook(catalogue), Notebook(catalogue)
    other.change(3, "three", text="of the other")
    other.save()
    notebook.change(9, "nine", text="own")
    notebook.save()
    notebook.change(3, "three", quality=Quality.BAD)
    assert note_change(notebook.last_step).name == "mark bad"
    for _ in range(2):
        notebook.undo()
        assert notebook.note(3, "three") == Note("three", text="of the other")
    notebook.save()
    assert Notebook(catalogue).note(3, "three").text == "of the other"


def test_a_catalogue_whose_name_is_no_text_can_have_notes(tmp_path):
    notebook = Notebook(tmp_path / os.fsdecode(b"gal\xff.csv"))
    notebook.change(0, "1", text="here")
    notebook.save()
    assert Notebook(tmp_path / os.fsdecode(b"gal\xff.csv")).rows() == (0,)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "the notes on this catalogue cannot be read"),
        (b"\xff\xfe", "the notes on this catalogue cannot be read"),
        ("[" * 10_000, "the notes on this catalogue cannot be read"),
        (json.dumps({"version": 2, "notes": {}}), "notes of a newer jpas-gui"),
        (json.dumps({"version": 1, "notes": {"0": {"name": "1", "quality": "superb"}}}), "cannot be read"),
    ],
)
def test_damaged_notes_are_said_and_not_overwritten(catalogue, content, message):
    path = catalogue.with_name("galaxies.csv.notes.json")
    content = content if isinstance(content, bytes) else content.encode()
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        Notebook(catalogue)
    assert path.read_bytes() == content
