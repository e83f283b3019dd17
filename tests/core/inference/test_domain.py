"""Whether features are like those of mocks."""

import torch

from jpas_gui.core.inference.domain import FeatureDomain, rare


def test_distances_are_those_of_the_covariance() -> None:
    random = torch.Generator().manual_seed(2)
    mixing = torch.tensor([[2.0, 0.0, 0.0], [1.0, 0.5, 0.0], [0.0, 0.3, 0.1]])
    features = torch.randn(50_000, 3, generator=random) @ mixing.T + 5
    domain = FeatureDomain.of(features)
    inverse = torch.linalg.inv(mixing @ mixing.T).double()
    offset = features[:100].double() - 5
    expected = (torch.einsum("ni,ij,nj->n", offset, inverse, offset) / 3).sqrt()
    assert torch.allclose(domain.distance(features[:100]), expected, rtol=0.05, atol=0.02)
    beyond = (domain.distance(features) > domain.largest).float().mean()
    assert abs(float(beyond) - 0.001) < 1e-4
    back = FeatureDomain.from_tensors(domain.tensors())
    assert torch.equal(back.distance(features[:5]), domain.distance(features[:5]))


def test_one_in_a_thousand_is_rare() -> None:
    assert float(rare(torch.arange(10_000.0))) == 9989.0
