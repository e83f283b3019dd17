"""A model SED beside an observed one."""

from dataclasses import dataclass

import numpy as np

from jpas_gui.core.arrays import BoolArray, FloatArray
from jpas_gui.core.magnitudes import magnitude_of_flux


@dataclass(frozen=True, eq=False)
class Comparison:
    """Observed minus model, the model scaled to the observed SED by least squares.

    Parameters
    ----------
    scale : float
        What the model was multiplied with; NaN where no band can be compared.
    magnitudes : ndarray, shape (n_bands,)
        Observed minus model in AB magnitudes; NaN where either flux is not positive or the band is masked.
    sigmas : ndarray, shape (n_bands,)
        Observed minus model flux over the error; NaN in masked bands.
    chi2 : float
        Sum of the squares of `sigmas`; NaN where no band can be compared.
    n_bands : int
        Number of bands that were compared.
    """

    scale: float
    magnitudes: FloatArray
    sigmas: FloatArray
    chi2: float
    n_bands: int


def compare(flux_nu: FloatArray, flux_nu_error: FloatArray, mask: BoolArray, model_flux_nu: FloatArray) -> Comparison:
    """Return how far an observed SED lies from a model, shape (n_bands,) each.

    Parameters
    ----------
    flux_nu, flux_nu_error : ndarray
        Observed, in one unit.
    mask : ndarray of bool
        True where the observed band is usable. Bands that the model does not cover (NaN) are left out too.
    model_flux_nu : ndarray
        In any unit.
    """
    used = mask & np.isfinite(model_flux_nu)
    weight = np.where(used, 1 / np.where(used, flux_nu_error, 1) ** 2, 0.0)
    model, observed = np.where(used, model_flux_nu, 0.0), np.where(used, flux_nu, 0.0)
    power = float(np.sum(weight * model**2))
    if not power > 0:
        nothing = np.full(flux_nu.shape, np.nan)
        return Comparison(np.nan, nothing, nothing, np.nan, 0)
    scale = float(np.sum(weight * model * observed)) / power
    sigmas = np.where(used, (observed - scale * model) * np.sqrt(weight), np.nan)
    magnitudes = magnitude_of_flux(observed) - magnitude_of_flux(scale * model)
    chi2 = float(np.nansum(sigmas**2))
    return Comparison(scale, np.where(used, magnitudes, np.nan), sigmas, chi2, int(used.sum()))
