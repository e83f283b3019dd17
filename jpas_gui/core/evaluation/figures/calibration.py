"""Whether the intervals of a model hold the truth as often as they say."""

from typing import TYPE_CHECKING, Any

import numpy as np

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.evaluation.answers import TestAnswers
from jpas_gui.core.evaluation.binning import MAGNITUDES, binned
from jpas_gui.core.evaluation.figures.style import COLOURS, MARKERS, drawing_style, guide, new_figure
from jpas_gui.core.evaluation.labels import LABELS
from jpas_gui.core.evaluation.statistics import coverage_curve, rank_histogram
from jpas_gui.core.evaluation.tables import RANK_BINS
from jpas_gui.core.inference.parameters import PARAMETERS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LEVELS = tuple(np.linspace(0.02, 0.98, 49).tolist())

_SHADE: dict[str, Any] = {"color": "0.9", "zorder": 0, "linewidth": 0}

_TWO_SIGMAS = 2.0


@drawing_style()
def calibration_figure(answers: TestAnswers, stamp: str) -> "Figure":
    """Return the figure: coverage against what the model says, coverage against magnitude, and the ranks.

    Grey is what chance does to a calibrated model, to two sigmas; against magnitude it is the range 0.66 to 0.70.

    Parameters
    ----------
    answers : TestAnswers
    stamp : str
        Line above the figure.

    Raises
    ------
    ValueError
        If the model gives no posterior.
    """
    if answers.ranks is None:
        raise ValueError("the model gives no posterior, so it has no calibration")
    figure = new_figure(11.5, 6.6, stamp)
    grid = figure.add_gridspec(2, 6)
    _curves(figure.add_subplot(grid[0, :3]), answers.ranks)
    _against_magnitude(figure.add_subplot(grid[0, 3:]), answers)
    first: Axes | None = None
    for number, parameter in enumerate(PARAMETERS):
        axes = figure.add_subplot(grid[1, 2 * number : 2 * number + 2], sharey=first)
        _ranks(axes, answers.ranks[:, number], parameter)
        first = first or axes
    return figure


def _curves(axes: "Axes", ranks: FloatArray) -> None:
    levels = np.array(_LEVELS)
    chance = _TWO_SIGMAS * np.sqrt(levels * (1 - levels) / len(ranks))
    axes.fill_between(levels, -chance, chance, **_SHADE)
    guide(axes, 0.0)
    for number, parameter in enumerate(PARAMETERS):
        measured, _ = coverage_curve(ranks[:, number], _LEVELS)
        axes.plot(
            levels, measured - levels, color=COLOURS[parameter], marker=MARKERS[parameter], markevery=(3 * number, 8),
            label=LABELS[parameter].symbol,
        )  # fmt: skip
    reach = max(0.03, *(abs(limit) for limit in axes.get_ylim()))
    axes.set(xlim=(0, 1), ylim=(-reach, reach))
    axes.set(xlabel="probability of the central interval", ylabel="coverage − probability")
    axes.text(0.02, 0.95, "above: intervals too wide", transform=axes.transAxes, va="top", color="0.35", fontsize=8)
    axes.text(0.02, 0.05, "below: too narrow", transform=axes.transAxes, color="0.35", fontsize=8)
    axes.legend(loc="upper right")


def _against_magnitude(axes: "Axes", answers: TestAnswers) -> None:
    samples = binned(answers, MAGNITUDES)
    axes.axhspan(0.66, 0.70, **_SHADE)
    guide(axes, 0.68, 0.95)
    for number, parameter in enumerate(PARAMETERS):
        shift = 0.06 * (number - 1)  # so that the bars lie side by side
        magnitude = [one.bin.centre + shift for one in samples]
        for level, filled in (("68", True), ("95", False)):
            own = [one.parameters[number] for one in samples]
            axes.errorbar(
                magnitude,
                [getattr(one, f"coverage_{level}") for one in own],
                [getattr(one, f"coverage_{level}_error") for one in own],
                color=COLOURS[parameter],
                marker=MARKERS[parameter],
                markerfacecolor=COLOURS[parameter] if filled else "white",
                linewidth=0.9,
                capsize=1.5,
            )
    low, high = axes.get_ylim()
    axes.set(ylim=(min(low, 0.55), max(high, 1.0)), xlabel="magnitude in iSDSS (AB)", ylabel="coverage")
    for level in ("68%", "95%"):
        height = float(level.rstrip("%")) / 100
        axes.annotate(level, (1.01, height), xycoords=("axes fraction", "data"), va="center", fontsize=8)


def _ranks(axes: "Axes", ranks: FloatArray, parameter: str) -> None:
    density = rank_histogram(ranks, RANK_BINS)
    chance = _TWO_SIGMAS * np.sqrt(RANK_BINS / len(ranks))
    axes.axhspan(1 - chance, 1 + chance, **_SHADE)
    guide(axes, 1.0)
    axes.stairs(density, np.linspace(0, 1, RANK_BINS + 1), baseline=None, color=COLOURS[parameter], linewidth=1.3)
    axes.set(xlim=(0, 1), xlabel=f"rank of the true {LABELS[parameter].symbol}", ylabel="density")
    low, high = axes.get_ylim()
    axes.set_ylim(max(0, min(low, 0.6)), max(high, 1.4))
