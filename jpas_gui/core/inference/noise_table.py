"""Noise models on the device that trains: the error of a band looked up by its flux."""

import numpy as np
import torch

from jpas_gui.core.magnitudes import MAGNITUDE_PER_RELATIVE_ERROR, ZERO_POINT, flux_of_magnitude
from jpas_gui.core.photometry.noise import NoiseModel

_BRIGHTEST, _FAINTEST, _STEP = 10.0, 32.0, 0.05
_TINY = 1e-20


class NoiseTable:
    """Errors of a noise model, tabulated in steps of 0.05 mag.

    Parameters
    ----------
    noise : NoiseModel
        Without a zero-point error, for an aperture factor of 1.
    n_bands : int
        The first bands of the model are used.
    zero_point_error : float
        mag, added in quadrature.
    device : torch.device
    """

    def __init__(self, noise: NoiseModel, n_bands: int, zero_point_error: float, device: torch.device) -> None:
        magnitude = np.arange(_BRIGHTEST, _FAINTEST + _STEP / 2, _STEP)
        flux = np.repeat(flux_of_magnitude(magnitude)[:, np.newaxis], n_bands, axis=1)
        error = noise.flux_nu_error(flux)[:, :n_bands]
        known = np.isfinite(error).all(axis=0)
        log_error = np.log(np.where(known, error, 1.0))
        self.mask = torch.as_tensor(known, device=device)
        """True for the bands whose error the model knows, shape (n_bands,)."""
        self._log_error = torch.as_tensor(log_error, dtype=torch.float32, device=device)
        self._is_constant = bool(np.ptp(log_error, axis=0).max() < 1e-6)
        self._zero_point = zero_point_error / MAGNITUDE_PER_RELATIVE_ERROR

    def flux_nu_error(self, flux_nu: torch.Tensor, aperture_factor: torch.Tensor) -> torch.Tensor:
        """Return the errors of fluxes.

        Parameters
        ----------
        flux_nu : Tensor, shape (n, n_bands)
            Nanomaggies.
        aperture_factor : Tensor, shape (n, 1)
            Of each galaxy; multiplies all but the zero-point error.
        """
        if self._is_constant:
            error = self._log_error[0].exp().expand_as(flux_nu)
        else:
            magnitude = ZERO_POINT - 2.5 * flux_nu.clamp_min(_TINY).log10()
            place = ((magnitude - _BRIGHTEST) / _STEP).clamp(0, len(self._log_error) - 1.001)
            index = place.long()
            part = place - index
            low, high = self._log_error.gather(0, index), self._log_error.gather(0, index + 1)
            error = (low + part * (high - low)).exp()
        error = error * aperture_factor
        return torch.hypot(error, self._zero_point * flux_nu) if self._zero_point else error
