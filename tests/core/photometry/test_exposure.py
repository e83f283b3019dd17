"""Errors with another exposure time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jpas_gui.core.errors import InputError
from jpas_gui.core.photometry.exposure import with_exposure
from jpas_gui.core.photometry.noise import DepthNoise, MeasuredNoise
from jpas_gui.core.photometry.noise_settings import NoiseSettings, noise_model

FLUX = np.array([3.0, 20.0])


@given(st.floats(0.01, 100))
def test_the_error_of_the_sky_falls_as_the_square_root_of_the_time(factor: float) -> None:
    noise = noise_model(NoiseSettings(), ("J0510", "iSDSS"))
    np.testing.assert_allclose(
        with_exposure(noise, factor).flux_nu_error(FLUX), noise.flux_nu_error(FLUX) / np.sqrt(factor)
    )


def test_measured_errors_fall_alike_and_the_zero_point_stays() -> None:
    measured = MeasuredNoise("m", np.array([18.0, 20.0]), np.array([[0.02, 0.1], [0.03, 0.2]]))
    np.testing.assert_allclose(
        with_exposure(measured, 4.0).flux_nu_error(FLUX), measured.flux_nu_error(FLUX) / 2, rtol=1e-12
    )
    deep = with_exposure(DepthNoise("d", np.array([24.0, 24.0]), zero_point_error=0.04), 1e12)
    np.testing.assert_allclose(deep.flux_nu_error(FLUX), 0.04 / 1.0857 * FLUX, rtol=1e-3)


@pytest.mark.parametrize("factor", [0.0, -1.0, np.nan, np.inf])
def test_an_impossible_time_is_named(factor: float) -> None:
    with pytest.raises(InputError, match=r"exposure factor .*: it must be positive"):
        with_exposure(noise_model(NoiseSettings(), ("J0510",)), factor)
