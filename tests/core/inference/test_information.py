"""Maps, trades, twins and Fisher information, against what they stand for."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markov_chain import chain_percentiles

from jpas_gui.core.inference.band_grid import BandGrid
from jpas_gui.core.inference.degeneracy import covariance, trades
from jpas_gui.core.inference.exact.exact_posterior import ExactPosterior, Posterior
from jpas_gui.core.inference.information import expected_errors, information
from jpas_gui.core.inference.limits import LibraryMap, Survey, expected, grown
from jpas_gui.core.inference.mocks import draw_parameters
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.core.inference.posterior_maps import maps_of
from jpas_gui.core.inference.twins import find_twins
from jpas_gui.core.photometry.exposure import with_exposure
from jpas_gui.core.photometry.filter_files import embedded_filters
from jpas_gui.core.photometry.noise_settings import NoiseSettings, noise_model

MASK = np.arange(60) < 56
PAIRS = ((0, 1), (0, 2), (1, 2))
SINGLE_PEAK = np.array([8.62, -0.15, 0.33])


@pytest.fixture(scope="module")
def exact(grid: BandGrid) -> ExactPosterior:
    return ExactPosterior(grid, slice(0, 60))


@pytest.fixture(scope="module")
def survey() -> Survey:
    return Survey(noise_model(NoiseSettings(), embedded_filters().names), MASK)


def seen(survey: Survey, grid: BandGrid, parameters: np.ndarray, magnitude: float) -> tuple[np.ndarray, np.ndarray]:
    [flux], [error] = survey.observe(grid, parameters[np.newaxis], magnitude)
    return flux, error


def boxes(seed: int, n: int = 200) -> Posterior:
    """Return a posterior of any shape."""
    random = np.random.default_rng(seed)
    centre = random.multivariate_normal([9.0, -0.3, 0.4], np.diag([0.2, 0.1, 0.05]), n)
    half = random.uniform(1e-4, 0.2, (n, 3))
    weight = random.dirichlet(np.ones(n))
    return Posterior(centre, half, weight, 0.0, centre[0], 0.0, 19.0, 56)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.integers(5, 60))
def test_all_maps_at_once_are_those_of_the_posterior(seed: int, bins: int) -> None:
    posterior = boxes(seed)
    edges = [np.linspace(low, high, bins + 1) for low, high in ((7.8, 10.2), (-1.2, 0.6), (-0.2, 1.1))]
    found = maps_of(posterior, edges, PAIRS)
    for number, name in enumerate(PARAMETERS):
        expected_density = posterior.marginal(name, edges[number])
        np.testing.assert_allclose(found.marginals[number], expected_density, atol=5e-6 * expected_density.max())
    for density, (a, b) in zip(found.maps, PAIRS, strict=True):
        expected_map = posterior.map((PARAMETERS[a], PARAMETERS[b]), (edges[a], edges[b]))
        np.testing.assert_allclose(density, expected_map, atol=5e-6 * expected_map.max())


def test_the_covariance_is_that_of_draws() -> None:
    posterior = boxes(3)
    draws = np.cov(posterior.sample(200_000, 1).T)
    np.testing.assert_allclose(covariance(posterior), draws, atol=0.02 * draws.max())


def test_younger_and_dustier_trade(grid: BandGrid, exact: ExactPosterior, survey: Survey) -> None:
    flux, error = seen(survey, grid, np.array([8.3, -0.7, 0.4]), 21.0)
    posterior = exact(flux, error, MASK)
    strongest = trades(posterior)[0]
    assert strongest.parameters == ("log_age", "ebv")
    assert strongest.correlation < -0.8
    age, dust = strongest.step
    assert age < 0 < dust
    sigma = np.sqrt(np.diag(covariance(posterior)))
    assert 0.9 * sigma[0] < -age <= sigma[0]
    assert 0.9 * sigma[2] < dust <= sigma[2]


@pytest.mark.parametrize("magnitude", [17.0, 20.0, 22.0])
def test_twins_are_within_the_limit_and_nothing_within_it_is_farther(
    grid: BandGrid, exact: ExactPosterior, survey: Survey, magnitude: float
) -> None:
    truth = np.array([9.3, -0.3, 0.25])
    flux, error = seen(survey, grid, truth, magnitude)
    posterior = exact(flux, error, MASK)
    twins = find_twins(posterior, grid, flux, error, MASK)
    assert [(twin.parameter, twin.direction) for twin in twins] == [(p, d) for p in PARAMETERS for d in (-1, 1)]

    def chi2(parameters: np.ndarray) -> np.ndarray:
        sed = np.exp(grid.log_fluxes(parameters).astype(float))
        power, overlap = (sed**2 / error**2)[:, MASK].sum(1), (sed * flux / error**2)[:, MASK].sum(1)
        return ((flux / error) ** 2)[MASK].sum() - overlap**2 / power

    draws = posterior.sample(20_000, 5)
    inside = draws[chi2(draws) <= 1]
    spread = posterior.percentiles()[2] - posterior.percentiles()[0]
    for number, name in enumerate(PARAMETERS):
        low, high = (twin for twin in twins if twin.parameter == name)
        assert low.parameters[number] <= truth[number] <= high.parameters[number]
        assert inside[:, number].min() > low.parameters[number] - 0.1 * spread[number]
        assert inside[:, number].max() < high.parameters[number] + 0.1 * spread[number]
        for twin in (low, high):
            assert twin.delta_chi2 <= 1
            assert chi2(twin.parameters[np.newaxis])[0] <= 1.25  # the best is that among the boxes
            np.testing.assert_allclose(
                (twin.difference**2)[MASK].sum(), chi2(twin.parameters[np.newaxis])[0], atol=0.02
            )
            largest = np.nanargmax(np.abs(twin.difference))
            assert twin.telling_bands[0] == largest


def test_the_fisher_error_is_the_scatter_of_noisy_draws(grid: BandGrid, exact: ExactPosterior, survey: Survey) -> None:
    flux, error = seen(survey, grid, SINGLE_PEAK, 17.0)
    random = np.random.default_rng(4)
    noisy = flux + error * random.standard_normal((200, 60))
    means = np.array([exact(one, error, MASK).mean() for one in noisy])
    fisher = information(grid, SINGLE_PEAK, flux, error, MASK).error
    np.testing.assert_allclose(fisher, means.std(axis=0), rtol=0.1)


def test_information_adds_up_and_grows(grid: BandGrid, survey: Survey) -> None:
    flux, error = seen(survey, grid, SINGLE_PEAK, 19.0)
    whole = information(grid, SINGLE_PEAK, flux, error, MASK)
    assert ((whole.share >= 0) & (whole.share <= 1)).all()
    assert (whole.share[56:] > 0).all()  # what a broad band would add
    band = int(whole.share[:56, 0].argmax())
    without = information(grid, SINGLE_PEAK, flux, error, MASK & (np.arange(60) != band))
    assert without.error[0] > whole.error[0]
    # Slopes are taken over about the errors, which differ.
    np.testing.assert_allclose((whole.error / without.error)[0] ** 2, 1 - whole.share[band, 0], atol=0.05)
    longer = Survey(with_exposure(survey.noise, 9.0), MASK)
    deep = information(grid, SINGLE_PEAK, *seen(longer, grid, SINGLE_PEAK, 16.5), MASK)
    shallow = information(grid, SINGLE_PEAK, *seen(survey, grid, SINGLE_PEAK, 16.5), MASK)
    np.testing.assert_allclose(deep.error, shallow.error / 3, rtol=0.05)


def test_without_bands_the_error_is_that_of_the_prior(grid: BandGrid, survey: Survey) -> None:
    flux, error = seen(survey, grid, SINGLE_PEAK, 19.0)
    nothing = information(grid, SINGLE_PEAK, flux, error, np.zeros(60, dtype=bool))
    widths = np.array([axis[-1] - axis[0] for axis in grid.axes])
    np.testing.assert_allclose(nothing.error, widths / np.sqrt(12))
    assert np.isfinite(nothing.share).all()


def test_many_errors_at_once_are_those_of_each(grid: BandGrid, survey: Survey) -> None:
    parameters = draw_parameters(grid, 5, np.random.default_rng(1))
    flux, error = survey.observe(grid, parameters, 19.0)
    one_by_one = [information(grid, p, f, e, MASK).error for p, f, e in zip(parameters, flux, error, strict=True)]
    np.testing.assert_allclose(expected_errors(grid, parameters, flux, error, MASK), one_by_one)


def test_a_map_grows_coarse_first_and_ends_as_what_each_node_says(
    grid: BandGrid, exact: ExactPosterior, survey: Survey
) -> None:
    small = LibraryMap(np.array([8.0, 9.0, 10.0]), np.array([-0.7, 0.0]), *np.full((2, 3, 2, 3), np.nan))
    first = grown(small, exact, grid, survey, 0.1, 20.0, 1)
    assert first.n_known == 1
    assert (first.error == first.error[0, 0]).all()  # stands for all until they are known
    whole = grown(first, exact, grid, survey, 0.1, 20.0, 10)
    assert whole.is_whole
    alone = expected(exact, grid, survey, np.array([[9.0, 0.0, 0.1]]), 20.0)
    np.testing.assert_allclose(whole.error[1, 1], alone.error[0], rtol=1e-3)
    np.testing.assert_allclose(whole.bias[1, 1], alone.bias[0], rtol=1e-3, atol=1e-4)
    assert (whole.error[..., 0] > 0).all()


def test_populations_without_models_are_blank(grid: BandGrid, exact: ExactPosterior, survey: Survey) -> None:
    log_flux = grid.log_flux.copy()
    log_flux[:20] = np.nan
    holed = BandGrid(grid.redshift, *grid.axes, log_flux, grid.mask, grid.reference_band)
    nodes = np.array([[grid.log_age[5], 0.0, 0.1], [9.5, 0.0, 0.1]])
    found = expected(exact, holed, survey, nodes, 20.0)
    assert np.isnan(found.error[0]).all()
    assert np.isfinite(found.error[1]).all()


@pytest.mark.parametrize(("magnitude", "seed"), [(21.0, 1), (18.0, 2)])
def test_percentiles_are_those_of_a_markov_chain(
    grid: BandGrid, exact: ExactPosterior, survey: Survey, magnitude: float, seed: int
) -> None:
    flux, error = seen(survey, grid, np.array([9.3, -0.5, 0.1]), magnitude)
    flux = flux + error * np.random.default_rng(seed).standard_normal(60)
    posterior = exact(flux, error, MASK)
    chain = chain_percentiles(grid, posterior.sample(384, 11), flux, error, MASK, 300)
    width = chain[2] - chain[0]
    assert (np.abs(posterior.percentiles() - chain) < 0.05 * width).all()
