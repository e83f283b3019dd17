"""A view that finds back to where the program had put it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyqtgraph as pg


class PlotBox(pg.ViewBox):
    """Remembers, axis by axis, the range that it was last told, not what the mouse did, here or in a linked view."""

    _n_by_hand = 0

    def __init__(self) -> None:
        self._home: dict[str, list[float]] = {}
        super().__init__()

    def go_home(self) -> None:
        """Show what the program wanted to be shown; an axis that was told nothing follows the one it is linked to."""
        if self._home:
            self.setRange(**self._home, padding=0)

    @staticmethod
    @contextmanager
    def by_hand() -> Iterator[None]:
        """Take changes of views for those of a user."""
        PlotBox._n_by_hand += 1
        try:
            yield
        finally:
            PlotBox._n_by_hand -= 1

    def setRange(self, *rect: Any, **options: Any) -> None:
        super().setRange(*rect, **options)
        if not PlotBox._n_by_hand:
            for place, name in enumerate(("xRange", "yRange")):
                if rect or options.get(name) is not None:
                    self._home[name] = list(self.state["targetRange"][place])

    def wheelEvent(self, *args: Any, **options: Any) -> None:
        with self.by_hand():
            super().wheelEvent(*args, **options)

    def mouseDragEvent(self, *args: Any, **options: Any) -> None:
        with self.by_hand():
            super().mouseDragEvent(*args, **options)

    def linkedViewChanged(self, *args: Any) -> None:
        with self.by_hand():
            super().linkedViewChanged(*args)
