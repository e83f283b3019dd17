"""Mixtures of Gaussians of stretched parameters."""

import pytest
import torch

from jpas_gui.core.inference.density import GaussianMixture, PriorBox


@pytest.fixture
def box() -> PriorBox:
    return PriorBox(torch.tensor([6.5, -2.3, 0.0]), torch.tensor([10.15, 0.4, 1.0]))


@pytest.fixture
def mixture() -> GaussianMixture:
    random = torch.Generator().manual_seed(3)
    log_weight = torch.log_softmax(torch.randn(2, 4, generator=random), dim=1)
    mean = torch.randn(2, 4, 3, generator=random)
    factor = torch.tril(torch.randn(2, 4, 3, 3, generator=random) * 0.4)
    diagonal = torch.diagonal(factor, dim1=2, dim2=3)
    return GaussianMixture(log_weight, mean, factor + torch.diag_embed(diagonal.abs() + 0.1 - diagonal))


def test_uniform_parameters_become_standard_normal_and_come_back(box: PriorBox) -> None:
    random = torch.Generator().manual_seed(1)
    parameters = box.low + (box.high - box.low) * torch.rand(20_000, 3, generator=random)
    stretched = box.stretch(parameters)
    assert stretched.mean(dim=0).abs().max() < 0.03
    assert (stretched.std(dim=0) - 1).abs().max() < 0.03
    assert torch.allclose(box.relax(stretched), parameters, atol=1e-4)


def test_the_ends_of_the_prior_stay_finite(box: PriorBox) -> None:
    assert box.stretch(torch.stack([box.low, box.high])).isfinite().all()


def test_quantiles_and_cumulative_are_those_of_draws(mixture: GaussianMixture) -> None:
    draws = mixture.sample(200_000, torch.Generator().manual_seed(5))
    level = torch.tensor([0.16, 0.5, 0.84])
    quantiles = mixture.quantiles(level)
    for galaxy in range(2):
        expected = draws[galaxy].quantile(level, dim=0).T
        assert torch.allclose(quantiles[galaxy], expected, atol=0.02)
    for number, one in enumerate(level):
        below = mixture.cumulative(quantiles[..., number])
        assert torch.allclose(below, one.expand_as(below), atol=1e-4)
