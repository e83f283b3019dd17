"""The paper's networks: one multilayer perceptron for each parameter, all three in one module."""

from collections.abc import Callable, Iterable
from itertools import pairwise

import torch
from torch import nn

from jpas_gui.core.inference.paper_gradient import PaperGradient
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.core.photometry.bands import N_SURVEY_BANDS

LAYERS = (N_SURVEY_BANDS, 128, 256, 256, 256, 1)
"""Units of each layer (Dominguez Sanchez et al. 2025)."""


class PaperNetwork(nn.Module):
    """Independent networks of the same shape, with ReLU between the layers and a linear output.

    Weights are stacked, shape (n_networks, n_in, n_out) for each layer. On a GPU a layer is one batched product; on a
    processor, where batching gains nothing, one network goes after the other.

    Parameters
    ----------
    seed : int
        Of the weights at the start: uniform as Glorot & Bengio (2010) have it, biases zero.
    layers : tuple of int
    n_networks : int
    """

    def __init__(self, seed: int = 1, layers: tuple[int, ...] = LAYERS, n_networks: int = len(PARAMETERS)) -> None:
        super().__init__()
        self._gradient = PaperGradient(layers)
        random = torch.Generator().manual_seed(seed)
        self.weights, self.biases = nn.ParameterList(), nn.ParameterList()
        for n_in, n_out in pairwise(layers):
            limit = (6 / (n_in + n_out)) ** 0.5
            weight = torch.empty(n_networks, n_in, n_out).uniform_(-limit, limit, generator=random)
            self.weights.append(nn.Parameter(weight))
            self.biases.append(nn.Parameter(torch.zeros(n_networks, 1, n_out)))

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Return the scaled parameters.

        Under autocast only the layers between hidden units are in reduced precision: bfloat16 has three digits, but
        the colours of a bright galaxy have four, and so has the answer.

        Parameters
        ----------
        features : Tensor, shape (n, n_bands)
            What `paper_features` returns.

        Returns
        -------
        Tensor, shape (n, n_networks), float32
        """
        layers = list(zip(self.weights, self.biases, strict=True))
        if features.is_cuda:
            return _chain(torch.baddbmm, features.expand(len(layers[0][0]), *features.shape), layers).squeeze(2).T
        networks = zip(*(zip(weight, bias, strict=True) for weight, bias in layers), strict=True)
        return torch.cat([_chain(torch.addmm, features, network) for network in networks], dim=1)

    def mean_absolute_error(self, features: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """Return the mean absolute error of scaled parameters, summed over the networks: what training minimises.

        Parameters
        ----------
        features : Tensor, shape (n, n_bands)
        targets : Tensor, shape (n, n_networks)
        """
        if features.is_cuda:
            answers: torch.Tensor = self(features)
            return (answers - targets).abs().sum(dim=1).mean()
        return self._gradient.mean_absolute_error(features, targets, list(self.weights), list(self.biases))

    def clip_gradients(self, largest: float) -> None:
        """Shorten the gradient of each network whose norm is larger."""
        gradients = [parameter.grad for parameter in self.parameters() if parameter.grad is not None]
        squares = torch.stack([gradient.square().sum(dim=(1, 2)) for gradient in gradients])
        factor = (largest / (squares.sum(dim=0).sqrt() + 1e-6)).clamp(max=1)
        for gradient in gradients:
            gradient.mul_(factor[:, None, None])


def _chain(
    product: Callable[[torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor],
    features: torch.Tensor,
    layers: Iterable[tuple[torch.Tensor, torch.Tensor]],
) -> torch.Tensor:
    """Return the output of one network or a stack of them; `product` of bias, input and weights is a layer."""
    (first, first_bias), *hidden_layers, (last, last_bias) = layers
    with torch.autocast(features.device.type, enabled=False):
        hidden = product(first_bias, features, first)
    for weight, bias in hidden_layers:
        hidden = product(bias, hidden.relu_(), weight)
    with torch.autocast(features.device.type, enabled=False):
        return product(last_bias, hidden.float().relu_(), last)


def median_of_bands(flux_nu: torch.Tensor) -> torch.Tensor:
    """Return the median of each row of fluxes, shape (n, 1); of an even number of bands, the mean of the middle two."""
    n = flux_nu.shape[1]
    middle = flux_nu.topk(n // 2 + 1, dim=1).values[:, -1 - (n % 2 == 0) :]
    return middle.mean(dim=1, keepdim=True)


def paper_features(flux_nu: torch.Tensor) -> torch.Tensor:
    """Return what the networks are given: fluxes over their median.

    Parameters
    ----------
    flux_nu : Tensor, shape (n, n_bands)
        In any unit.
    """
    return flux_nu / median_of_bands(flux_nu)
