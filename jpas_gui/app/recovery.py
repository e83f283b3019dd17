"""Figure 3 of the paper as it is shown: predicted against true, and the mocks in a brush. Pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jpas_gui.app.evaluation_panels import Shown, rows_of
from jpas_gui.app.evaluation_result import Evaluation
from jpas_gui.core.arrays import FloatArray, IndexArray
from jpas_gui.core.evaluation.labels import LABELS
from jpas_gui.core.evaluation.running import Running, running_percentiles
from jpas_gui.core.evaluation.statistics import Statistics, statistics
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.core.magnitudes import flux_of_magnitude
from jpas_gui.core.photometry.bands import N_SURVEY_BANDS, all_bands
from jpas_gui.core.ssp.catalogue import library_title

MAX_POINTS = 4000
"""Mocks that are drawn one by one: more would only be black, and slow."""

MAX_SEDS = 60
"""SEDs that are drawn of a brush."""

_MARGIN = 0.04
_REACH = 0.985
"""Part of the mocks that the panel of differences shows."""


@dataclass(frozen=True)
class MockBrush:
    """A rectangle of true (first) and predicted (second) values."""

    low: tuple[float, float]
    high: tuple[float, float]


@dataclass(frozen=True, eq=False)
class RecoverySeries:
    """How one evaluation recovers the parameter: running percentiles of the predicted values and of Δ."""

    title: str
    place: int
    predicted: Running
    delta: Running
    statistics: Statistics


@dataclass(frozen=True, eq=False)
class RecoveryFrame:
    """Predicted against true.

    Parameters
    ----------
    label, delta_unit : str
        Of the parameter.
    series : tuple of RecoverySeries
    place : int
        Of the evaluation whose mocks are the points.
    rows : ndarray of int, shape (n,)
        The mocks that are drawn, as rows of that evaluation.
    truth, point : ndarray, shape (n,)
    low, high : float
        Ends of the axes.
    reach : float
        Half height of the panel of differences.
    """

    label: str
    delta_unit: str
    series: tuple[RecoverySeries, ...]
    place: int
    rows: IndexArray
    truth: FloatArray
    point: FloatArray
    low: float
    high: float
    reach: float


@dataclass(frozen=True, eq=False)
class MockSEDs:
    """SEDs of mocks, as they were given to the model: flux relative to iSDSS over rest-frame wavelength.

    Parameters
    ----------
    x, y, error : ndarray, shape (n, 56)
        Angstrom, and fluxes with 1-sigma errors; NaN where the band is masked.
    """

    x: FloatArray
    y: FloatArray
    error: FloatArray


def recovery_frame(shown: Shown, current: Evaluation, parameter: str, magnitude: str) -> RecoveryFrame | None:
    """Return predicted against true of one parameter; None where there are no mocks of this magnitude.

    Parameters
    ----------
    shown : sequence of tuple
        Evaluations with their places; `current` is one of them.
    current : Evaluation
        Its mocks are drawn one by one.
    parameter : str
    magnitude : str
        Name of a bin of magnitude, "" for all mocks.
    """
    number = PARAMETERS.index(parameter)
    chosen = [(place, one, np.flatnonzero(rows_of(one, magnitude))) for place, one in shown]
    chosen = [(place, one, rows) for place, one, rows in chosen if rows.size]
    points = [(place, rows) for place, one, rows in chosen if one is current]
    if not points:
        return None
    place, rows = points[0]
    rows = rows[:: -(-rows.size // MAX_POINTS)]
    truth, point = current.answers.truth[rows, number], current.answers.point[rows, number]
    low, high = float(truth.min()), float(truth.max())
    margin = _MARGIN * (high - low) or 0.1
    return RecoveryFrame(
        LABELS[parameter].axis,
        LABELS[parameter].delta_unit,
        tuple(_series(own, one, at, number) for own, one, at in chosen),
        place,
        rows,
        truth,
        point,
        low - margin,
        high + margin,
        1.15 * float(np.quantile(np.abs(point - truth), _REACH)) or 0.1,
    )


def _series(place: int, one: Evaluation, rows: IndexArray, number: int) -> RecoverySeries:
    answers = one.answers
    truth, point = answers.truth[rows, number], answers.point[rows, number]
    ranks = None if answers.ranks is None else answers.ranks[rows, number]
    return RecoverySeries(
        one.title,
        place,
        running_percentiles(truth, point),
        running_percentiles(truth, point - truth),
        statistics(point - truth, ranks),
    )


def brushed_rows(frame: RecoveryFrame, brush: MockBrush) -> IndexArray:
    """Return which of the mocks that are drawn lie in a brush, as rows of their evaluation."""
    (x0, y0), (x1, y1) = brush.low, brush.high
    inside = (frame.truth >= x0) & (frame.truth <= x1) & (frame.point >= y0) & (frame.point <= y1)
    return frame.rows[inside]


def mock_seds(one: Evaluation, rows: IndexArray) -> MockSEDs:
    """Return the SEDs of the mocks in these rows."""
    mocks = one.fluxes
    unit = flux_of_magnitude(one.answers.magnitude[rows])[:, np.newaxis]
    wavelength = np.array([band.wavelength for band in all_bands()[:N_SURVEY_BANDS]])
    mask = mocks.mask[rows]
    flux, error = mocks.flux_nu[rows] / unit, mocks.flux_nu_error[rows] / unit
    return MockSEDs(
        wavelength / (1 + mocks.redshift[rows, np.newaxis]),
        np.where(mask, flux, np.nan),
        np.where(mask, error, np.nan),
    )


def brush_text(one: Evaluation, rows: IndexArray) -> str:
    """Return what the mocks in a brush have in common, in a line."""
    if not rows.size:
        return "No mock lies in the brush"
    delta, truth = one.answers.delta[rows], one.answers.truth[rows]
    mocks = "mock" if rows.size == 1 else "mocks"
    parts = [f"{rows.size:,} {mocks} in the brush" + (f", {MAX_SEDS} of them drawn" if rows.size > MAX_SEDS else "")]
    parts.append(f"AB {np.median(one.answers.magnitude[rows]):.1f}")
    for number, name in enumerate(PARAMETERS):
        middle, shift = np.median(truth[:, number]), np.median(delta[:, number])
        parts.append(f"{LABELS[name].symbol} true {middle:.2f}, Δ {shift:+.2f} {LABELS[name].delta_unit}")
    return " · ".join(parts) + " (medians)"


def mock_text(one: Evaluation, row: int) -> str:
    """Return a mock and the answer to it in a line."""
    answers = one.answers
    parts = [
        f"mock {row + 1} of {library_title(answers.libraries[answers.library[row]])}",
        f"AB {answers.magnitude[row]:.2f}",
        f"S/N {answers.snr[row]:.3g}",
        f"z {one.fluxes.redshift[row]:.3f}",
    ]
    for number, name in enumerate(PARAMETERS):
        spread = "" if answers.percentiles is None else _spread(answers.percentiles[row, number])
        truth, point = answers.truth[row, number], answers.point[row, number]
        parts.append(f"{LABELS[name].symbol} true {truth:.2f}, predicted {point:.2f}{spread}")
    return " · ".join(parts)


def _spread(percentiles: FloatArray) -> str:
    low, _, high = percentiles
    return f" ({low:.2f} to {high:.2f})"


def series_text(series: Sequence[RecoverySeries]) -> str:
    """Return bias, scatter and outliers of each series, a line each."""
    lines = []
    for one in series:
        numbers = one.statistics
        line = (
            f"{one.title}: n = {numbers.n:,}, μ = {numbers.bias:+.3f}, σ = {numbers.scatter:.3f}, "
            f"robust {numbers.robust_scatter:.3f}, outliers {100 * numbers.outlier_fraction:.1f} %"
        )
        if np.isfinite(numbers.coverage_68):
            line += f", {100 * numbers.coverage_68:.0f} % of truths in the 68 % intervals"
        lines.append(line)
    return "\n".join(lines)
