"""Photometry as a file has it, turned into nanomaggies, with the reason why a band cannot be used."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jpas_gui.core.arrays import BoolArray, FloatArray
from jpas_gui.core.catalogues.column_names import Role
from jpas_gui.core.catalogues.observed import MaskReason
from jpas_gui.core.catalogues.sentinels import (
    are_nines,
    no_flux_errors,
    no_fluxes,
    no_magnitude_errors,
    no_magnitudes,
)
from jpas_gui.core.catalogues.units import FluxUnit
from jpas_gui.core.magnitudes import MAGNITUDE_PER_RELATIVE_ERROR, flux_of_magnitude

LARGEST_ERROR = 1.0
"""mag: a source with a larger error is measured, but not detected."""

_LARGEST_FLUX = 1e15
"""Nanomaggies, -15 mag: no source is brighter, and single precision still holds its square."""


@dataclass(frozen=True, eq=False)
class Measured:
    """Photometry of n galaxies in some bands, all of shape (n, n_bands).

    Parameters
    ----------
    flux_nu, flux_nu_error : ndarray
        Nanomaggies; NaN where there is no number.
    reason : ndarray of uint8
        `MaskReason`.
    """

    flux_nu: FloatArray
    flux_nu_error: FloatArray
    reason: NDArray[np.uint8]


def measured(
    values: FloatArray, errors: FloatArray, unit: FluxUnit, error_unit: FluxUnit, role: Role = Role.ERROR
) -> Measured:
    """Return photometry in nanomaggies.

    Parameters
    ----------
    values, errors : ndarray, shape (n, n_bands)
        As the file has them; NaN where it has no number.
    unit, error_unit : FluxUnit
        Of values and errors, with the factors of these bands.
    role : Role
        What the errors are. Inverse variances of zero or less are of bands without data.
    """
    with np.errstate(all="ignore"):
        if role is Role.INVERSE_VARIANCE:
            values, errors = np.where(errors > 0, values, np.nan), errors**-0.5
        if unit.is_magnitude:
            errors = errors * error_unit.magnitudes
            flux, error, no_data = _of_magnitudes(values * unit.magnitudes, errors)
            large = errors > LARGEST_ERROR
        else:
            flux, error, no_data = _of_fluxes(values, errors, unit, error_unit, role)
            large = np.zeros(1, dtype=bool)
        has_error = (error > 0) & (error < _LARGEST_FLUX)
        infinite = ~no_data & ~(np.abs(flux) < _LARGEST_FLUX)
        no_data |= (values == 0) & ~has_error & (not unit.is_magnitude)
    reason = np.zeros(values.shape, dtype=np.uint8)
    # What comes later overrules what came before.
    for where, why in (
        (large, MaskReason.LARGE_ERROR),
        (~has_error, MaskReason.NO_ERROR),
        (infinite, MaskReason.INFINITE),
        (no_data, MaskReason.NO_DATA),
    ):
        np.copyto(reason, np.uint8(why), where=where)
    np.copyto(flux, np.nan, where=no_data | infinite)
    np.copyto(error, np.nan, where=no_data | infinite | ~has_error)
    return Measured(flux, error, reason)


def _of_magnitudes(magnitude: FloatArray, error: FloatArray) -> tuple[FloatArray, FloatArray, BoolArray]:
    flux = flux_of_magnitude(magnitude)
    known = np.where(no_magnitude_errors(error), np.nan, error)
    return flux, flux * known / MAGNITUDE_PER_RELATIVE_ERROR, np.isnan(magnitude) | no_magnitudes(magnitude)


def _of_fluxes(
    values: FloatArray, errors: FloatArray, unit: FluxUnit, error_unit: FluxUnit, role: Role
) -> tuple[FloatArray, FloatArray, BoolArray]:
    flux = values * unit.nanomaggies
    error = errors * error_unit.nanomaggies
    if role is Role.RELATIVE_ERROR:
        error = _of_relative_errors(errors, error, flux)
    no_data = np.isnan(values) | no_fluxes(values, errors, flux, error)
    np.copyto(error, np.nan, where=no_flux_errors(errors, flux, error))
    return flux, error, no_data


def _of_relative_errors(errors: FloatArray, parts: FloatArray, flux: FloatArray) -> FloatArray:
    """Return errors in the unit of the fluxes, from errors as the file has them and as parts of the fluxes.

    The archive gives the error of a negative flux its sign, others do not: both are measurements. A negative error of
    a positive flux is none by any convention.
    """
    return np.where(are_nines(errors), np.nan, np.where(flux < 0, np.abs(parts), parts) * np.abs(flux))
