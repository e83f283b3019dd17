"""Where a library has models: points over age and metallicity, and their marginal histograms."""

from dataclasses import dataclass

import numpy as np

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.ssp.library import SSPLibrary

AGE_STEP = 0.25
METALLICITY_STEP = 0.2


@dataclass(frozen=True, eq=False)
class Histogram:
    """Part of the fullest bin: `edges`, shape (n + 1,), and `part`, shape (n,), 0 to 1."""

    edges: FloatArray
    part: FloatArray


@dataclass(frozen=True, eq=False)
class Coverage:
    """The models of a library.

    Parameters
    ----------
    title : str
    nodes : ndarray, shape (n_models, 2)
        log_age and metallicity of each model.
    log_age, metallicity : Histogram
    """

    title: str
    nodes: FloatArray
    log_age: Histogram
    metallicity: Histogram


def coverage_of(library: SSPLibrary) -> Coverage:
    """Return where a library has models."""
    return coverage_of_nodes(library.title, library.nodes)


def coverage_of_nodes(title: str, nodes: FloatArray) -> Coverage:
    """Return where a library of this title has models: `nodes`, shape (n_models, 2), log_age and metallicity."""
    return Coverage(
        title=f"{title} ({len(nodes)})",
        nodes=nodes,
        log_age=_histogram(nodes[:, 0], AGE_STEP),
        metallicity=_histogram(nodes[:, 1], METALLICITY_STEP),
    )


def _histogram(values: FloatArray, step: float) -> Histogram:
    # Bins are centred on multiples of the step, where the nodes of libraries like to lie.
    first, last = np.floor(values.min() / step + 0.5), np.floor(values.max() / step + 0.5)
    edges = (np.arange(first, last + 2) - 0.5) * step
    counts, _ = np.histogram(values, edges)
    return Histogram(edges, counts / counts.max())
