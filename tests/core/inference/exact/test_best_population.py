"""The best population is never lost: against a plain scan of a fine grid with a local search."""

from pathlib import Path

import numpy as np
import pytest
from nasty_galaxies import BANDS, nasty_galaxies
from plain_scan import PlainScan

from jpas_gui.core.catalogues.opening import OpeningOptions, open_catalogue
from jpas_gui.core.inference.band_grid import BandGrid, band_grid
from jpas_gui.core.inference.exact.exact_posterior import ExactPosterior
from jpas_gui.core.magnitudes import flux_of_magnitude
from jpas_gui.core.photometry.filter_files import embedded_filters
from jpas_gui.core.photometry.noise_settings import NoiseSettings, noise_model
from jpas_gui.core.photometry.synthesis import synthesize
from jpas_gui.core.populations import StellarPopulation
from jpas_gui.core.ssp.library import SSPLibrary
from jpas_gui.core.ssp.reading import read_library

MOST = 0.5
"""By how much chi2 may be larger than the best; where nothing fits, single precision leaves a part of 1e-6, too."""


def assert_never_lost(grid: BandGrid, n: int, seed: int) -> None:
    exact, scan = ExactPosterior(grid, BANDS), PlainScan(grid, BANDS)
    for flux, error, used in nasty_galaxies(grid, n, seed):
        least, where = scan.best(flux, error, used)
        found = exact(flux, error, used)
        assert found.chi2 <= least * (1 + 1e-6) + MOST, f"{found.best} instead of {where}"


def test_of_nasty_galaxies_the_best_population_is_found(grid: BandGrid) -> None:
    assert_never_lost(grid, 100, 1)


@pytest.mark.parametrize("folder", ["miuscat", "bc03_mpajhu", "emiles_padova"])
def test_of_other_libraries_too(real_data: Path, folder: str) -> None:
    assert_never_lost(band_grid(read_library(real_data / "ssp" / folder), embedded_filters(), 0.1), 25, 2)


def test_a_population_without_dust_at_a_node_is_its_own_best_one(popstar: SSPLibrary) -> None:
    filters = embedded_filters()
    exact = ExactPosterior(band_grid(popstar, filters, 0.0), BANDS)
    sed = synthesize(StellarPopulation(9.7, -1.7, 0.0, 0.0, 17.62), popstar, filters)
    flux = sed.flux_nu[BANDS]
    posterior = exact(flux, noise_model(NoiseSettings(), filters.names[BANDS]).flux_nu_error(flux))
    assert posterior.chi2 < 0.5
    assert posterior.best == pytest.approx([9.7, -1.7, 0.0], abs=0.01)


def test_without_noise_every_node_is_found_at_the_edge_of_the_dust(grid: BandGrid) -> None:
    exact = ExactPosterior(grid, BANDS)
    noise = noise_model(NoiseSettings(), embedded_filters().names[BANDS])
    for i in range(0, grid.log_age.size, 7):
        for j in range(0, grid.metallicity.size, 3):
            flux = np.exp(grid.log_flux[i, j, 0, BANDS].astype(float)) * flux_of_magnitude(17.5)
            assert exact(flux, noise.flux_nu_error(flux)).chi2 < 0.5


def test_of_real_galaxies_the_best_population_is_found(real_data: Path, popstar: SSPLibrary) -> None:
    options = OpeningOptions(redshift=0.0)
    catalogue = open_catalogue(real_data / "catalogues" / "sdss_galaxies_jpas_fnu.csv", options)
    [galaxies] = catalogue.chunks(100)
    grid = band_grid(popstar, embedded_filters(), 0.0)
    exact, scan = ExactPosterior(grid, BANDS), PlainScan(grid, BANDS)
    for flux, error, mask in zip(galaxies.flux_nu, galaxies.flux_nu_error, galaxies.mask, strict=True):
        used = mask[BANDS] & grid.mask[BANDS]
        least, where = scan.best(flux[BANDS], error[BANDS], used)
        found = exact(flux[BANDS], error[BANDS], used)
        assert found.chi2 <= least + MOST, f"{found.best} instead of {where}"
