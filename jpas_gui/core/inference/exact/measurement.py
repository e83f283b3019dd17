"""Photometry of one galaxy in units of its errors, and how well SEDs fit it."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch

from jpas_gui.core.arrays import BoolArray, FloatArray
from jpas_gui.core.errors import InputError

ROUNDING = 1e-6
"""Part of a flux that single precision may lose on the way to it."""

_LARGEST = 1e7
"""Length of the data in sigmas beyond which single precision says nothing of chi2."""


@dataclass(frozen=True, eq=False)
class Measurement:
    """Fluxes in units of their errors; zero in bands that are not used.

    Parameters
    ----------
    sigmas : ndarray, shape (n_bands,)
        flux / error.
    per_error : ndarray, shape (n_bands,)
        What turns an SED in units of `unit` into sigmas.
    used : ndarray of bool, shape (n_bands,)
    unit : float
        A typical error, nanomaggies: single precision holds numbers in units of it.
    """

    sigmas: FloatArray
    per_error: FloatArray
    used: BoolArray
    unit: float

    @classmethod
    def of(cls, flux_nu: FloatArray, flux_nu_error: FloatArray, used: BoolArray) -> "Measurement":
        """Return the measurement of a galaxy, shape (n_bands,) each.

        Raises
        ------
        InputError
            If fewer than two bands are used, one of them has no flux or no positive error, or the numbers are beyond
            what can be computed.
        """
        if used.sum() < 2:
            raise InputError(f"{int(used.sum())} usable bands: the posterior needs two or more")
        if not (np.isfinite(flux_nu[used]).all() and (flux_nu_error[used] > 0).all()):
            raise InputError("a usable band has no flux or no positive error")
        error = np.where(used, flux_nu_error, np.inf)
        with np.errstate(over="ignore", invalid="ignore"):
            unit = float(np.median(error[used]))
            sigmas, per_error = np.where(used, flux_nu, 0) / error, unit / error
            found = cls(sigmas, per_error, used, unit)
            possible = found.length < _LARGEST and np.isfinite(found.per_error.astype(np.float32)).all()
        if not possible:
            raise InputError("fluxes or errors of such sizes cannot be compared with any SED: are both in one unit?")
        return found

    @property
    def n_bands(self) -> int:
        """Number of bands that are used."""
        return int(self.used.sum())

    @cached_property
    def length(self) -> float:
        """Root of the sum of squares of `sigmas`."""
        return math.sqrt(float(self.sigmas @ self.sigmas))

    @cached_property
    def single(self) -> torch.Tensor:
        """`sigmas` in single precision."""
        return torch.from_numpy(self.sigmas.astype(np.float32))

    @cached_property
    def to_sigmas(self) -> torch.Tensor:
        """`per_error` in single precision."""
        return torch.from_numpy(self.per_error.astype(np.float32))

    @cached_property
    def in_use(self) -> torch.Tensor:
        """1 for bands that are used, 0 for others."""
        return torch.from_numpy(self.used.astype(np.float32))

    def fit(self, log_flux: torch.Tensor) -> "AmplitudeFit":
        """Fit the amplitude of SEDs, shape (n, n_bands); `log_flux` is used up."""
        return AmplitudeFit(self, log_flux)


class AmplitudeFit:
    """SEDs at the amplitude that fits a measurement best, n of them.

    Attributes
    ----------
    direction : Tensor, shape (n, n_bands)
        The SEDs in sigmas, of length 1.
    residual : Tensor, shape (n, n_bands)
        What of the data is at right angles to `direction`.
    distance2 : ndarray, shape (n,)
        Its sum of squares: chi2 if the amplitude could be negative.
    significance : ndarray, shape (n,)
        The amplitude over its error; not below zero.
    chi2 : ndarray, shape (n,)
    """

    def __init__(self, data: Measurement, log_flux: torch.Tensor) -> None:
        self._data = data
        model = log_flux.exp_().mul_(data.to_sigmas)
        self._norm = torch.linalg.vector_norm(model, dim=1)
        self.direction = model.div_(self._norm[:, None])
        along = self.direction @ data.single
        self.residual = torch.addcmul(data.single, self.direction, along[:, None], value=-1)
        self.distance2: FloatArray = torch.linalg.vecdot(self.residual, self.residual).double().numpy()
        self.significance: FloatArray = along.double().numpy()
        np.maximum(self.significance, 0, out=self.significance)
        self.chi2: FloatArray = np.where(self.significance > 0, self.distance2, data.length**2)

    @property
    def amplitude(self) -> FloatArray:
        """In nanomaggies, of SEDs that are in units of the reference band."""
        return np.asarray(self.significance / self._norm.double().numpy() * self._data.unit)

    @property
    def log_likelihood(self) -> FloatArray:
        """Integrated over the amplitude, but for a constant.

        With the prior uniform in magnitude, 1 / amplitude, it is exp(-chi2 / 2) times the relative width of the
        minimum. Below a S/N of 1 the error takes the amplitude's place.
        """
        return np.asarray(-0.5 * self.chi2 - np.log(np.maximum(self.significance, 1)))
