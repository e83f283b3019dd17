"""Pens and brushes of models, made once: pyqtgraph renders a symbol again for each new one."""

from functools import cache

from pyqtgraph import mkBrush, mkPen
from PySide6.QtGui import QBrush, QColor, QPen

from jpas_gui.views.theme import model_colour

_FAINT = 90
"""Opacity, of 255."""


@cache
def model_pen(place: int) -> QPen:
    """Return the pen of the model at this place."""
    return mkPen(model_colour(place), width=1)


@cache
def model_brush(place: int) -> QBrush:
    """Return the brush of the model at this place."""
    return mkBrush(model_colour(place))


@cache
def faint_model_brush(place: int) -> QBrush:
    """Return a brush for points of which there are many."""
    colour = QColor(model_colour(place))
    colour.setAlpha(_FAINT)
    return mkBrush(colour)
