import shutil
from dataclasses import replace

import numpy as np
import pytest

from jpas_gui.app.state import Quantity, Session, ViewOptions
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
    assert not explorer.can_undo


def test_reset_goes_back_to_the_start_and_can_be_undone(explorer):
    start = explorer.state
    explorer.set_population(log_age=7.0, redshift=1.0)
    explorer.set_dust(law="ccm89")
    changed = explorer.state
    explorer.reset()
    assert explorer.state == start
    explorer.undo()
    assert explorer.state == changed


def test_a_new_dust_law_starts_with_its_own_r_v(explorer):
    explorer.set_dust(law="ccm89")
    explorer.set_dust(r_v=5.0)
    explorer.set_dust(law="gordon23")
    assert explorer.state.model.dust.r_v is None


def test_an_impossible_r_v_is_said_and_changes_nothing(explorer, problems):
    explorer.set_dust(law="ccm89")
    before = explorer.state
    explorer.set_dust(r_v=9.0)
    assert explorer.state == before
    assert "R_V = 9 is outside the law ccm89" in problems[0]


def test_a_noise_file_that_cannot_be_used_is_said_and_changes_nothing(explorer, problems, tmp_path):
    before = explorer.state
    path = tmp_path / "noise.ecsv"
    path.write_text("not a table")
    explorer.set_noise(survey=str(path))
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
    assert busy == ["Reading popstar-nebular …", ""]
    explorer.choose_library("popstar")
    assert explorer.library.name == "popstar"


def test_undo_goes_back_to_the_library_before(explorer):
    explorer.choose_library("popstar-nebular")
    explorer.undo()
    assert explorer.library.name == "popstar"


def test_own_filter_curves_take_the_place_of_the_embedded_ones(explorer, tmp_path):
    before = explorer.frame()
    curve = explorer.filters.curves[explorer.filters.index("J0660")]
    shifted = np.column_stack([curve.wavelength + 60.0, curve.transmission])
    np.savetxt(tmp_path / "J0660.dat", shifted)
    explorer.open_filters(tmp_path)
    after = explorer.frame()
    differs = ~np.isclose(after.flux_nu, before.flux_nu, rtol=1e-6)
    assert [band.name for band, changed in zip(after.bands, differs, strict=True) if changed] == ["J0660"]


def test_filter_curves_that_cannot_be_used_are_said(explorer, problems, tmp_path):
    (tmp_path / "J0660.dat").write_text("6700 0.1\n6600 0.5\n6500 0.1\n")
    before = explorer.filters
    explorer.open_filters(tmp_path)
    assert explorer.filters is before
    assert "wavelengths of J0660 do not increase" in problems[0]


def test_a_session_comes_back_as_it_was(explorer, new_explorer, popstar, tmp_path):
    write_part(popstar, tmp_path / "part.h5")
    explorer.open_library(tmp_path / "part.h5")
    explorer.pin()
    explorer.choose_library("popstar")
    explorer.set_population(redshift=0.2, log_age=9.1)
    explorer.set_view(quantity=Quantity.MAGNITUDE)
    session = explorer.session()

    other = new_explorer()
    other.restore(session)
    assert other.state == explorer.state
    assert other.view == explorer.view
    np.testing.assert_array_equal(other.frame().pins[0].y, explorer.frame().pins[0].y)


def test_a_session_whose_library_has_gone_is_said_and_changes_nothing(explorer, new_explorer, heard, popstar, tmp_path):
    path = tmp_path / "part.h5"
    write_part(popstar, path)
    explorer.open_library(path)
    session = explorer.session()
    path.unlink()
    other = new_explorer()
    problems = heard(other.problem)
    other.restore(session)
    assert other.state.model.library == "popstar"
    assert problems == [f"{path}: the library 'part' of the session is not there any more"]


def test_a_session_whose_library_has_changed_is_said(explorer, new_explorer, heard, popstar, tmp_path):
    path = tmp_path / "part.h5"
    write_part(popstar, path)
    explorer.open_library(path)
    session = explorer.session()
    write_part(popstar, path, metallicity=slice(1, 5))
    other = new_explorer()
    problems = heard(other.problem)
    other.restore(session)
    assert "has changed since the session was saved" in problems[0]


def test_a_session_with_an_unknown_library_is_said(explorer, problems):
    state = replace(explorer.state, model=replace(explorer.state.model, library="atlantis"))
    explorer.restore(Session(explorer=state, view=ViewOptions()))
    assert "atlantis" in problems[0]
    assert explorer.state.model.library == "popstar"


def test_a_session_whose_noise_file_has_gone_changes_nothing(explorer, heard, tmp_path):
    state = replace(explorer.state, noise=replace(explorer.state.noise, survey=str(tmp_path / "gone.ecsv")))
    before, view = explorer.state, explorer.view
    problems = heard(explorer.problem)
    explorer.restore(Session(explorer=state, view=ViewOptions(fan=True)))
    assert "gone.ecsv" in problems[0]
    assert (explorer.state, explorer.view) == (before, view)


def test_a_session_keeps_the_filters_of_ones_own(explorer, new_explorer, tmp_path):
    curve = explorer.filters.curves[explorer.filters.index("J0660")]
    np.savetxt(tmp_path / "J0660.dat", np.column_stack([curve.wavelength + 60.0, curve.transmission]))
    explorer.open_filters(tmp_path)
    other = new_explorer()
    other.restore(explorer.session())
    np.testing.assert_array_equal(other.frame().flux_nu, explorer.frame().flux_nu)


def test_several_libraries_in_one_place_are_asked_about(explorer, heard, tmp_path, real_data):
    for name in ("miuscat", "emiles_sample"):
        shutil.copytree(real_data / "ssp" / name, tmp_path, dirs_exist_ok=True)
    found = heard(explorer.variants_found)
    explorer.open_library(tmp_path)
    path, variants = found[0]
    assert len(variants) == 2
    explorer.open_library(path, next(variant for variant in variants if "BaSTI" in variant))
    assert explorer.library.n_models == 14
