import numpy as np
import pytest

from jpas_gui.app.corner import PAIRS, corner_of_posterior, corner_of_samples
from jpas_gui.core.inference.exact.posterior import Posterior

SIGMA = np.array([0.2, 0.3, 0.05])


def areas(contour):
    """Areas within the closed lines of a contour, largest last."""
    breaks = np.flatnonzero(np.isnan(contour.x))
    found, start = [], 0
    for stop in breaks:
        x, y = contour.x[start:stop], contour.y[start:stop]
        found.append(abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))) / 2)
        start = stop + 1
    return sorted(found)


@pytest.fixture(scope="module")
def gaussian():
    return np.array([9.0, -0.5, 0.4]) + SIGMA * np.random.default_rng(1).normal(size=(20_000, 3))


def test_contours_hold_68_and_95_percent(gaussian):
    corner = corner_of_samples(gaussian)
    for (first, second), contour in zip(PAIRS, corner.contours, strict=True):
        expected = -2 * np.pi * SIGMA[first] * SIGMA[second] * np.log(1 - np.array([0.68, 0.95]))
        np.testing.assert_allclose(areas(contour)[-2:], expected, rtol=0.12)


def test_marginals_peak_where_the_samples_do(gaussian):
    corner = corner_of_samples(gaussian)
    for marginal, centre, sigma in zip(corner.marginals, (9.0, -0.5, 0.4), SIGMA, strict=True):
        assert marginal.y.max() == 1
        assert marginal.x[np.argmax(marginal.y)] == pytest.approx(centre, abs=0.5 * sigma)


def test_nothing_is_drawn_beyond_the_end_of_the_prior(gaussian):
    piled = np.maximum(gaussian, [0, -9, 0.4])
    corner = corner_of_samples(piled)
    assert corner.low[2] == pytest.approx(0.4, abs=1e-3)
    assert corner.marginals[2].y[0] > 0.9


def test_an_exact_posterior_is_drawn_as_its_samples_are():
    random = np.random.default_rng(2)
    centre = np.array([9.0, 0.0, 0.3]) + 0.5 * SIGMA * random.normal(size=(400, 3))
    posterior = Posterior(centre, np.full((400, 3), 0.02), np.full(400, 1 / 400), 0.0, centre[0], 1.0, 20.0, 56)
    exact, drawn = corner_of_posterior(posterior), corner_of_samples(posterior.sample(40_000, 1))
    for one, other in zip(exact.marginals, drawn.marginals, strict=True):
        smooth = np.interp(other.x, one.x, one.y)
        assert np.abs(smooth - other.y).mean() < 0.12


def test_a_posterior_of_one_point_can_be_drawn():
    corner = corner_of_samples(np.tile([9.0, 0.0, 0.1], (100, 1)))
    assert all(np.isfinite(curve.x).all() for curve in corner.marginals)
    assert (corner.high > corner.low).all()
