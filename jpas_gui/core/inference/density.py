"""Densities of log_age, metallicity and ebv: mixtures of Gaussians of parameters that the prior's box stretches."""

from typing import NamedTuple

import torch

_EDGE = 1e-6
_BISECTIONS = 26


class PriorBox(NamedTuple):
    """The box of a uniform prior.

    Parameters
    ----------
    low, high : Tensor, shape (3,)
        log_age, metallicity and ebv.
    """

    low: torch.Tensor
    high: torch.Tensor

    def stretch(self, parameters: torch.Tensor) -> torch.Tensor:
        """Map parameters, shape (..., 3), on numbers that have a standard normal distribution under the prior."""
        part = (parameters - self.low) / (self.high - self.low)
        stretched: torch.Tensor = torch.special.ndtri(part.clamp(_EDGE, 1 - _EDGE))
        return stretched

    def relax(self, stretched: torch.Tensor) -> torch.Tensor:
        """Undo `stretch`."""
        part: torch.Tensor = torch.special.ndtr(stretched)
        return self.low + (self.high - self.low) * part


class GaussianMixture(NamedTuple):
    """Mixtures of three-dimensional Gaussians, one for each of n galaxies.

    Parameters
    ----------
    log_weight : Tensor, shape (n, n_components)
        Normalised.
    mean : Tensor, shape (n, n_components, 3)
    factor : Tensor, shape (n, n_components, 3, 3)
        Lower Cholesky factors of the covariances.
    """

    log_weight: torch.Tensor
    mean: torch.Tensor
    factor: torch.Tensor

    @property
    def sigma(self) -> torch.Tensor:
        """Standard deviations, shape (n, n_components, 3)."""
        return self.factor.square().sum(dim=-1).sqrt()

    def cumulative(self, value: torch.Tensor) -> torch.Tensor:
        """Return the probability below `value`, shape (n, 3), for each parameter by itself."""
        standard = (value[:, None] - self.mean) / self.sigma
        below: torch.Tensor = torch.special.ndtr(standard)
        return (self.log_weight.exp()[..., None] * below).sum(dim=1)

    def quantiles(self, level: torch.Tensor) -> torch.Tensor:
        """Return quantiles of each parameter, shape (n, 3, n_levels), by bisection."""
        weight, sigma = self.log_weight.exp()[:, None, :, None], self.sigma.transpose(1, 2)[..., None]
        mean = self.mean.transpose(1, 2)[..., None]  # (n, 3, n_components, 1)
        reach = 6.0 * sigma
        low = (mean - reach).amin(dim=2).expand(-1, -1, len(level)).clone()
        high = (mean + reach).amax(dim=2).expand(-1, -1, len(level)).clone()
        for _ in range(_BISECTIONS):
            middle = (low + high) / 2
            below = (weight * torch.special.ndtr((middle[:, :, None] - mean) / sigma)).sum(dim=2) < level
            low, high = torch.where(below, middle, low), torch.where(below, high, middle)
        return (low + high) / 2

    def log_density(self, value: torch.Tensor) -> torch.Tensor:
        """Return ln of the density, but for a constant, at values (n_galaxies, n, 3), shape (n_galaxies, n)."""
        offset = (value[:, :, None] - self.mean[:, None]).transpose(1, 2).transpose(2, 3)  # (g, components, 3, n)
        standard = torch.linalg.solve_triangular(self.factor, offset, upper=False)
        log_volume = self.factor.diagonal(dim1=-2, dim2=-1).log().sum(dim=-1)
        each = (self.log_weight - log_volume)[..., None] - standard.square().sum(dim=2) / 2
        density: torch.Tensor = each.logsumexp(dim=1)
        return density

    def sample(self, n: int, generator: torch.Generator) -> torch.Tensor:
        """Return draws, shape (n_galaxies, n, 3)."""
        chosen = torch.multinomial(self.log_weight.exp(), n, replacement=True, generator=generator)
        rows = torch.arange(len(chosen), device=chosen.device)[:, None]
        mean, factor = self.mean[rows, chosen], self.factor[rows, chosen]
        noise = torch.randn(mean.shape, generator=generator, dtype=mean.dtype, device=mean.device)
        return mean + (factor @ noise[..., None])[..., 0]
