"""The loss of the paper's networks and its gradient on a processor, faster than by autograd.

Each network goes forth and back while its hidden units are still in the cache, and they lie in the same buffers for
every batch. Autograd gives each result fresh memory: on two cores it takes half as long again.
"""

from collections.abc import Sequence
from typing import Any

import torch

Tensors = Sequence[torch.Tensor]


class _Buffers:
    """Hidden units of one network and the slopes of the loss by them, for a batch of n mocks.

    Those of the first and the last hidden layer are kept in full precision, too.
    """

    def __init__(self, widths: Sequence[int], n: int, dtype: torch.dtype) -> None:
        self.units = [torch.empty(n, width, dtype=dtype) for width in widths]
        self.slopes = [torch.empty(n, width, dtype=dtype) for width in widths]
        self.first_units, self.first_slopes = torch.empty(n, widths[0]), torch.empty(n, widths[0])
        self.last_units = torch.empty(n, widths[-1])


class PaperGradient:
    """Computes losses with their gradients; keeps the buffers.

    Parameters
    ----------
    layers : tuple of int
        Units of each layer, inputs and the single output among them; two or more are hidden.
    """

    def __init__(self, layers: Sequence[int]) -> None:
        self._widths = layers[1:-1]
        self._kept: dict[tuple[int, torch.dtype], _Buffers] = {}

    def buffers(self, n: int, dtype: torch.dtype) -> _Buffers:
        """Return the buffers for a batch of n mocks: as a rule there are two sizes, of all batches and the last one."""
        key = n, dtype
        if key not in self._kept:
            self._kept[key] = _Buffers(self._widths, n, dtype)
        return self._kept[key]

    def mean_absolute_error(
        self, features: torch.Tensor, targets: torch.Tensor, weights: Tensors, biases: Tensors
    ) -> torch.Tensor:
        """Return the mean absolute error, summed over the networks, shape (); autograd knows its gradient.

        Products of hidden layers are in autocast's type where it is on.

        Parameters
        ----------
        features : Tensor, shape (n, n_bands)
        targets : Tensor, shape (n, n_networks)
        weights, biases : sequence of Tensor, shape (n_networks, n_in, n_out) and (n_networks, 1, n_out)
            Of each layer.
        """
        dtype = torch.get_autocast_dtype("cpu") if torch.is_autocast_enabled("cpu") else torch.float32
        buffers = self.buffers(len(features), dtype)
        loss: torch.Tensor = _MeanAbsoluteError.apply(features, targets, buffers, *weights, *biases)  # type: ignore[no-untyped-call]
        return loss


class _MeanAbsoluteError(torch.autograd.Function):
    """Computes the gradient together with the loss, since it is always wanted."""

    @staticmethod
    def forward(
        ctx: Any, features: torch.Tensor, targets: torch.Tensor, buffers: _Buffers, *parameters: torch.Tensor
    ) -> torch.Tensor:
        gradients = [torch.empty_like(parameter) for parameter in parameters]
        loss = torch.zeros(())
        with torch.autocast("cpu", enabled=False):
            reduced = [parameter.to(buffers.units[0].dtype) for parameter in parameters]
            for number, target in enumerate(targets.T):
                own, own_reduced, slopes = ([t[number] for t in all_] for all_ in (parameters, reduced, gradients))
                residual = _forth(features, own, own_reduced, buffers) - target
                loss += residual.abs().mean()
                _back(features, residual.sign_().div_(len(features)), own_reduced, buffers, slopes)
        ctx.gradients = gradients
        return loss

    @staticmethod
    def backward(ctx: Any, slope: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        return None, None, None, *(gradient * slope for gradient in ctx.gradients)


def _forth(features: torch.Tensor, parameters: Tensors, reduced: Tensors, buffers: _Buffers) -> torch.Tensor:
    """Return the answers of one network, shape (n,), and fill the buffers with its units.

    Parameters
    ----------
    parameters, reduced : sequence of Tensor
        Weights of all layers, then biases; in full precision, and in that of the hidden layers.
    """
    n_layers, units = len(parameters) // 2, buffers.units
    torch.addmm(parameters[n_layers], features, parameters[0], out=buffers.first_units).relu_()
    units[0].copy_(buffers.first_units)
    for layer in range(1, n_layers - 1):
        torch.addmm(reduced[n_layers + layer], units[layer - 1], reduced[layer], out=units[layer]).relu_()
    buffers.last_units.copy_(units[-1])
    return torch.addmv(parameters[-1][0], buffers.last_units, parameters[n_layers - 1][:, 0])


def _back(features: torch.Tensor, slope: torch.Tensor, reduced: Tensors, buffers: _Buffers, gradients: Tensors) -> None:
    """Fill in the gradients of one network.

    Parameters
    ----------
    slope : Tensor, shape (n,)
        Of the loss by each answer.
    gradients : sequence of Tensor
        For weights of all layers, then biases.
    """
    n_layers, units, slopes = len(reduced) // 2, buffers.units, buffers.slopes
    weights, by_weight, by_bias = reduced[:n_layers], gradients[:n_layers], gradients[n_layers:]
    torch.mv(buffers.last_units.T, slope, out=by_weight[-1][:, 0])
    by_bias[-1].copy_(slope.sum())
    torch.mul(slope[:, None].to(units[0].dtype), weights[-1].T, out=slopes[-1])
    for layer in range(n_layers - 2, 0, -1):
        _stop_at_zero(slopes[layer], units[layer])
        by_weight[layer].copy_(units[layer - 1].T @ slopes[layer])
        torch.sum(slopes[layer], dim=0, keepdim=True, dtype=torch.float32, out=by_bias[layer])
        torch.mm(slopes[layer], weights[layer].T, out=slopes[layer - 1])
    _stop_at_zero(slopes[0], units[0])
    buffers.first_slopes.copy_(slopes[0])
    torch.mm(features.T, buffers.first_slopes, out=by_weight[0])
    torch.sum(buffers.first_slopes, dim=0, keepdim=True, out=by_bias[0])


def _stop_at_zero(slopes: torch.Tensor, units: torch.Tensor) -> None:
    """Turn slopes behind a ReLU into those before it."""
    torch.ops.aten.threshold_backward.grad_input(slopes, units, 0, grad_input=slopes)
