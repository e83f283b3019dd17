"""Quadratic functions of three variables within boxes, many at once."""

import numpy as np

from jpas_gui.core.arrays import FloatArray

_TINY = 1e-30
"""Stands for a curvature of zero."""

_FLATTER = 1 - 1e-5
"""What is left of a curvature, at least, without what may be due to single precision."""

_PARALLEL = 1e-4
"""Less of a curvature than this, with the others free, is not told from none."""

_SWEEPS = 2
"""How often each variable is set to its best value given the others."""


class BoxedQuadratic:
    """constant - 2 slope z + z curvature z, for z within low and high.

    Parameters
    ----------
    curvature : ndarray, shape (3, 3, n)
        Symmetric, positive semidefinite.
    slope : ndarray, shape (3, n)
    constant : ndarray, shape (n,)
    low, high : ndarray, shape (3, n)

    Attributes
    ----------
    at : ndarray, shape (3, n)
        Where it is smallest, or nearly so.
    value : ndarray, shape (n,)
        What it is there.
    least : ndarray, shape (n,)
        It is nowhere in the box less than this. A convex function lies above its tangent, so that how much smaller
        than `value` it can be is known exactly.
    """

    def __init__(
        self, curvature: FloatArray, slope: FloatArray, constant: FloatArray, low: FloatArray, high: FloatArray
    ) -> None:
        self._middle, self._half = (low + high) / 2, (high - low) / 2
        down = (curvature * self._middle).sum(axis=1)
        constant = constant + ((down - 2 * slope) * self._middle).sum(axis=0)
        self._slope = bx, by, be = slope - down
        (xx, xy, xe), (_, yy, ye), (_, _, ee) = curvature
        xx, yy, ee = (values + _TINY for values in (xx, yy, ee))
        self.xx, self.yy, self.ee = xx, yy, ee
        self.xy, self.xe, self.ye = xy, xe, ye
        # Without the box: of a slightly flatter function, so that rounding cannot make it seem to be larger. Without e,
        # the Schur complement.
        x_less, y_less, e_less = xx * _FLATTER, yy * _FLATTER, ee * _FLATTER
        self.x_alone = np.maximum(x_less - xe * xe / e_less, _TINY)
        self.y_alone = np.maximum(y_less - ye * ye / e_less, _TINY)
        both, bx_, by_ = xy - xe * ye / e_less, bx - xe * be / e_less, by - ye * be / e_less
        product = self.x_alone * self.y_alone
        determinant = product - both * both
        # Where the slopes are nearly parallel rounding decides: nothing is said then.
        self._is_known = (determinant > _PARALLEL * product) & (self.x_alone > _PARALLEL * xx)
        self._is_known &= self.y_alone > _PARALLEL * yy
        self._determinant = np.where(self._is_known, determinant, product + _TINY)
        x = (self.y_alone * bx_ - both * by_) / self._determinant
        y = (self.x_alone * by_ - both * bx_) / self._determinant
        e = (be - xe * x - ye * y) / e_less
        self._free = x, y, e
        self._bottom = np.where(self._is_known, constant - bx * x - by * y - be * e, 0)
        x = self._held(x, 0)
        y = self._held((by_ - both * x) / self.y_alone, 1)
        e = self._held((be - xe * x - ye * y) / ee, 2)
        for _ in range(_SWEEPS):
            x = self._held((bx - xy * y - xe * e) / xx, 0)
            y = self._held((by - xy * x - ye * e) / yy, 1)
            e = self._held((be - xe * x - ye * y) / ee, 2)
        gx, gy, ge = xx * x + xy * y + xe * e - bx, xy * x + yy * y + ye * e - by, xe * x + ye * y + ee * e - be
        self.value: FloatArray = constant + (gx - bx) * x + (gy - by) * y + (ge - be) * e
        hx, hy, he = self._half
        gap = 2 * (gx * x + gy * y + ge * e + hx * np.abs(gx) + hy * np.abs(gy) + he * np.abs(ge))
        self.least: FloatArray = np.maximum(np.maximum(self.value - gap, self._bottom), 0)
        self.at: FloatArray = np.stack([x, y, e]) + self._middle

    def _held(self, value: FloatArray, axis: int) -> FloatArray:
        half = self._half[axis]
        return np.asarray(np.minimum(np.maximum(value, -half), half))

    def ranges(self, limit: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return between which values of each variable it can be at most `limit`, shape (n,), within the box.

        Returns
        -------
        low, high : ndarray, shape (3, n)
            Within the box; low > high where it never is.
        """
        xy, xe, ye = self.xy, self.xe, self.ye
        curvature = np.stack([self.xx, self.yy, self.ee])
        x_less, y_less, e_less = curvature * _FLATTER
        product = x_less * y_less
        determinant = product - xy * xy
        is_known = self._is_known & (determinant > _PARALLEL * product)
        e_alone = y_less * xe * xe - 2 * xy * xe * ye + x_less * ye * ye
        e_alone = e_less - e_alone / np.where(is_known, determinant, 1)
        is_known &= e_alone > _PARALLEL * e_less
        hx, hy, he = self._half
        xy, xe, ye = np.abs(xy), np.abs(xe), np.abs(ye)
        room = np.maximum(limit - self._bottom, 0)
        # With the others free, and with the others anywhere in the box.
        alone = np.stack([self._determinant / self.y_alone, self._determinant / self.x_alone, e_alone])
        reach = np.sqrt(room / np.where(is_known, alone, 1))
        reach[:, ~is_known] = np.inf
        free = np.stack(self._free)
        held = self._slope / curvature
        others = np.stack([xy * hy + xe * he, xy * hx + ye * he, xe * hx + ye * hy])
        wide = others / curvature + np.sqrt(np.maximum(limit - np.maximum(self._bottom, 0), 0) / curvature)
        low, high = np.maximum(free - reach, held - wide), np.minimum(free + reach, held + wide)
        return (
            np.maximum(low, -self._half) + self._middle,
            np.minimum(high, self._half) + self._middle,
        )
