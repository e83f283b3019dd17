"""Posteriors that pile up at an end of the prior."""

import numpy as np

from jpas_gui.core.inference.prior_edges import edge_words, edges_reached

LOW, HIGH = np.array([6.5, -2.3, 0.0]), np.array([10.15, 0.4, 1.0])


def percentiles_of(samples: np.ndarray) -> np.ndarray:
    """Return those of each parameter by itself, of the samples within the prior."""
    within = [own[(own >= low) & (own <= high)] for own, low, high in zip(samples.T, LOW, HIGH, strict=True)]
    return np.array([[np.percentile(own, (16, 50, 84)) for own in within]])


def normal(centre: tuple[float, float, float], sigma: float) -> np.ndarray:
    return np.random.default_rng(1).normal(centre, sigma, (400_000, 3))


def test_a_narrow_posterior_that_an_end_cuts_is_at_it() -> None:
    reached = edges_reached(percentiles_of(normal((10.4, -2.55, 1.25), 0.1)), LOW, HIGH)
    assert reached[0].tolist() == [[False, True], [True, False], [False, True]]
    words = edge_words(reached[0], LOW, HIGH)
    assert [text.split(":")[0] for text in words] == [
        "at the edge of the library, the oldest (log age 10.15)",
        "at the edge of the library, the most metal-poor ([M/H] −2.30)",
        "at the edge of the library, the most dust (E(B−V) 1.00)",
    ]


def test_one_in_the_middle_and_one_without_dust_are_not() -> None:
    assert not edges_reached(percentiles_of(normal((9.0, 0.0, 0.5), 0.1)), LOW, HIGH).any()
    assert not edges_reached(percentiles_of(normal((9.0, 0.0, -0.1), 0.05)), LOW, HIGH).any()


def test_one_whose_peak_is_within_the_library_is_not_though_an_end_cuts_it() -> None:
    assert not edges_reached(percentiles_of(normal((10.1, -2.25, 0.95), 0.1)), LOW, HIGH).any()


def test_one_that_spans_the_prior_is_not_nor_is_none() -> None:
    wide = np.random.default_rng(1).uniform(LOW, HIGH, (40_000, 3))
    assert not edges_reached(percentiles_of(wide), LOW, HIGH).any()
    assert not edges_reached(np.full((2, 3, 3), np.nan), LOW, HIGH).any()
