"""From single spectra to the grid of a library."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from jpas_gui.core.arrays import Float32Array, FloatArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.library import LibrarySource, SSPLibrary
from jpas_gui.core.ssp.wavelengths import vacuum_of_air

WAVELENGTH_RANGE = (900.0, 12000.0)
"""Angstrom: what is kept of a spectrum. Bands reach from 1200 (uJAVA at redshift 1.5) to 11000 A in the rest frame."""


@dataclass(frozen=True, eq=False)
class Model:
    """One spectrum of a library.

    Parameters
    ----------
    log_age : float
        log10(age / yr).
    metallicity : float
        [M/H] in dex.
    luminosity : ndarray, shape (n_wave,)
        Lsun / Angstrom / Msun.
    origin : str
        The file it comes from, for messages.
    """

    log_age: float
    metallicity: float
    luminosity: FloatArray | Float32Array
    origin: str


def log_age_of(age: float) -> float:
    """Return the log age of an age in yr, to 1e-5: files that round it differently agree on the grid.

    Raises
    ------
    InputError
        If it is not positive, with the reason alone.
    """
    if not age > 0:
        raise InputError(f"an age of {age:g} yr: not a positive number")
    return round(math.log10(age), 5)


def metallicity_of(z: float, solar_metallicity: float) -> float:
    """Return [M/H] of a mass fraction Z of metals.

    Raises
    ------
    InputError
        If it is not positive, with the reason alone.
    """
    if not z > 0:
        raise InputError(f"a metallicity of Z = {z:g}, which has no [M/H]")
    return round(math.log10(z / solar_metallicity), 4)


def library_from_models(
    name: str, title: str, wavelength: FloatArray, models: Iterable[Model], source: LibrarySource
) -> SSPLibrary:
    """Put spectra that share their wavelengths on the grid of their ages and metallicities.

    Parameters
    ----------
    wavelength : ndarray, shape (n_wave,)
        Angstrom, in the medium that `source` says; the library's are in vacuum.
    models : iterable of Model

    Raises
    ------
    InputError
        If there is no model, two models share age and metallicity, or a spectrum holds values that are not
        numbers; the message names the file.
    """
    models = list(models)
    if not models:
        raise InputError(f"{name}: no model")
    log_age = np.unique([model.log_age for model in models])
    metallicity = np.unique([model.metallicity for model in models])
    wavelength = np.asarray(wavelength, dtype=float)
    if source.medium == "air":
        wavelength = vacuum_of_air(wavelength)
    kept = (wavelength >= WAVELENGTH_RANGE[0]) & (wavelength <= WAVELENGTH_RANGE[1])
    if kept.sum() < 2:
        raise InputError(f"{name}: no wavelengths between {WAVELENGTH_RANGE[0]:g} and {WAVELENGTH_RANGE[1]:g} A")
    luminosity = np.full((metallicity.size, log_age.size, int(kept.sum())), np.nan, dtype=np.float32)
    origins: dict[tuple[int, int], str] = {}
    for model in models:
        cell = (
            int(np.searchsorted(metallicity, model.metallicity)),
            int(np.searchsorted(log_age, model.log_age)),
        )
        if cell in origins:
            raise InputError(f"{model.origin}: same age and metallicity as {origins[cell]}: remove one of them")
        if not np.isfinite(model.luminosity[kept]).all():
            raise InputError(f"{model.origin}: the spectrum contains values that are not numbers")
        origins[cell] = model.origin
        luminosity[cell] = model.luminosity[kept]
    return SSPLibrary(name, title, wavelength[kept], log_age, metallicity, luminosity, source)
