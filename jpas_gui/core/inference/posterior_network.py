"""The network of the `posterior` preset: photometry in, the joint posterior of log_age, metallicity and ebv out."""

import math
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional

from jpas_gui.core.inference.colour_fit import ColourFit, ColourFitter
from jpas_gui.core.inference.density import GaussianMixture, PriorBox

_N_PARAMETERS = 3
_SOFTENING = 0.1
"""In units of the median flux: fluxes enter as asinh(flux / softening), logarithmic where they are large."""

_REDSHIFT_WAVES = (1, 2, 4, 8)
_MOST_STRETCHED = 2.9
_WIDEST = 1.2
_FAR_WEIGHT = 1e-3
"""Part of the posterior that is left to all populations alike, for the rare fit that went to the wrong place."""

_EDGE_SIGMA = 3e-4
"""Stretched parameters: centres beyond 2.9, where the prior ends, and errors above the prior's say no more."""


@dataclass(frozen=True)
class NetworkShape:
    """Sizes of a `PosteriorNetwork`.

    Parameters
    ----------
    n_bands : int
    width, depth : int
        Of the hidden layers.
    n_gaussians : int
        Of the mixture around each of its two starting points.
    n_redshifts, n_components, n_blocks, n_cells : int
        Of the colour basis.
    """

    n_bands: int
    width: int
    depth: int
    n_gaussians: int
    n_redshifts: int
    n_components: int
    n_blocks: int
    n_cells: int


class _Anchor:
    """A Gaussian of stretched parameters, in whose units the network describes the posterior."""

    def __init__(self, box: PriorBox, centre: torch.Tensor, factor: torch.Tensor) -> None:
        self.centre = box.stretch(centre).clamp(-_MOST_STRETCHED, _MOST_STRETCHED)
        density = torch.exp(-0.5 * self.centre**2) / math.sqrt(2 * math.pi)
        stretched = factor / (density * (box.high - box.low))[..., None]
        sigma = stretched.square().sum(dim=-1).sqrt()
        self.factor = stretched * (_WIDEST / sigma).clamp_max(1)[..., None]
        diagonal = torch.diagonal(self.factor, dim1=1, dim2=2)
        self.factor = self.factor + torch.diag_embed((_EDGE_SIGMA - diagonal).clamp_min(0))

    def standardized(self, stretched: torch.Tensor) -> torch.Tensor:
        """Return parameters in units of the Gaussian."""
        offset = (stretched - self.centre)[..., None]
        solved: torch.Tensor = torch.linalg.solve_triangular(self.factor, offset, upper=False)
        return solved[..., 0]

    def features(self) -> list[torch.Tensor]:
        """Return what the network is told of it, shape (n, 9)."""
        diagonal = torch.diagonal(self.factor, dim1=1, dim2=2)
        sigma = self.factor.square().sum(dim=-1).sqrt()
        rows, columns = torch.tril_indices(_N_PARAMETERS, _N_PARAMETERS, -1)
        return [self.centre, 0.3 * diagonal.log(), self.factor[:, rows, columns] / sigma[:, rows]]


class PosteriorNetwork(nn.Module):
    """A mixture-density network.

    An analytic fit (`ColourFitter`) gives two Gaussians: one around the nearest SED, one of all SEDs that fit. The
    network sees photometry and fit, and describes the posterior as a mixture in units of these Gaussians, of
    parameters that are stretched so that the prior is standard normal. A small part is always the prior itself.

    Parameters
    ----------
    shape : NetworkShape
    """

    prior_low: torch.Tensor
    prior_high: torch.Tensor

    def __init__(self, shape: NetworkShape) -> None:
        super().__init__()
        self.shape = shape
        self.fitter = ColourFitter(shape.n_redshifts, shape.n_bands, shape.n_components, shape.n_blocks, shape.n_cells)
        self.register_buffer("prior_low", torch.zeros(_N_PARAMETERS))
        self.register_buffer("prior_high", torch.ones(_N_PARAMETERS))
        n_features = 3 * shape.n_bands + 1 + 2 * len(_REDSHIFT_WAVES) + 2 * shape.n_components + 2 + 18
        self.enter = nn.Linear(n_features, shape.width)
        self.hidden = nn.ModuleList(_Block(shape.width) for _ in range(shape.depth))
        self.leave = nn.Linear(shape.width, 2 * shape.n_gaussians * 10)
        with torch.no_grad():
            self.leave.weight *= 0.3

    @property
    def box(self) -> PriorBox:
        """The prior."""
        return PriorBox(self.prior_low, self.prior_high)

    def forward(
        self, flux: torch.Tensor, error: torch.Tensor, mask: torch.Tensor, redshift: torch.Tensor
    ) -> tuple[GaussianMixture, ColourFit, torch.Tensor]:
        """Return the posterior of the stretched parameters, the analytic fit, and the features, shape (n, n_features).

        Parameters
        ----------
        flux, error, mask : Tensor, shape (n, n_bands)
            In any unit; mask 1 where a band is usable, else 0.
        redshift : Tensor, shape (n,)
        """
        features, anchors, fit = self.describe(flux, error, mask, redshift)
        head = self._head(features)
        log_weight, mean, precision = _split(head)
        identity = torch.eye(_N_PARAMETERS, dtype=precision.dtype, device=head.device).expand_as(precision)
        spread = torch.linalg.solve_triangular(precision, identity, upper=False)
        n = self.shape.n_gaussians
        means, factors = [], []
        for number, anchor in enumerate(anchors):
            own = slice(number * n, (number + 1) * n)
            means.append(anchor.centre[:, None] + (anchor.factor[:, None] @ mean[:, own, :, None])[..., 0])
            factors.append(anchor.factor[:, None] @ spread[:, own])
        far = torch.full_like(log_weight[:, :1], math.log(_FAR_WEIGHT))
        weights = torch.cat([log_weight + math.log1p(-_FAR_WEIGHT), far], dim=1)
        means.append(torch.zeros_like(means[0][:, :1]))
        factors.append(identity[:, :1])
        return GaussianMixture(weights, torch.cat(means, 1), torch.cat(factors, 1)), fit, features

    def log_probability(
        self,
        flux: torch.Tensor,
        error: torch.Tensor,
        mask: torch.Tensor,
        redshift: torch.Tensor,
        stretched: torch.Tensor,
    ) -> torch.Tensor:
        """Return ln of the density of the stretched true parameters, shape (n, 3), without building the mixture."""
        features, anchors, _ = self.describe(flux, error, mask, redshift)
        log_weight, mean, precision = _split(self._head(features))
        n = self.shape.n_gaussians
        standard = torch.cat([anchor.standardized(stretched)[:, None].expand(-1, n, -1) for anchor in anchors], dim=1)
        scale = torch.cat(
            [torch.diagonal(a.factor, dim1=1, dim2=2).log().sum(1, keepdim=True).expand(-1, n) for a in anchors], dim=1
        )
        offset = (precision @ (standard - mean)[..., None])[..., 0]
        log_density = -0.5 * offset.square().sum(-1) + torch.diagonal(precision, dim1=2, dim2=3).log().sum(-1) - scale
        near = torch.logsumexp(log_weight + log_density, dim=1) + math.log1p(-_FAR_WEIGHT)
        far = math.log(_FAR_WEIGHT) - 0.5 * stretched.square().sum(-1)
        return torch.logaddexp(near, far) - 0.5 * _N_PARAMETERS * math.log(2 * math.pi)

    def _head(self, features: torch.Tensor) -> torch.Tensor:
        hidden = functional.silu(self.enter(features))
        for block in self.hidden:
            hidden = block(hidden)
        output: torch.Tensor = self.leave(hidden)
        return output

    @torch.no_grad()
    def describe(
        self, flux: torch.Tensor, error: torch.Tensor, mask: torch.Tensor, redshift: torch.Tensor
    ) -> tuple[torch.Tensor, tuple["_Anchor", "_Anchor"], ColourFit]:
        """Return the features, the Gaussians that the answer is built on, and the analytic fit."""
        unit = torch.where(mask > 0, flux, torch.nan).nanmedian(dim=1, keepdim=True).values
        typical = torch.where(mask > 0, error, torch.nan).nanmedian(dim=1, keepdim=True).values
        # Where nothing is detected, the errors set the scale.
        unit = torch.maximum(unit, 0.3 * typical)
        flux = torch.where(mask > 0, flux / unit, 0.0)
        error = torch.where(mask > 0, error / unit, 1.0)
        fit = self.fitter(flux, error, mask, redshift)
        anchors = _Anchor(self.box, fit.best, fit.best_factor), _Anchor(self.box, fit.mean, fit.mean_factor)
        low, high = self.fitter.redshift_range
        phase = (redshift[:, None] - low) / (high - low).clamp_min(1e-6)
        waves = [wave(math.pi * n * phase) for n in _REDSHIFT_WAVES for wave in (torch.sin, torch.cos)]
        features = [
            (torch.asinh(flux / _SOFTENING) - 3) * mask,
            0.5 * (error.log() + 4) * mask,
            mask - 1,
            2 * phase - 1,
            *waves,
            fit.coefficients.clamp(-6, 6),
            0.3 * fit.coefficient_error.log(),
            torch.log(fit.misfit + 0.1)[:, None],
            0.3 * torch.log(fit.chi2.clamp_min(0) + 1)[:, None],
            *anchors[0].features(),
            *anchors[1].features(),
        ]
        return torch.cat(features, dim=1), anchors, fit


class _Block(nn.Module):
    """One residual layer."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.linear = nn.Linear(width, width)

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """Return hidden, shape (n, width), with what the layer adds."""
        return hidden + functional.silu(self.linear(self.norm(hidden)))


def _split(head: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return log weights, means and lower Cholesky factors of the precisions in units of the anchors."""
    rows = head.to(torch.promote_types(head.dtype, torch.float32)).view(len(head), -1, 10)
    diagonal = rows[..., 4:7].clamp(-6, 8).exp()
    precision = torch.diag_embed(diagonal)
    low, column = torch.tril_indices(_N_PARAMETERS, _N_PARAMETERS, -1)
    precision[..., low, column] = rows[..., 7:10]
    return functional.log_softmax(rows[..., 0], dim=1), rows[..., 1:4], precision
