"""The numbers of small plots, looked at where they are painted."""

from itertools import pairwise

import pytest
from PySide6.QtGui import QFontMetrics

from jpas_gui.views.plots.sparse_axis import SparseAxis

RANGES = [(0.0, 0.14), (0.052, 0.148), (-2.31, 0.4), (5.9, 10.3), (9.69, 9.72), (-0.001, 0.002)]


def numbers(axis, low, high, size):
    """Return the numbers of an axis, each with its place in pixels."""
    ((step, values),) = axis.tickValues(low, high, size)
    return [
        ((v - low) / (high - low) * size, text)
        for v, text in zip(values, axis.tickStrings(values, 1, step), strict=True)
    ]


@pytest.mark.parametrize("size", [60, 90, 140, 300])
@pytest.mark.parametrize(("low", "high"), RANGES)
def test_numbers_below_a_small_plot_do_not_touch_and_are_no_fewer_than_there_is_room_for(qapp, low, high, size):
    shown = numbers(SparseAxis("bottom"), low, high, size)
    width = QFontMetrics(qapp.font()).horizontalAdvance
    for (x0, left), (x1, right) in pairwise(shown):
        assert x0 + width(left) / 2 + 4 < x1 - width(right) / 2
    assert len(shown) > (size > 120)


@pytest.mark.parametrize(("low", "high"), RANGES)
def test_numbers_beside_a_small_plot_have_a_line_each(qapp, low, high):
    shown = numbers(SparseAxis("left"), low, high, 110)
    assert len(shown) > 1
    assert min(b - a for (a, _), (b, _) in pairwise(shown)) > QFontMetrics(qapp.font()).height()
