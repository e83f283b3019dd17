"""All marginals and two-parameter maps of a posterior at once."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from jpas_gui.core.arrays import Float32Array, FloatArray
from jpas_gui.core.inference.exact.posterior import Posterior


class Maps(NamedTuple):
    """Densities in bins: of each parameter, shape (n_bins,), and of each pair, shape (n_bins, n_bins)."""

    marginals: tuple[FloatArray, ...]
    maps: tuple[FloatArray, ...]


def maps_of(posterior: Posterior, edges: Sequence[FloatArray], pairs: Sequence[tuple[int, int]]) -> Maps:
    """Return the marginals and maps of a posterior: those of `Posterior.marginal` and `Posterior.map`, but faster.

    Which part of a box lies in which bin is found once for each parameter, in single precision.

    Parameters
    ----------
    edges : sequence of ndarray, shape (n_bins + 1,)
        Of the bins of each parameter, in the order of `PARAMETERS`.
    pairs : sequence of tuple of int
        Places of two parameters in `PARAMETERS`.
    """
    shares = [_shares(posterior, number, edge) for number, edge in enumerate(edges)]
    weight = posterior.weight.astype(np.float32)
    widths = [np.diff(edge) for edge in edges]
    marginals = [(weight @ share).astype(float) / width for share, width in zip(shares, widths, strict=True)]
    weighted = [weight[:, np.newaxis] * share for share in shares]
    maps = [(shares[a].T @ weighted[b]).astype(float) / np.outer(widths[a], widths[b]) for a, b in pairs]
    return Maps(tuple(marginals), tuple(maps))


def _shares(posterior: Posterior, number: int, edges: FloatArray) -> Float32Array:
    """Return which part of each box lies in each bin, shape (n, n_bins)."""
    half = posterior.half_width[:, number]
    low = posterior.centre[:, number] - half
    part = np.empty((low.size, edges.size), dtype=np.float32)
    # The difference in double precision: narrow boxes would show the rounding of an edge many times larger.
    np.subtract(edges, low[:, np.newaxis], out=part, casting="same_kind")
    part *= (0.5 / half).astype(np.float32)[:, np.newaxis]
    return np.diff(np.clip(part, 0, 1, out=part), axis=1)
