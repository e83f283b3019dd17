"""What plots of SEDs draw: fluxes and spectra in the units of their axes."""

from dataclasses import dataclass

import numpy as np

from jpas_gui.app.state import Frame, Quantity
from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.magnitudes import magnitude_of_flux

SHOWN_WAVELENGTHS = (2900.0, 11200.0)
"""Angstrom, observed: the part of the spectrum behind the bands."""

_ENDLESS = 30.0
"""mag, longer than any view is high."""

_MAX_SPECTRUM_POINTS = 1200
"""About the pixels of the plot; a denser curve would only slow the drag."""


@dataclass(frozen=True, eq=False)
class Curve:
    """A line in the units of the axes, shape (n,) each."""

    x: FloatArray
    y: FloatArray


@dataclass(frozen=True, eq=False)
class BandSeries:
    """Values of the bands in the units of the vertical axis, shape (n_bands,); NaN where there is none.

    In magnitudes, `low` is far below the view where flux - sigma is not positive; a band whose flux is not positive
    has no `y`, and a bar that begins at `high`.
    """

    y: FloatArray
    low: FloatArray
    high: FloatArray


def axis_scale(frame: Frame, redshift: float) -> float:
    """Return the factor from observed wavelengths to the horizontal axis."""
    return 1.0 if frame is Frame.OBSERVED else 1.0 / (1.0 + redshift)


def vertical(quantity: Quantity, flux_nu: FloatArray) -> FloatArray:
    """Return fluxes in the unit of the vertical axis; NaN where there is no magnitude."""
    return flux_nu if quantity is Quantity.FLUX_NU else magnitude_of_flux(flux_nu)


def band_series(quantity: Quantity, flux_nu: FloatArray, flux_nu_error: FloatArray) -> BandSeries:
    """Return fluxes with their 1-sigma bars in the unit of the vertical axis."""
    low, high = vertical(quantity, flux_nu - flux_nu_error), vertical(quantity, flux_nu + flux_nu_error)
    if quantity is Quantity.MAGNITUDE:
        # Within one sigma of nothing there is no faint end: the bar runs out of the view.
        low = np.where(np.isnan(low) & np.isfinite(high), high + _ENDLESS, low)
    return BandSeries(y=vertical(quantity, flux_nu), low=low, high=high)


def spectrum_curve(quantity: Quantity, wavelength: FloatArray, spectrum_nu: FloatArray, to_axis: float) -> Curve:
    """Return the part of a spectrum that is shown, with about one point for each pixel.

    Parameters
    ----------
    wavelength : ndarray, shape (n,)
        Observed, Angstrom.
    spectrum_nu : ndarray, shape (n,)
        Nanomaggies.
    to_axis : float
        From observed wavelengths to the horizontal axis.
    """
    first, last = np.searchsorted(wavelength, SHOWN_WAVELENGTHS)
    x, y = wavelength[first:last], spectrum_nu[first:last]
    group = -(-x.size // _MAX_SPECTRUM_POINTS)
    if group > 1:
        whole = x.size - x.size % group
        x, y = x[:whole].reshape(-1, group).mean(axis=1), y[:whole].reshape(-1, group).mean(axis=1)
    return Curve(x * to_axis, vertical(quantity, y))
