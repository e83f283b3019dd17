"""The line above a figure of evaluations: which symbol is which model."""

from collections.abc import Iterable
from html import escape

from jpas_gui.app.evaluation_panels import PAPER
from jpas_gui.views.theme import SERIES_COLOURS, model_colour, model_symbol

PAPER_COLOUR = SERIES_COLOURS[3]

_MARKS = {"d": "◆", "t": "▼", "s": "■", "p": "⬟", "h": "⬢"}
_GAP = "&nbsp;&nbsp; "


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
        f"{_mark(_MARKS[model_symbol(place)], model_colour(place))}&nbsp;<b>{escape(title)}</b> {escape(detail)}"
        for place, title, detail in models
    ]
    parts += [escape(remark) for remark in remarks]
    if with_paper:
        parts.append(f"{_mark('★', PAPER_COLOUR)}&nbsp;{PAPER}")
    return _GAP.join(parts)


def _mark(mark: str, colour: str) -> str:
    return f'<span style="color:{colour}">{mark}</span>'
