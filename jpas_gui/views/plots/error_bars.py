"""Vertical error bars: one item, constant cost, right in every view."""

import numpy as np
import pyqtgraph as pg

from jpas_gui.core.arrays import FloatArray


class ErrorBars(pg.PlotCurveItem):
    """One vertical line per point, drawn as a single curve of unconnected pairs.

    pyqtgraph's ErrorBarItem makes a new pen at every repaint and sizes its caps in data units.
    """

    def __init__(self) -> None:
        super().__init__(connect="pairs", antialias=False)

    def set_data(self, x: FloatArray, low: FloatArray, high: FloatArray) -> None:
        """Show a bar from `low` to `high` at each `x`, shape (n,) each; none where an end is not a number."""
        finite = np.isfinite(low) & np.isfinite(high)
        self.setData(np.repeat(x[finite], 2), np.column_stack([low[finite], high[finite]]).ravel(), connect="pairs")

    def set_colour(self, colour: str) -> None:
        """Draw in this colour."""
        self.setPen(pg.mkPen(colour, width=1))
