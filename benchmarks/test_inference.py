"""Answers per second of the shipped models, and the time of an exact posterior, side by side on this machine."""

import os
import time
from collections.abc import Callable

import numpy as np
import pytest
import torch

from jpas_gui.core.inference.band_grid import band_grid
from jpas_gui.core.inference.exact.exact_posterior import ExactPosterior
from jpas_gui.core.inference.mocks import draw_parameters
from jpas_gui.core.inference.predictor import Photometry, Predictor
from jpas_gui.core.magnitudes import flux_of_magnitude
from jpas_gui.core.photometry.filter_files import embedded_filters
from jpas_gui.core.photometry.noise_settings import NoiseSettings, noise_model
from jpas_gui.core.ssp.readers.popstar import read_popstar

BANDS = slice(0, 56)
N_GALAXIES = 60_000


def galaxies(n: int, magnitude: float, redshift: float) -> Photometry:
    grid = band_grid(read_popstar(), embedded_filters(), redshift)
    parameters = draw_parameters(grid, n, np.random.default_rng(1))
    flux = np.exp(grid.log_fluxes(parameters)[:, BANDS]) * flux_of_magnitude(magnitude)
    error = noise_model(NoiseSettings(), embedded_filters().names[BANDS]).flux_nu_error(flux)
    noisy = flux + error * np.random.default_rng(2).standard_normal(flux.shape)
    return Photometry(noisy, error, np.ones(flux.shape, dtype=bool), np.full(n, redshift))


def median_seconds(function: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return float(np.median(times))


@pytest.mark.parametrize(("model", "at_least"), [("paper-popstar", 120_000), ("posterior-popstar", 0)])
def test_galaxies_per_second(model: str, at_least: int) -> None:
    torch.set_num_threads(os.cpu_count() or 1)
    predictor, photometry = Predictor.load(model), galaxies(N_GALAXIES, 19.0, 0.0)
    predictor.predict(photometry.rows(slice(0, 5000)))
    rate = N_GALAXIES / median_seconds(lambda: predictor.predict(photometry), 3)
    print(f"\n{model}: {rate:,.0f} galaxies per second on {torch.get_num_threads()} threads")
    assert rate >= at_least


@pytest.mark.parametrize("magnitude", [16.0, 18.0, 20.0, 22.0])
def test_exact_posterior(magnitude: float) -> None:
    photometry = galaxies(60, magnitude, 0.1)
    exact = ExactPosterior(band_grid(read_popstar(), embedded_filters(), 0.1), BANDS)
    times = {}
    for threads in (1, os.cpu_count() or 1):
        torch.set_num_threads(threads)
        rows = iter(range(60))

        def answer(rows=rows) -> None:
            row = next(rows)
            exact(photometry.flux_nu[row], photometry.flux_nu_error[row]).percentiles()

        times[threads] = 1e3 * median_seconds(answer, 60)
    shown = ", ".join(f"{value:.1f} ms on {threads} threads" for threads, value in times.items())
    print(f"\nmagnitude {magnitude:g}: {shown}")
    assert min(times.values()) < 12
