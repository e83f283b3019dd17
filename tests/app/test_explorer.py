import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from astropy.table import Table
from trained_models import trained_model

from jpas_gui.app.known_models import known_models
from jpas_gui.app.moved_files import MissingFile
from jpas_gui.app.state import Quantity, Session, write_session
from jpas_gui.core.ssp.library import SSPLibrary
from jpas_gui.core.ssp.native import write_library


def write_part(library, path, name="part", metallicity=slice(2, 5), log_age=slice(40, 90)):
    """Write a smaller library of other name and ranges."""
    part = SSPLibrary(
        name=name,
        title=f"A part: {name}",
        wavelength=library.wavelength,
        log_age=library.log_age[log_age],
        metallicity=library.metallicity[metallicity],
        luminosity=library.luminosity[metallicity, log_age],
        source=library.source,
    )
    write_library(part, path)
    return part


def test_a_drag_is_undone_as_one_step(explorer):
    start = explorer.state
    for log_age in (9.0, 8.5, 8.0):
        explorer.set_population(gesture="log_age", log_age=log_age)
    explorer.end_gesture()
    explorer.undo()
    assert explorer.state == start
    explorer.redo()
    assert explorer.state.model.population.log_age == 8.0


def test_every_change_asks_for_a_new_frame(explorer, heard):
    changes = heard(explorer.changed)
    explorer.set_population(ebv=0.5)
    explorer.set_view(quantity=Quantity.MAGNITUDE)
    explorer.pin()
    assert len(changes) == 3
    assert explorer.frame().view.quantity is Quantity.MAGNITUDE


def test_what_is_shown_is_no_step_of_undo(explorer):
    explorer.set_view(fan=True)
    assert not explorer.last_step


def test_reset_goes_back_to_the_start_and_can_be_undone(explorer):
    start = explorer.state
    explorer.set_population(log_age=7.0, redshift=1.0)
    explorer.set_law("ccm89")
    changed = explorer.state
    explorer.reset()
    assert explorer.state == start
    explorer.undo()
    assert explorer.state == changed


def test_a_new_dust_law_starts_with_its_own_r_v(explorer):
    explorer.set_law("ccm89")
    explorer.set_r_v(5.0)
    explorer.set_law("gordon23")
    assert explorer.state.model.dust.r_v is None


def test_an_impossible_r_v_is_said_and_changes_nothing(explorer, problems):
    explorer.set_law("ccm89")
    before = explorer.state
    explorer.set_r_v(9.0)
    assert explorer.state == before
    assert "R_V = 9 is outside the law ccm89" in problems[0]


def test_a_noise_file_that_cannot_be_used_is_said_and_changes_nothing(explorer, problems, tmp_path):
    before = explorer.state
    path = tmp_path / "noise.ecsv"
    path.write_text("not a table")
    explorer.open_noise(path)
    assert explorer.state == before
    assert str(path) in problems[0]


def test_pins_keep_their_numbers_when_others_go(explorer):
    explorer.pin()
    explorer.set_population(log_age=8.0)
    explorer.pin()
    explorer.unpin(1)
    assert [pin.number for pin in explorer.state.pins] == [2]
    explorer.pin()
    assert [pin.number for pin in explorer.state.pins] == [2, 3]
    explorer.unpin_all()
    assert explorer.state.pins == ()


def test_a_pin_can_be_put_back_on_the_sliders(explorer):
    explorer.set_population(log_age=8.0)
    explorer.pin()
    explorer.set_population(log_age=9.5)
    explorer.recall(1)
    assert explorer.state.model.population.log_age == 8.0


def test_a_library_that_is_opened_is_used_and_the_sliders_clipped_and_said(explorer, said, popstar, tmp_path):
    part = write_part(popstar, tmp_path / "part.h5")
    explorer.set_population(log_age=5.5, metallicity=-2.0)
    explorer.open_library(tmp_path / "part.h5")
    assert explorer.library.name == "part"
    assert explorer.state.model.population.log_age == pytest.approx(part.log_age[0])
    assert explorer.state.model.population.metallicity == pytest.approx(part.metallicity[0])
    assert any("log age 5.50 is outside the library" in text for text in said)
    assert any("[M/H] -2.00 is outside the library" in text for text in said)


def test_a_library_that_cannot_be_read_is_said_and_changes_nothing(explorer, problems, tmp_path):
    before = explorer.state
    path = tmp_path / "broken.h5"
    path.write_bytes(b"no library at all")
    explorer.open_library(path)
    assert explorer.state == before
    assert str(path) in problems[0]


def test_a_library_without_a_single_band_is_refused(explorer, problems, popstar, tmp_path):
    ultraviolet = popstar.wavelength < 2000
    library = replace(
        popstar, name="uv", wavelength=popstar.wavelength[ultraviolet], luminosity=popstar.luminosity[..., ultraviolet]
    )
    write_library(library, tmp_path / "uv.h5")
    explorer.open_library(tmp_path / "uv.h5")
    assert explorer.library.name == "popstar"
    assert "uv" not in explorer.shelf.choices()
    assert "uv covers no band" in problems[0]


def test_one_bad_file_of_many_is_offered_to_be_left_out(explorer, heard, tmp_path, real_data):
    folder = tmp_path / "miuscat"
    shutil.copytree(real_data / "ssp" / "miuscat", folder)
    bad = sorted(folder.iterdir())[7]
    bad.write_bytes(bad.read_bytes()[:4000])
    unreadable = heard(explorer.unreadable)
    explorer.open_library(folder)
    assert explorer.library.name == "popstar"
    error, path, _ = unreadable[0]
    assert bad.name in str(error)
    explorer.open_library(path, skip_unreadable=True)
    assert explorer.library.n_models == 199


def test_an_embedded_library_is_read_when_chosen(explorer, heard):
    busy = heard(explorer.busy)
    explorer.choose_library("popstar-nebular")
    assert explorer.library.name == "popstar-nebular"
    assert busy == ["Working on popstar-nebular …", ""]
    explorer.choose_library("popstar")
    assert explorer.library.name == "popstar"


def test_undo_goes_back_to_the_library_before(explorer):
    explorer.choose_library("popstar-nebular")
    explorer.undo()
    assert explorer.library.name == "popstar"


def test_own_filter_curves_take_the_place_of_the_embedded_ones(explorer, heard, tmp_path):
    before, said = explorer.frame(), heard(explorer.said)
    curve = explorer.filters.curves[explorer.filters.index("J0660")]
    shifted = np.column_stack([curve.wavelength + 60.0, curve.transmission])
    np.savetxt(tmp_path / "J0660.dat", shifted)
    explorer.open_filters(tmp_path)
    after = explorer.frame()
    differs = ~np.isclose(after.flux_nu, before.flux_nu, rtol=1e-6)
    assert [band.name for band, changed in zip(after.bands, differs, strict=True) if changed] == ["J0660"]
    assert f"filter curves from {tmp_path}: J0660; the official ones: uJAVA, J0378" in said[-1]


def test_filter_curves_that_cannot_be_used_are_said(explorer, problems, tmp_path):
    (tmp_path / "J0660.dat").write_text("6700 0.1\n6600 0.5\n6500 0.1\n")
    before = explorer.filters
    explorer.open_filters(tmp_path)
    assert explorer.filters is before
    assert "wavelengths of J0660 do not increase" in problems[0]


def saved(explorer, tmp_path):
    path = tmp_path / "session.json"
    explorer.save_session(path)
    return path


def test_a_session_comes_back_as_it_was(explorer, new_explorer, popstar, tmp_path):
    write_part(popstar, tmp_path / "part.h5")
    explorer.open_library(tmp_path / "part.h5")
    explorer.pin()
    explorer.choose_library("popstar")
    explorer.set_population(redshift=0.2, log_age=9.1)
    explorer.set_view(quantity=Quantity.MAGNITUDE)

    other = new_explorer()
    other.open_session(saved(explorer, tmp_path))
    assert other.state == explorer.state
    assert other.view == explorer.view
    np.testing.assert_array_equal(other.frame().pins[0].y, explorer.frame().pins[0].y)


def test_a_session_whose_library_has_gone_is_asked_for_and_changes_nothing(
    explorer, new_explorer, heard, popstar, tmp_path
):
    path = tmp_path / "part.h5"
    write_part(popstar, path)
    explorer.open_library(path)
    session = saved(explorer, tmp_path)
    path.unlink()
    other = new_explorer()
    missing = heard(other.files_missing)
    other.open_session(session)
    assert other.last_step is None
    assert missing == [(session, (MissingFile("the library 'part'", str(path)),), {})]


def test_a_session_whose_library_has_changed_is_said(explorer, new_explorer, heard, popstar, tmp_path):
    path = tmp_path / "part.h5"
    write_part(popstar, path)
    explorer.open_library(path)
    session = saved(explorer, tmp_path)
    write_part(popstar, path, metallicity=slice(1, 5))
    other = new_explorer()
    problems = heard(other.problem)
    other.open_session(session)
    assert "has changed since the session was saved" in problems[0]


def test_a_session_gets_its_own_library_though_a_namesake_is_open(explorer, new_explorer, popstar, tmp_path):
    for folder, ages in (("a", slice(40, 90)), ("b", slice(60, 100))):
        (tmp_path / folder).mkdir()
        write_part(popstar, tmp_path / folder / "part.h5", log_age=ages)
    explorer.open_library(tmp_path / "a" / "part.h5")
    session = saved(explorer, tmp_path)
    other = new_explorer()
    other.open_library(tmp_path / "b" / "part.h5")
    other.open_session(session)
    assert other.library.numbers_sha256 == explorer.library.numbers_sha256
    np.testing.assert_array_equal(other.frame().flux_nu, explorer.frame().flux_nu)


def test_a_namesake_gets_a_name_of_its_own_and_pins_stay(explorer, popstar, tmp_path):
    for folder, ages in (("a", slice(40, 90)), ("b", slice(60, 100))):
        (tmp_path / folder).mkdir()
        write_part(popstar, tmp_path / folder / "part.h5", log_age=ages)
    explorer.open_library(tmp_path / "a" / "part.h5")
    explorer.set_population(log_age=8.0)
    explorer.pin()
    before = explorer.frame().pins[0].y
    explorer.open_library(tmp_path / "b" / "part.h5")
    assert explorer.library.name == "part-2"
    np.testing.assert_array_equal(explorer.frame().pins[0].y, before)
    explorer.open_library(tmp_path / "a" / "part.h5")
    assert explorer.library.name == "part"


def test_a_refused_namesake_leaves_the_record_of_the_good_one(explorer, popstar, tmp_path):
    for folder in ("a", "c"):
        (tmp_path / folder).mkdir()
    write_part(popstar, tmp_path / "a" / "part.h5")
    ultraviolet = popstar.wavelength < 2000
    library = replace(
        popstar,
        name="part",
        wavelength=popstar.wavelength[ultraviolet],
        luminosity=popstar.luminosity[..., ultraviolet],
    )
    write_library(library, tmp_path / "c" / "part.h5")
    explorer.open_library(tmp_path / "a" / "part.h5")
    explorer.open_library(tmp_path / "c" / "part.h5")
    assert [file.path for file in explorer.session().libraries] == [str(tmp_path / "a" / "part.h5")]
    assert "part-2" not in explorer.shelf.choices()


def test_what_was_chosen_last_is_used_though_an_older_read_is_not_ready(new_explorer, later, popstar, tmp_path):
    write_part(popstar, tmp_path / "part.h5")
    explorer = new_explorer(later)
    explorer.open_library(tmp_path / "part.h5")
    assert explorer.is_busy
    explorer.choose_library("popstar")
    assert not explorer.is_busy
    later.run()
    assert explorer.library.name == "popstar"


def test_several_files_are_opened_one_after_the_other(new_explorer, later, popstar, tmp_path):
    explorer = new_explorer(later)
    for name in ("one", "two"):
        write_part(popstar, tmp_path / f"{name}.h5", name=name, log_age=slice(40, 80 if name == "one" else 90))
        explorer.open_library(tmp_path / f"{name}.h5")
    later.run()
    assert {"one", "two"} <= set(explorer.shelf.choices())
    assert explorer.library.name == "two"


def test_a_dust_law_and_filter_curves_do_not_overtake_each_other(new_explorer, later, tmp_path):
    explorer = new_explorer(later)
    curve = explorer.filters.curves[explorer.filters.index("J0660")]
    np.savetxt(tmp_path / "J0660.dat", np.column_stack([curve.wavelength + 60.0, curve.transmission]))
    explorer.open_filters(tmp_path)
    explorer.set_law("ccm89")
    later.run()
    assert explorer.state.model.dust.law == "ccm89"
    assert str(tmp_path) in explorer.filters.source


def test_a_session_may_name_ones_own_models(explorer, tmp_path):
    folder = trained_model("dusty")
    view = replace(Session().view, models=("dusty", "paper-popstar"))
    write_session(replace(Session(), view=view), tmp_path / "s.json")
    explorer.open_session(tmp_path / "s.json")
    assert explorer.view.models == (str(folder), "paper-popstar")
    assert known_models(explorer.view.models)[str(folder)] == folder


def test_a_session_with_an_unknown_library_is_said(explorer, problems, tmp_path):
    state = replace(explorer.state, model=replace(explorer.state.model, library="atlantis"))
    write_session(Session(explorer=state), tmp_path / "s.json")
    explorer.open_session(tmp_path / "s.json")
    assert "atlantis" in problems[0]
    assert explorer.state.model.library == "popstar"


def write_noise(path, error):
    Table({"band": ["J0390", "J0660"], "magnitude": [20.0, 20.0], "magnitude_error": [error, error]}).write(
        path, overwrite=True
    )


def test_errors_from_a_file_are_used_and_read_anew_when_opened_again(explorer, tmp_path):
    path = tmp_path / "noise.ecsv"
    write_noise(path, 0.1)
    explorer.open_noise(path)
    first = explorer.frame()
    write_noise(path, 0.2)
    explorer.open_noise(path)
    second = explorer.frame()
    band = explorer.filters.index("J0660")
    assert second.flux_nu_error[band] == pytest.approx(2 * first.flux_nu_error[band])
    assert any("no error known: 54 bands, uJAVA to J1007" in note for note in second.notes)


def test_a_session_keeps_its_errors_and_notices_others(explorer, new_explorer, heard, tmp_path):
    write_noise(tmp_path / "noise.ecsv", 0.1)
    explorer.open_noise(tmp_path / "noise.ecsv")
    session = saved(explorer, tmp_path)
    other = new_explorer()
    other.open_session(session)
    assert other.state == explorer.state
    write_noise(tmp_path / "noise.ecsv", 0.2)
    third = new_explorer()
    problems = heard(third.problem)
    third.open_session(session)
    assert "the errors have changed since the session was saved" in problems[0]
    (tmp_path / "noise.ecsv").unlink()
    third.open_session(session, {str(tmp_path / "noise.ecsv"): None})
    assert problems[1] == f"the session is shown without the measured errors ({tmp_path / 'noise.ecsv'})"
    assert third.state.noise.survey == "mini-JPAS"


def test_a_session_keeps_the_filters_of_ones_own_and_notices_others(explorer, new_explorer, heard, tmp_path):
    folder = tmp_path / "curves"
    folder.mkdir()
    curve = explorer.filters.curves[explorer.filters.index("J0660")]
    np.savetxt(folder / "J0660.dat", np.column_stack([curve.wavelength + 60.0, curve.transmission]))
    explorer.open_filters(folder)
    session = saved(explorer, tmp_path)
    other = new_explorer()
    other.open_session(session)
    np.testing.assert_array_equal(other.frame().flux_nu, explorer.frame().flux_nu)
    np.savetxt(folder / "J0660.dat", np.column_stack([curve.wavelength + 90.0, curve.transmission]))
    third = new_explorer()
    problems = heard(third.problem)
    third.open_session(session)
    assert "the filter curves have changed since the session was saved" in problems[0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"magnitude": -1000}, "magnitude -1000 is outside 10 to 28"),
        ({"log_age": 400}, "log age 400 is outside 4 to 11"),
        ({"ebv": 5}, r"E(B-V) 5 is outside 0 to 2"),
    ],
)
def test_a_session_with_impossible_values_is_said(explorer, problems, tmp_path, change, message):
    path = saved(explorer, tmp_path)
    document = json.loads(path.read_text())
    document["explorer"]["model"]["population"] |= change
    path.write_text(json.dumps(document))
    before = explorer.state
    explorer.open_session(path)
    assert problems == [f"{path}: {message}"]
    assert explorer.state == before


@pytest.mark.parametrize("seed", [-1, 2**31])
def test_a_session_with_an_impossible_seed_is_said(explorer, problems, tmp_path, seed):
    path = saved(explorer, tmp_path)
    document = json.loads(path.read_text())
    document["explorer"]["seed"] = seed
    path.write_text(json.dumps(document))
    explorer.open_session(path)
    assert problems == [f"{path}: seed {seed} is outside 0 to 999999"]


def test_the_next_draw_after_the_last_seed_is_the_first(explorer):
    explorer.set_seed(999_999)
    explorer.next_draw()
    assert explorer.state.seed == 0


def test_the_values_are_saved_away_from_the_window(explorer, said, problems, tmp_path):
    explorer.save_sed(tmp_path / "sed.ecsv")
    assert said == [f"Saved: {tmp_path / 'sed.ecsv'}"]
    explorer.save_sed(tmp_path / "sed.xls")
    assert "sed.xls: give it a name that ends in .ecsv" in problems[0]


def test_several_libraries_in_one_place_are_asked_about(explorer, heard, tmp_path, real_data):
    for name in ("miuscat", "emiles_sample"):
        shutil.copytree(real_data / "ssp" / name, tmp_path, dirs_exist_ok=True)
    found = heard(explorer.variants_found)
    explorer.open_library(tmp_path)
    path, variants = found[0]
    assert len(variants) == 2
    explorer.open_library(path, next(variant for variant in variants if "BaSTI" in variant))
    assert explorer.library.n_models == 14
