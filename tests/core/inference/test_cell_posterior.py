"""The posterior within cells, against a sum over a fine grid."""

import numpy as np
import pytest
import torch

from jpas_gui.core.inference.cell_posterior import TERM_PAIRS, CellFits, moments, points_within, solved

EBV_RANGE = (0.0, 1.0)
CENTRE, HALF = np.array([9.0, -0.5]), np.array([0.1, 0.2])


def cell(sigma: float, at: tuple[float, float, float]) -> tuple[CellFits, np.ndarray, np.ndarray]:
    """Return a cell of SEDs in 8 colours with errors `sigma`, fitted to one of them; its terms, and the colours."""
    terms = np.random.default_rng(3).standard_normal((4, 8))
    data = terms[0] + np.array(at) @ terms[1:]
    pairs = tuple(torch.tensor([[terms[i] @ terms[j]]], dtype=torch.float32) / sigma**2 for i, j in TERM_PAIRS)
    lines = tuple(torch.tensor([[term @ data]], dtype=torch.float32) / sigma**2 for term in terms)
    centre, half = (torch.tensor(values[None], dtype=torch.float32) for values in (CENTRE, HALF))
    return solved(pairs, lines, centre, half, EBV_RANGE), terms, data


def summed(terms: np.ndarray, data: np.ndarray, sigma: float) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and covariance by a sum over places."""
    side, ebv = (np.arange(120) + 0.5) / 60 - 1, (np.arange(120) + 0.5) / 120
    places = np.stack(np.meshgrid(side, side, ebv, indexing="ij"), axis=-1).reshape(-1, 3)
    chi2 = (((data - terms[0] - places @ terms[1:]) / sigma) ** 2).sum(axis=1)
    weight = np.exp(-0.5 * (chi2 - chi2.min()))
    parameters = np.column_stack([CENTRE + HALF * places[:, :2], places[:, 2]])
    mean = np.average(parameters, axis=0, weights=weight)
    return mean, np.cov(parameters.T, aweights=weight, bias=True)


@pytest.mark.parametrize("sigma", [0.1, 0.3, 0.5])
@pytest.mark.parametrize("at", [(0.0, 0.0, 0.5), (0.9, -0.2, 0.4)])
def test_the_moments_are_those_of_a_sum_over_the_cell(sigma: float, at: tuple[float, float, float]) -> None:
    fits, terms, data = cell(sigma, at)
    mean, covariance = (values[0].numpy() for values in moments((points_within(fits, EBV_RANGE),)))
    expected, spread = summed(terms, data, sigma)
    error = np.sqrt(np.diag(spread))
    assert (np.abs(mean - expected) < 0.05 * error).all()
    assert np.allclose(np.sqrt(np.diag(covariance)), error, rtol=0.15)


def test_the_best_sed_is_found_within_the_cell_and_on_its_edge() -> None:
    inside, _, _ = cell(0.1, (0.4, -0.6, 0.3))
    assert np.allclose([float(v) for v in inside.place], [0.4, -0.6, 0.3], atol=1e-3)
    outside, _, _ = cell(0.1, (1.5, 0.0, 0.3))
    assert float(outside.place[0]) == 1


def test_an_empty_cell_holds_no_probability() -> None:
    fits, _, _ = cell(0.5, (0.0, 0.0, 0.5))
    empty = fits._replace(half=torch.zeros_like(fits.half), centre=fits.centre + 1)
    alone = moments((points_within(fits, EBV_RANGE),))
    both = moments((points_within(fits, EBV_RANGE), points_within(empty, EBV_RANGE)))
    torch.testing.assert_close(both, alone)  # mean and covariance: sums of 8 terms for those of 4
