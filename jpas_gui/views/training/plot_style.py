"""What the plots of the training tab have in common."""

import pyqtgraph as pg

from jpas_gui.views.theme import SERIES_COLOURS, Theme

AXIS_WIDTH = 54
TRAIN, VALIDATION = SERIES_COLOURS[5], SERIES_COLOURS[1]
PAPER = SERIES_COLOURS[3]
"""Of the numbers that the paper reports, as in the figures."""


def wrong_colour(theme: Theme) -> str:
    """Return the colour of what is wrong in a form: at least 4.5 to 1 against the theme's ground."""
    return theme.warning


def prepare(plot: pg.PlotItem, axis_width: int = AXIS_WIDTH) -> None:
    """Take away what a live plot does not need: its ranges are set, not searched."""
    plot.hideButtons()
    plot.setMenuEnabled(False)
    plot.disableAutoRange()
    for side in ("left", "bottom"):
        plot.getAxis(side).enableAutoSIPrefix(False)
    plot.getAxis("left").setWidth(axis_width)


def colour_axes(plot: pg.PlotItem, theme: Theme) -> None:
    """Give the axes, the title and the legend of a plot the colours of a theme."""
    for side in ("left", "bottom"):
        plot.getAxis(side).setPen(theme.muted)
        plot.getAxis(side).setTextPen(theme.foreground)
    if plot.titleLabel.isVisible():
        plot.titleLabel.setText(plot.titleLabel.text, color=theme.foreground)
    for _, label in plot.legend.items if plot.legend else ():
        label.setText(label.text, color=theme.foreground)
