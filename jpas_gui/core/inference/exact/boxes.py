"""Parts of the cells of a grid, and the best population in them."""

from dataclasses import dataclass

import numpy as np

from jpas_gui.core.arrays import BoolArray, FloatArray, IndexArray


@dataclass(frozen=True, eq=False)
class Boxes:
    """Parts of cells, n of them.

    Parameters
    ----------
    cell : ndarray of int, shape (n,)
    low, high : ndarray, shape (3, n)
        The places x, y, e between which they reach, as `CellFluxes` has them.
    """

    cell: IndexArray
    low: FloatArray
    high: FloatArray

    @classmethod
    def whole(cls, cell: IndexArray, ebv: tuple[FloatArray, FloatArray]) -> "Boxes":
        """Return whole cells within ranges of E(B-V): low and high ends, shape (n,) each."""
        low, high = np.full((3, cell.size), -1.0), np.full((3, cell.size), 1.0)
        low[2], high[2] = ebv
        return cls(cell, low, high)

    def __len__(self) -> int:
        return self.cell.size

    @property
    def place(self) -> FloatArray:
        """Their middles, shape (3, n)."""
        return (self.low + self.high) / 2

    @property
    def half(self) -> FloatArray:
        """Half their widths, shape (3, n)."""
        return (self.high - self.low) / 2

    def take(self, which: BoolArray | IndexArray) -> "Boxes":
        """Return some of them."""
        return Boxes(self.cell[which], self.low[:, which], self.high[:, which])

    @staticmethod
    def joined(parts: "list[Boxes]") -> "Boxes":
        """Return those of several sets as one."""
        return Boxes(
            np.concatenate([part.cell for part in parts]),
            np.concatenate([part.low for part in parts], axis=1),
            np.concatenate([part.high for part in parts], axis=1),
        )


@dataclass(frozen=True)
class Best:
    """The population of the smallest chi2 so far: its cell and its place in it."""

    cell: int
    place: tuple[float, float, float]
    chi2: float

    @property
    def cells(self) -> IndexArray:
        """Its cell, shape (1,)."""
        return np.array([self.cell])

    @property
    def places(self) -> FloatArray:
        """Its place, shape (3, 1)."""
        return np.array(self.place)[:, np.newaxis]

    def or_better(self, cell: IndexArray, place: FloatArray, chi2: FloatArray) -> "Best":
        """Return the best of this and others: shapes (n,), (3, n), (n,)."""
        if not chi2.size or not (least := float(chi2.min())) < self.chi2:
            return self
        i = int(chi2.argmin())
        x, y, e = place[:, i].tolist()
        return Best(int(cell[i]), (x, y, e), least)


def cut(low: FloatArray, high: FloatArray, n_parts: IndexArray) -> tuple[IndexArray, FloatArray, FloatArray]:
    """Cut boxes into equal parts.

    Parameters
    ----------
    low, high : ndarray, shape (n_axes, n)
    n_parts : ndarray of int, shape (n_axes, n)

    Returns
    -------
    which : ndarray of int, shape (m,)
        The box that each part is of.
    low, high : ndarray, shape (n_axes, m)
    """
    which = np.arange(low.shape[1])
    for axis in range(len(low)):
        n = n_parts[axis, which]
        again = np.repeat(np.arange(which.size), n)
        number = np.arange(again.size) - np.repeat(np.cumsum(n) - n, n)
        width = ((high[axis] - low[axis]) / n)[again]
        which, low, high = which[again], low[:, again], high[:, again]
        low[axis] += number * width
        high[axis] = low[axis] + width
    return which, low, high
