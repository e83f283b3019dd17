"""The posterior over each pair of parameters, with its twins."""

from html import escape

import numpy as np
import pyqtgraph as pg
from cmap import Colormap
from PySide6.QtCore import QRectF

from jpas_gui.app.corner import PAIRS, Corner
from jpas_gui.app.degeneracy_frame import NETWORK, DegeneracyFrame
from jpas_gui.app.frame import stands_on
from jpas_gui.app.observed_frame import SLIDERS, ShownAnswer, answer_title
from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.inference.catalogue_model import EXACT
from jpas_gui.views.observed.corner_plot import CornerPlot
from jpas_gui.views.plots.key import key_entry, key_line
from jpas_gui.views.theme import DARK, LIGHT, Theme

WHOLE = "whole"
"""The name of the posterior of all bands and the present exposure."""

_LEAST_PART = 0.25
"""The view closes in on a posterior that takes less than this part of an axis."""


class PosteriorMaps(CornerPlot):
    """Shows the exact posterior as maps, the sliders as a star, twins, and the network's posterior over it.

    The axes stay where they are during a drag, so that it is the posterior that is seen to move and to grow.
    """

    def __init__(self) -> None:
        self._images: dict[tuple[int, int], pg.ImageItem] = {}
        self._twins: dict[tuple[int, int], pg.ScatterPlotItem] = {}
        self._is_held = self._has_view = False
        super().__init__()
        self._stamp_text = ""
        self.caption = self._caption
        self.setAccessibleName("Posterior maps")
        for pair in PAIRS:
            self._images[pair] = pg.ImageItem(axisOrder="col-major")
            self._images[pair].setZValue(-10)
            self._twins[pair] = pg.ScatterPlotItem(symbol="x", size=9, pxMode=True)
            for item in (self._images[pair], self._twins[pair]):
                self.maps[pair].addItem(item, ignoreBounds=True)
        self.set_theme(LIGHT)

    def show_frame(self, frame: DegeneracyFrame) -> None:
        """Show a frame; after a drag, where it can be seen best."""
        self._is_held = not frame.is_sharp
        self._stamp_text = frame.scene.stamp
        on = stands_on(frame.scene.library, frame.scene.dust)
        answers = [_answer(EXACT, frame.percentiles[1], frame.corner, on)]
        if frame.scene.truth is not None:
            answers.append(_answer(SLIDERS, frame.scene.truth, None, on))
        for name, other in ((WHOLE, frame.whole), (NETWORK, frame.network)):
            if other is not None:
                answers.append(_answer(name, other.point, other.corner))
        self.show_answers(tuple(answers))
        corner = frame.corner
        for pair, density in zip(PAIRS, corner.maps, strict=True):
            (x, y), (right, top) = corner.low[list(pair)], corner.high[list(pair)]
            self._images[pair].setImage(density, autoLevels=False, levels=(0.0, 1.0))
            self._images[pair].setRect(QRectF(x, y, right - x, top - y))
            places = np.array([twin.parameters for twin in frame.twins]).reshape(-1, 3)
            self._twins[pair].setData(places[:, pair[0]], places[:, pair[1]])

    def _caption(self) -> str:
        twins = [key_entry("x", self._theme.accent, "twins")] if self._stamp_text else []
        return "<br>".join(line for line in (escape(self._stamp_text), key_line([self.key(), *twins])) if line)

    def show_nothing(self) -> None:
        """Show empty maps."""
        self.show_answers(())
        for pair in PAIRS:
            self._images[pair].clear()
            self._twins[pair].setData([], [])

    def _fit(self, answers: list[ShownAnswer]) -> None:
        if self._has_view and (self._is_held or self._is_seen_well(answers)):
            return
        self._has_view = True
        super()._fit([answer for answer in answers if answer.name != NETWORK])

    def _is_seen_well(self, answers: list[ShownAnswer]) -> bool:
        corner = next(answer.corner for answer in answers if answer.name == EXACT)
        assert corner is not None
        view = np.array([plot.viewRange()[0] for plot in self.marginals])
        size = view[:, 1] - view[:, 0]
        outside = (corner.low < view[:, 0] - 0.02 * size) | (corner.high > view[:, 1] + 0.02 * size)
        return not outside.any() and bool(((corner.high - corner.low) / size > _LEAST_PART).all())

    def _style(self, name: str, items: object) -> None:
        super()._style(name, items)
        if name == WHOLE:
            dotted = pg.mkPen(self._theme.muted, width=1, dash=[2, 3])
            for item in (*items.marginals, *items.contours, *items.lines):
                item.setPen(dotted)
            for points in items.points:
                points.setBrush(None)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        super().set_theme(theme)
        for pair, image in self._images.items():
            image.setColorMap(_colours(theme))
            self._twins[pair].setPen(pg.mkPen(theme.accent, width=1.5))


def _answer(name: str, point: FloatArray, corner: Corner | None, on: str = "") -> ShownAnswer:
    return ShownAnswer(name, answer_title(name, on), (), (), np.asarray(point), corner)


def _colours(theme: Theme) -> pg.ColorMap:
    """Return colours from the background to a strong blue."""
    end = "#56b4e9" if theme is DARK else "#0072b2"
    stops = Colormap([theme.background, end])(np.linspace(0, 0.75, 32))
    return pg.ColorMap(np.linspace(0, 1, 32), (255 * np.array([list(colour) for colour in stops])).astype(np.ubyte))
