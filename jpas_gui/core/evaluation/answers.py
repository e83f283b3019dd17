"""What a model answered to mocks whose truth is known."""

from dataclasses import dataclass

import numpy as np

from jpas_gui.core.arrays import FloatArray, IndexArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.parameters import PARAMETERS

_N = len(PARAMETERS)


@dataclass(frozen=True, eq=False)
class ExactAnswers:
    """The exact posterior of some of the mocks, the yardstick: on its own prior nothing can be better.

    Parameters
    ----------
    rows : ndarray of int, shape (m,)
        Which mocks, as row numbers of the `TestAnswers` that it belongs to.
    median : ndarray, shape (m, 3)
    ranks : ndarray, shape (m, 3)
        Probability below the truth.
    width : ndarray, shape (m, 3)
        From the 16th to the 84th percentile.

    Raises
    ------
    ValueError
        If an array has another shape.
    """

    rows: IndexArray
    median: FloatArray
    ranks: FloatArray
    width: FloatArray

    def __post_init__(self) -> None:
        for name in ("median", "ranks", "width"):
            _check_shape(f"exact.{name}", getattr(self, name), (len(self.rows), _N))


@dataclass(frozen=True, eq=False)
class TestAnswers:
    """The answers of a model to mocks, beside the truth. Parameters are in the order of `parameters.PARAMETERS`.

    Parameters
    ----------
    truth, point : ndarray, shape (n, 3)
        True values, and the model's point estimates.
    percentiles : ndarray, shape (n, 3, 3), optional
        Of each mock and parameter the 16th, 50th and 84th percentile (last axis); None where the model gives none.
    ranks : ndarray, shape (n, 3), optional
        Probability below the truth according to the model, 0 to 1: uniform where the model is calibrated.
    magnitude : ndarray, shape (n,)
        AB magnitude in the reference band, without noise.
    snr : ndarray, shape (n,)
        Signal to noise, 1.08 / magnitude error in iSDSS.
    library : ndarray of int, shape (n,)
        The library that each mock was made from, as index of `libraries`.
    libraries : tuple of str
        Names of the libraries.
    exact : ExactAnswers, optional
        The exact posterior of some of the mocks.

    Raises
    ------
    ValueError
        If an array has another shape, or an index points to nothing.
    InputError
        If there are no mocks, or the model's answer to one is not a number.
    """

    __test__ = False  # pytest takes classes of such a name for tests

    truth: FloatArray
    point: FloatArray
    percentiles: FloatArray | None
    ranks: FloatArray | None
    magnitude: FloatArray
    snr: FloatArray
    library: IndexArray
    libraries: tuple[str, ...]
    exact: ExactAnswers | None = None

    def __post_init__(self) -> None:
        n = len(self.truth)
        shapes: dict[str, tuple[int, ...]] = {"truth": (n, _N), "point": (n, _N), "magnitude": (n,), "snr": (n,)}
        shapes |= {"library": (n,), "percentiles": (n, _N, 3), "ranks": (n, _N)}
        for name, shape in shapes.items():
            values = getattr(self, name)
            if values is not None:
                _check_shape(name, values, shape)
        _check_index("library", self.library, len(self.libraries))
        if self.exact is not None:
            _check_index("exact.rows", self.exact.rows, n)
        if n == 0:
            raise InputError("there are no mocks to evaluate the model on")
        self._check_numbers()

    def _check_numbers(self) -> None:
        for name, values in {"point estimate": self.point, "percentiles": self.percentiles, "rank": self.ranks}.items():
            bad = np.argwhere(~np.isfinite(values)) if values is not None else np.empty((0, 0))
            if bad.size:
                row, number = bad[0][:2]
                raise InputError(
                    f"the model's {name} of {PARAMETERS[number]} is not a number for mock {row + 1} of {len(self)} "
                    f"(magnitude {self.magnitude[row]:.2f}): its weights are damaged, train it anew"
                )

    def __len__(self) -> int:
        return len(self.truth)

    @property
    def delta(self) -> FloatArray:
        """Predicted minus true, shape (n, 3)."""
        return self.point - self.truth

    @property
    def width(self) -> FloatArray | None:
        """From the 16th to the 84th percentile, shape (n, 3)."""
        return None if self.percentiles is None else self.percentiles[:, :, 2] - self.percentiles[:, :, 0]


def _check_shape(name: str, values: FloatArray | IndexArray, shape: tuple[int, ...]) -> None:
    if np.shape(values) != shape:
        raise ValueError(f"{name} has shape {np.shape(values)} instead of {shape}")


def _check_index(name: str, index: IndexArray, length: int) -> None:
    if len(index) and not (np.min(index) >= 0 and np.max(index) < length):
        raise ValueError(f"{name} points outside 0 to {length - 1}")
