"""What symbols and colours of a figure mean, as rich text."""

from collections.abc import Iterable
from html import escape
from pathlib import Path

from jpas_gui.views.theme import model_colour, model_symbol

_MARKS = {"o": "●", "d": "◆", "t": "▼", "s": "■", "star": "★", "p": "⬟", "h": "⬢", "x": "✕", "crosshair": "⊕"}
LINE, DASHED = "━", "╍"
GAP = "&nbsp;&nbsp; "


def key_mark(symbol: str, colour: str) -> str:
    """Return a symbol of plots, or a line, as a character in this colour."""
    return f'<span style="color: {colour}">{_MARKS.get(symbol, symbol)}</span>'


def key_entry(symbol: str, colour: str, text: str) -> str:
    """Return a symbol and what it stands for."""
    return f"{key_mark(symbol, colour)}&nbsp;{escape(text)}"


def model_entry(place: int, model: str, symbol: str = "") -> str:
    """Return the symbol of the model at a place, or another in its colour, and the model's name."""
    return key_entry(symbol or model_symbol(place), model_colour(place), Path(model).name)


def key_line(entries: Iterable[str]) -> str:
    """Return entries beside each other."""
    return GAP.join(entries)
