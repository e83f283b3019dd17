"""The flags of predictions: what each says, and what to do about it."""

from enum import IntFlag
from typing import NamedTuple

import numpy as np

from jpas_gui.core.arrays import BoolArray, FloatArray, IndexArray

RARE = 0.001
"""Part of galaxies with a fitting SED whose chi2 noise alone makes larger than what is flagged."""

_N_FITTED = 4
"""log_age, metallicity, ebv and the amplitude."""


class Flag(IntFlag):
    """Why an answer deserves no trust; 0: nothing is known against it."""

    BANDS = 1
    """Too few usable bands, or one that the model cannot do without is missing: there is no answer."""
    REDSHIFT = 2
    """The redshift is not known, or outside those that the model covers: there is no answer."""
    MAGNITUDE = 4
    """Brighter or fainter than anything that the model was trained on."""
    CHI2 = 8
    """No SED of the libraries is near: `is_poor_fit`."""
    DISTANCE = 16
    """Its features are farther from those of the mocks than all but one in a thousand mocks."""


class FlagWords(NamedTuple):
    """A flag in a word, in a clause, and what to do about it."""

    short: str
    meaning: str
    advice: str

    @property
    def sentence(self) -> str:
        """What the flag says, and what to do."""
        return f"{self.meaning}; {self.advice}"


FLAGS = {
    Flag.BANDS: FlagWords(
        "bands",
        "too few usable bands, or one that the model needs is missing",
        "there is no answer: see why bands are masked, or take a posterior model, which needs fewer",
    ),
    Flag.REDSHIFT: FlagWords(
        "z",
        "redshift unknown, or outside those that the model covers",
        "there is no answer: check the redshift, or take a model for such redshifts",
    ),
    Flag.MAGNITUDE: FlagWords(
        "mag",
        "brighter or fainter than what the model was trained on",
        "check the unit of the fluxes, and compare with a model for such magnitudes",
    ),
    Flag.CHI2: FlagWords(
        "fit",
        "no single stellar population fits the photometry: the errors of the answer mean nothing",
        "look for emission lines, an active nucleus, a wrong redshift or too small errors, and mask such bands",
    ),
    Flag.DISTANCE: FlagWords(
        "colours",
        "colours unlike those of any galaxy that the model was trained on",
        "check calibration, Galactic extinction and redshift, and compare with a model of other libraries",
    ),
}
"""By bit."""


def is_poor_fit(chi2: FloatArray | float, n_bands: IndexArray | int) -> BoolArray:
    """Return where noise alone makes chi2 as large for fewer than one galaxy in a thousand; not where it is NaN.

    The same for networks and the exact posterior: chi2 of the best population has `n_bands` - 4 degrees of freedom.
    """
    # Imported when first needed: it would slow down the start.
    from scipy.special import chdtri

    return np.asarray(np.asarray(chi2) > chdtri(np.maximum(np.asarray(n_bands) - _N_FITTED, 1), RARE))


def flag_meanings(flag: int) -> tuple[str, ...]:
    """Return what a flag says, one clause for each bit."""
    return tuple(words.meaning for bit, words in FLAGS.items() if flag & bit)


def flag_sentences(flag: int) -> tuple[str, ...]:
    """Return what a flag says and what to do about an observed galaxy, one sentence for each bit."""
    return tuple(words.sentence for bit, words in FLAGS.items() if flag & bit)


def short_flag(flag: int) -> str:
    """Return a flag in a word or two, for a column of a table."""
    return " ".join(words.short for bit, words in FLAGS.items() if flag & bit)
