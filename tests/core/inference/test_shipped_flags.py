"""Flags of the models that ship: good galaxies seldom have one."""

import numpy as np
import pytest

from jpas_gui.core.flags import Flag
from jpas_gui.core.inference.band_grid import band_grid
from jpas_gui.core.inference.mocks import draw_parameters
from jpas_gui.core.inference.predictor import Photometry, Predictor
from jpas_gui.core.magnitudes import flux_of_magnitude
from jpas_gui.core.photometry.bands import N_SURVEY_BANDS, all_bands
from jpas_gui.core.photometry.filter_files import embedded_filters
from jpas_gui.core.photometry.noise_settings import NoiseSettings, noise_model
from jpas_gui.core.ssp.readers.popstar import read_popstar

N = 400


@pytest.mark.parametrize("model", ["posterior-popstar", "posterior-mixture"])
@pytest.mark.parametrize("redshift", [0.0, 0.2])
def test_mocks_are_seldom_told_to_fit_no_population(model: str, redshift: float) -> None:
    random = np.random.default_rng(2)
    grid = band_grid(read_popstar(), embedded_filters(), redshift)
    flux = np.exp(grid.log_fluxes(draw_parameters(grid, N, random))[:, :N_SURVEY_BANDS])
    flux *= flux_of_magnitude(random.uniform(16.5, 21, (N, 1))) / np.median(flux, axis=1, keepdims=True)
    bands = [band.name for band in all_bands()[:N_SURVEY_BANDS]]
    error = noise_model(NoiseSettings(), tuple(bands)).flux_nu_error(flux)
    noisy = flux + error * random.standard_normal(flux.shape)
    usable = grid.mask[:N_SURVEY_BANDS] & np.isfinite(noisy)
    photometry = Photometry(noisy, error, usable, np.full(N, redshift))
    predictor = Predictor.load(model)
    assert np.mean(predictor.predict(photometry).flag & Flag.CHI2 > 0) < 0.01
    photometry.flux_nu[:, :20] *= 3
    bright = np.median(noisy / error, axis=1) > 100
    if model == "posterior-popstar":
        assert np.mean(predictor.predict(photometry).flag[bright] & Flag.CHI2 > 0) > 0.9
