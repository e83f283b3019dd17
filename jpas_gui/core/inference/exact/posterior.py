"""A posterior of log_age, metallicity and E(B-V): boxes of constant density."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.inference.parameters import PARAMETERS

_N_NODES = 8192
"""Between so many values of a parameter its cumulative probability is taken as linear."""


@dataclass(frozen=True, eq=False)
class Posterior:
    """A probability density over log_age, metallicity and ebv: constant within each of many boxes.

    Parameters
    ----------
    centre, half_width : ndarray, shape (n, 3)
        Of the boxes; parameters in the order of `parameters.PARAMETERS`.
    weight : ndarray, shape (n,)
        Probability of each box; the sum is 1.
    log_evidence : float
        ln of the mean likelihood under the prior, but for a constant of the data; compares libraries.
    best : ndarray, shape (3,)
        The population of the smallest chi2 among the centres.
    chi2 : float
        Its chi2, with the amplitude that fits best.
    magnitude : float
        AB magnitude of the best population in the reference band.
    n_bands : int
        Number of bands that were used.
    """

    centre: FloatArray
    half_width: FloatArray
    weight: FloatArray
    log_evidence: float
    best: FloatArray
    chi2: float
    magnitude: float
    n_bands: int

    def percentiles(self, percent: Sequence[float] = (16.0, 50.0, 84.0)) -> FloatArray:
        """Return percentiles of each parameter, shape (len(percent), 3)."""
        return np.column_stack(
            [self._quantiles(number, np.asarray(percent) / 100) for number in range(len(PARAMETERS))]
        )

    def _quantiles(self, number: int, level: FloatArray) -> FloatArray:
        low, high = self._ends(number)
        density = self.weight / (high - low)
        nodes, step = np.linspace(low.min(), high.max(), _N_NODES, retstep=True)
        # The density changes where boxes begin and end. Shared between two nodes, each change keeps its place, so that
        # the probability below each node is exact.
        change = np.concatenate([density, -density])
        place = (np.concatenate([low, high]) - nodes[0]) / step
        node = place.astype(np.intp)
        change, shared = change * (node + 1 - place), change * (place - node)
        at_node = np.bincount(node, change, _N_NODES + 1) + np.bincount(node + 1, shared, _N_NODES + 1)
        cumulative = np.concatenate([[0.0], np.cumsum(np.cumsum(at_node))[: _N_NODES - 1]])
        return np.asarray(np.interp(level * cumulative[-1], cumulative, nodes))

    def cumulative(self, value: FloatArray) -> FloatArray:
        """Return the probability below `value`, shape (3,), for each parameter, shape (3,)."""
        part = (np.asarray(value) - self.centre + self.half_width) / (2 * self.half_width)
        return np.asarray(self.weight @ np.clip(part, 0, 1))

    def mean(self) -> FloatArray:
        """Return the mean of each parameter, shape (3,)."""
        return np.asarray(self.weight @ self.centre)

    def marginal(self, parameter: str, edges: FloatArray) -> FloatArray:
        """Return the density of one parameter in bins, shape (n_edges - 1,)."""
        return np.asarray(self.weight @ self._shares(parameter, edges)) / np.diff(edges)

    def map(self, parameters: tuple[str, str], edges: tuple[FloatArray, FloatArray]) -> FloatArray:
        """Return the density of two parameters in bins, shape (n_edges_0 - 1, n_edges_1 - 1)."""
        first, second = (self._shares(name, edge) for name, edge in zip(parameters, edges, strict=True))
        probability = first.T @ (self.weight[:, np.newaxis] * second)
        return np.asarray(probability / np.outer(*(np.diff(edge) for edge in edges)))

    def _shares(self, parameter: str, edges: FloatArray) -> FloatArray:
        """Return which part of each box lies in each bin, shape (n, n_edges - 1)."""
        low, high = self._ends(PARAMETERS.index(parameter))
        part = (edges[np.newaxis] - low[:, np.newaxis]) / (high - low)[:, np.newaxis]
        return np.diff(np.clip(part, 0, 1), axis=1)

    def _ends(self, number: int) -> tuple[FloatArray, FloatArray]:
        centre, half = self.centre[:, number], self.half_width[:, number]
        return centre - half, centre + half

    def sample(self, n: int, seed: int) -> FloatArray:
        """Return draws, shape (n, 3)."""
        random = np.random.default_rng(seed)
        box = random.choice(self.weight.size, size=n, p=self.weight)
        return self.centre[box] + self.half_width[box] * random.uniform(-1, 1, (n, len(PARAMETERS)))


def mixture_of(posteriors: Sequence[Posterior], prior: Sequence[float]) -> Posterior:
    """Return the posterior under several libraries, of which each has a prior probability.

    All must be of the same data.
    """
    log_weight = np.array([p.log_evidence for p in posteriors]) + np.log(np.asarray(prior) / np.sum(prior))
    peak = log_weight.max()
    share = np.exp(log_weight - peak)
    best = min(posteriors, key=lambda posterior: posterior.chi2)
    return Posterior(
        np.concatenate([p.centre for p in posteriors]),
        np.concatenate([p.half_width for p in posteriors]),
        np.concatenate([p.weight * s for p, s in zip(posteriors, share / share.sum(), strict=True)]),
        float(peak + math.log(share.sum())),
        best.best,
        best.chi2,
        best.magnitude,
        best.n_bands,
    )
