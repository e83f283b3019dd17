"""Figure 3 of the paper: predicted against true values."""

from typing import TYPE_CHECKING, Any

import numpy as np

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.evaluation.answers import TestAnswers
from jpas_gui.core.evaluation.binning import AGES, Bin, binned, overall
from jpas_gui.core.evaluation.figures.style import COLOURS, FAINT, drawing_style, guide, new_figure
from jpas_gui.core.evaluation.labels import LABELS, Label
from jpas_gui.core.evaluation.running import running_percentiles
from jpas_gui.core.evaluation.statistics import Statistics
from jpas_gui.core.inference.parameters import PARAMETERS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MARGIN = 0.06
"""Of the axes around the true values, as part of their range."""

_ENCLOSED = (0.9, 0.6, 0.3)
"""Part of the mocks inside each contour."""

_N_CELLS = 80
_SMOOTHING = 1.6
"""Cells along an axis of the density that the contours show, and sigma of its smoothing in cells."""

_LEAST_FOR_CONTOURS = 200


@drawing_style()
def recovery_figure(answers: TestAnswers, stamp: str) -> "Figure":
    """Return the figure: for each parameter predicted against true, and below it their difference.

    Points are mocks, contours hold 30, 60 and 90% of them; the running median has bars from the 16th to the 84th
    percentile. mu is the bias, sigma the scatter (`statistics.METRICS`), over all mocks and in three ranges of age.

    Parameters
    ----------
    answers : TestAnswers
    stamp : str
        Line above the figure.
    """
    figure = new_figure(11.5, 5.9, stamp)
    axes = figure.subplots(2, len(PARAMETERS), sharex="col", height_ratios=(3, 1.3), squeeze=False)
    samples = [overall(answers), *binned(answers, AGES)]
    for number, parameter in enumerate(PARAMETERS):
        above, below = axes[:, number]
        label, colour = LABELS[parameter], COLOURS[parameter]
        truth, point = answers.truth[:, number], answers.point[:, number]
        low, high = _limits(truth)
        _scatter(above, truth, point, (low, high), (low, high), colour)
        above.plot([low, high], [low, high], color=FAINT, linewidth=0.9)
        above.set(xlim=(low, high), ylim=(low, high), ylabel=f"predicted {label.axis}")
        _write(above, [(_name(one.bin), one.parameters[number]) for one in samples])
        reach = _reach(point - truth)
        _scatter(below, truth, point - truth, (low, high), (-reach, reach), colour)
        guide(below, 0.0, linewidth=0.9, zorder=2)
        below.set(ylim=(-reach, reach), xlabel=f"true {label.axis}", ylabel=_difference(label))
    figure.align_ylabels(axes)
    return figure


def _name(ages: Bin) -> str:
    if np.isfinite(ages.high):
        return ages.name if np.isfinite(ages.low) else f"{ages.name}, < {ages.high:g}"
    return f"{ages.name}, ≥ {ages.low:g}" if np.isfinite(ages.low) else "all ages"


def _difference(label: Label) -> str:
    return f"predicted − true\n({label.delta_unit})"


def _scatter(
    axes: "Axes",
    x: FloatArray,
    y: FloatArray,
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    colour: str,
) -> None:
    """Draw points, contours over them and the running median."""
    # Thousands of points are pixels in the PDF, too; lines and text are not.
    many = len(x) >= _LEAST_FOR_CONTOURS
    style: dict[str, Any] = {"color": "0.4", "markersize": 2.0 if many else 4.0, "markeredgewidth": 0, "zorder": 1}
    axes.plot(x, y, ".", alpha=_alpha(len(x)), rasterized=True, **style)
    if many:
        density = _density(x, y, x_range, y_range)
        levels = np.unique(_levels(density))
        cells = [_middles(*limits) for limits in (x_range, y_range)]
        axes.contour(*cells, density.T, levels=levels, colors=colour, linewidths=0.8, alpha=0.9, zorder=3)
    running = running_percentiles(x, y)
    bars = np.stack([running.median - running.low, running.high - running.median])
    axes.errorbar(
        running.place, running.median, bars, fmt="o", color="black", markerfacecolor="white", markersize=3.5,
        linewidth=0.9, capsize=1.5, zorder=4,
    )  # fmt: skip


def _alpha(n: int) -> float:
    return float(np.clip(4000 / n, 0.2, 0.8))


def _limits(truth: FloatArray) -> tuple[float, float]:
    low, high = float(truth.min()), float(truth.max())
    margin = _MARGIN * (high - low) or 0.1
    return low - margin, high + margin


def _reach(delta: FloatArray) -> float:
    """Return the half height of the lower panel: nearly all mocks, and the running median's bars."""
    return 1.15 * float(np.quantile(np.abs(delta), 0.985)) or 0.1


def _density(x: FloatArray, y: FloatArray, x_range: tuple[float, float], y_range: tuple[float, float]) -> FloatArray:
    counts, _, _ = np.histogram2d(x, y, bins=_N_CELLS, range=(x_range, y_range))
    place = np.arange(_N_CELLS)
    kernel = np.exp(-0.5 * ((place[:, None] - place) / _SMOOTHING) ** 2)
    kernel /= kernel.sum(axis=0)
    return np.asarray(kernel @ counts @ kernel.T)


def _levels(density: FloatArray) -> list[float]:
    """Return the densities above which the parts `_ENCLOSED` of the mocks lie."""
    falling = np.sort(density, axis=None)[::-1]
    enclosed = np.cumsum(falling) / falling.sum()
    return [float(falling[np.searchsorted(enclosed, part)]) for part in _ENCLOSED]


def _middles(low: float, high: float) -> FloatArray:
    edges = np.linspace(low, high, _N_CELLS + 1)
    return np.asarray((edges[:-1] + edges[1:]) / 2)


def _write(axes: "Axes", rows: list[tuple[str, Statistics]]) -> None:
    """Write mu and sigma into the corner that predictions near the truth leave free."""
    lines = [f"{'':13}{'μ':>7} {'σ':>6}"]
    lines += [f"{name:13}{one.bias:+z7.3f} {one.scatter:6.3f}" for name, one in rows]
    axes.text(
        0.03, 0.97, "\n".join(lines).replace("-", "−"), transform=axes.transAxes, va="top", family="monospace",
        fontsize=7, zorder=5, bbox={"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 2},
    )  # fmt: skip
