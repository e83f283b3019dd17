"""The paper's three networks, against networks made of torch's own layers."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import nn

from jpas_gui.core.inference.paper_network import LAYERS, PaperNetwork, _chain, paper_features


def plain_networks(network: PaperNetwork) -> list[nn.Sequential]:
    """Return the same three networks as one would write them."""
    networks = []
    for number in range(3):
        modules: list[nn.Module] = []
        for layer, (n_in, n_out) in enumerate(pairwise(LAYERS)):
            linear = nn.Linear(n_in, n_out)
            linear.weight.data = network.weights[layer][number].T.clone()
            linear.bias.data = network.biases[layer][number, 0].clone()
            modules += [linear, nn.ReLU()]
        networks.append(nn.Sequential(*modules[:-1]))
    return networks


@pytest.fixture
def network() -> PaperNetwork:
    return PaperNetwork(seed=5)


@pytest.fixture
def batch() -> tuple[torch.Tensor, torch.Tensor]:
    random = torch.Generator().manual_seed(1)
    return torch.rand(300, 56, generator=random) * 2, torch.rand(300, 3, generator=random)


def test_it_has_the_papers_size(network: PaperNetwork) -> None:
    assert LAYERS == (56, 128, 256, 256, 256, 1)
    assert sum(parameter.numel() for parameter in network.parameters()) == 3 * 172_161


def test_answers_are_those_of_three_plain_networks(network: PaperNetwork, batch: tuple[torch.Tensor, ...]) -> None:
    features, _ = batch
    expected = torch.cat([plain(features) for plain in plain_networks(network)], dim=1)
    torch.testing.assert_close(network(features), expected, rtol=1e-4, atol=1e-5)


def test_batched_products_give_the_same(network: PaperNetwork, batch: tuple[torch.Tensor, ...]) -> None:
    features, _ = batch
    layers = list(zip(network.weights, network.biases, strict=True))
    together = _chain(torch.baddbmm, features.expand(3, *features.shape), layers).squeeze(2).T
    torch.testing.assert_close(together, network(features), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("n", [300, 7, 1])
def test_loss_and_gradient_are_those_of_autograd(
    network: PaperNetwork, batch: tuple[torch.Tensor, ...], n: int
) -> None:
    features, targets = (values[:n] for values in batch)
    expected = torch.zeros(())
    plain = plain_networks(network)
    for number, one in enumerate(plain):
        expected = expected + nn.functional.l1_loss(one(features)[:, 0], targets[:, number])
    expected.backward()
    network.mean_absolute_error(features, targets).mul(2).backward()
    assert network.mean_absolute_error(features, targets).item() == pytest.approx(expected.item(), rel=1e-5)
    for layer in range(5):
        for number, one in enumerate(plain):
            linear = one[2 * layer]
            for own, other in [
                (network.weights[layer].grad[number], linear.weight.grad.T),
                (network.biases[layer].grad[number, 0], linear.bias.grad),
            ]:
                torch.testing.assert_close(own, 2 * other, rtol=1e-3, atol=1e-5)


def test_gradients_of_batches_add_up(network: PaperNetwork, batch: tuple[torch.Tensor, ...]) -> None:
    features, targets = batch
    network.mean_absolute_error(features, targets).backward()
    whole = [parameter.grad.clone() for parameter in network.parameters()]
    network.zero_grad()
    for part in (slice(0, 150), slice(150, 300)):
        network.mean_absolute_error(features[part], targets[part]).div(2).backward()
    for parameter, expected in zip(network.parameters(), whole, strict=True):
        torch.testing.assert_close(parameter.grad, expected, rtol=1e-3, atol=1e-5)


def test_half_the_bits_cost_little(network: PaperNetwork, batch: tuple[torch.Tensor, ...]) -> None:
    features, targets = batch
    network.mean_absolute_error(features, targets).backward()
    full = [parameter.grad.clone() for parameter in network.parameters()]
    network.zero_grad()
    with torch.autocast("cpu", torch.bfloat16):
        answers = network(features)
        loss = network.mean_absolute_error(features, targets)
    loss.backward()
    assert answers.dtype == torch.float32
    torch.testing.assert_close(answers, network(features), rtol=0, atol=0.02)
    for parameter, expected in zip(network.parameters(), full, strict=True):
        assert (parameter.grad - expected).norm() < 0.05 * expected.norm()


def test_gradients_are_clipped_network_by_network(network: PaperNetwork, batch: tuple[torch.Tensor, ...]) -> None:
    features, targets = batch
    targets = targets + torch.tensor([0.0, 0.0, 50.0])
    (network(features) * torch.tensor([0.01, 1.0, 100.0]) - targets).abs().mean().backward()
    before = [parameter.grad.clone() for parameter in network.parameters()]

    def norms(gradients: list[torch.Tensor]) -> torch.Tensor:
        return torch.stack([gradient.square().sum(dim=(1, 2)) for gradient in gradients]).sum(dim=0).sqrt()

    largest = norms(before).sort().values[1].item()
    network.clip_gradients(largest)
    after = [parameter.grad for parameter in network.parameters()]
    torch.testing.assert_close(norms(after), norms(before).clamp(max=largest), rtol=1e-4, atol=0)
    torch.testing.assert_close(after[0][0], before[0][0])


@pytest.mark.parametrize("n_bands", [56, 5])
def test_features_are_fluxes_over_their_median(n_bands: int) -> None:
    flux_nu = torch.rand(20, n_bands) * 30
    expected = flux_nu.numpy() / np.median(flux_nu.numpy(), axis=1, keepdims=True)
    np.testing.assert_allclose(paper_features(flux_nu), expected, rtol=1e-5)


def test_the_seed_decides_the_weights() -> None:
    one, same, other = PaperNetwork(1), PaperNetwork(1), PaperNetwork(2)
    assert torch.equal(one.weights[0], same.weights[0])
    assert not torch.equal(one.weights[0], other.weights[0])
    assert not torch.equal(one.weights[0][0], one.weights[0][1])
