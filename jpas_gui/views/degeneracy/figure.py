"""A figure of plain plots that share a theme."""

import pyqtgraph as pg

from jpas_gui.views.plots.figure import Figure
from jpas_gui.views.plots.sparse_axis import SparseAxis
from jpas_gui.views.text_size import with_text
from jpas_gui.views.theme import LIGHT, Theme

_AXIS_WIDTH = 58


class PlainFigure(Figure):
    """Plots without menus and buttons, whose view moves only when it is told to."""

    def __init__(self, name: str, description: str) -> None:
        super().__init__(name, description)
        self.theme = LIGHT
        self.plots: list[pg.PlotItem] = []

    def add_plain_plot(
        self, row: int, column: int = 0, left: str = "", bottom: str = "", is_narrow: bool = False
    ) -> pg.PlotItem:
        """Return a new plot with these labels; the numbers below a narrow one are few."""
        plot = self.addPlot(row=row, col=column, axisItems={"bottom": SparseAxis("bottom")} if is_narrow else {})
        plot.hideButtons()
        plot.setMenuEnabled(False)
        plot.disableAutoRange()
        for side, label in (("left", left), ("bottom", bottom)):
            plot.getAxis(side).enableAutoSIPrefix(False)
            plot.setLabel(side, label)
        plot.getAxis("left").setWidth(with_text(_AXIS_WIDTH))
        self.plots.append(plot)
        return plot

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.theme = theme
        super().set_theme(theme)
        for plot in self.plots:
            for side in ("left", "bottom"):
                plot.getAxis(side).setPen(theme.muted)
                plot.getAxis(side).setTextPen(theme.foreground)
