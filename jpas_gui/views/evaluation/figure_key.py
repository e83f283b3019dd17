"""The line above a figure of evaluations: which symbol is which model."""

from collections.abc import Iterable
from html import escape

from jpas_gui.app.evaluation_panels import PAPER
from jpas_gui.views.plots.key import key_entry, key_line, key_mark
from jpas_gui.views.theme import SERIES_COLOURS, model_colour, model_symbol

PAPER_COLOUR = SERIES_COLOURS[3]


def figure_key(models: Iterable[tuple[int, str, str]], remarks: Iterable[str] = (), with_paper: bool = False) -> str:
    """Return a line of rich text.

    Parameters
    ----------
    models : iterable of (int, str, str)
        Place, title and detail of each model.
    remarks : iterable of str
        What else is to be said.
    with_paper : bool
        Whether numbers of the paper are drawn.
    """
    parts = [
        f"{key_mark(model_symbol(place), model_colour(place))}&nbsp;<b>{escape(title)}</b> {escape(detail)}"
        for place, title, detail in models
    ]
    parts += [escape(remark) for remark in remarks]
    if with_paper:
        parts.append(key_entry("star", PAPER_COLOUR, PAPER))
    return key_line(parts)
