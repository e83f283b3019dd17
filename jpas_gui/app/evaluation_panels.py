"""The figures of evaluations as panels of series: pure functions. The numbers are those of `core.evaluation`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

import numpy as np

from jpas_gui.app.evaluation_result import Evaluation
from jpas_gui.app.recorded_metrics import Recorded
from jpas_gui.core.arrays import BoolArray, FloatArray
from jpas_gui.core.evaluation.binning import MAGNITUDES, Sample
from jpas_gui.core.evaluation.comparison import Comparison
from jpas_gui.core.evaluation.figures.magnitudes import PAPER_AGE
from jpas_gui.core.evaluation.labels import LABELS
from jpas_gui.core.evaluation.statistics import coverage_curve, rank_histogram
from jpas_gui.core.evaluation.tables import LEVELS, RANK_BINS
from jpas_gui.core.inference.parameters import PARAMETERS

PAPER = "Domínguez Sánchez et al. 2025"

_MAGNITUDE_AXIS = "magnitude in iSDSS (AB)"


class Kind(Enum):
    """How a series is drawn."""

    MODEL = auto()
    ROBUST = auto()
    EXACT = auto()
    PAPER = auto()


@dataclass(frozen=True, eq=False)
class Series:
    """Points of one model, the exact posterior or the paper, shape (n,) each.

    Parameters
    ----------
    title : str
    kind : Kind
    place : int
        Of the evaluation, for its colour and symbol.
    x, y, error : ndarray
    """

    title: str
    kind: Kind
    place: int
    x: FloatArray
    y: FloatArray
    error: FloatArray


@dataclass(frozen=True, eq=False)
class Panel:
    """A plot.

    Parameters
    ----------
    x_label, y_label : str
    series : tuple of Series
    guides : tuple of tuple of float
        Lines that guide the eye: x and y of one end, x and y of the other.
    is_log : bool
        Whether y is drawn on a logarithmic axis.
    """

    x_label: str
    y_label: str
    series: tuple[Series, ...]
    guides: tuple[tuple[float, float, float, float], ...] = ()
    is_log: bool = False


Panels = tuple[tuple[Panel, ...], ...]
"""Rows of panels, one column for each parameter."""

Shown = Sequence[tuple[int, Evaluation]]
"""Evaluations with their places."""

Measured = Shown | Sequence[tuple[int, Recorded]]
"""What has numbers by magnitude, with places."""

_Measure = Callable[[int, str], tuple[Series, ...]]
"""From number and name of a parameter to what is drawn of it."""


def _row(
    x_label: str, y_label: str, measure: _Measure, guides: tuple[tuple[float, ...], ...] = (), may_be_log: bool = False
) -> tuple[Panel, ...]:
    """Return a panel for each parameter; ``{symbol}`` and ``{unit}`` in the labels are the parameter's."""
    panels = []
    for number, name in enumerate(PARAMETERS):
        words = {"symbol": LABELS[name].symbol, "unit": LABELS[name].delta_unit}
        lines = tuple((a, b, c, d) for a, b, c, d in guides)
        series = measure(number, name)
        is_log = may_be_log and _spans_a_decade(series)
        panels.append(Panel(x_label.format(**words), y_label.format(**words), series, lines, is_log))
    return tuple(panels)


def _spans_a_decade(series: Sequence[Series]) -> bool:
    y = np.concatenate([one.y[one.y > 0] for one in series]) if series else np.empty(0)
    return bool(y.size and y.max() > 10 * y.min())


def _horizontal(height: float) -> tuple[float, float, float, float]:
    return (MAGNITUDES.bins[0].low, height, MAGNITUDES.bins[-1].high, height)


# -- figure 4 of the paper ------------------------------------------------------------------------------------------


def magnitude_panels(shown: Measured) -> Panels:
    """Return bias, scatter and outlier fraction against magnitude, with what the paper reports."""

    def bias(number: int, name: str) -> tuple[Series, ...]:
        return (*_of_samples(shown, number, "bias"), *_paper(name, "bias"))

    def scatter(number: int, name: str) -> tuple[Series, ...]:
        robust = _of_samples(shown, number, "robust_scatter", Kind.ROBUST)
        return (
            *_of_samples(shown, number, "scatter"),
            *robust,
            *_exact_scatter(shown, number),
            *_paper(name, "scatter"),
        )

    return (
        _row(_MAGNITUDE_AXIS, "bias of {symbol} ({unit})", bias, (_horizontal(0),)),
        _row(_MAGNITUDE_AXIS, "scatter of {symbol} ({unit})", scatter),
        _row(
            _MAGNITUDE_AXIS,
            "outlier fraction, {symbol}",
            lambda number, _: _of_samples(shown, number, "outlier_fraction"),
        ),
    )


def _of_samples(shown: Measured, number: int, metric: str, kind: Kind = Kind.MODEL) -> tuple[Series, ...]:
    word = ", robust" if kind is Kind.ROBUST else ""
    return tuple(
        Series(
            f"{one.title}{word}",
            kind,
            place,
            np.array([sample.bin.centre for sample in one.by_magnitude]),
            _values(one.by_magnitude, number, metric),
            np.zeros(len(one.by_magnitude)) if word else _values(one.by_magnitude, number, f"{metric}_error"),
        )
        for place, one in shown
    )


def _values(samples: Sequence[Sample], number: int, metric: str) -> FloatArray:
    return np.array([getattr(sample.parameters[number], metric) for sample in samples], dtype=float)


def _exact_scatter(shown: Measured, number: int) -> tuple[Series, ...]:
    return _of_comparisons(
        shown, number, "{}: exact posterior", Kind.EXACT, lambda one: (one.exact.scatter, one.exact.scatter_error)
    )


def _paper(name: str, metric: str) -> tuple[Series, ...]:
    if name != "log_age":
        return ()
    x = np.array([one.magnitude for one in PAPER_AGE])
    y = np.array([getattr(one, metric) for one in PAPER_AGE])
    return (Series(PAPER, Kind.PAPER, 0, x, y, np.zeros(len(x))),)


# -- the exact posterior --------------------------------------------------------------------------------------------


def exact_panels(shown: Shown) -> Panels:
    """Return the models beside the exact posterior, on the same mocks, against magnitude."""

    def errors(number: int, _: str) -> tuple[Series, ...]:
        return (
            *_of_comparisons(shown, number, "{}", Kind.MODEL, lambda one: (one.model.mae, one.model.mae_error)),
            *_of_comparisons(
                shown, number, "{}: exact posterior", Kind.EXACT, lambda one: (one.exact.mae, one.exact.mae_error)
            ),
        )

    def ratios(number: int, _: str) -> tuple[Series, ...]:
        return _of_comparisons(shown, number, "{}", Kind.MODEL, lambda one: (one.mae_ratio, one.mae_ratio_error))

    def widths(number: int, _: str) -> tuple[Series, ...]:
        return _of_comparisons(shown, number, "{}", Kind.MODEL, lambda one: (one.width_ratio, 0.0))

    one = (_horizontal(1),)
    return (
        _row(_MAGNITUDE_AXIS, "mean |Δ| of {symbol} ({unit})", errors),
        _row(_MAGNITUDE_AXIS, "{symbol}: |Δ|, model / exact", ratios, one, may_be_log=True),
        _row(_MAGNITUDE_AXIS, "{symbol}: width, model / exact", widths, one),
    )


def _of_comparisons(
    shown: Measured, number: int, title: str, kind: Kind, measure: Callable[[Comparison], tuple[float, float]]
) -> tuple[Series, ...]:
    series = []
    for place, one in shown:
        if one.compared:
            y, error = np.array([measure(each[number]) for _, each in one.compared], dtype=float).T
            x = np.array([magnitude.centre for magnitude, _ in one.compared])
            series.append(Series(title.format(one.title), kind, place, x, y, error))
    return tuple(series)


# -- calibration ----------------------------------------------------------------------------------------------------


def calibration_panels(shown: Shown, magnitude: str) -> Panels:
    """Return how often the truth lies in the models' intervals, and the histogram of its ranks.

    Parameters
    ----------
    magnitude : str
        Name of a bin of magnitude, "" for all mocks.
    """
    ranks = [(place, one.title, one.answers.ranks[rows_of(one, magnitude)]) for place, one in shown
             if one.answers.ranks is not None]  # fmt: skip
    ranks = [(place, title, own) for place, title, own in ranks if len(own)]
    middles = (np.arange(RANK_BINS) + 0.5) / RANK_BINS

    def covered(number: int, _: str) -> tuple[Series, ...]:
        return tuple(
            Series(title, Kind.MODEL, place, np.array(LEVELS), *coverage_curve(own[:, number], LEVELS))
            for place, title, own in ranks
        )

    def histogram(number: int, _: str) -> tuple[Series, ...]:
        return tuple(_histogram(title, place, middles, own[:, number]) for place, title, own in ranks)

    return (
        _row("probability of the interval", "truths of {symbol} within it", covered, ((0.0, 0.0, 1.0, 1.0),)),
        _row("rank of the true {symbol}", "density of ranks", histogram, ((0.0, 1.0, 1.0, 1.0),)),
    )


def _histogram(title: str, place: int, middles: FloatArray, ranks: FloatArray) -> Series:
    density = rank_histogram(ranks, RANK_BINS)
    return Series(title, Kind.MODEL, place, middles, density, np.sqrt(density * RANK_BINS / len(ranks)))


def drawn_models(panels: Panels) -> frozenset[int]:
    """Return the places of the models that the panels show."""
    return frozenset(
        series.place for row in panels for panel in row for series in panel.series if series.kind is Kind.MODEL
    )


def rows_of(one: Evaluation, magnitude: str) -> BoolArray:
    """Return which mocks lie in a bin of magnitude, shape (n,); all for ""."""
    values = one.answers.magnitude
    chosen = [bin_.holds(values) for bin_ in MAGNITUDES.bins if bin_.name == magnitude]
    return chosen[0] if chosen else np.ones(len(values), dtype=bool)
