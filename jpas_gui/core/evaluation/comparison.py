"""The model beside the exact posterior, on the same mocks."""

import math
from dataclasses import dataclass

import numpy as np

from jpas_gui.core.arrays import FloatArray, IndexArray
from jpas_gui.core.evaluation.answers import ExactAnswers, TestAnswers
from jpas_gui.core.evaluation.binning import MAGNITUDES, Bin
from jpas_gui.core.evaluation.statistics import Statistics, mae_ratio, statistics
from jpas_gui.core.inference.parameters import PARAMETERS


@dataclass(frozen=True)
class Comparison:
    """Model and exact posterior, for one parameter in one bin of magnitude.

    Parameters
    ----------
    model, exact : Statistics
        Of the same mocks; the point estimate of the exact posterior is its median.
    mae_ratio, mae_ratio_error : float
        Mean absolute error of the model over that of the exact posterior, and its bootstrap standard error.
    width_ratio : float
        Median of the model's 16-84 widths over that of the exact ones; NaN for a model without a posterior.
    """

    model: Statistics
    exact: Statistics
    mae_ratio: float
    mae_ratio_error: float
    width_ratio: float


def compared(answers: TestAnswers) -> tuple[tuple[Bin, tuple[Comparison, ...]], ...]:
    """Return the comparison of each parameter, for each magnitude bin that the exact posterior was computed in.

    Empty where it was not computed at all.
    """
    exact = answers.exact
    if exact is None:
        return ()
    magnitude = answers.magnitude[exact.rows]
    chosen = [(one, np.flatnonzero(one.holds(magnitude))) for one in MAGNITUDES.bins]
    return tuple(
        (one, tuple(_comparison(answers, exact, which, number) for number in range(len(PARAMETERS))))
        for one, which in chosen
        if which.size
    )


def _comparison(answers: TestAnswers, exact: ExactAnswers, which: IndexArray, number: int) -> Comparison:
    """Compare parameter `number` on the entries `which` of the exact answers."""
    rows, width = exact.rows[which], answers.width
    delta = answers.delta[rows, number]
    exact_delta = exact.median[which, number] - answers.truth[rows, number]
    ratio, error = mae_ratio(delta, exact_delta)
    ranks = None if answers.ranks is None else answers.ranks[rows, number]
    return Comparison(
        statistics(delta, ranks),
        statistics(exact_delta, exact.ranks[which, number]),
        ratio,
        error,
        math.nan if width is None else _ratio_of_medians(width[rows, number], exact.width[which, number]),
    )


def _ratio_of_medians(values: FloatArray, others: FloatArray) -> float:
    other = float(np.median(others))
    return float(np.median(values)) / other if other > 0 else math.nan
