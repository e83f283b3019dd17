"""Why a model has no answer for a galaxy: which bands are missing, which redshifts it knows."""

from collections.abc import Sequence

import numpy as np

from jpas_gui.core.arrays import BoolArray

_NAMED = 4
"""Bands that are named; of more their number is told."""


def bands_words(bands: Sequence[str], usable: BoolArray, fewest: int) -> str:
    """Return which bands are missing to a model that needs `fewest` of `bands`; empty where it has enough.

    Parameters
    ----------
    usable : ndarray of bool, shape (n_bands,)
    """
    n_usable = int(usable.sum())
    if n_usable >= fewest:
        return ""
    missing = [band for band, is_usable in zip(bands, usable, strict=True) if not is_usable]
    named = ", ".join(missing[:_NAMED]) + (f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else "")
    needed = f"all {fewest} bands" if fewest == len(bands) else f"{fewest} of {len(bands)} bands or more"
    return f"needs {needed}, and {n_usable} are usable: no {named}"


def redshift_words(redshift: float, low: float, high: float) -> str:
    """Return why a model trained on redshifts from `low` to `high` does not take one; empty where it does."""
    if low <= redshift <= high:
        return ""
    trained = f"trained at redshift {low:g} only" if low == high else f"trained at redshifts {low:g} to {high:g}"
    if not np.isfinite(redshift):
        return f"the redshift is not known, and the model is {trained}"
    return f"{trained}: this galaxy has {redshift:.4g}"
