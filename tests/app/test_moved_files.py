"""Files of a session that are not where they were."""

from dataclasses import replace

import pytest

from jpas_gui.app.degeneracy_options import DegeneracySettings
from jpas_gui.app.moved_files import MissingFile, guessed_places, left_out, missing_files, place_of, with_places
from jpas_gui.app.state import ExplorerState, LibraryFile, Model, OpenCatalogue, Pin, Session, UsedFile
from jpas_gui.core.photometry.noise_settings import NoiseSettings
from jpas_gui.core.ssp.native import write_library


@pytest.fixture
def session(tmp_path):
    """A session with every kind of file, none of which is there."""
    old = tmp_path / "old"
    own = Model(library="own")
    return Session(
        explorer=ExplorerState(own, NoiseSettings(str(old / "noise.ecsv")), pins=(Pin(1, own), Pin(2, Model()))),
        libraries=(LibraryFile("own", str(old / "own_1.30"), "", "ab"),),
        filters=UsedFile(str(old / "curves"), "ab"),
        noise=UsedFile(str(old / "noise.ecsv"), "ab"),
        observed=OpenCatalogue(str(old / "galaxies.fits"), "ab"),
        degeneracies=DegeneracySettings(against="own"),
    )


def paths(session):
    return [*(file.path for file in session.libraries), session.filters.path, session.noise.path, session.observed.path]


def test_all_kinds_of_files_are_missed(session):
    missing = missing_files(session, session.libraries)
    assert [file.path for file in missing] == paths(session)
    assert [file.is_folder for file in missing] == [True, True, False, False]
    assert missing[0].what == "the library 'own'"


def test_what_is_there_is_not_missed(session, tmp_path):
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "galaxies.fits").touch()
    assert "the catalogue" not in [file.what for file in missing_files(session, ())]


def test_files_are_taken_from_where_they_lie_now(session):
    places = {path: path.replace("old", "new") for path in paths(session)}
    moved = with_places(session, places)
    assert paths(moved) == list(places.values())
    assert moved.explorer.noise.survey == moved.noise.path
    assert moved.explorer.model.library == "own"
    assert left_out(session, places) == ()
    again = {place: place.replace("new", "newest") for place in places.values()}
    assert paths(with_places(session, places | again)) == list(again.values())


def test_without_its_files_the_rest_of_a_session_is_left(session):
    places = dict.fromkeys(paths(session))
    rest = with_places(session, places)
    assert (rest.libraries, rest.filters, rest.noise, rest.observed) == ((), None, None, None)
    assert rest.explorer.model.library == "popstar"
    assert rest.explorer.noise.survey == "mini-JPAS"
    assert [pin.number for pin in rest.explorer.pins] == [2]
    assert rest.degeneracies.against == ""
    said = left_out(session, places)
    assert said[:2] == (f"the library 'own' ({session.libraries[0].path})", "its pin 1")
    assert said[-1] == f"the catalogue ({session.observed.path})"
    assert len(said) == 5


def test_what_lay_together_is_looked_for_together(session, tmp_path):
    new = tmp_path / "new"
    new.mkdir()
    (new / "galaxies.fits").touch()
    (tmp_path / "curves").mkdir()
    missing = missing_files(session, session.libraries)
    places = {session.noise.path: str(new / "errors.ecsv")}
    assert guessed_places(missing, places, tmp_path) == {
        session.observed.path: str(new / "galaxies.fits"),
        session.filters.path: str(tmp_path / "curves"),
    }


def test_a_library_beside_the_session_is_found_without_a_question(explorer, new_explorer, heard, popstar, tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        folder.mkdir()
    part = replace(popstar, name="part", log_age=popstar.log_age[40:90], luminosity=popstar.luminosity[:, 40:90])
    write_library(part, old / "part.h5")
    explorer.open_library(old / "part.h5")
    explorer.save_session(old / "session.json")
    for name in ("part.h5", "session.json"):
        (old / name).rename(new / name)
    other = new_explorer()
    missing = heard(other.files_missing)
    other.open_session(new / "session.json")
    assert missing == []
    assert other.library.numbers_sha256 == explorer.library.numbers_sha256


def test_another_library_in_its_place_is_refused(explorer, new_explorer, heard, popstar, tmp_path):
    part = replace(popstar, name="part", log_age=popstar.log_age[40:90], luminosity=popstar.luminosity[:, 40:90])
    write_library(part, tmp_path / "part.h5")
    explorer.open_library(tmp_path / "part.h5")
    explorer.save_session(tmp_path / "session.json")
    (tmp_path / "part.h5").unlink()
    write_library(replace(part, luminosity=part.luminosity * 2), tmp_path / "other.h5")
    other = new_explorer()
    problems = heard(other.problem)
    other.open_session(tmp_path / "session.json", {str(tmp_path / "part.h5"): str(tmp_path / "other.h5")})
    assert problems == [f"{tmp_path / 'other.h5'}: the library 'part' has changed since the session was saved"]
    assert MissingFile("the library 'part'", str(tmp_path / "part.h5")).is_folder is False


@pytest.mark.parametrize("places", [{"a": "a"}, {"a": "b", "b": "a"}])
def test_a_file_that_is_back_where_it_was_is_taken_from_there(places):
    assert place_of("a", places) == "a"
