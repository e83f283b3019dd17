"""chi2 of all populations in a box, from below: linear in the fluxes around a place, with what that may be off by."""

import numpy as np
import torch

from jpas_gui.core.arrays import FloatArray, IndexArray
from jpas_gui.core.inference.exact.cell_fluxes import CellFluxes
from jpas_gui.core.inference.exact.measurement import ROUNDING, Measurement
from jpas_gui.core.inference.exact.quadratic import BoxedQuadratic

_FAR = 50.0
"""Changes of ln flux are not told apart beyond this."""


class Expansion:
    """SEDs around places, n of them, to first order in the fluxes; lemma 3 of `docs/method.md`.

    Parameters
    ----------
    fluxes : CellFluxes
    data : Measurement
    cell : ndarray of int, shape (n,)
    place, half : ndarray, shape (3, n)
        The boxes reach `half` to both sides of `place`, in x, y and e.
    has_second : bool
        Compute `second`, too.

    Attributes
    ----------
    chi2, significance : ndarray, shape (n,)
        Of the populations at the places.
    curvature, slope : ndarray, shape (3, 3, n) and (3, n)
        chi2 is `chi2 - 2 slope z + z curvature z`, whatever the amplitude, where z is the distance from the place in
        units of `half` times a factor between `least_scale` and `largest_scale`.
    remainder : ndarray, shape (n,)
        By how many sigmas the SEDs may be off from that, anywhere in the box.
    second : ndarray, shape (3, 3, n)
        What residuals take from half the second derivatives of chi2, which are otherwise `curvature`, at the places and
        at an amplitude of `length`.
    """

    def __init__(
        self,
        fluxes: CellFluxes,
        data: Measurement,
        cell: IndexArray,
        place: FloatArray,
        half: FloatArray,
        has_second: bool = False,
    ) -> None:
        rows = fluxes.with_slopes(cell, place)
        fit = data.fit(rows[:, 0])
        self.length = data.length
        self.chi2, self.significance, self._distance2 = fit.chi2, fit.significance, fit.distance2
        direction, slopes = fit.direction, rows[:, 1:]
        # Of slopes only what differs between bands counts: the rest is amplitude.
        slopes -= slopes @ (direction * direction)[:, :, None]
        moves = slopes * direction[:, None]
        sides = torch.cat([moves, fit.residual[:, None]], dim=1)
        products = (moves @ sides.transpose(1, 2)).permute(1, 2, 0).double().numpy()
        reach = half * self.length
        self.curvature: FloatArray = products[:, :3] * (reach[:, np.newaxis] * reach)
        self.slope: FloatArray = products[:, 3] * reach
        if has_second:
            bent = (slopes * (direction * fit.residual)[:, None]) @ slopes.transpose(1, 2)
            self.second: FloatArray = bent.permute(1, 2, 0).double().numpy() * (half[:, np.newaxis] * half)
            self.second *= self.length
        bends = fluxes.spread_of_bends(cell, half)
        # At most how much ln flux changes in each band.
        change = (torch.from_numpy(half.T.astype(np.float32))[:, None] @ slopes.abs_())[:, 0]
        change.add_(torch.from_numpy(bends.astype(np.float32))[:, None]).mul_(data.in_use)
        self._most = change.amax(dim=1).double().numpy()
        second_order = torch.linalg.vector_norm(change.square_().mul_(direction), dim=1).double().numpy()
        self.largest_scale: FloatArray = np.exp(bends)
        off = self.largest_scale * (bends + 0.5 * np.exp(np.minimum(self._most, _FAR)) * second_order)
        self.remainder: FloatArray = self.length * (off + ROUNDING)

    def least_scale(self, chi2: float) -> FloatArray:
        """Return the least factor of z for populations with no larger chi2 than this, shape (n,)."""
        part = max(1 - chi2 / self.length**2, 0.0) if self.length > 0 else 0.0
        return np.asarray(np.maximum(np.exp(-self._most) * np.sqrt(part), 1e-6))

    def quadratic(self) -> BoxedQuadratic:
        """Return chi2 in the boxes, but for the remainder."""
        high = np.broadcast_to(self.largest_scale, self.slope.shape)
        return BoxedQuadratic(self.curvature, self.slope, self._distance2, -high, high)

    def quadratic_within(self, which: IndexArray, low: FloatArray, high: FloatArray, chi2: float) -> BoxedQuadratic:
        """Return chi2 in parts of the boxes `which`, for populations with no larger chi2 than `chi2`.

        Parameters
        ----------
        which : ndarray of int, shape (m,)
        low, high : ndarray, shape (3, m)
            Between -1 and 1: where in the box the part lies.
        """
        least, largest = self.least_scale(chi2)[which], self.largest_scale[which]
        return BoxedQuadratic(
            self.curvature[..., which],
            self.slope[:, which],
            self._distance2[which],
            np.minimum(low * least, low * largest),
            np.maximum(high * least, high * largest),
        )

    def ranges(self, quadratic: BoxedQuadratic, limit: FloatArray, chi2: float) -> tuple[FloatArray, FloatArray]:
        """Return between which places in the boxes, -1 to 1, `quadratic` can be at most `limit`, shape (3, n) each."""
        low, high = quadratic.ranges(limit)
        least, largest = self.least_scale(chi2), self.largest_scale
        low, high = np.where(low < 0, low / least, low / largest), np.where(high > 0, high / least, high / largest)
        return np.maximum(low, -1), np.minimum(high, 1)
