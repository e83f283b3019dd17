"""How the parameters of a posterior trade against each other."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.inference.exact.posterior import Posterior
from jpas_gui.core.inference.parameters import PARAMETERS


@dataclass(frozen=True)
class Trade:
    """How far two parameters can move together, and look the same.

    Parameters
    ----------
    parameters : tuple of str
    step : tuple of float
        One standard deviation along the longest axis of their posterior, each in its own unit; the first is not
        positive, so that for age it says what is younger.
    correlation : float
        Of their posterior, -1 to 1.
    """

    parameters: tuple[str, str]
    step: tuple[float, float]
    correlation: float


def covariance(posterior: Posterior) -> FloatArray:
    """Return the covariance of a posterior, shape (3, 3)."""
    offset = posterior.centre - posterior.mean()
    between = (posterior.weight[:, np.newaxis] * offset).T @ offset
    return np.asarray(between + np.diag(posterior.weight @ posterior.half_width**2 / 3))


def trades(posterior: Posterior) -> tuple[Trade, ...]:
    """Return how each pair of parameters trades, the strongest correlation first."""
    spread = covariance(posterior)
    sigma = np.sqrt(np.diag(spread))
    found = []
    for first, second in combinations(range(len(PARAMETERS)), 2):
        correlation = float(spread[first, second] / (sigma[first] * sigma[second]))
        # In units of the standard deviations the longest axis is a diagonal, whatever the units of the parameters.
        length = np.sqrt((1 + abs(correlation)) / 2)
        step = -length * sigma[first], -np.copysign(length, correlation) * sigma[second]
        found.append(Trade((PARAMETERS[first], PARAMETERS[second]), (float(step[0]), float(step[1])), correlation))
    return tuple(sorted(found, key=lambda trade: -abs(trade.correlation)))
