"""Degeneracies in words."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.evaluation.labels import LABELS
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.core.photometry.bands import Band

if TYPE_CHECKING:
    from jpas_gui.core.inference.degeneracy import Trade
    from jpas_gui.core.inference.twins import Twin

_WEAK = 0.3
"""Correlations below this are not worth a sentence."""

_CHANGES = {
    "log_age": ("younger", "older"),
    "metallicity": ("more metal-poor", "more metal-rich"),
    "ebv": ("less dust", "more dust"),
}
_TOLD = 3
"""Bands that are named for each twin."""


def trade_words(trade: "Trade") -> str:
    """Return how two parameters trade, in a sentence."""
    first, second = (
        change_words(name, step, rounded_at=3) for name, step in zip(trade.parameters, trade.step, strict=True)
    )
    if abs(trade.correlation) < _WEAK:
        names = " and ".join(LABELS[name].symbol for name in trade.parameters)
        return f"{names} do not trade (correlation {_signed(trade.correlation)})"
    return f"{first} looks the same with {second} (correlation {_signed(trade.correlation)})"


def change_words(parameter: str, step: float, rounded_at: int = 2) -> str:
    """Return a change of a parameter in words, to two digits or as many as are given."""
    size = f"{abs(step):.{2 if abs(step) >= 0.1 else rounded_at}f}"
    unit = LABELS[parameter].delta_unit
    return f"{size} {unit} {_CHANGES[parameter][step > 0]}"


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")


def all_trade_words(trades: Sequence["Trade"]) -> tuple[str, ...]:
    """Return the sentences of all pairs of parameters."""
    return tuple(trade_words(trade) for trade in trades)


def twin_words(twin: "Twin", centre: FloatArray) -> str:
    """Return what a twin is, as seen from a population `centre`, shape (3,), in a line."""
    changes = [
        change_words(name, float(step))
        for name, step in zip(PARAMETERS, twin.parameters - centre, strict=True)
        if abs(step) >= 0.005
    ]
    return ", ".join(changes) or "no other population"


def telling_words(twin: "Twin", bands: Sequence[Band]) -> str:
    """Return the bands that differ most between a twin and the data, with their differences."""
    told = [f"{bands[band].name} {twin.difference[band]:+.1f}σ" for band in twin.telling_bands[:_TOLD]]
    return ", ".join(told).replace("-", "−")


def width_words(percentiles: FloatArray) -> str:
    """Return medians and intervals of all parameters, from percentiles of shape (3, 3), in a line."""
    parts = []
    for name, (low, median, high) in zip(PARAMETERS, np.asarray(percentiles).T, strict=True):
        digits = 3 if high - low < 0.1 else 2
        interval = f"+{high - median:.{digits}f} −{median - low:.{digits}f}"
        parts.append(f"{LABELS[name].symbol} {median:.{digits}f} {interval} {LABELS[name].delta_unit}")
    return " · ".join(parts).replace("-", "−")


def error_words(name: str, fisher: float, exact: float) -> str:
    """Return the error of a parameter by Fisher information, and that of the exact posterior."""
    digits = 3 if max(fisher, exact) < 0.1 else 2
    return f"error: Fisher {fisher:.{digits}f}, exact {exact:.{digits}f} {LABELS[name].delta_unit}"


def twin_title(twin: "Twin") -> str:
    """Return in what a twin is extreme."""
    return _EXTREMES[twin.parameter][twin.direction > 0]


_EXTREMES = {
    "log_age": ("youngest", "oldest"),
    "metallicity": ("most metal-poor", "most metal-rich"),
    "ebv": ("least dust", "most dust"),
}
