"""An axis of a small plot."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

_FREE, _LEAST_FREE = 16, 6
"""Pixels between the numbers of an axis, and where there would be one number else."""

_ROUND, _LESS_ROUND = (1, 2, 5, 10), (1, 2, 3, 4, 5, 10)
"""Steps between the numbers, and where there would be one number else."""


class SparseAxis(pg.AxisItem):
    """An axis of a small plot, whose numbers do not touch each other; there are two of them where there is room."""

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        if not high > low or size <= 0:
            return []
        wide = self._step(low, high, size, _FREE, _ROUND)
        narrow = self._step(low, high, size, _LEAST_FREE, _LESS_ROUND)
        # There is no room for half a number.
        margin = (high - low) * min(self._room(low, high, narrow) / 2 / size, 0.25)
        first, last = np.ceil((low + margin) / wide), np.floor((high - margin) / wide)
        return [(wide if last > first else narrow, 0)]

    def _step(self, low: float, high: float, size: float, free: int, steps: tuple[int, ...]) -> float:
        """Return the smallest step at which this many pixels are left free between the numbers."""
        step = _next_step((high - low) / size, steps)
        while step < high - low and step / (high - low) * size < self._room(low, high, step) + free:
            step = _next_step(1.01 * step, steps)
        return step

    def _room(self, low: float, high: float, step: float) -> float:
        """Return the pixels along the axis that a number needs."""
        metrics = QFontMetrics(QApplication.font())
        if self.orientation == "left":
            return float(metrics.ascent() + metrics.descent())
        return float(max(metrics.horizontalAdvance(text) for text in self.tickStrings([low, high], 1.0, step)))


def _next_step(least: float, steps: tuple[int, ...]) -> float:
    """Return the smallest of some steps, times powers of ten, that is no less."""
    power = 10.0 ** np.floor(np.log10(least))
    return float(next(step * power for step in steps if step * power >= least * (1 - 1e-9)))
