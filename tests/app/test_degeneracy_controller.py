from dataclasses import replace

import numpy as np
import pytest
from astropy.table import Table
from made_galaxies import TRUTH, write_galaxies

from jpas_gui.app import degeneracy_tables, limits_frame
from jpas_gui.app.band_sets import REMARKS, BandSet, band_set_of, names_of
from jpas_gui.app.degeneracy import DegeneracyController
from jpas_gui.app.degeneracy_frame import NETWORK
from jpas_gui.app.degeneracy_options import Page, Source
from jpas_gui.app.degeneracy_tables import (
    bands_table,
    curve_table,
    map_table,
    opinions_table,
    posterior_table,
    twins_table,
)
from jpas_gui.app.degeneracy_words import change_words, telling_words, twin_words
from jpas_gui.app.exact_shelf import ExactShelf
from jpas_gui.app.libraries import OpenedLibrary
from jpas_gui.core.catalogues.opening import OpeningOptions, open_catalogue
from jpas_gui.core.catalogues.writing import write_table
from jpas_gui.core.errors import InputError
from jpas_gui.core.photometry.bands import all_bands

NAMES = [band.name for band in all_bands()]


@pytest.fixture
def galaxies():
    """What is selected in the list of observed galaxies."""
    return []


@pytest.fixture(scope="module")
def shelf():
    return ExactShelf()


@pytest.fixture
def controller(explorer, worker, galaxies, shelf):
    return DegeneracyController(explorer, worker, lambda: galaxies[0] if galaxies else None, shelf)


@pytest.fixture
def sharp(controller, worker):
    """Return the whole answer to what is asked now."""

    def ask(**options):
        controller.watch(True)
        controller.set_options(network=False, **options)
        worker.run()
        controller.sharpen()
        worker.run()
        return controller.frame

    return ask


def width(frame):
    return frame.percentiles[2] - frame.percentiles[0]


def test_nothing_is_computed_while_nobody_looks(controller, worker, explorer):
    explorer.set_population(log_age=9.0)
    controller.ask()
    controller.sharpen()
    assert worker.waiting is None
    assert not controller.is_busy
    controller.watch(True)
    assert controller.is_busy
    controller.watch(False)
    assert worker.waiting is None
    assert not controller.is_busy


def test_a_drag_has_coarse_answers_and_its_end_the_whole_one(controller, worker, explorer):
    controller.watch(True)
    worker.run()
    first = controller.frame
    assert not first.is_sharp
    assert first.twins == ()
    assert first.words[0].startswith("log age ")
    assert float(first.words[0].split()[2]) == pytest.approx(9.7, abs=0.03)
    explorer.set_population(log_age=9.0)
    controller.ask()
    explorer.set_population(log_age=8.8)
    controller.ask()
    controller.ask()  # nothing has changed
    worker.run()
    assert controller.frame.centre[0] == 8.8
    controller.sharpen()
    worker.run()
    frame = controller.frame
    assert frame.is_sharp
    assert controller.is_sharp
    assert not controller.is_busy
    assert len(frame.twins) == 6
    assert frame.network is not None
    np.testing.assert_allclose(frame.network.point, frame.centre, atol=0.3)
    controller.sharpen()
    assert worker.waiting is None  # it is sharp already


@pytest.mark.parametrize("magnitude", [16.0, 20.0])
def test_while_the_redshift_is_dragged_percentiles_are_nearly_the_whole_ones(controller, worker, explorer, magnitude):
    explorer.set_population(magnitude=magnitude, redshift=0.0537, ebv=0.25)
    controller._shelf = ExactShelf()  # where no posterior waits for this redshift
    controller.watch(True)
    worker.run()
    coarse = controller.frame
    controller.sharpen()
    worker.run()
    off = np.abs(coarse.percentiles - controller.frame.percentiles)
    assert off.max() > 0  # it is another grid
    assert (off < 0.05 * width(controller.frame)).all()


def test_an_answer_that_comes_late_is_not_taken_for_the_present_one(controller, worker, explorer):
    controller.watch(True)
    worker.run()
    controller.sharpen()
    late, worker.waiting = worker.waiting, None
    explorer.set_population(log_age=8.8)
    controller.ask()
    late[1](late[0]())
    assert not controller.frame.is_sharp
    assert not controller.is_sharp
    worker.run()
    assert controller.frame.centre[0] == 8.8


def test_fewer_bands_say_less_and_the_survey_is_laid_over_them(controller, sharp):
    survey = width(sharp())
    assert controller.frame.whole is None
    ugriz = sharp(bands=names_of(BandSet.UGRIZ))
    assert (width(ugriz) > survey).all()
    assert ugriz.scene.mask.sum() == 5
    np.testing.assert_allclose(ugriz.whole.point, ugriz.centre, atol=0.05)
    assert (ugriz.information.share[:56] >= 0).all()
    controller.toggle_band(NAMES.index("gSDSS"))
    assert "gSDSS" not in controller.options.bands
    controller.toggle_band(NAMES.index("gSDSS"))
    assert controller.options.bands == names_of(BandSet.UGRIZ)


def test_a_longer_exposure_says_more(sharp):
    present, longer = sharp(), sharp(exposure=9.0)
    assert (width(longer) < 0.75 * width(present)).all()
    assert longer.whole is not None
    assert "9 × the exposure" in longer.scene.stamp


def test_sets_of_bands():
    assert [len(names_of(band_set)) for band_set in BandSet] == [56, 60, 5, 12]
    assert all(band_set_of(names_of(band_set)) is band_set for band_set in BandSet)
    assert band_set_of(("J0510",)) is None
    for stand_in in ("J0390", "J0520", "J0860", "J0910"):
        assert stand_in in names_of(BandSet.JPLUS)
        assert stand_in in REMARKS[BandSet.JPLUS]


def test_the_network_says_what_it_does_not_know(controller, worker):
    controller.watch(True)
    controller.set_options(bands=names_of(BandSet.ALL))
    worker.run()
    controller.sharpen()
    worker.run()
    assert controller.frame.remarks == (f"{NETWORK} does not use the broad bands",)


def test_too_few_bands_are_said_and_more_bands_help(controller, worker, sharp):
    controller.watch(True)
    controller.set_options(bands=("J0510",))
    worker.run()
    assert controller.frame is None
    assert controller.problem == "1 usable bands: the posterior needs two or more"
    assert not controller.is_busy
    assert sharp(bands=names_of(BandSet.SURVEY)).is_sharp
    assert controller.problem == ""


def test_a_failure_that_comes_late_is_not_that_of_the_present_question(controller, worker):
    controller.watch(True)
    controller.set_options(bands=("J0510",))
    late, worker.waiting = worker.waiting, None
    controller.set_options(bands=names_of(BandSet.SURVEY))
    late[2](InputError("1 usable bands"))
    assert controller.problem == ""
    assert controller.is_busy


def test_a_library_of_one_metallicity_is_named(controller, worker, explorer, popstar):
    one = replace(popstar, name="one", metallicity=popstar.metallicity[3:4], luminosity=popstar.luminosity[3:4])
    explorer.shelf.put(OpenedLibrary(one, None))
    controller.watch(True)
    explorer.choose_library("one")
    controller.ask()
    worker.run()
    assert controller.problem.startswith("one: 1 metallicities")
    assert controller.problem.endswith("inference needs two or more of each")


def test_another_law_and_r_v_are_those_of_the_grid(controller, sharp, explorer):
    explorer.set_law("ccm89")
    explorer.set_r_v(5.0)
    explorer.set_population(ebv=0.5, magnitude=16.0)
    frame = sharp()
    np.testing.assert_allclose(frame.percentiles[1], frame.centre, atol=0.02)


# -- observed galaxies ------------------------------------------------------------------------------------------------


def test_without_a_galaxy_that_is_said(controller, worker):
    controller.watch(True)
    controller.set_options(source=Source.GALAXY)
    assert controller.problem == "no observed galaxy is selected: open a catalogue in the tab Observed"
    assert worker.waiting is None
    assert not controller.is_busy


def test_a_galaxy_has_the_degeneracies_of_its_own_photometry(controller, sharp, galaxies, tmp_path, explorer, worker):
    catalogue = open_catalogue(write_galaxies(tmp_path / "galaxies.csv"), OpeningOptions(redshift=0.0))
    galaxies.append(catalogue.galaxies(0, 1))
    frame = sharp(source=Source.GALAXY)
    assert frame.scene.truth is None
    assert "· PopStar, Calzetti 2000 · J-PAS, 56 bands" in frame.scene.stamp
    low, high = frame.percentiles[0], frame.percentiles[2]
    spread = high - low
    truth = np.array([TRUTH[0].log_age, TRUTH[0].metallicity, TRUTH[0].ebv])
    assert ((truth > low - spread) & (truth < high + spread)).all()
    assert abs(frame.magnitude - TRUTH[0].magnitude) < 0.05
    assert len(frame.twins) == 6
    for twin in frame.twins:
        assert (np.isfinite(twin.difference) == frame.scene.usable).all()  # not in bands that the file lacks
        assert np.nansum(twin.difference**2) < 4  # compared with the population, not with its noise
    explorer.set_population(log_age=8.0)  # the sliders mean nothing here
    controller.ask()
    assert worker.waiting is None
    deeper = sharp(source=Source.GALAXY, exposure=4.0)
    np.testing.assert_allclose(deeper.scene.flux_nu, frame.scene.flux_nu, rtol=1e-12)
    np.testing.assert_allclose(deeper.scene.flux_nu_error, frame.scene.flux_nu_error / 2)
    assert (width(deeper) < 0.75 * width(frame)).all()
    np.testing.assert_allclose(deeper.whole.point, frame.percentiles[1], atol=0.2 * spread.min())
    assert "4 × the exposure" in deeper.scene.stamp
    assert "J-PAS, 60 bands: 56 of 60 usable" in sharp(source=Source.GALAXY, bands=names_of(BandSet.ALL)).scene.stamp
    galaxies[0] = replace(galaxies[0], redshift=np.array([np.nan]))
    controller.galaxy_changed()
    assert controller.problem.startswith("the redshift of the observed galaxy is not known")


# -- twins ------------------------------------------------------------------------------------------------------------


def test_twins_in_words_and_on_the_sliders(controller, sharp, explorer):
    explorer.set_population(magnitude=21.0)
    frame = sharp()
    youngest = frame.twins[0]
    assert (youngest.parameter, youngest.direction) == ("log_age", -1)
    assert "dex younger" in twin_words(youngest, frame.centre)
    assert telling_words(youngest, all_bands()).count("σ") == 3
    assert change_words("ebv", 0.12) == "0.12 mag more dust"
    controller.take_twin(0)
    population = explorer.state.model.population
    np.testing.assert_allclose([population.log_age, population.metallicity, population.ebv], youngest.parameters)
    controller.take_twin(99)  # there is none
    assert explorer.state.model.population == population


# -- limits and libraries ---------------------------------------------------------------------------------------------


@pytest.fixture
def few_magnitudes(monkeypatch):
    for module in (limits_frame, degeneracy_tables):
        monkeypatch.setattr(module, "MAGNITUDES", np.array([17.0, 19.0, 21.0]))
    monkeypatch.setattr(limits_frame, "_EARLY", np.array([0, 2, 1]))
    monkeypatch.setattr(limits_frame, "_PART", 2)


def test_limits_grow_part_by_part_and_the_map_outlives_a_change_of_age(
    controller, worker, sharp, explorer, few_magnitudes
):
    sharp()
    assert worker.waiting is None  # the page in view needs no more
    controller.show_page(Page.LIMITS)
    worker.run()
    fisher = controller.curve.fisher
    assert (np.diff(fisher[:, 2]) > 0).all()
    while not controller.curve.is_whole:
        worker.run()
    exact = controller.curve.exact
    assert np.isfinite(exact).all()
    assert (exact[-1] > 5 * exact[0]).all()
    np.testing.assert_allclose(exact[1], width(controller.frame) / 2, rtol=0.05)
    for _ in range(3):
        worker.run()
    known = controller.library_map.grid.n_known
    assert 0 < known < controller.library_map.grid.n_nodes
    assert controller.is_busy
    explorer.set_population(log_age=9.0)
    sharp()
    worker.run()
    while not controller.curve.is_whole:
        worker.run()
    worker.run()
    assert controller.library_map.grid.n_known > known
    explorer.set_population(magnitude=20.0)
    sharp()
    while controller.library_map.magnitude != 20.0:
        worker.run()
    assert controller.library_map.grid.n_known <= known


@pytest.fixture
def older(explorer, popstar):
    """A library that takes every population for 0.1 dex older."""
    library = replace(popstar, name="older", title="Older", log_age=popstar.log_age + 0.1)
    return explorer.shelf.put(OpenedLibrary(library, None))


def test_another_library_says_what_it_would_take_this_for(controller, worker, sharp, older):
    frame = sharp()
    controller.show_page(Page.LIBRARIES)
    worker.run()
    [opinion] = controller.opinions
    assert opinion.library is older
    np.testing.assert_allclose(opinion.percentiles[1] - frame.percentiles[1], [0.1, 0, 0], atol=0.01)
    used = frame.scene.mask
    assert np.nanmax(np.abs(opinion.magnitudes[used])) > 0.005
    assert (np.sign(opinion.magnitudes[used]) == -np.sign(opinion.sigmas[used])).all()
    assert worker.waiting is None
    controller.compare_with("older")
    worker.run()
    grid = controller.library_map.grid
    young = grid.log_age < 9.5
    np.testing.assert_allclose(np.nanmedian(grid.bias[young, :, 0]), 0.1, atol=0.05)


def test_a_library_that_cannot_answer_says_why(controller, worker, sharp, explorer, popstar):
    one = replace(popstar, name="one", metallicity=popstar.metallicity[3:4], luminosity=popstar.luminosity[3:4])
    explorer.shelf.put(OpenedLibrary(one, None))
    sharp()
    controller.show_page(Page.LIBRARIES)
    worker.run()
    [opinion] = controller.opinions
    assert np.isnan(opinion.percentiles).all()
    assert opinion.remarks[-1].endswith("inference needs two or more of each")


# -- tables -----------------------------------------------------------------------------------------------------------


def test_everything_can_be_saved(controller, worker, sharp, older, tmp_path, few_magnitudes):
    frame = sharp()
    controller.show_page(Page.LIMITS)
    while controller.library_map is None:
        worker.run()
    limits = curve_table(frame, controller.curve), map_table(frame, controller.library_map)
    controller.show_page(Page.LIBRARIES)
    worker.run()
    made = [posterior_table(frame), bands_table(frame), twins_table(frame), *limits]
    made.append(opinions_table(frame, controller.opinions))
    for number, table in enumerate(made):
        for suffix in (".csv", ".ecsv", ".fits"):
            path = tmp_path / f"{number}{suffix}"
            write_table(table, path)
            assert len(Table.read(path)) == len(table)
        text = (tmp_path / f"{number}.ecsv").read_text()
        assert "PopStar" in text
        assert "noise mini-JPAS" in text
    again = Table.read(tmp_path / "1.csv")
    assert list(again["band"]) == NAMES
    np.testing.assert_allclose(again["information_ebv"], frame.information.share[:, 2])


def test_what_is_not_known_yet_cannot_be_saved(sharp):
    frame = sharp()
    with pytest.raises(InputError, match="errors against magnitude are not known yet"):
        curve_table(frame, None)
    with pytest.raises(InputError, match="the map is not known yet"):
        map_table(frame, None)
    with pytest.raises(InputError, match="no other library to compare with: open one first"):
        opinions_table(frame, ())
    with pytest.raises(InputError, match="no twins to save yet"):
        twins_table(replace(frame, twins=()))
