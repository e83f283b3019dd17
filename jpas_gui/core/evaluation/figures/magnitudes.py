"""Figure 4 of the paper: bias, scatter and outliers against magnitude and signal to noise."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from jpas_gui.core.evaluation.answers import TestAnswers
from jpas_gui.core.evaluation.binning import MAGNITUDES, Sample, binned
from jpas_gui.core.evaluation.comparison import compared
from jpas_gui.core.evaluation.figures.style import (
    COLOURS,
    EXACT_COLOUR,
    MARKERS,
    PAPER_COLOUR,
    drawing_style,
    guide,
    new_figure,
)
from jpas_gui.core.evaluation.labels import LABELS
from jpas_gui.core.inference.parameters import PARAMETERS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


class Published(NamedTuple):
    """What a paper reports for one magnitude."""

    magnitude: float
    bias: float
    scatter: float


PAPER_AGE = (Published(16.0, -0.01, 0.15), Published(22.0, -0.10, 0.55))
"""dex; brightest and faintest bin of Dominguez Sanchez et al. (2025), Highlights of Spanish Astrophysics XII."""

_GAUSSIAN_OUTLIERS = 0.0027
_ROWS = ("bias", "scatter", "outlier_fraction")
_SNR_TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
_LEAST_DISTANCE = 0.45
"""mag between ticks of signal to noise, so that their numbers do not touch."""


@drawing_style()
def magnitude_figure(answers: TestAnswers, stamp: str) -> "Figure":
    """Return the figure: rows are bias, scatter and outlier fraction (`statistics.METRICS`), columns the parameters.

    The axis above is the median signal to noise in iSDSS at each magnitude. Where the exact posterior is known, the
    scatter of its median has a line of its own; stars are the numbers that the paper reports.

    Parameters
    ----------
    answers : TestAnswers
        With mocks in at least one bin of `binning.MAGNITUDES`.
    stamp : str
        Line above the figure.
    """
    samples = binned(answers, MAGNITUDES)
    figure = new_figure(11.5, 7.2, stamp)
    axes = figure.subplots(len(_ROWS), len(PARAMETERS), sharex=True, squeeze=False)
    for number, parameter in enumerate(PARAMETERS):
        unit = LABELS[parameter].delta_unit
        bias, scatter, outliers = axes[:, number]
        _model(list(axes[:, number]), samples, number)
        _exact(scatter, answers, number)
        guide(bias, 0.0)
        guide(outliers, _GAUSSIAN_OUTLIERS, linestyle=":")
        bias.set(title=LABELS[parameter].symbol, ylabel=f"bias ({unit})")
        bias.margins(y=0.2)
        scatter.set(ylabel=f"scatter ({unit})")
        outliers.set(ylabel="outlier fraction", xlabel="magnitude in iSDSS (AB)")
        if parameter == "log_age":
            _paper(bias, scatter)
        for one in (scatter, outliers):
            one.set_ylim(bottom=0)
        _snr_axis(bias, samples)
        _legend(scatter)
    figure.align_ylabels(axes)
    return figure


def _model(axes: "Sequence[Axes]", samples: tuple[Sample, ...], number: int) -> None:
    parameter = PARAMETERS[number]
    colour, marker = COLOURS[parameter], MARKERS[parameter]
    magnitude = [one.bin.centre for one in samples]
    for name, one in zip(_ROWS, axes, strict=True):
        values = [getattr(sample.parameters[number], name) for sample in samples]
        errors = [getattr(sample.parameters[number], f"{name}_error") for sample in samples]
        one.errorbar(magnitude, values, errors, color=colour, marker=marker, capsize=1.5, label="standard")
    robust = [sample.parameters[number].robust_scatter for sample in samples]
    axes[1].plot(magnitude, robust, color=colour, linestyle="--", label="robust (1.4826 MAD)")


def _exact(axes: "Axes", answers: TestAnswers, number: int) -> None:
    rows = compared(answers)
    if rows:
        values = [each[number].exact.scatter for _, each in rows]
        style: dict[str, Any] = {"color": EXACT_COLOUR, "linestyle": ":", "marker": ".", "markersize": 3}
        axes.plot([one.centre for one, _ in rows], values, label="exact posterior", **style)


def _paper(bias: "Axes", scatter: "Axes") -> None:
    magnitude = [one.magnitude for one in PAPER_AGE]
    style: dict[str, Any] = {"linestyle": "", "marker": "*", "markersize": 10, "color": PAPER_COLOUR, "zorder": 5}
    style |= {"markeredgecolor": "black", "markeredgewidth": 0.5}
    bias.plot(magnitude, [one.bias for one in PAPER_AGE], **style)
    scatter.plot(magnitude, [one.scatter for one in PAPER_AGE], label="Domínguez Sánchez et al. 2025", **style)


def _legend(axes: "Axes") -> None:
    """Name the lines in the order in which they are drawn, with the model's own first."""
    handles, names = axes.get_legend_handles_labels()
    axes.legend([handles[-1], *handles[:-1]], [names[-1], *names[:-1]], loc="upper left")


def _snr_axis(axes: "Axes", samples: tuple[Sample, ...]) -> None:
    """Mark round values of S/N where they belong on the axis of magnitudes."""
    above = axes.secondary_xaxis("top")
    above.set_xlabel("S/N in iSDSS", labelpad=5)
    above.tick_params(labelsize=8)
    places: list[float] = []
    names: list[str] = []
    magnitude = np.array([one.magnitude for one in samples])
    log_snr = np.log10([max(one.snr, 1e-3) for one in samples])
    falling = np.argsort(log_snr)
    for value in _SNR_TICKS:
        level = np.log10(value)
        if not log_snr.min() <= level <= log_snr.max():
            continue
        place = float(np.interp(level, log_snr[falling], magnitude[falling]))
        if all(abs(place - other) >= _LEAST_DISTANCE for other in places):
            places.append(place)
            names.append(f"{value}")
    above.set_xticks(places, names)
