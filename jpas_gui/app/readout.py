"""The values of one band in words."""

import numpy as np

from jpas_gui.app.frame import ExplorerFrame
from jpas_gui.core.magnitudes import magnitude_error_of_flux, magnitude_of_flux


def readout(frame: ExplorerFrame, band: int) -> str:
    """Return the values of a band, by its position in the frame, in one line."""
    info = frame.bands[band]
    text = f"{info.name}   λ {info.wavelength:.0f} Å   width {info.width:.0f} Å"
    if not frame.mask[band]:
        return f"{text}   outside the library"
    flux, error, noisy = frame.flux_nu[band], frame.flux_nu_error[band], frame.flux_nu_noisy[band]
    magnitude = magnitude_of_flux(np.array([flux, noisy]))
    if not np.isfinite(error):
        return f"{text}   Fν {flux:.4g} nMgy   AB {magnitude[0]:.3f}   no error known"
    magnitude_error = magnitude_error_of_flux(np.array([flux]), np.array([error]))[0]
    drawn = f"{magnitude[1]:.3f}" if np.isfinite(magnitude[1]) else "not detected"
    return (
        f"{text}   Fν {flux:.4g} ± {error:.2g} nMgy   AB {magnitude[0]:.3f} ± {magnitude_error:.3f}   "
        f"S/N {flux / error:.1f}   drawn {drawn} ({frame.difference[band]:+.1f}σ)"
    )
