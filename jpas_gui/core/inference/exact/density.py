"""From the boxes of a search to a posterior: each is cut finely, and the likelihood of every piece computed."""

import math
from typing import NamedTuple

import numpy as np

from jpas_gui.core.arrays import FloatArray, IndexArray
from jpas_gui.core.inference.exact.boxes import Best, cut
from jpas_gui.core.inference.exact.cell_fluxes import CellFluxes
from jpas_gui.core.inference.exact.expansion import Expansion
from jpas_gui.core.inference.exact.measurement import Measurement
from jpas_gui.core.inference.exact.polish import polished
from jpas_gui.core.inference.exact.posterior import Posterior
from jpas_gui.core.inference.exact.quadratic import BoxedQuadratic
from jpas_gui.core.inference.exact.search import DEPTH, POOR, Found
from jpas_gui.core.magnitudes import ZERO_POINT

_EBV_SIGMAS = 3.5
"""How far the pieces of a box reach from its best E(B-V)."""

_EBV_STEPS = 5, 16
"""How many there are, at least and at most."""

_FINEST = 0.35
"""Boxes are cut to so many sigmas to each side in log_age and metallicity, whatever the dust ..."""

_SHEAR = 1.0
"""... and until the best E(B-V) moves by no more than so many of its sigmas to each side of a piece."""

_STEEPEST = 0.5
"""... and until ln likelihood changes by no more than this to each side."""

_FALL = 8.0
"""By so much it falls within reach where E(B-V) is at an end of its range."""

_FLATTEST = 0.1
"""Part of the curvature along E(B-V) that residuals leave at least."""

_LITTLE = 6.0
"""Boxes whose chi2 is larger than the best by this hold little probability."""

_MOST_CUTS, _MOST_FINER = 64, 8.0
_USUAL_PIECES, _USUAL_BOXES = (600, 4000), (4000, 40_000)
"""Of log_age and metallicity, and of E(B-V), too; for galaxies that no population fits, of which all boxes are narrow.

Boxes are cut less where there would be more, for many boxes are smooth without, and more where there would be fewer.
"""

_POLISHED, _MOST_POLISHED = 3, 100
"""Boxes from which the best population is looked for at last; and of others, if they seem to hold a better one."""

_BETTER = 0.1
"""By how much chi2 must seem to be smaller for that."""

_NEGLIGIBLE = 1e-9
"""Part of the probability that a piece may hold and be left out; and what stands for zero in a denominator."""


class _Pieces(NamedTuple):
    """Boxes, cut finely.

    Parameters
    ----------
    cell : ndarray of int, shape (n,)
    place, half : ndarray, shape (3, n, n_steps)
        Each of the n pieces of log_age and metallicity has several of E(B-V).
    shear : ndarray, shape (n, 1)
        How far the best E(B-V) moves from the middle of a piece to its sides.
    """

    cell: IndexArray
    place: FloatArray
    half: FloatArray
    shear: FloatArray


def posterior_of(fluxes: CellFluxes, data: Measurement, found: Found, volume: float) -> Posterior:
    """Return the posterior of what a search found.

    Parameters
    ----------
    volume : float
        Of the prior.
    """
    best, (cell, place, half, shear) = _pieces(fluxes, data, found)
    fit = data.fit(fluxes.log_fluxes(cell, place).flatten(0, 1))
    log_weight = fit.log_likelihood + np.log(8 * _in_units(fluxes, cell, half).prod(axis=0)).ravel()
    peak = float(log_weight.max())
    weight = np.exp(log_weight - peak)
    total = float(weight.sum())
    at_best = data.fit(fluxes.log_fluxes(best.cells, best.places))
    # Pieces that the best E(B-V) crosses aslant are drawn wide enough to leave no gaps between them.
    wide = np.hypot(half[2], shear)
    ends = np.clip([place[2] - wide, place[2] + wide], *fluxes.ebv_range)
    drawn, drawn_half = place.copy(), half.copy()
    drawn[2], drawn_half[2] = (ends[0] + ends[1]) / 2, (ends[1] - ends[0]) / 2
    kept = weight > _NEGLIGIBLE * total
    return Posterior(
        centre=_in_library(fluxes, cell, drawn).reshape(3, -1).T[kept],
        half_width=_in_units(fluxes, cell, drawn_half).reshape(3, -1).T[kept],
        weight=weight[kept] / weight[kept].sum(),
        log_evidence=peak + math.log(total) - math.log(volume),
        best=_in_library(fluxes, best.cells, best.places)[:, 0],
        chi2=best.chi2,
        magnitude=ZERO_POINT - 2.5 * math.log10(max(float(at_best.amplitude[0]), _NEGLIGIBLE)),
        n_bands=data.n_bands,
    )


def _in_units(fluxes: CellFluxes, cell: IndexArray, half: FloatArray) -> FloatArray:
    """Return widths within cells, shape (3, n, ...), in dex, dex and mag."""
    width = fluxes.half_width[:, cell].reshape(2, cell.size, *(1,) * (half.ndim - 2))
    return np.concatenate([width * half[:2], half[2:]])


def _in_library(fluxes: CellFluxes, cell: IndexArray, place: FloatArray) -> FloatArray:
    """Return log_age, metallicity and E(B-V) of places in cells, shape (3, n, ...)."""
    moved = _in_units(fluxes, cell, place)
    moved[:2] += fluxes.centre[:, cell].reshape(2, cell.size, *(1,) * (place.ndim - 2))
    return moved


class _Peaks(NamedTuple):
    """How ln likelihood falls around what fits best in each of n boxes, in units of the boxes.

    Parameters
    ----------
    sigma : ndarray, shape (n,)
        Of E(B-V) with the other two as they are.
    ebv : ndarray, shape (n,)
        The best one, as far as the likelihood goes on beyond the box.
    along : ndarray, shape (2, n)
        How that moves with the other two.
    extent, steep : ndarray, shape (2, n)
        By how many sigmas colours change with the other two, whatever the dust; and by how much ln likelihood does.
    """

    sigma: FloatArray
    ebv: FloatArray
    along: FloatArray
    extent: FloatArray
    steep: FloatArray

    @classmethod
    def of(cls, expansion: Expansion, which: IndexArray) -> "_Peaks":
        """Return those of some of the places of an expansion."""
        scale = expansion.significance[which] / max(expansion.length, _NEGLIGIBLE) + _NEGLIGIBLE
        curvature = expansion.curvature[..., which] * scale**2
        (xx, _, xe), (_, yy, ye), (_, _, ee) = curvature - expansion.second[..., which] * scale
        # Nowhere flatter than this: along E(B-V) the likelihood has one peak.
        ee = np.maximum(ee, _FLATTEST * curvature[2, 2]) + _NEGLIGIBLE
        slope = expansion.slope[:, which] * scale
        return cls(
            sigma=1 / np.sqrt(ee),
            ebv=slope[2] / ee,
            along=-np.stack([xe, ye]) / ee,
            extent=np.sqrt(np.maximum(np.stack([xx - xe * xe / ee, yy - ye * ye / ee]), 0)),
            steep=np.abs(slope[:2]),
        )

    def wanted_cuts(self) -> FloatArray:
        """Return into how many pieces of log_age and metallicity each box should be cut, shape (2, n)."""
        sheared = np.abs(self.along) / self.sigma / _SHEAR
        return np.asarray(np.maximum(np.maximum(self.extent / _FINEST, sheared), self.steep / _STEEPEST))


def _pieces(fluxes: CellFluxes, data: Measurement, found: Found) -> tuple[Best, _Pieces]:
    """Cut the boxes that hold probability; return the best population, too."""
    boxes, origin = found.boxes, found.place
    unit = np.maximum(boxes.high - origin, origin - boxes.low)
    low, high = (boxes.low - origin) / unit, (boxes.high - origin) / unit
    expansion = Expansion(fluxes, data, boxes.cell, origin, unit, has_second=True)
    best = _polished(fluxes, data, found, expansion.quadratic_within(np.arange(len(boxes)), low, high, found.best.chi2))
    is_poor = bool(best.chi2 > POOR * data.n_bands)
    above = expansion.chi2 - expansion.chi2.min()
    likely = np.flatnonzero(above <= DEPTH)
    cell, origin, unit, low, high = boxes.cell[likely], *(ends[:, likely] for ends in (origin, unit, low, high))
    peaks = _Peaks.of(expansion, likely)
    # Boxes of little probability need no more than half of that.
    wanted = peaks.wanted_cuts() * np.where(above[likely] < _LITTLE, 1, 0.5)
    which, part_low, part_high = cut(low[:2], high[:2], _n_cuts(wanted, _USUAL_PIECES[is_poor]))
    middle, half = (part_low + part_high) / 2, (part_high - part_low) / 2
    n_steps = int(np.clip(_USUAL_BOXES[is_poor] // which.size, *_EBV_STEPS))
    ebv, step, shear = _steps(peaks, which, (middle, half), (low[2, which], high[2, which]), n_steps)
    same = np.ones(n_steps)
    place = np.concatenate([middle[..., np.newaxis] * same, ebv[np.newaxis]])
    half = np.concatenate([half[..., np.newaxis] * same, (step[:, np.newaxis] / 2 * same)[np.newaxis]])
    unit = unit[:, which, np.newaxis]
    return best, _Pieces(cell[which], origin[:, which, np.newaxis] + unit * place, unit * half, shear * unit[2])


def _steps(
    peaks: _Peaks,
    which: IndexArray,
    piece: tuple[FloatArray, FloatArray],
    ends: tuple[FloatArray, FloatArray],
    n_steps: int,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return steps of E(B-V) of pieces, shape (n, n_steps), how wide they are, (n,), and their shear, (n, 1).

    Parameters
    ----------
    which : ndarray of int, shape (n,)
        The peak that each piece is of.
    piece : tuple of ndarray, shape (2, n)
        Middles and half widths in log_age and metallicity.
    ends : tuple of ndarray, shape (n,)
        Of the box in E(B-V).
    """
    middle, half = piece
    along, sigma = peaks.along[:, which], peaks.sigma[which]
    free = peaks.ebv[which] + (along * middle).sum(axis=0)
    best = np.clip(free, *ends)
    # At an end of the range the likelihood falls faster than from its peak.
    reach = _EBV_SIGMAS * sigma / np.maximum(1, _EBV_SIGMAS * np.abs(free - best) / sigma / _FALL)
    low, high = np.maximum(ends[0], best - reach), np.minimum(ends[1], best + reach)
    step = (high - low) / n_steps
    to_side = (np.abs(along) * half).sum(axis=0)
    sides = np.clip([free - to_side, free + to_side], *ends)
    steps = low[:, np.newaxis] + (np.arange(n_steps) + 0.5) * step[:, np.newaxis]
    return steps, step, (sides[1] - sides[0])[:, np.newaxis] / 2


def _n_cuts(wanted: FloatArray, usual: int) -> IndexArray:
    """Return into how many pieces each box is cut in log_age and metallicity, shape (2, n).

    As many as wanted, shape (2, n), times what makes all of them about as many as usual.
    """
    n = np.clip(np.ceil(wanted), 1, _MOST_CUTS)
    more = math.sqrt(usual / float(n.prod(axis=0).sum()))
    return np.clip(np.rint(n * min(more, _MOST_FINER)), 1, _MOST_CUTS).astype(np.intp)


def _polished(fluxes: CellFluxes, data: Measurement, found: Found, quadratic: BoxedQuadratic) -> Best:
    """Return the best population of all boxes; `quadratic` is chi2 in them, around what seems to fit best in each."""
    order = np.argsort(quadratic.value, kind="stable")
    first, rest = order[:_POLISHED], order[_POLISHED:]
    best = polished(
        fluxes,
        data,
        np.append(found.boxes.cell[first], found.best.cells),
        np.append(found.place[:, first], found.best.places, axis=1),
    )
    others = rest[quadratic.least[rest] < best.chi2 - _BETTER][:_MOST_POLISHED]
    if not others.size:
        return best
    return min(best, polished(fluxes, data, found.boxes.cell[others], found.place[:, others]), key=lambda one: one.chi2)
