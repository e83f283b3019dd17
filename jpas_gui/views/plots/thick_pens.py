"""Pens for a picture that is larger than the screen's.

Lines of plots have a width in pixels whatever the scale (Qt calls such pens cosmetic): twice as many pixels would make
them half as wide beside all else.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pyqtgraph as pg
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene

_OPTIONS = ("pen", "shadowPen", "symbolPen")


@contextmanager
def thicker_pens(scene: QGraphicsScene, factor: float) -> Iterator[None]:
    """Draw all lines of a scene wider by a factor."""
    with ExitStack() as back:
        for item in scene.items():
            _widen(item, lambda pen: _wider(pen, factor), back)
        yield


def _wider(pen: Any, factor: float) -> QPen | None:
    if pen is None:
        return None
    wide = QPen(pg.mkPen(pen))
    wide.setWidthF(max(wide.widthF(), 1.0) * factor)
    return wide


def _widen(item: QGraphicsItem, wider: Callable[[Any], QPen | None], back: ExitStack) -> None:
    """Give an item wider pens, and let `back` give it its own again."""

    def replace(owner: Any, name: str, get: Any = getattr, put: Any = setattr) -> None:
        before = get(owner, name)
        put(owner, name, wider(before))
        back.callback(put, owner, name, before)

    if isinstance(item, pg.BarGraphItem):
        back.callback(item.setOpts, pen=item.opts["pen"])
        item.setOpts(pen=wider(item.opts["pen"]))
        return
    options = getattr(item, "opts", None)
    for name in _OPTIONS if isinstance(options, dict) else ():
        if options.get(name) is not None:
            replace(options, name, dict.get, dict.__setitem__)
    if isinstance(item, pg.ScatterPlotItem):
        before = item.data["pen"].copy()
        item.data["pen"] = [wider(pen) if isinstance(pen, QPen) else pen for pen in before]
        back.callback(item.data.__setitem__, "pen", before)
    elif isinstance(item, pg.InfiniteLine):
        replace(item, "currentPen")
    elif isinstance(item, pg.AxisItem):
        replace(item, "_pen")
        item.picture = None  # it is drawn anew
        back.callback(setattr, item, "picture", None)
    elif isinstance(item, pg.ViewBox):
        replace(item, "border")
        back.callback(item.borderRect.setPen, item.borderRect.pen())
        item.borderRect.setPen(wider(item.borderRect.pen()))
