"""What errors would be with another exposure time."""

from dataclasses import replace

import numpy as np

from jpas_gui.core.errors import InputError
from jpas_gui.core.photometry.noise import DepthNoise, MeasuredNoise, NoiseModel


def with_exposure(noise: NoiseModel, factor: float) -> NoiseModel:
    """Return the noise of an exposure `factor` times as long.

    What comes from sky and photons falls as the square root of the time; the zero-point error stays.

    Parameters
    ----------
    factor : float
        Exposure time over the present one.

    Raises
    ------
    InputError
        If the factor is not positive, or nothing is known of how this noise depends on the time.
    """
    if not 0 < factor < np.inf:
        raise InputError(f"exposure factor {factor:g}: it must be positive")
    if factor == 1:
        return noise
    if isinstance(noise, DepthNoise):
        return replace(noise, depth=noise.depth + 1.25 * np.log10(factor))
    if isinstance(noise, MeasuredNoise):
        return replace(noise, magnitude_error=noise.magnitude_error / np.sqrt(factor))
    raise InputError(f"{noise.name}: how this noise depends on the exposure time is not known")
