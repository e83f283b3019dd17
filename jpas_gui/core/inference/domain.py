"""What a model was trained on, and whether a galaxy lies outside of it."""

from dataclasses import dataclass

import torch

_RARE = 0.001
"""Part of the mocks that lie beyond the limits."""

_RIDGE = 1e-6


@dataclass(frozen=True, eq=False)
class FeatureDomain:
    """The features of mocks, as an ellipsoid.

    Parameters
    ----------
    mean : Tensor, shape (n_features,)
    whitening : Tensor, shape (n_features, n_features)
        ``(features - mean) @ whitening`` has unit covariance for mocks.
    largest : Tensor, shape ()
        Distance that one of 1000 mocks exceeds.
    """

    mean: torch.Tensor
    whitening: torch.Tensor
    largest: torch.Tensor

    @classmethod
    def of(cls, features: torch.Tensor) -> "FeatureDomain":
        """Return the domain of mocks with these features, shape (n, n_features)."""
        features = features.double()
        mean = features.mean(dim=0)
        covariance = torch.cov(features.T)
        ridge = _RIDGE * torch.diagonal(covariance).mean() * torch.eye(len(mean), dtype=torch.float64)
        factor = torch.linalg.cholesky(torch.linalg.inv(covariance + ridge.to(covariance.device)))
        domain = cls(mean.float(), factor.float(), torch.zeros(()))
        return cls(domain.mean, domain.whitening, rare(domain.distance(features)).float())

    def distance(self, features: torch.Tensor) -> torch.Tensor:
        """Return the Mahalanobis distance over sqrt(n_features), shape (n,), float64: about 1 for mocks."""
        offset = features.double() - self.mean.double()
        return (offset @ self.whitening.double()).square().mean(dim=1).sqrt()

    def tensors(self) -> dict[str, torch.Tensor]:
        """Return the numbers by the names that they have in a bundle."""
        return {f"{_PREFIX}mean": self.mean, f"{_PREFIX}whitening": self.whitening, f"{_PREFIX}largest": self.largest}

    @classmethod
    def from_tensors(cls, weights: dict[str, torch.Tensor]) -> "FeatureDomain":
        """Take the numbers out of the weights of a bundle."""
        return cls(*(weights.pop(f"{_PREFIX}{name}") for name in ("mean", "whitening", "largest")))


_PREFIX = "domain."


def rare(values: torch.Tensor) -> torch.Tensor:
    """Return the value that one of 1000 exceeds."""
    # torch.quantile refuses more than 16 million values, and sorts them all.
    return values.kthvalue(max(1, int((1 - _RARE) * len(values)))).values
