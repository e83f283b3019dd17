"""Where a posterior piles up at an end of its prior: the truth may lie beyond what the library has."""

import numpy as np

from jpas_gui.core.arrays import BoolArray, FloatArray
from jpas_gui.core.evaluation.labels import LABELS
from jpas_gui.core.inference.parameters import PARAMETERS

_NEAR = 0.119
"""Part of the width between the percentiles 16 and 84: that of a Gaussian whose peak lies two sigma beyond the end."""

_NARROW = 0.25
"""Part of the prior: a posterior that is wider reaches an end in any case."""

EDGE_ADVICE = "compare with a library that goes farther, and see whether some bands or the redshift are wrong"

_ENDS = {
    "log_age": ("the youngest", "the oldest"),
    "metallicity": ("the most metal-poor", "the most metal-rich"),
    "ebv": ("no dust", "the most dust"),
}


def edges_reached(percentiles: FloatArray, low: FloatArray, high: FloatArray) -> BoolArray:
    """Return which ends of the prior posteriors pile up at, shape (n, 3, 2): lower and upper ones.

    Said of an answer, no flag: of good galaxies near an end, such as old ones, many are there, and a sample without
    them would be another sample. Without dust a galaxy is at E(B-V) = 0, which is no fault of the library: that end
    never counts.

    Parameters
    ----------
    percentiles : ndarray, shape (n, 3, 3)
        16, 50 and 84 on the last axis; NaN where there is no posterior.
    low, high : ndarray, shape (3,)
        Ends of the prior.
    """
    first, _, last = np.moveaxis(percentiles, -1, 0)
    width, whole = last - first, np.asarray(high) - np.asarray(low)
    gap = np.stack([first - low, high - last], axis=-1)
    reached = gap < _NEAR * width[..., np.newaxis]
    reached &= (width < _NARROW * whole)[..., np.newaxis]
    reached[..., PARAMETERS.index("ebv"), 0] = False
    return np.asarray(reached)


def edge_words(reached: BoolArray, low: FloatArray, high: FloatArray) -> tuple[str, ...]:
    """Return what the ends, shape (3, 2), of one galaxy are, a clause each."""
    return tuple(
        f"at the edge of the library, {_ENDS[name][end]} ({LABELS[name].symbol} {_with_minus(ends[end])}): "
        "the true value may lie beyond it"
        for name, ends, own in zip(PARAMETERS, zip(low, high, strict=True), reached, strict=True)
        for end in np.flatnonzero(own)
    )


def _with_minus(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")
