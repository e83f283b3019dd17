"""Where in the cells the populations are that fit a galaxy: a search that never loses the best of them."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from jpas_gui.core.arrays import BoolArray, FloatArray, IndexArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.exact.boxes import Best, Boxes, cut
from jpas_gui.core.inference.exact.cell_fluxes import CellFluxes
from jpas_gui.core.inference.exact.dust_lines import DustLines
from jpas_gui.core.inference.exact.expansion import Expansion
from jpas_gui.core.inference.exact.log_space import LogSpace
from jpas_gui.core.inference.exact.measurement import ROUNDING, Measurement
from jpas_gui.core.inference.exact.quadratic import BoxedQuadratic

DEPTH = 16.0
"""Populations whose chi2 is larger than the best by more than this hold no probability worth a look."""

_FINE = 2.0
"""A box is fine enough along a parameter that moves the colours, whatever the dust, by so many sigmas to each side."""

_EBV_SIGMAS = 16.0
"""And if its E(B-V) is known so well, but for how it follows the other two."""

_CLOSE = 4.0
"""Boxes whose SEDs are linear but for so many sigmas are cut into fine ones at once."""

POOR = 2.0
"""chi2 per band of galaxies that no population fits better than this."""

_EXACT = 4.0
"""For them, how far boxes may be off counts times the residual, in sigmas."""

_TINY = 1e-5
"""Boxes are never cut finer than this, in x, y and e."""

_N_START, _N_TRIED = 24, 8
"""Cells from which a first guess starts, and how many populations are tried at a time."""

_WORTH_IT = 1.0
"""By how much chi2 must seem to be smaller than the best for a population to be tried."""

_MOST_PARTS = 8
_USUAL_BOXES = 300
"""Boxes are cut into more parts at once while there are fewer than so many."""

_MANY = 60
"""Of more parts than this those that cannot be as good are sorted out at once."""

_SHRUNK = 0.2
"""A box of which no more than this part is left is looked at again before it is cut."""


@dataclass(frozen=True, eq=False)
class Found:
    """What a search found.

    Parameters
    ----------
    boxes : Boxes
        Fine enough for the likelihood to be nearly Gaussian in each.
    place : ndarray, shape (3, n)
        Of what seems to fit best in each.
    best : Best
    """

    boxes: Boxes
    place: FloatArray
    best: Best


class Search:
    """The search of one galaxy. What it drops is proven not to be the best; see `docs/method.md`.

    Beyond that, boxes are dropped whose chi2 is larger than the best by more than `DEPTH`.

    Parameters
    ----------
    fluxes : CellFluxes
    lines : DustLines
        Of these cells.
    data : Measurement
    """

    def __init__(self, fluxes: CellFluxes, lines: DustLines, data: Measurement) -> None:
        self._fluxes, self._lines, self._data = fluxes, lines, data
        self.best = Best(0, (0.0, 0.0, fluxes.ebv_range[0]), math.inf)

    def run(self) -> Found:
        """Search.

        Raises
        ------
        InputError
            If chi2 of all populations is so large that single precision does not tell them apart.
        """
        boxes = self._first()
        fine: list[_Fine] = []
        while len(boxes):
            boxes, found = self._step(boxes)
            fine.append(found)
        least = max(self.best.chi2, min(float(part.chi2.min(initial=math.inf)) for part in fine))
        near = [part.take((part.chi2 <= least + DEPTH + _CLOSE) | (part.least_chi2 <= self.best.chi2)) for part in fine]
        if not any(len(part.boxes) for part in near):
            raise InputError(
                f"no population of the library is near these fluxes: chi2 is {self.best.chi2:.3g} at least"
            )
        place = np.concatenate([part.place for part in near], axis=1)
        return Found(Boxes.joined([part.boxes for part in near]), place, self.best)

    def _try(self, cell: IndexArray, place: FloatArray) -> None:
        """Compute chi2 of populations: shapes (n,), (3, n)."""
        chi2 = self._data.fit(self._fluxes.log_fluxes(cell, place)).chi2
        self.best = self.best.or_better(cell, place, chi2)

    def _limit(self, off: FloatArray) -> FloatArray:
        """Return what chi2, from below and off by some sigmas, is at most where the best may be, shape (n,)."""
        return np.asarray(np.maximum((math.sqrt(self.best.chi2) + off) ** 2, self.best.chi2 + DEPTH))

    def _is_exact(self, off: FloatArray) -> BoolArray:
        """Return for which boxes chi2 is known well although it is large: shape (n,)."""
        if self.best.chi2 <= POOR * self._data.n_bands:
            return np.ones(off.shape, dtype=bool)
        rounding = ROUNDING * self._data.length
        return np.asarray((off - 2 * rounding) * math.sqrt(self.best.chi2) < _EXACT)

    def _first(self) -> Boxes:
        """Look at whole cells: at the E(B-V) that each may have, then in ln flux."""
        nearest, least = self._lines.chi2(self._data)
        self._guess(nearest)
        possible = least <= self.best.chi2 + DEPTH
        cell = np.flatnonzero(possible.any(axis=1))
        boxes = Boxes.whole(cell, self._lines.range_of(possible[cell]))
        space = LogSpace(self._fluxes, self._data, self.best.chi2 + DEPTH)
        return self._narrowed(boxes, space) if space.is_useful else boxes

    def _guess(self, nearest: FloatArray) -> None:
        """Find a good population, from chi2 between the nodes of E(B-V) of each cell, shape (n_cells, n_steps)."""
        step = nearest.argmin(axis=1)
        cell = np.argsort(nearest[np.arange(len(step)), step], kind="stable")[:_N_START]
        boxes = Boxes.whole(cell, (self._lines.ebv[step[cell]], self._lines.ebv[step[cell] + 1]))
        space = LogSpace(self._fluxes, self._data)
        if space.is_useful:
            quadratic, _ = space.quadratic(cell, boxes.low, boxes.high)
            order = np.argsort(quadratic.value, kind="stable")[:_N_TRIED]
            boxes, place = boxes.take(order), (boxes.place + boxes.half * quadratic.at)[:, order]
        else:
            boxes = boxes.take(np.arange(min(_N_TRIED, cell.size)))
            place = boxes.place
        self._try(boxes.cell, place)

    def _narrowed(self, boxes: Boxes, space: LogSpace) -> Boxes:
        """Return what is left of boxes after a look in ln flux."""
        quadratic, off = space.quadratic(boxes.cell, boxes.low, boxes.high)
        limit = self._limit(off)
        low, high = quadratic.ranges(limit)
        left = (quadratic.least <= limit) & (low < high).all(axis=0)
        place, half = boxes.place[:, left], boxes.half[:, left]
        return Boxes(boxes.cell[left], place + half * low[:, left], place + half * high[:, left])

    def _step(self, boxes: Boxes) -> tuple[Boxes, "_Fine"]:
        """Narrow boxes and cut them; return those to go on with, and those that are fine enough."""
        look = self._look(boxes)
        off, extent = look.expansion.remainder, look.extent
        is_exact = self._is_exact(off) | (look.kept * boxes.half < _TINY).all(axis=0)
        is_fine = look.left & is_exact & (extent.max(axis=0) <= _FINE) & ((look.in_ebv <= _EBV_SIGMAS) | (off < 1))
        fine = look.narrowed(boxes).take(is_fine)
        to_cut = np.flatnonzero(look.left & ~is_fine)
        if not to_cut.size:
            return boxes.take(to_cut), fine
        is_close = (off * look.kept.max(axis=0) ** 2 < _CLOSE) & is_exact
        moves = self._fluxes.slope_spread[:, boxes.cell] * boxes.half * look.kept
        n_parts = _parts(extent[:, to_cut], moves[:, to_cut], look.kept[:, to_cut], is_close[to_cut])
        which, low, high = cut(look.low[:, to_cut], look.high[:, to_cut], n_parts)
        which = to_cut[which]
        if which.size > _MANY:
            part = look.expansion.quadratic_within(which, low, high, self.best.chi2 + DEPTH)
            inside = part.least <= look.limit[which]
            which, low, high = which[inside], low[:, inside], high[:, inside]
        place, half = boxes.place[:, which], boxes.half[:, which]
        return Boxes(boxes.cell[which], place + half * low, place + half * high), fine

    def _look(self, boxes: Boxes) -> "_Look":
        """Expand the fluxes around the middles of boxes, and try what seems to be good in them."""
        place, half = boxes.place, boxes.half
        expansion = Expansion(self._fluxes, self._data, boxes.cell, place, half)
        quadratic = expansion.quadratic()
        self.best = self.best.or_better(boxes.cell, place, expansion.chi2)
        tried = np.argpartition(quadratic.value, min(_N_TRIED, len(boxes)) - 1)[:_N_TRIED]
        if quadratic.value[tried].min() < self.best.chi2 - _WORTH_IT:
            self._try(boxes.cell[tried], (place + half * np.clip(quadratic.at, -1, 1))[:, tried])
        limit = self._limit(expansion.remainder)
        low, high = expansion.ranges(quadratic, limit, self.best.chi2 + DEPTH)
        left = (quadratic.least <= limit) & (low < high).all(axis=0)
        return _Look(expansion, quadratic, limit, low, high, left)


@dataclass(frozen=True, eq=False)
class _Look:
    """What is known of n boxes from one expansion.

    Parameters
    ----------
    expansion : Expansion
    quadratic : BoxedQuadratic
        Its chi2.
    limit : ndarray, shape (n,)
        What that is at most where the best population may be.
    low, high : ndarray, shape (3, n)
        Between which places in the box, -1 to 1, it is not larger.
    left : ndarray of bool, shape (n,)
        Whether it is so anywhere.
    """

    expansion: Expansion
    quadratic: BoxedQuadratic
    limit: FloatArray
    low: FloatArray
    high: FloatArray
    left: BoolArray

    @cached_property
    def kept(self) -> FloatArray:
        """Which part of each box is left, shape (3, n)."""
        return (self.high - self.low) / 2

    @cached_property
    def _amplitude(self) -> FloatArray:
        return self.expansion.significance / max(self.expansion.length, 1e-30)

    @cached_property
    def extent(self) -> FloatArray:
        """By how many sigmas colours change to the sides in x and in y, whatever the dust, shape (2, n)."""
        alone = np.stack([self.quadratic.x_alone, self.quadratic.y_alone])
        return np.asarray(np.sqrt(alone) * self.kept[:2] * self._amplitude)

    @property
    def in_ebv(self) -> FloatArray:
        """By how many sigmas they change with E(B-V), but for how it follows the other two, shape (n,)."""
        q = self.quadratic
        follows = (np.abs(q.xe) * self.kept[0] + np.abs(q.ye) * self.kept[1]) / q.ee
        return np.asarray(np.sqrt(q.ee) * (self.kept[2] - follows) * self._amplitude)

    def narrowed(self, boxes: Boxes) -> "_Fine":
        """Return what is left of the boxes."""
        place, half = boxes.place, boxes.half
        low, high = place + half * self.low, place + half * self.high
        at = np.clip(place + half * np.clip(self.quadratic.at, -1, 1), low, high)
        least = np.maximum(np.sqrt(self.quadratic.least) - self.expansion.remainder, 0) ** 2
        return _Fine(Boxes(boxes.cell, low, high), at, self.quadratic.value, least)


@dataclass(frozen=True, eq=False)
class _Fine:
    """Boxes that are fine enough.

    Parameters
    ----------
    boxes : Boxes
    place : ndarray, shape (3, n)
        Of what seems to fit best in each.
    chi2, least_chi2 : ndarray, shape (n,)
        Of that, if it is right; and what it is at least.
    """

    boxes: Boxes
    place: FloatArray
    chi2: FloatArray
    least_chi2: FloatArray

    def take(self, which: BoolArray) -> "_Fine":
        """Return some of them."""
        return _Fine(self.boxes.take(which), self.place[:, which], self.chi2[which], self.least_chi2[which])


def _parts(extent: FloatArray, moves: FloatArray, kept: FloatArray, is_close: BoolArray) -> IndexArray:
    """Return into how many parts boxes are cut in x, y and e, shape (3, n).

    Parameters
    ----------
    extent : ndarray, shape (2, n)
        In x and y, in sigmas.
    moves : ndarray, shape (3, n)
        By how much ln flux changes to the sides.
    kept : ndarray, shape (3, n)
        Which part of each box is left.
    is_close : ndarray of bool, shape (n,)
        Whether they are nearly linear.
    """
    fine = np.clip(np.ceil(extent / _FINE), 1, _MOST_PARTS)
    in_ebv = np.where((fine > 1).any(axis=0), 1, 2)
    room = _USUAL_BOXES / is_close.size
    several = 4 if room > 12 else 3 if room > 6 else 2
    is_wide = (moves >= 0.5 * moves.max(axis=0)) & (kept.prod(axis=0) >= _SHRUNK)
    return np.where(is_close, np.vstack([fine, in_ebv]), np.where(is_wide, several, 1)).astype(np.intp)
