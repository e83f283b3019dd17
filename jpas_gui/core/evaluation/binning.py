"""The samples that a model is evaluated in: bins of magnitude, of signal to noise and of age."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from jpas_gui.core.arrays import BoolArray, FloatArray
from jpas_gui.core.evaluation.answers import TestAnswers
from jpas_gui.core.evaluation.statistics import Statistics, statistics
from jpas_gui.core.inference.parameters import PARAMETERS


@dataclass(frozen=True)
class Bin:
    """Values from `low` up to, but not including, `high`; `name` is what a figure or a table calls it."""

    name: str
    low: float
    high: float

    def holds(self, values: FloatArray) -> BoolArray:
        """Return which values lie in the bin."""
        return np.asarray((values >= self.low) & (values < self.high))

    @property
    def centre(self) -> float:
        """The middle of the bin."""
        return (self.low + self.high) / 2


@dataclass(frozen=True)
class Binning:
    """The bins of one quantity.

    Parameters
    ----------
    quantity : str
        magnitude, snr or log_age.
    unit : str, optional
        Of the limits of the bins.
    description : str
    bins : tuple of Bin
    """

    quantity: str
    unit: str | None
    description: str
    bins: tuple[Bin, ...]

    def values(self, answers: TestAnswers) -> FloatArray:
        """Return the quantity of each mock, shape (n,)."""
        if self.quantity in PARAMETERS:
            return answers.truth[:, PARAMETERS.index(self.quantity)]
        return np.asarray(getattr(answers, self.quantity))


_SNR_EDGES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000)

MAGNITUDES = Binning(
    "magnitude",
    "mag",
    "AB magnitude in iSDSS",
    tuple(Bin(f"{centre:.1f}", centre - 0.25, centre + 0.25) for centre in np.linspace(16.0, 22.0, 13).tolist()),
)
"""Bins of 0.5 mag around the magnitudes of the paper's mocks."""

SIGNAL_TO_NOISE = Binning(
    "snr",
    None,
    "signal to noise, 1.08 / magnitude error in iSDSS",
    tuple(Bin(f"{low} to {high}", low, high) for low, high in pairwise(_SNR_EDGES)),
)

AGES = Binning(
    "log_age",
    "dex(yr)",
    "true log age",
    (Bin("young", -math.inf, 8.0), Bin("intermediate", 8.0, 9.5), Bin("old", 9.5, math.inf)),
)
"""Young: below 100 Myr; old: from 3.2 Gyr on, where spectra hardly change any more."""


@dataclass(frozen=True)
class Sample:
    """How well the mocks of one bin are recovered.

    Parameters
    ----------
    bin : Bin
    n : int
        Number of mocks.
    magnitude, snr : float
        Median of the mocks.
    parameters : tuple of Statistics
        In the order of `parameters.PARAMETERS`.
    """

    bin: Bin
    n: int
    magnitude: float
    snr: float
    parameters: tuple[Statistics, ...]


def binned(answers: TestAnswers, binning: Binning) -> tuple[Sample, ...]:
    """Return the statistics of each bin that holds mocks."""
    values = binning.values(answers)
    chosen = [(one, one.holds(values)) for one in binning.bins]
    return tuple(sample(answers, which, one) for one, which in chosen if which.any())


def by_library(answers: TestAnswers) -> tuple[Sample, ...]:
    """Return the statistics of the mocks of each library, under its name."""
    chosen = [(name, answers.library == number) for number, name in enumerate(answers.libraries)]
    return tuple(sample(answers, which, _everything(name)) for name, which in chosen if which.any())


def overall(answers: TestAnswers) -> Sample:
    """Return the statistics of all mocks."""
    return sample(answers, np.ones(len(answers), dtype=bool), _everything("all"))


def sample(answers: TestAnswers, which: BoolArray, name: Bin) -> Sample:
    """Return the statistics of some of the mocks.

    Parameters
    ----------
    which : ndarray of bool, shape (n,)
        One or more of the mocks.
    name : Bin
    """
    delta = answers.delta[which]
    ranks = None if answers.ranks is None else answers.ranks[which]
    return Sample(
        name,
        len(delta),
        float(np.median(answers.magnitude[which])),
        float(np.median(answers.snr[which])),
        tuple(
            statistics(delta[:, number], None if ranks is None else ranks[:, number])
            for number in range(len(PARAMETERS))
        ),
    )


def _everything(name: str) -> Bin:
    return Bin(name, -math.inf, math.inf)
