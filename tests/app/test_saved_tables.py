"""What is saved of what is shown: the explorer with pins and predictions, a galaxy with masks and answers."""

from dataclasses import replace

import numpy as np
import pytest
from astropy.table import Table
from made_galaxies import TRUTH, write_galaxies

from jpas_gui.app.answer_tables import column_names
from jpas_gui.app.libraries import OpenedLibrary
from jpas_gui.app.live_prediction import LivePrediction
from jpas_gui.app.notes import Quality
from jpas_gui.app.observed import ObservedController, Workers
from jpas_gui.core.catalogues.opening import OpeningOptions, open_catalogue
from jpas_gui.core.photometry.bands import all_bands

J0660 = [band.name for band in all_bands()].index("J0660")


class Latest:
    """Does at once what is asked for."""

    def submit(self, job, done, failed, *, keep_running=False):
        done(job())

    def cancel(self):
        pass


def saved(path):
    table = Table.read(path, format="ascii.ecsv")
    return table, {name: table.meta[name]["rows"] for name in ("pins", "predictions", "answers") if name in table.meta}


# -- the explorer -----------------------------------------------------------------------------------------------------


def test_pins_are_saved_with_what_they_are(explorer, tmp_path):
    explorer.set_population(log_age=8.5, magnitude=17.0)
    pinned = explorer.frame().flux_nu
    explorer.pin()
    explorer.set_population(log_age=9.9)
    explorer.save_sed(tmp_path / "sed.ecsv")
    table, more = saved(tmp_path / "sed.ecsv")
    np.testing.assert_allclose(table["flux_nu_pin_1"], pinned)
    assert str(table["flux_nu_pin_1"].unit) == "nmgy"
    assert more["pins"][0]["log_age"] == 8.5
    assert (more["pins"][0]["law"], more["pins"][0]["r_v"]) == ("calzetti", 4.05)
    assert table.meta["population"]["log_age"] == 9.9
    assert "predictions" not in more


def test_predictions_are_saved_with_percentiles_seds_and_residuals(explorer, tmp_path):
    live = LivePrediction(explorer, Latest())
    live.follow(explorer.frame())
    live.draw_cloud()
    explorer.save_sed(tmp_path / "sed.ecsv", live.frame, live.cloud)
    table, more = saved(tmp_path / "sed.ecsv")
    paper, posterior = more["predictions"]
    answer = live.frame.answers[1]
    assert [row["model"] for row in (paper, posterior)] == ["paper-popstar", "posterior-popstar"]
    assert posterior["log_age_p84"] == pytest.approx(float(answer.percentiles[0, 2]))
    assert np.isnan(paper["log_age_p84"])
    assert posterior["chi2"] == pytest.approx(answer.comparison.chi2)
    assert posterior["n_draws"] == 500
    assert posterior["ebv_scatter"] == pytest.approx(float(live.cloud.clouds[1].scatter[2]))
    np.testing.assert_allclose(table["flux_nu_posterior_popstar"], answer.flux_nu)
    residual = (table["flux_nu_noisy"] - table["flux_nu_posterior_popstar"]) / table["flux_nu_error"]
    np.testing.assert_allclose(table["residual_sigma_posterior_popstar"][:56], residual[:56])
    assert len(table.meta["models"]["posterior-popstar"]["weights_sha256"]) == 64


def test_the_fan_is_saved_in_its_own_fluxes(explorer, tmp_path):
    explorer.set_view(fan=True)
    explorer.save_sed(tmp_path / "sed.ecsv")
    table, _ = saved(tmp_path / "sed.ecsv")
    faint = np.asarray(table["flux_nu_noisy_at_22"][:56]) / table["flux_nu"][:56]
    assert np.median(faint) == pytest.approx(10 ** (-0.4 * 3), rel=0.05)


def test_csv_says_what_it_has_no_place_for(explorer, tmp_path, said):
    explorer.pin()
    explorer.save_sed(tmp_path / "sed.csv")
    path = tmp_path / "sed.csv"
    assert said[-1] == (f"Saved: {path}; .csv has no place for pins, units, provenance: .ecsv, .fits and .vot have")


def test_models_of_one_name_have_columns_of_their_own():
    names = column_names(["posterior-popstar", "/runs/a/model", "/runs/b/model", "/runs/é(1)"])
    assert list(names.values()) == ["posterior_popstar", "model", "model_no_2", "__1_"]


# -- a galaxy ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def controller(explorer, tmp_path):
    catalogue = write_galaxies(tmp_path / "galaxies.csv")
    controller = ObservedController(explorer, Workers(*(Latest() for _ in range(5))))
    controller.show(open_catalogue(catalogue, OpeningOptions(redshift=0.0)), 1)
    return controller


def test_a_galaxy_is_saved_with_masks_and_their_reasons(controller, tmp_path):
    controller.toggle_band(J0660)
    controller.set_note(quality=Quality.DOUBTFUL, text="merger?")
    controller.save_galaxy(tmp_path / "galaxy.ecsv")
    table, _ = saved(tmp_path / "galaxy.ecsv")
    galaxy = controller.galaxy
    np.testing.assert_allclose(np.ma.filled(table["flux_nu"], np.nan), galaxy.flux_nu[0])
    assert list(table["mask"]) == list(galaxy.mask[0])
    assert table["mask_reason"][J0660] == "masked by hand"
    assert "Halpha" in table["emission_lines"][J0660]
    assert table.meta["note"] == {"quality": "doubtful", "text": "merger?"}


def test_each_answer_of_a_galaxy_is_saved_with_its_sed(controller, tmp_path):
    controller.save_galaxy(tmp_path / "galaxy.ecsv")
    table, more = saved(tmp_path / "galaxy.ecsv")
    _, posterior, exact = more["answers"]
    assert [row["model"] for row in more["answers"]] == ["paper-popstar", "posterior-popstar", "exact"]
    assert exact["log_age"] == exact["log_age_p50"] == pytest.approx(TRUTH[1].log_age, abs=0.3)
    assert exact["log_age_p16"] < exact["log_age"] < exact["log_age_p84"]
    assert (exact["n_bands"], exact["flag"], exact["remarks"]) == (56, 0, "")
    assert (exact["sed_library"], exact["sed_law"], exact["sed_n_bands"]) == ("popstar", "calzetti", 56)
    assert exact["sed_magnitude"] == pytest.approx(TRUTH[1].magnitude, abs=0.1)
    fitted = controller.frame().seds[-1]
    np.testing.assert_allclose(table["flux_nu_exact"], fitted.y)
    residual = np.asarray(table["residual_sigma_exact"])[:56]
    assert np.sum(residual**2) == pytest.approx(exact["sed_chi2"])
    assert posterior["distance"] > 0


def test_the_sed_of_an_answer_that_the_library_does_not_reach_is_the_nearest(explorer, controller, popstar, tmp_path):
    old = replace(popstar, name="old", log_age=popstar.log_age[-10:], luminosity=popstar.luminosity[:, -10:])
    explorer.shelf.put(OpenedLibrary(old, None))
    explorer.choose_library("old")
    controller.save_galaxy(tmp_path / "galaxy.ecsv")
    table, more = saved(tmp_path / "galaxy.ecsv")
    posterior = more["answers"][1]
    assert posterior["log_age"] < old.log_age[0] == pytest.approx(posterior["sed_log_age"])
    assert f"{old.log_age[0]:.2f} is shown" in posterior["remarks"]
    assert posterior["sed_library"] == table.meta["library"]["name"] == "old"


def test_where_a_galaxy_and_its_answers_come_from_is_saved(controller, tmp_path):
    controller.show_sliders(True)
    controller.save_galaxy(tmp_path / "galaxy.ecsv")
    table, more = saved(tmp_path / "galaxy.ecsv")
    assert table.meta["catalogue"]["file"] == str(tmp_path / "galaxies.csv")
    assert table.meta["catalogue"]["sampled_sha256"] == controller.catalogue.sampled_sha256
    assert table.meta["catalogue"]["read_with"]["redshift"] == 0.0
    assert table.meta["galaxy"] == {"name": "102", "row": 1, "redshift": 0.0, "problem": ""}
    assert table.meta["library"]["name"] == "popstar"
    assert set(table.meta["models"]) == {"paper-popstar", "posterior-popstar"}
    assert more["answers"][-1]["model"] == "sliders"
    assert more["answers"][-1]["sed_log_age"] == 9.7
    assert np.isnan(more["answers"][-1]["log_age"])


@pytest.mark.filterwarnings("ignore:.*nanomaggy")
def test_a_galaxy_that_nothing_has_answered_is_saved(explorer, controller, tmp_path):
    explorer.set_view(models=())
    controller._answers = {}
    controller.save_galaxy(tmp_path / "galaxy.fits")
    assert len(Table.read(tmp_path / "galaxy.fits", hdu="BANDS")) == 60


@pytest.mark.filterwarnings("ignore")  # nanomaggy is in no standard of units
@pytest.mark.parametrize("suffix", ["fits", "vot", "csv"])
def test_a_galaxy_is_saved_in_each_format(controller, tmp_path, suffix, heard):
    said = heard(controller.said)
    path = tmp_path / f"galaxy.{suffix}"
    controller.save_galaxy(path)
    assert ("no place for answers" in said[-1]) is (suffix == "csv")
    kind = {"fits": {"hdu": "ANSWERS"}, "vot": {"table_id": "ANSWERS"}}.get(suffix)
    if kind:
        assert list(Table.read(path, **kind)["model"]) == ["paper-popstar", "posterior-popstar", "exact"]
