"""Galaxies that are hard to fit: at nodes, edges and corners of a library, of any S/N, with bands missing, or with
colours that no population has."""

from collections.abc import Iterator

import numpy as np

from jpas_gui.core.inference.band_grid import BandGrid
from jpas_gui.core.inference.mocks import draw_parameters
from jpas_gui.core.magnitudes import flux_of_magnitude
from jpas_gui.core.photometry.filter_files import embedded_filters
from jpas_gui.core.photometry.noise_settings import NoiseSettings, noise_model

BANDS = slice(0, 56)
N_BANDS = 56


def nasty_galaxies(grid: BandGrid, n: int, seed: int) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Yield fluxes, errors and which bands are used, shape (56,) each, of n galaxies."""
    random = np.random.default_rng(seed)
    noise = noise_model(NoiseSettings(), embedded_filters().names[BANDS])
    for _ in range(n):
        flux = np.exp(grid.log_fluxes(_population(grid, random))[0, BANDS].astype(float))
        if random.random() < 0.5:
            snr = 10 ** random.uniform(np.log10(3), np.log10(5000))
            error = flux / snr * np.exp(random.normal(0, 0.3, N_BANDS))
        else:
            flux *= flux_of_magnitude(random.uniform(14, 23.5))
            error = noise.flux_nu_error(flux)
        flux += error * random.standard_normal(N_BANDS) * (random.random() < 0.5)
        if random.random() < 0.15:
            flux *= 1 + 0.15 * np.sin(np.arange(N_BANDS) * random.uniform(0.2, 2))
        if random.random() < 0.1:
            flux[random.integers(N_BANDS, size=3)] *= random.choice([-1, 3, 0])
        used = grid.mask[BANDS] & (random.random(N_BANDS) < random.choice([0.1, 0.5, 1, 1, 1]))
        used[np.flatnonzero(grid.mask[BANDS])[[3, 30]]] = True
        yield flux, error, used


def _population(grid: BandGrid, random: np.random.Generator) -> np.ndarray:
    """Return log_age, metallicity and E(B-V), shape (1, 3)."""
    drawn = draw_parameters(grid, 1, random)
    kind = random.integers(4)
    if kind == 0:
        node = np.argwhere(np.isfinite(grid.log_flux[:, :, 0, 0]))
        i, j = node[random.integers(len(node))]
        drawn = np.array([[grid.log_age[i], grid.metallicity[j], random.choice([0, 1e-3, 0.3, 1])]])
    elif kind == 1:
        drawn[0, 2] = random.choice([0.0, 0.0, 1.0, 0.01])
    elif kind == 2:
        edge = drawn.copy()
        edge[0, 0] = random.choice(grid.log_age[[0, -1]])
        edge[0, 1] = random.choice([*grid.metallicity[[0, -1]], drawn[0, 1]])
        drawn = edge if np.isfinite(grid.log_fluxes(edge)).all() else drawn
    return drawn
