"""The model beside the exact posterior."""

from typing import TYPE_CHECKING, Any

from jpas_gui.core.evaluation.answers import TestAnswers
from jpas_gui.core.evaluation.comparison import compared
from jpas_gui.core.evaluation.figures.style import COLOURS, EXACT_COLOUR, MARKERS, drawing_style, guide, new_figure
from jpas_gui.core.evaluation.labels import LABELS
from jpas_gui.core.inference.parameters import PARAMETERS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_AIM = 1.05
"""Ratio that a model should stay below."""


@drawing_style()
def exact_figure(answers: TestAnswers, stamp: str) -> "Figure":
    """Return the figure: mean absolute errors of model and exact posterior median on the same mocks, and their ratio.

    Parameters
    ----------
    answers : TestAnswers
        With exact answers in at least one bin of `binning.MAGNITUDES`.
    stamp : str
        Line above the figure.
    """
    rows = compared(answers)
    magnitude = [one.centre for one, _ in rows]
    figure = new_figure(11.5, 5.6, stamp)
    axes = figure.subplots(2, len(PARAMETERS), sharex=True, squeeze=False)
    for number, parameter in enumerate(PARAMETERS):
        errors, ratios = axes[:, number]
        own = [each[number] for _, each in rows]
        style: dict[str, Any] = {"color": COLOURS[parameter], "marker": MARKERS[parameter], "capsize": 1.5}
        exact_style: dict[str, Any] = {"color": EXACT_COLOUR, "marker": ".", "linestyle": ":", "capsize": 1.5}
        model, exact = [one.model for one in own], [one.exact for one in own]
        errors.errorbar(magnitude, [one.mae for one in model], [one.mae_error for one in model], label="model", **style)
        errors.errorbar(
            magnitude, [one.mae for one in exact], [one.mae_error for one in exact], label="exact posterior",
            **exact_style,
        )  # fmt: skip
        errors.set(yscale="log", title=LABELS[parameter].symbol)
        _plain_numbers(errors)
        errors.set_ylabel(f"mean absolute error ({LABELS[parameter].delta_unit})")
        errors.legend(loc="upper left")
        guide(ratios, 1.0)
        guide(ratios, _AIM, linestyle="--")
        ratios.errorbar(magnitude, [one.mae_ratio for one in own], [one.mae_ratio_error for one in own], **style)
        ratios.set(xlabel="magnitude in iSDSS (AB)", ylabel="model / exact")
        if number > 0:
            ratios.sharey(axes[1, 0])
    n = sorted({each[0].model.n for _, each in rows})
    _note(axes[1, 0], f"{n[0]} mocks a bin" if len(n) == 1 else f"{n[0]} to {n[-1]} mocks a bin")
    figure.align_ylabels(axes)
    return figure


def _plain_numbers(axes: "Axes") -> None:
    """Write 0.02, 0.05, 0.1 on a logarithmic axis, in place of the few powers of ten that it spans."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_minor_locator(NullLocator())


def _note(axes: "Axes", text: str) -> None:
    axes.text(0.02, 0.03, text, transform=axes.transAxes, fontsize=8, color="0.35")
