"""The exact posterior asked for many galaxies: as if each had been asked for alone, whatever its numbers are."""

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mock_galaxies import assert_same_rows, mock_table, write_column_map, write_mocks

from jpas_gui.core.catalogues.column_map import read_column_map
from jpas_gui.core.catalogues.opening import OpeningOptions, open_catalogue
from jpas_gui.core.catalogues.predictions.arrow import provenance_of
from jpas_gui.core.catalogues.predictions.parts import Existing
from jpas_gui.core.errors import InputError
from jpas_gui.core.flags import Flag
from jpas_gui.core.inference.band_grid import band_grid
from jpas_gui.core.inference.catalogue_model import EXACT, ModelChoice
from jpas_gui.core.inference.catalogue_run import predict_catalogue
from jpas_gui.core.inference.exact.exact_posterior import ExactPosterior
from jpas_gui.core.inference.exact.predictor import ExactPredictor, chi2_flag
from jpas_gui.core.inference.predictor import Photometry, Prediction
from jpas_gui.core.photometry.bands import N_SURVEY_BANDS
from jpas_gui.core.photometry.filter_files import embedded_filters
from jpas_gui.core.ssp.readers.popstar import read_popstar

SURVEY = slice(0, N_SURVEY_BANDS)
REDSHIFTS = (0.1, 0.0, 0.35)


def photometry(redshift: float, n: int) -> Photometry:
    table = mock_table(n, redshift, seed=7).to_pydict()
    flux, error = (
        np.column_stack([values for name, values in table.items() if name.startswith(kind)])
        for kind in ("FLUX_", "ERR_")
    )
    return Photometry(flux, error, np.ones(flux.shape, dtype=bool), np.full(n, redshift))


def joined(parts: list[Photometry]) -> Photometry:
    return Photometry(*(np.concatenate([getattr(part, item.name) for part in parts]) for item in fields(Photometry)))


@pytest.fixture(scope="module")
def exact() -> ExactPredictor:
    return ExactPredictor(read_popstar(), embedded_filters())


@pytest.fixture(scope="module")
def galaxies() -> Photometry:
    """Galaxies of three redshifts, in turns; some lack bands."""
    together = joined([photometry(redshift, 6) for redshift in REDSHIFTS])
    together.mask[4, 20:30] = False
    together.flux_nu[4, 20:30] = np.nan
    return together.rows(np.random.default_rng(1).permutation(len(together)))


def test_each_galaxy_has_the_posterior_at_its_own_redshift(exact: ExactPredictor, galaxies: Photometry) -> None:
    answers = exact.predict(galaxies)
    for row, redshift in enumerate(galaxies.redshift):
        alone = ExactPosterior(band_grid(exact.library, exact.filters, redshift), SURVEY)
        posterior = alone(galaxies.flux_nu[row], galaxies.flux_nu_error[row], galaxies.mask[row])
        percentiles = posterior.percentiles((16.0, 50.0, 84.0))
        np.testing.assert_allclose(answers.percentiles[row], percentiles.T, rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(answers.point[row], percentiles[1], rtol=1e-5, atol=1e-5)
        assert answers.chi2[row] == pytest.approx(posterior.chi2, rel=1e-5)
        assert answers.n_bands[row] == posterior.n_bands == galaxies.mask[row].sum()
    assert np.isnan(answers.distance).all()
    assert not answers.flag.any()


def test_an_answer_does_not_depend_on_the_other_rows(exact: ExactPredictor, galaxies: Photometry) -> None:
    together = exact.predict(galaxies)
    order = np.random.default_rng(2).permutation(len(galaxies))
    shuffled = exact.predict(galaxies.rows(order))
    alone = [exact.predict(galaxies.rows(slice(row, row + 1))) for row in range(len(galaxies))]
    for item in fields(Prediction):
        values = getattr(together, item.name)
        np.testing.assert_allclose(getattr(shuffled, item.name), values[order], rtol=1e-6)
        np.testing.assert_allclose(np.concatenate([getattr(one, item.name) for one in alone]), values, rtol=1e-6)


@pytest.mark.bit_exact
def test_parts_threads_and_a_run_that_was_cut_off_change_nothing(tmp_path: Path, exact: ExactPredictor) -> None:
    options = OpeningOptions(columns=read_column_map(write_column_map(tmp_path)), redshift=0.0)
    catalogue = open_catalogue(write_mocks(tmp_path / "mocks.parquet", 24), options)
    predict_catalogue(catalogue, exact, tmp_path / "one.parquet", chunk=8)
    predict_catalogue(catalogue, exact, tmp_path / "threads.parquet", chunk=8, threads=3)
    asked = iter([False, False, True])
    result = predict_catalogue(catalogue, exact, tmp_path / "cut.parquet", chunk=8, stop=lambda: next(asked))
    assert result.stopped
    other = ExactPredictor(replace(exact.library, luminosity=exact.library.luminosity * 2), exact.filters)
    with pytest.raises(InputError, match="the unfinished run had another model"):
        predict_catalogue(catalogue, other, tmp_path / "cut.parquet", chunk=8, existing=Existing.RESUME)
    predict_catalogue(catalogue, exact, tmp_path / "cut.parquet", chunk=8, existing=Existing.RESUME)
    one = pq.read_table(tmp_path / "one.parquet")
    assert_same_rows(pq.read_table(tmp_path / "threads.parquet"), one)
    assert_same_rows(pq.read_table(tmp_path / "cut.parquet"), one)
    assert one["NUMBER"].to_pylist() == list(range(24))


def test_provenance_names_library_prior_dust_and_filters(tmp_path: Path, exact: ExactPredictor) -> None:
    options = OpeningOptions(columns=read_column_map(write_column_map(tmp_path)), redshift=0.0)
    catalogue = open_catalogue(write_mocks(tmp_path / "mocks.parquet", 2), options)
    predict_catalogue(catalogue, exact, tmp_path / "out.parquet")
    model = provenance_of(pq.read_schema(tmp_path / "out.parquet"))["model"]
    assert model["name"] == EXACT
    assert model["library"]["name"] == "popstar"
    assert model["library"]["numbers_sha256"] == exact.library.numbers_sha256
    assert model["library"]["solar_metallicity"] == 0.02
    assert model["prior"].startswith("uniform in log_age, metallicity and ebv over the grid")
    assert model["grid"]["ebv"] == [0.0, 1.0]
    assert model["grid"]["metallicity"] == pytest.approx([-2.301, 0.398], abs=1e-3)
    assert model["dust"] == "calzetti"
    assert model["filters"]["sha256"] == exact.filters.sha256


def test_galaxies_without_an_answer_are_flagged(exact: ExactPredictor) -> None:
    galaxies = photometry(0.0, 7)
    galaxies.mask[0] = False
    galaxies.mask[1, 1:] = False
    galaxies.mask[2, 2:] = False
    galaxies.redshift[3:6] = np.nan, 1.6, -0.02
    galaxies.flux_nu_error[6] = 0.0
    answers = exact.predict(galaxies)
    bands, redshift = int(Flag.BANDS), int(Flag.REDSHIFT)
    assert answers.flag.tolist() == [bands, bands, 0, redshift, redshift, redshift, bands]
    answered = np.isfinite(answers.point).all(axis=1)
    assert answered.tolist() == [False, False, True, False, False, False, False]
    assert np.isnan(answers.percentiles[~answered]).all()
    assert np.isnan(answers.chi2[~answered]).all()
    assert answers.n_bands[:3].tolist() == [0, 1, 2]


def test_a_galaxy_that_no_population_fits_is_flagged_beside_its_answer(exact: ExactPredictor) -> None:
    galaxies = photometry(0.0, 2)
    galaxies.flux_nu[1, ::2] *= 2
    answers = exact.predict(galaxies)
    assert (answers.flag & Flag.CHI2).tolist() == [0, Flag.CHI2]
    assert np.isfinite(answers.point).all()


def test_one_in_a_thousand_of_noise_is_flagged(exact: ExactPredictor) -> None:
    one = photometry(0.0, 1)
    posterior = exact.posterior(one.flux_nu[0], one.flux_nu_error[0], one.mask[0], 0.0)
    # 56 bands less four fitted numbers: a table of chi2 gives 89.27 for 52 degrees of freedom.
    assert chi2_flag(replace(posterior, chi2=89.1)) == 0
    assert chi2_flag(replace(posterior, chi2=89.4)) == Flag.CHI2


_NUMBERS = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([0.0, -1.0, 1e-300, 1e-30, 1e-6, 1.0, 1e6, 1e30, 1e300, -1e300]),
)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(_NUMBERS, _NUMBERS), min_size=1, max_size=N_SURVEY_BANDS),
    st.one_of(st.sampled_from([0.0, 0.1, 1.5]), st.just(np.nan), st.floats(allow_nan=True, allow_infinity=True)),
)
def test_no_photometry_ends_in_anything_but_an_answer_or_a_flag(
    exact: ExactPredictor, numbers: list[tuple[float, float]], redshift: float
) -> None:
    flux, error = np.resize(np.array(numbers), (N_SURVEY_BANDS, 2)).T[:, np.newaxis].copy()
    answers = exact.predict(Photometry(flux, error, np.ones(flux.shape, dtype=bool), np.array([redshift])))
    answered = np.isfinite(answers.percentiles).all()
    assert answered or answers.flag[0] != 0
    assert answered == np.isfinite(answers.point).all() == np.isfinite(answers.chi2).all()


def test_no_galaxies_have_no_answers(exact: ExactPredictor) -> None:
    assert exact.predict(photometry(0.0, 1).rows(slice(0))).point.shape == (0, 3)


def test_what_cannot_be_done_for_any_galaxy_is_told_before_work_begins(exact: ExactPredictor) -> None:
    with pytest.raises(InputError, match=r"exact \(popstar\) needs 2 of the survey's bands or more; there are 1"):
        exact.check_request(["J0500"], np.empty(0))
    with pytest.raises(InputError, match=r"exact \(popstar\) knows redshifts -0.01 to 1.5, not 3"):
        exact.check_request(exact.bands, np.array([3.0]))
    exact.check_request(exact.bands[:2], np.empty(0))


def test_libraries_that_hold_no_posterior_are_refused(exact: ExactPredictor) -> None:
    whole = exact.library
    one = replace(whole, metallicity=whole.metallicity[:1], luminosity=whole.luminosity[:1])
    with pytest.raises(InputError, match="inference needs two or more of each"):
        ExactPredictor(one, exact.filters)
    corners = whole.luminosity[:2, 60:62].copy()
    corners[0, 0] = np.nan
    four = replace(whole, metallicity=whole.metallicity[:2], log_age=whole.log_age[60:62], luminosity=corners)
    with pytest.raises(InputError, match="popstar: no two neighbouring metallicities have models of the same two"):
        ExactPredictor(four, exact.filters)
    red = whole.wavelength > 10_100
    infrared = replace(whole, wavelength=whole.wavelength[red], luminosity=whole.luminosity[..., red].copy())
    with pytest.raises(InputError, match="popstar covers no band at redshift 0"):
        ExactPredictor(infrared, exact.filters).check_request(exact.bands, np.array([0.0]))


def test_bands_that_the_library_does_not_cover_are_not_used(exact: ExactPredictor) -> None:
    whole = exact.library
    kept = (whole.wavelength > 4900) & (whole.wavelength < 5300)
    narrow = replace(whole, wavelength=whole.wavelength[kept], luminosity=whole.luminosity[..., kept].copy())
    galaxies = joined([photometry(0.0, 1), photometry(0.0, 1), photometry(0.0, 1)])
    galaxies.redshift[:] = 0.0, 0.4, 1.5
    answers = ExactPredictor(narrow, exact.filters).predict(galaxies)
    assert 0 < answers.n_bands[0] < 10
    assert np.isfinite(answers.point[:2]).all()
    assert answers.flag[2] == Flag.REDSHIFT
    assert np.isnan(answers.point[2]).all()


def test_a_trained_model_takes_no_library() -> None:
    with pytest.raises(InputError, match="--library miles: posterior-popstar was trained on its own libraries"):
        ModelChoice("posterior-popstar", "miles")


def test_workers_find_what_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("popstar", "own"):
        (tmp_path / name).mkdir()
    for known in (ModelChoice(EXACT), ModelChoice(EXACT, "popstar"), ModelChoice("paper-popstar")):
        assert known.for_workers() == known
    assert ModelChoice(EXACT, "own").for_workers() == ModelChoice(EXACT, str(tmp_path / "own"))
    assert ModelChoice("own").for_workers() == ModelChoice(str(tmp_path / "own"))
