"""The exact posterior, against brute force, a Markov chain, and the truth of mocks."""

import emcee
import numpy as np
import pytest

from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.band_grid import BandGrid
from jpas_gui.core.inference.exact.exact_posterior import ExactPosterior
from jpas_gui.core.inference.exact.posterior import Posterior, mixture_of
from jpas_gui.core.inference.mocks import draw_parameters
from jpas_gui.core.magnitudes import flux_of_magnitude
from jpas_gui.core.photometry.filter_files import embedded_filters
from jpas_gui.core.photometry.noise_settings import NoiseSettings, noise_model

BANDS = slice(0, 56)


@pytest.fixture(scope="module")
def exact(grid: BandGrid) -> ExactPosterior:
    return ExactPosterior(grid, BANDS)


def observed(grid: BandGrid, parameters: np.ndarray, magnitude: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    flux = np.exp(grid.log_fluxes(np.atleast_2d(parameters))[:, BANDS]) * flux_of_magnitude(magnitude)
    error = noise_model(NoiseSettings(), embedded_filters().names[BANDS]).flux_nu_error(flux)
    return flux + error * np.random.default_rng(seed).standard_normal(flux.shape), error


def log_likelihood(grid: BandGrid, parameters: np.ndarray, flux: np.ndarray, error: np.ndarray) -> np.ndarray:
    """Of populations, by a sum over amplitudes: nothing is solved for."""
    sed = np.exp(grid.log_fluxes(parameters)[:, BANDS].astype(float))
    best = (sed * flux / error**2).sum(1) / (sed**2 / error**2).sum(1)
    sigma = 1 / np.sqrt((sed**2 / error**2).sum(1))
    steps = np.linspace(-6, 6, 121)
    amplitude = np.maximum(best[:, None] + sigma[:, None] * steps, 1e-12)
    chi2 = (((flux - amplitude[..., None] * sed[:, None]) / error) ** 2).sum(2)
    least = chi2.min(1, keepdims=True)
    return np.log((np.exp(-0.5 * (chi2 - least)) / amplitude).sum(1) * sigma) - 0.5 * least[:, 0]


def weighted_percentiles(values: np.ndarray, weight: np.ndarray) -> np.ndarray:
    order = np.argsort(values)
    cumulative = np.cumsum(weight[order]) - weight[order] / 2
    return np.interp([0.16, 0.5, 0.84], cumulative / weight.sum(), values[order])


@pytest.mark.parametrize("magnitude", [21.0, 22.5])
def test_it_agrees_with_brute_force_on_a_fine_grid(grid: BandGrid, exact: ExactPosterior, magnitude: float) -> None:
    [flux], [error] = observed(grid, np.array([9.2, -0.4, 0.3]), magnitude, 1)
    axes = [np.linspace(low, high, n + 1) for (low, high), n in zip(LIMITS, (73, 36, 40), strict=True)]
    centres = [(axis[:-1] + axis[1:]) / 2 for axis in axes]
    nodes = np.stack(np.meshgrid(*centres, indexing="ij"), axis=-1).reshape(-1, 3)
    log = np.concatenate([log_likelihood(grid, part, flux, error) for part in np.array_split(nodes, 60)])
    weight = np.exp(log - log.max())
    posterior = exact(flux, error)
    answer = posterior.percentiles()
    for number in range(3):
        expected = weighted_percentiles(nodes[:, number], weight)
        assert np.abs(answer[:, number] - expected).max() < 0.05 * (expected[2] - expected[0]) / 2 + 0.01
    # One constant for all posteriors of the same data: the evidence is the mean likelihood.
    other = exact(flux, error, np.arange(56) != 3)
    assert np.isfinite(posterior.log_evidence - other.log_evidence)


LIMITS = ((6.5, 10.15), (-2.301, 0.3979), (0.0, 1.0))


@pytest.mark.parametrize("magnitude", [17.0, 19.0])
def test_it_agrees_with_a_markov_chain_at_high_signal(grid: BandGrid, exact: ExactPosterior, magnitude: float) -> None:
    truth = np.array([9.5, -0.2, 0.25])
    [flux], [error] = observed(grid, truth, magnitude, 3)
    posterior = exact(flux, error)
    low, high = np.array(LIMITS).T

    def log_probability(parameters: np.ndarray) -> np.ndarray:
        inside = ((parameters > low) & (parameters < high)).all(axis=1)
        result = np.full(len(parameters), -np.inf)
        if inside.any():
            sed = np.exp(grid.log_fluxes(parameters[inside])[:, BANDS].astype(float))
            power, overlap = (sed**2 / error**2).sum(1), (sed * flux / error**2).sum(1)
            result[inside] = 0.5 * overlap**2 / power - np.log(overlap / np.sqrt(power))
        return result

    random = np.random.default_rng(5)
    np.random.seed(7)  # noqa: NPY002  emcee draws from the global generator
    # Many walkers: each of the peaks that the library's nodes make starts with its share of them.
    start = posterior.sample(1536, 11) + 1e-6 * random.standard_normal((1536, 3))
    start = np.clip(start, low + 1e-6, high - 1e-6)
    # Differential evolution jumps between these peaks. (The proposals of emcee's DESnookerMove are weighted wrongly.)
    moves = [(emcee.moves.DEMove(), 0.8), (emcee.moves.StretchMove(), 0.2)]
    sampler = emcee.EnsembleSampler(1536, 3, log_probability, moves=moves, vectorize=True)
    state = sampler.run_mcmc(start, 60)
    sampler.reset()
    sampler.run_mcmc(state, 300)
    chain = np.percentile(sampler.get_chain(flat=True), [16, 50, 84], axis=0)
    width = (chain[2] - chain[0]) / 2
    assert (np.abs(posterior.percentiles() - chain) < 0.1 * width).all()


def cut_finer(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "_FINEST": 0.15,
        "_SHEAR": 0.5,
        "_STEEPEST": 0.2,
        "_MOST_CUTS": 200,
        "_USUAL_PIECES": (20_000, 20_000),
    }.items():
        monkeypatch.setattr(f"jpas_gui.core.inference.exact.density.{name}", value)
    monkeypatch.setattr("jpas_gui.core.inference.exact.density._EBV_STEPS", (20, 20))
    monkeypatch.setattr("jpas_gui.core.inference.exact.search._FINE", 0.7)


def test_a_finer_grid_changes_nothing_even_at_the_highest_signal(
    grid: BandGrid, exact: ExactPosterior, monkeypatch: pytest.MonkeyPatch
) -> None:
    parameters = draw_parameters(grid, 6, np.random.default_rng(2))
    flux, error = observed(grid, parameters, 15.0, 4)
    usual = [exact(*galaxy).percentiles() for galaxy in zip(flux, error, strict=True)]
    cut_finer(monkeypatch)
    fine = [exact(*galaxy).percentiles() for galaxy in zip(flux, error, strict=True)]
    for one, other in zip(usual, fine, strict=True):
        width = (other[2] - other[0]) / 2
        assert np.median(np.abs(one - other) / width) < 0.05


def test_a_finer_grid_changes_nothing_where_no_population_fits(
    grid: BandGrid, exact: ExactPosterior, monkeypatch: pytest.MonkeyPatch
) -> None:
    parameters = draw_parameters(grid, 6, np.random.default_rng(2))
    flux, error = observed(grid, parameters, 17.0, 4)
    flux *= 1 + 0.1 * np.sin(np.arange(56))  # Colours that no population has.
    usual = [exact(*galaxy) for galaxy in zip(flux, error, strict=True)]
    assert all(posterior.chi2 > 10 * 56 for posterior in usual)
    cut_finer(monkeypatch)
    fine = [exact(*galaxy).percentiles() for galaxy in zip(flux, error, strict=True)]
    for one, other in zip(usual, fine, strict=True):
        assert np.abs((one.percentiles() - other) / (other[2] - other[0])).max() < 0.2


def test_intervals_hold_the_truth_as_often_as_they_say(grid: BandGrid, exact: ExactPosterior) -> None:
    parameters = draw_parameters(grid, 150, np.random.default_rng(8))
    flux, error = observed(grid, parameters, 20.0, 9)
    ranks = np.array([exact(f, e).cumulative(p) for f, e, p in zip(flux, error, parameters, strict=True)])
    inside = ((ranks > 0.16) & (ranks < 0.84)).mean()
    assert abs(inside - 0.68) < 4 * np.sqrt(0.68 * 0.32 / ranks.size)
    assert abs(ranks.mean() - 0.5) < 4 / np.sqrt(12 * ranks.size)


def test_masked_bands_and_bands_without_a_number_do_not_count(grid: BandGrid, exact: ExactPosterior) -> None:
    [flux], [error] = observed(grid, np.array([8.5, 0.0, 0.1]), 19.0, 1)
    mask = np.arange(56) % 3 != 0
    expected = exact(flux, error, mask).percentiles()
    spoiled = np.where(mask, flux, 1e6)
    for other in (exact(spoiled, error, mask), exact(np.where(mask, flux, np.nan), error)):
        np.testing.assert_allclose(other.percentiles(), expected, rtol=1e-5, atol=1e-5)
    assert exact(flux, error, mask).n_bands == mask.sum()


def test_the_best_population_and_its_magnitude_are_found(grid: BandGrid, exact: ExactPosterior) -> None:
    truth = np.array([9.0, -0.3, 0.4])
    [flux], [error] = observed(grid, truth, 17.0, 2)
    posterior = exact(flux, error)
    assert np.abs(posterior.best - truth).max() < 0.2
    assert posterior.magnitude == pytest.approx(17.0, abs=0.02)
    assert 20 < posterior.chi2 < 100


def test_marginals_and_maps_hold_all_the_probability(grid: BandGrid, exact: ExactPosterior) -> None:
    [flux], [error] = observed(grid, np.array([9.0, -0.3, 0.4]), 21.0, 2)
    posterior = exact(flux, error)
    age, ebv = np.linspace(6.5, 10.15, 40), np.linspace(0, 1, 30)
    marginal = posterior.marginal("log_age", age)
    density = posterior.map(("log_age", "ebv"), (age, ebv))
    assert marginal @ np.diff(age) == pytest.approx(1, abs=1e-6)
    assert np.diff(age) @ density @ np.diff(ebv) == pytest.approx(1, abs=1e-6)
    assert density @ np.diff(ebv) == pytest.approx(marginal, rel=1e-6)
    draws = posterior.sample(20_000, 3)
    assert np.percentile(draws[:, 0], 50) == pytest.approx(posterior.percentiles((50,))[0, 0], abs=0.05)


def box(centre: float, log_evidence: float) -> Posterior:
    place = np.array([[centre, 0.0, 0.5]])
    return Posterior(place, np.full((1, 3), 0.1), np.ones(1), log_evidence, place[0], 50.0 - centre, 19.0, 56)


def test_libraries_mix_by_prior_and_evidence() -> None:
    mixed = mixture_of([box(8.0, 0.0), box(9.0, np.log(3.0))], (2.0, 1.0))
    assert mixed.weight == pytest.approx([0.4, 0.6])
    assert mixed.log_evidence == pytest.approx(np.log(5 / 3))
    assert mixed.best[0] == 9.0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda flux, error, mask: (flux, error, mask & (np.arange(56) < 1)), "1 usable bands"),
        (lambda flux, error, mask: (np.where(np.arange(56) == 4, np.nan, flux), error, mask), "no flux or no positive"),
        (lambda flux, error, mask: (flux, np.where(np.arange(56) == 4, 0, error), mask), "no flux or no positive"),
        (lambda flux, error, mask: (flux * 1e25, error, mask), "are both in one unit"),
    ],
)
def test_photometry_that_cannot_be_used_is_refused(grid: BandGrid, exact: ExactPosterior, change, message) -> None:
    [flux], [error] = observed(grid, np.array([9.0, -0.3, 0.4]), 19.0, 2)
    with pytest.raises(InputError, match=message):
        exact(*change(flux, error, np.ones(56, dtype=bool)))
