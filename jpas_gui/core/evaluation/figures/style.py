"""What the figures have in common: colours, sizes, the stamp, and their files."""

import io
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from jpas_gui.core.evaluation.answers import TestAnswers

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = {"log_age": "#0072B2", "metallicity": "#D55E00", "ebv": "#009E73"}
"""Of each parameter: blue, vermilion and green of Okabe & Ito (2008), which colour-blind readers tell apart."""

MARKERS = {"log_age": "o", "metallicity": "s", "ebv": "^"}
"""A second way to tell the parameters apart, in print without colours."""

PAPER_COLOUR = "#CC79A7"
EXACT_COLOUR = "#000000"
FAINT = "0.6"
"""Of lines that only guide the eye."""

DPI = 150

_RC = {
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.linewidth": 0.7,
    "xtick.direction": "in",
    "ytick.direction": "in",
    "legend.fontsize": 8,
    "legend.framealpha": 0.85,
    "lines.linewidth": 1.3,
    "lines.markersize": 4,
    "pdf.fonttype": 42,  # text stays text
}

_CHARACTERS_PER_INCH = 15
_METADATA: dict[str, dict[str, None]] = {".pdf": {"CreationDate": None}}


@contextmanager
def drawing_style() -> Iterator[None]:
    """Draw in the program's style, whatever the user's own matplotlibrc says. Decorates functions that draw."""
    import matplotlib.style

    with matplotlib.style.context(["default", _RC]):
        yield


def new_figure(width: float, height: float, stamp: str) -> "Figure":
    """Return an empty figure with a line above it that says what it shows.

    Parameters
    ----------
    width, height : float
        Inches.
    stamp : str
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    lines = textwrap.fill(stamp, int(width * _CHARACTERS_PER_INCH))
    figure.suptitle(lines, fontsize=8, color="0.35", x=0.01, ha="left", parse_math=False)
    return figure


def stamp_of(answers: TestAnswers, provenance: Mapping[str, Any]) -> str:
    """Return the line that says where a figure comes from; it has no date, so that the same answers draw the same file.

    Parameters
    ----------
    provenance : mapping
        Its ``model``, ``seed`` and ``program`` are named, where it has them.
    """
    parts = [str(provenance["model"])] if "model" in provenance else []
    parts.append(f"{len(answers):,} mocks of {', '.join(answers.libraries)}")
    parts += [f"seed {provenance['seed']}"] if "seed" in provenance else []
    parts += [str(provenance["program"])] if "program" in provenance else []
    return "  ·  ".join(parts)


@drawing_style()
def rendered(figure: "Figure", suffix: str) -> bytes:
    """Return the figure as the content of a file.

    Parameters
    ----------
    figure : Figure
    suffix : str
        ``.png``, with 150 dots per inch, or ``.pdf``.
    """
    buffer = io.BytesIO()
    figure.savefig(buffer, format=suffix.removeprefix("."), dpi=DPI, metadata=_METADATA.get(suffix, {}))
    return buffer.getvalue()


def guide(axes: "Axes", *heights: float, **line: Any) -> None:
    """Draw horizontal lines that only guide the eye."""
    style: dict[str, Any] = {"color": FAINT, "linewidth": 0.7, "zorder": 0} | line
    for height in heights:
        axes.axhline(height, **style)
