"""A catalogue to try the program on: mocks with known parameters, made by the program itself."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from jpas_gui import __version__
from jpas_gui.core.arrays import BoolArray, FloatArray
from jpas_gui.core.photometry.filter_files import embedded_filters
from jpas_gui.core.photometry.noise import draw_noise
from jpas_gui.core.photometry.noise_settings import NoiseSettings, noise_model
from jpas_gui.core.photometry.synthesis import synthesize
from jpas_gui.core.populations import StellarPopulation
from jpas_gui.core.ssp.catalogue import load_library

if TYPE_CHECKING:
    from astropy.table import Table

EXAMPLE_NAME = "example-mocks.fits"
"""The name says what it is: no galaxy was observed."""

N_MOCKS = 60
_SEED = 2025
_RANGES = {"log_age": (8.0, 10.1), "metallicity": (-1.7, 0.35), "redshift": (0.005, 0.3), "magnitude": (17.0, 21.0)}
_MEAN_EBV, _LARGEST_EBV = 0.12, 0.6
_WITH_MASKS, _MOST_MASKED = 3, 8
"""Every third mock has up to eight flagged bands in a row, as at the edge of an image."""

_TEXTS = {
    "ID": "mock, no observed galaxy",
    "FLUX_AUTO": "F_nu with noise, in the order of the filter ids",
    "FLUX_RELERR_AUTO": "1-sigma error as a part of the flux",
    "FLAGS": "not zero where a band is not to be used",
    "z_spec": "redshift of the mock",
    "true_log_age": "log10 of the age, in yr",
    "true_metallicity": "[M/H]",
    "true_ebv": "E(B-V) of the dust screen, Calzetti",
    "true_magnitude": "AB magnitude in iSDSS, without noise",
}


def example_populations() -> tuple[StellarPopulation, ...]:
    """Return the populations of the mocks: always the same."""
    random = np.random.default_rng(_SEED)
    drawn = {name: random.uniform(*limits, N_MOCKS) for name, limits in _RANGES.items()}
    drawn["ebv"] = np.minimum(random.exponential(_MEAN_EBV, N_MOCKS), _LARGEST_EBV)
    return tuple(
        StellarPopulation(**{name: round(float(values[row]), 4) for name, values in drawn.items()})
        for row in range(N_MOCKS)
    )


def example_table() -> "Table":
    """Return mocks of the embedded library PopStar with the noise of mini-JPAS, and what they were made from.

    Returns
    -------
    Table
        With arrays of 60 bands, as the archive has them: FLUX_AUTO in nanomaggies, FLUX_RELERR_AUTO and FLAGS; the
        redshift ``z_spec``; and the true parameters, which the program does not read.
    """
    # Imported when first needed: it would slow down the start.
    from astropy.table import Table

    populations, filters = example_populations(), embedded_filters()
    library = load_library("popstar")
    flux = np.array([synthesize(population, library, filters).flux_nu for population in populations])
    settings = NoiseSettings()
    error = noise_model(settings, filters.names).flux_nu_error(flux)
    noisy = draw_noise(flux, error, _SEED)
    table = Table(
        {
            "ID": [f"mock-{number:02d}" for number in range(1, N_MOCKS + 1)],
            "FLUX_AUTO": noisy,
            "FLUX_RELERR_AUTO": error / np.abs(noisy),
            "FLAGS": _flagged(flux.shape).astype(np.int16),
            "z_spec": _all(populations, "redshift"),
            "true_log_age": _all(populations, "log_age"),
            "true_metallicity": _all(populations, "metallicity"),
            "true_ebv": _all(populations, "ebv"),
            "true_magnitude": _all(populations, "magnitude"),
        }
    )
    table["FLUX_AUTO"].unit = "nanomaggy"
    for name, text in _TEXTS.items():
        table[name].description = text
    table.meta = {
        "content": "mocks made by jpas-gui to try it on: no observed galaxies",
        "jpas-gui": __version__,
        "library": library.title,
        "citation": library.source.citation,
        "noise": f"{settings.survey}, aperture factor {settings.aperture_factor:g}",
        "seed": _SEED,
    }
    return table


def write_example(path: Path) -> None:
    """Write the mocks as a FITS table.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    from jpas_gui.core.catalogues.writing import write_table

    write_table(example_table(), path)


def _all(populations: tuple[StellarPopulation, ...], name: str) -> FloatArray:
    return np.array([getattr(population, name) for population in populations])


def _flagged(shape: tuple[int, ...]) -> BoolArray:
    """Return which bands are flagged, shape (n_mocks, n_bands)."""
    random = np.random.default_rng(_SEED)
    flagged = np.zeros(shape, dtype=bool)
    for row in range(0, shape[0], _WITH_MASKS):
        first = int(random.integers(0, shape[1] - _MOST_MASKED))
        flagged[row, first : first + int(random.integers(1, _MOST_MASKED + 1))] = True
    return flagged
