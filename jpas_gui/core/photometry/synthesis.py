"""From a population to the SED that J-PAS would see."""

from dataclasses import dataclass

import numpy as np

from jpas_gui.core.arrays import BoolArray, FloatArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.magnitudes import LIGHT_SPEED, NANOMAGGY, flux_of_magnitude
from jpas_gui.core.photometry.attenuation import ATTENUATION_LAWS, AttenuationLaw
from jpas_gui.core.photometry.bands import REFERENCE_BANDS
from jpas_gui.core.photometry.filters import FilterSet
from jpas_gui.core.populations import StellarPopulation
from jpas_gui.core.ssp.library import SSPLibrary


@dataclass(frozen=True, eq=False)
class SyntheticSED:
    """A population through the bands, without noise.

    Parameters
    ----------
    population : StellarPopulation
        What was asked for.
    bands : tuple of str
        Names of the bands.
    flux_nu : ndarray, shape (n_bands,)
        Nanomaggies; NaN where `mask` is False.
    mask : ndarray of bool, shape (n_bands,)
        True where the library covers the band at this redshift.
    wavelength : ndarray, shape (n_wave,)
        Observed vacuum wavelength of the spectrum, Angstrom.
    spectrum_nu : ndarray, shape (n_wave,)
        The spectrum behind the bands, nanomaggies.
    reference_band : str
        The band that has the population's magnitude.
    clipped : tuple of str
        One sentence for each wish that the library could not meet.
    """

    population: StellarPopulation
    bands: tuple[str, ...]
    flux_nu: FloatArray
    mask: BoolArray
    wavelength: FloatArray
    spectrum_nu: FloatArray
    reference_band: str
    clipped: tuple[str, ...]


def synthesize(
    population: StellarPopulation,
    library: SSPLibrary,
    filters: FilterSet,
    law: AttenuationLaw = ATTENUATION_LAWS["calzetti"],
    r_v: float | None = None,
) -> SyntheticSED:
    """Return the SED of a population.

    The library's spectrum is dimmed by the dust screen in the rest frame, redshifted, integrated through the
    curves and scaled to the magnitude in the reference band: iSDSS, else J0770, else the covered band nearest
    to J0770.

    Parameters
    ----------
    r_v : float, optional
        R_V of the law; its own value by default.

    Raises
    ------
    InputError
        If the library covers no band at this redshift, or has no light in the reference band.
    """
    ssp = library.spectrum(population.log_age, population.metallicity)
    f_lambda = ssp.luminosity * law.transmission(ssp.wavelength, population.ebv, r_v)
    matrix = filters.matrix(ssp.wavelength, population.redshift)
    if not matrix.mask.any():
        raise InputError(f"{library.name} covers no band at redshift {population.redshift:g}")
    flux_nu = matrix.band_flux(f_lambda)
    reference = reference_index(filters, matrix.mask)
    if not flux_nu[reference] > 0:
        raise InputError(f"{library.name} has no light in {filters.names[reference]}: it cannot be given a magnitude")
    scale = flux_of_magnitude(population.magnitude) / flux_nu[reference]
    wavelength = ssp.wavelength * (1 + population.redshift)
    clipped = list(ssp.clipped)
    reference_band = filters.names[reference]
    if reference_band != REFERENCE_BANDS[0]:
        clipped.append(f"{REFERENCE_BANDS[0]} is not available: the magnitude is that of {reference_band}")
    per_nu = wavelength**2 / (LIGHT_SPEED * (1 + population.redshift) * NANOMAGGY)
    return SyntheticSED(
        population=population,
        bands=filters.names,
        flux_nu=flux_nu * scale,
        mask=matrix.mask,
        wavelength=wavelength,
        spectrum_nu=f_lambda * per_nu * scale,
        reference_band=reference_band,
        clipped=tuple(clipped),
    )


def reference_index(filters: FilterSet, mask: BoolArray) -> int:
    """Return the position of the band that carries the magnitude, among the bands where `mask` is True."""
    for name in REFERENCE_BANDS:
        if name in filters.names and mask[filters.index(name)]:
            return filters.index(name)
    nominal = np.array([band.wavelength for band in filters.bands])
    distance = np.where(mask, np.abs(nominal - 7700.0), np.inf)
    return int(np.argmin(distance))
