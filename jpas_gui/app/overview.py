"""What the predictions of a catalogue look like: histograms of the parameters, and a plane of two columns."""

from dataclasses import dataclass

import numpy as np

from jpas_gui.app.source_list import SourceTable
from jpas_gui.core.arrays import BoolArray, FloatArray, IndexArray
from jpas_gui.core.inference.parameters import PARAMETERS

PLANE_COLUMNS = {
    "log_age": "log age (log10 yr)",
    "metallicity": "[M/H] (dex)",
    "ebv": "E(B−V) (mag)",
    "magnitude": "AB magnitude",
    "snr": "S/N",
    "redshift": "redshift",
    "chi2": "χ² per band",
}
"""What can be on the axes of the plane, by column of `SourceTable`."""

MAX_POINTS = 20_000
"""Galaxies that are drawn one by one; more are drawn as a density."""

_BINS = 50
_CELLS = 160
_WIDEST = (0.05, 99.95)
"""Percentiles at the ends of an axis: a few wild values must not hide the rest."""


@dataclass(frozen=True, eq=False)
class ParameterCounts:
    """Histogram of a parameter: `edges`, shape (n + 1,), and how many of all and of the listed galaxies, (n,)."""

    edges: FloatArray
    of_all: IndexArray
    of_listed: IndexArray


@dataclass(frozen=True, eq=False)
class Plane:
    """The galaxies over two columns.

    Parameters
    ----------
    columns : tuple of str
    low, high : tuple of float
        Ends of the axes.
    row : ndarray of int, shape (n,)
        Of the galaxies that are drawn one by one: all of them, else the listed ones, else none.
    x, y : ndarray, shape (n,)
    is_listed : ndarray of bool, shape (n,)
    density : ndarray, shape (n_x, n_y)
        log10(1 + number of galaxies); empty where all are drawn one by one.
    """

    columns: tuple[str, str]
    low: tuple[float, float]
    high: tuple[float, float]
    row: IndexArray
    x: FloatArray
    y: FloatArray
    is_listed: BoolArray
    density: FloatArray


@dataclass(frozen=True, eq=False)
class Overview:
    """The predictions of a catalogue, as far as they are known."""

    n_predicted: int
    n_flagged: int
    counts: tuple[ParameterCounts, ...]
    plane: Plane


def overview(table: SourceTable, listed: IndexArray, columns: tuple[str, str]) -> Overview | None:
    """Return the overview; None where nothing is predicted.

    Parameters
    ----------
    listed : ndarray of int
        Rows that pass search and filters.
    columns : tuple of str
        Of the plane.
    """
    if not table.has_predictions:
        return None
    return Overview(
        n_predicted=int(np.isfinite(table.log_age).sum()),
        n_flagged=int((table.flag > 0).sum()),
        counts=tuple(_counts(getattr(table, name), listed) for name in PARAMETERS),
        plane=_plane(table, listed, columns),
    )


def _counts(values: FloatArray, listed: IndexArray) -> ParameterCounts:
    low, high = _ends(values)
    edges = np.linspace(low, high, _BINS + 1)
    of_all, of_listed = (np.histogram(part[np.isfinite(part)], edges)[0] for part in (values, values[listed]))
    return ParameterCounts(edges, of_all, of_listed)


def _plane(table: SourceTable, listed: IndexArray, columns: tuple[str, str]) -> Plane:
    values = [getattr(table, name) for name in columns]
    ends = [_ends(value) for value in values]
    low, high = (ends[0][0], ends[1][0]), (ends[0][1], ends[1][1])
    known = np.isfinite(values[0]) & np.isfinite(values[1])
    is_listed = np.zeros(known.size, dtype=bool)
    is_listed[listed] = True
    density = np.empty((0, 0))
    drawn = np.flatnonzero(known)
    if drawn.size > MAX_POINTS:
        limits = ((low[0], high[0]), (low[1], high[1]))
        density = np.log10(1 + np.histogram2d(values[0][drawn], values[1][drawn], _CELLS, limits)[0])
        drawn = np.flatnonzero(known & is_listed)
        drawn = drawn if drawn.size <= MAX_POINTS else drawn[:0]
    x, y = (value[drawn].astype(float) for value in values)
    return Plane(columns, low, high, drawn, x, y, is_listed[drawn], density)


def _ends(values: FloatArray) -> tuple[float, float]:
    finite = values[np.isfinite(values)]
    if not finite.size:
        return 0.0, 1.0
    low, high = np.percentile(finite, _WIDEST)
    margin = 0.03 * (high - low) + 1e-3
    return float(low - margin), float(high + margin)
