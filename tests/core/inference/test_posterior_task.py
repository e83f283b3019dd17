"""The posterior preset: its basis, its analytic fit, its mocks, and a small training from end to end."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from jpas_gui.core.errors import InputError
from jpas_gui.core.flags import Flag
from jpas_gui.core.inference.bundle import read_bundle
from jpas_gui.core.inference.colour_basis import ColourBasis, colour_basis
from jpas_gui.core.inference.colour_fit import ColourFitter
from jpas_gui.core.inference.exact.exact_posterior import ExactPosterior
from jpas_gui.core.inference.mocks import MockPrior
from jpas_gui.core.inference.noise_table import NoiseTable
from jpas_gui.core.inference.posterior_task import PosteriorTask, posterior_task
from jpas_gui.core.inference.predictor import Photometry, Predictor
from jpas_gui.core.inference.running import run_training
from jpas_gui.core.inference.settings import PosteriorSettings, settings_from
from jpas_gui.core.inference.testing import answer_mocks
from jpas_gui.core.photometry.attenuation import ATTENUATION_LAWS
from jpas_gui.core.photometry.filter_files import embedded_filters
from jpas_gui.core.photometry.noise import MeasuredNoise
from jpas_gui.core.photometry.noise_settings import NoiseSettings, noise_model
from jpas_gui.core.ssp.library import SSPLibrary

PROCESSOR = torch.device("cpu")
RANGE = (0.08, 0.12)


@pytest.fixture(scope="module")
def prior(popstar: SSPLibrary) -> MockPrior:
    return MockPrior((popstar,), (1.0,), embedded_filters(), ATTENUATION_LAWS["calzetti"], 56, RANGE)


@pytest.fixture(scope="module")
def basis(popstar: SSPLibrary) -> ColourBasis:
    return colour_basis([popstar], embedded_filters(), 56, RANGE)


@pytest.fixture(scope="module")
def fitter(basis: ColourBasis) -> ColourFitter:
    result = ColourFitter(basis.redshift.size, 56, basis.components.shape[2], *basis.cells.terms.shape[:2])
    result.set_basis(basis)
    return result


@pytest.fixture(scope="module")
def settings() -> PosteriorSettings:
    content = {
        "preset": "posterior",
        "data": {"redshift_range": list(RANGE), "n_redshifts": 8, "n_per_redshift": 256, "samples_per_epoch": 1024},
        "network": {"width": 32, "depth": 1, "gaussians": 2},
        "training": {"epochs": 2, "batch_size": 256, "threads": 1},
    }
    read = settings_from(content, "here", Path())
    assert isinstance(read, PosteriorSettings)
    return read


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The folder in which what comes before the first epoch is kept."""
    return str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def bundle(settings: PosteriorSettings, cache: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "small"
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_CACHE_HOME", cache)
        run_training(settings, folder, PROCESSOR, watched=True)
    return folder


@pytest.mark.bit_exact
def test_what_came_before_the_first_epoch_is_not_computed_again(
    bundle: Path, settings: PosteriorSettings, cache: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", cache)
    for place, name in (("mocks.MockPrior", "draw"), ("posterior_task", "colour_basis"), ("watch", "answered_mocks")):
        monkeypatch.setattr(f"jpas_gui.core.inference.{place}.{name}", None)
    monkeypatch.setattr(PosteriorTask, "_answered", None)
    events: list[Mapping[str, Any]] = []
    run_training(settings, tmp_path / "again", PROCESSOR, events.append, watched=True)
    first, again = (read_bundle(folder) for folder in (bundle, tmp_path / "again"))
    assert first.weights.keys() == again.weights.keys()
    assert all(torch.equal(tensor, again.weights[name]) for name, tensor in first.weights.items())
    assert first.description["domain"] == again.description["domain"]
    mocks = next(event for event in events if event["event"] == "mocks")
    assert len(mocks["truth"]) == len(mocks["magnitude"]) == 520
    assert len(mocks["exact"]["scatter"]) == 13


def mocks_at(prior: MockPrior, magnitude: float, n: int) -> tuple[Photometry, np.ndarray]:
    mocks = prior.draw(8, n // 8, np.random.default_rng(4))
    flux = np.exp(mocks.log_flux) * 10 ** (-0.4 * (magnitude - 22.5))
    error = noise_model(NoiseSettings(), embedded_filters().names[:56]).flux_nu_error(flux)
    noisy = flux + error * np.random.default_rng(5).standard_normal(flux.shape)
    return Photometry(noisy, error, mocks.mask.copy(), mocks.redshift.astype(float)), mocks.parameters


def tensors(photometry: Photometry) -> tuple[torch.Tensor, ...]:
    unit = np.median(photometry.flux_nu, axis=1, keepdims=True)
    arrays = photometry.flux_nu / unit, photometry.flux_nu_error / unit, photometry.mask, photometry.redshift
    return tuple(torch.as_tensor(np.asarray(a, dtype=np.float32)) for a in arrays)


def test_the_basis_describes_every_colour(basis: ColourBasis, prior: MockPrior) -> None:
    mocks = prior.draw(8, 50, np.random.default_rng(1))
    at = np.abs(basis.redshift[:, None] - mocks.redshift).argmin(axis=0)
    left = []
    for z, colours in zip(at, mocks.log_flux, strict=True):
        design = np.column_stack([np.ones(56), basis.components[z]])
        residual = colours - basis.mean[z]
        left.append(residual - design @ np.linalg.lstsq(design, residual, rcond=None)[0])
    assert np.sqrt(np.mean(np.square(left))) < 1.5e-3


def test_the_fit_finds_bright_populations(fitter: ColourFitter, prior: MockPrior) -> None:
    photometry, truth = mocks_at(prior, 17.0, 400)
    fit = fitter(*tensors(photometry))
    error = np.abs(fit.best.numpy() - truth)
    assert (np.median(error, axis=0) < [0.02, 0.03, 0.005]).all()
    sigma = torch.linalg.norm(fit.best_factor, dim=2).numpy()
    assert (np.median(error / sigma, axis=0) < 1.5).all()
    assert 0.15 < float(fit.misfit.median()) < 0.6  # 41 numbers are fitted to 56 bands


def test_the_fit_of_bright_populations_is_that_of_the_exact_posterior(fitter: ColourFitter, prior: MockPrior) -> None:
    photometry, _ = mocks_at(prior, 16.0, 40)
    offset = []
    for row, mean in enumerate(fitter(*tensors(photometry)).mean.numpy()):
        exact = ExactPosterior(prior.grid(0, float(photometry.redshift[row])), slice(0, 56))
        low, median, high = exact(photometry.flux_nu[row], photometry.flux_nu_error[row]).percentiles()
        offset.append(2 * np.abs(mean - median) / (high - low))
    assert (np.median(offset, axis=0) < 0.5).all()


@pytest.mark.parametrize("magnitude", [18.0, 19.0, 21.0])
def test_the_fit_knows_mean_and_width_of_the_posterior(
    fitter: ColourFitter, prior: MockPrior, magnitude: float
) -> None:
    photometry, truth = mocks_at(prior, magnitude, 400)
    fit = fitter(*tensors(photometry))
    offset = torch.as_tensor(truth) - fit.mean
    standard = torch.linalg.solve_triangular(fit.mean_factor, offset[..., None], upper=False)[..., 0]
    squared = standard.square().sum(dim=1)
    # Of a Gaussian posterior it has three degrees of freedom: a median of 2.4, and 6.3 at 90 %.
    assert 1.4 < float(squared.median()) < 3.4
    assert 4 < float(squared.quantile(0.9)) < 12


def test_missing_bands_do_not_matter_to_the_fit(fitter: ColourFitter, prior: MockPrior) -> None:
    photometry, _ = mocks_at(prior, 19.0, 64)
    flux, error, mask, redshift = tensors(photometry)
    mask[:, ::4] = 0
    expected = fitter(flux, error, mask, redshift)
    found = fitter(torch.where(mask > 0, flux, 100.0), error, mask, redshift)
    assert torch.allclose(found.best, expected.best, atol=1e-3)
    assert torch.allclose(found.coefficients, expected.coefficients, atol=1e-3)


def test_mocks_share_out_libraries_and_redshifts(popstar: SSPLibrary) -> None:
    both = MockPrior((popstar, popstar), (3.0, 1.0), embedded_filters(), ATTENUATION_LAWS["calzetti"], 56, (0.0, 0.5))
    mocks = both.draw(8, 3, np.random.default_rng(1))
    assert np.bincount(mocks.library).tolist() == [18, 6]
    assert (np.floor(mocks.redshift[::3] * 16) == np.arange(8)).all()
    assert mocks.mask.all()


@pytest.mark.parametrize("kind", ["depths", "measured"])
def test_tabulated_noise_is_that_of_the_model(kind: str) -> None:
    names = embedded_filters().names[:56]
    if kind == "depths":
        noise = noise_model(NoiseSettings(aperture_factor=1.0), names)
    else:
        measured = np.outer(np.linspace(0.5, 2, 56), [0.01, 0.05, 0.2])
        noise = MeasuredNoise("measured", np.array([17.0, 20.0, 22.0]), measured)
    table = NoiseTable(noise, 56, 0.0, PROCESSOR)
    flux = 10 ** (-0.4 * (np.random.default_rng(1).uniform(15, 24, (50, 56)) - 22.5))
    aperture = torch.full((50, 1), 1.5)
    found = table.flux_nu_error(torch.as_tensor(flux, dtype=torch.float32), aperture).numpy()
    assert found == pytest.approx(1.5 * noise.flux_nu_error(flux), rel=2e-3)


def test_an_epoch_is_always_the_same_and_no_other(settings: PosteriorSettings) -> None:
    task = posterior_task(settings, PROCESSOR)
    first, again, other = (next(iter(task.batches(epoch))) for epoch in (3, 3, 4))
    assert torch.equal(first.flux, again.flux)
    assert not torch.equal(first.flux, other.flux)
    assert task.n_batches == 4
    complete = first.mask.all(dim=1).float().mean()
    assert 0.4 < float(complete) < 0.65


def test_a_trained_model_answers_within_its_prior(bundle: Path, prior: MockPrior) -> None:
    predictor = Predictor.load(bundle)
    photometry, truth = mocks_at(prior, 20.0, 400)
    answers = predictor.predict(photometry)
    low, high = np.array([[6.5, -2.301, 0], [10.15, 0.398, 1]])
    assert ((answers.percentiles >= low[:, None]) & (answers.percentiles <= high[:, None])).all()
    assert (np.diff(answers.percentiles, axis=2) > 0).all()
    assert np.array_equal(answers.point, answers.percentiles[:, :, 1])
    assert (np.mean(np.abs(answers.point - truth), axis=0) < [0.4, 0.6, 0.15]).all()
    ranks = predictor.ranks(photometry, truth)
    assert ranks is not None
    assert 0.4 < ranks.mean() < 0.6
    assert np.mean(answers.flag == 0) > 0.9
    draws = predictor.samples(photometry.rows(slice(0, 3)), 4000, 1)
    assert draws is not None
    assert np.median(draws, axis=1) == pytest.approx(answers.point[:3], abs=0.1)
    both = predictor.predict_and_sample(photometry.rows(slice(0, 3)), 4000, 1)
    alone = predictor.predict(photometry.rows(slice(0, 3)))
    np.testing.assert_allclose(both[0].percentiles, alone.percentiles, rtol=1e-5, atol=1e-5)
    # By rounding, a draw in a million may come from another Gaussian of the mixture.
    assert np.mean(np.abs(both[1].samples - draws) < 1e-4) > 0.999


def test_what_lies_outside_is_flagged_and_no_row_is_lost(bundle: Path, prior: MockPrior) -> None:
    photometry, _ = mocks_at(prior, 19.0, 48)
    photometry.mask[0, 5:] = False
    photometry.redshift[1] = 0.7
    photometry.redshift[2] = np.nan
    photometry.flux_nu[3] *= 1e5
    photometry.flux_nu[4, ::2] *= 3
    photometry.flux_nu[5] = np.nan
    photometry.flux_nu_error[6, 0] = -1.0
    answers = Predictor.load(bundle).predict(photometry)
    assert len(answers.flag) == 48
    assert answers.flag[[0, 1, 2, 5]].tolist() == [
        Flag.BANDS | (answers.flag[0] & ~Flag.BANDS),
        Flag.REDSHIFT,
        Flag.REDSHIFT,
        Flag.BANDS | (answers.flag[5] & ~Flag.BANDS),
    ]
    assert np.isnan(answers.point[[0, 1, 2, 5]]).all()
    assert answers.flag[3] & Flag.MAGNITUDE
    assert answers.flag[4] & Flag.CHI2
    assert np.isfinite(answers.point[[3, 4, 6]]).all()
    assert answers.n_bands[[0, 5, 6, 7]].tolist() == [5, 0, 55, 56]


def test_no_galaxies_get_no_answers(bundle: Path) -> None:
    nothing = np.empty((0, 56))
    answers = Predictor.load(bundle).predict(Photometry(nothing, nothing, nothing.astype(bool), np.empty(0)))
    assert answers.percentiles.shape == (0, 3, 3)


def test_what_a_model_cannot_do_at_all_is_refused(bundle: Path) -> None:
    predictor = Predictor.load(bundle)
    with pytest.raises(InputError, match="small was not trained on iSDSS"):
        predictor.check_request([*predictor.bands, "iSDSS"], np.array([0.1]))
    with pytest.raises(InputError, match=r"small needs 10 bands or more; there is no J0430, J0440"):
        predictor.check_request(predictor.bands[:6], np.array([0.1]))
    with pytest.raises(InputError, match=r"small was trained on redshifts 0.08 to 0.12, not on 0.4"):
        predictor.check_request(predictor.bands, np.array([0.4, 0.6]))
    predictor.check_request(predictor.bands, np.array([0.1, 0.6]))


def test_numbers_that_do_not_fit_are_refused(bundle: Path) -> None:
    whole = Predictor.load(bundle).bundle
    network = whole.description["network"] | {"width": 33}
    with pytest.raises(InputError, match="small: damaged model"):
        Predictor(replace(whole, description={**whole.description, "network": network}))


def test_a_model_is_measured_against_the_exact_posterior(bundle: Path) -> None:
    answers = answer_mocks(bundle, n_per_bin=20, n_exact=2, seed=1)
    assert len(answers) == 13 * 20
    assert answers.exact is not None
    assert answers.exact.rows.tolist() == [20 * i + j for i in range(13) for j in range(2)]
    bright = answers.exact.rows[answers.magnitude[answers.exact.rows] < 17]
    exact = answers.exact.median[: len(bright)] - answers.truth[bright]
    assert np.abs(exact[:, 0]).max() < 0.2
    with pytest.raises(InputError, match="its mocks are drawn anew in every epoch"):
        answer_mocks(bundle, n_per_bin=20, n_exact=0, seed=1, split="test")


def test_a_library_that_vanished_is_named(bundle: Path) -> None:
    with pytest.raises(InputError, match="nowhere: no such file or folder, and no library of that name"):
        answer_mocks(bundle, n_per_bin=2, n_exact=0, seed=1, libraries=("nowhere",))
