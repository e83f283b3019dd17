import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from jpas_gui.core.magnitudes import flux_of_magnitude, magnitude_error_of_flux, magnitude_of_flux


def test_a_nanomaggy_is_magnitude_22_5():
    assert flux_of_magnitude(22.5) == 1.0
    assert flux_of_magnitude(20.0) == pytest.approx(10.0)
    np.testing.assert_allclose(magnitude_of_flux(np.array([1.0, 100.0])), [22.5, 17.5])


@given(arrays(float, st.integers(0, 20), elements=st.floats(-10.0, 40.0)))
def test_magnitudes_come_back_from_fluxes(magnitude):
    np.testing.assert_allclose(magnitude_of_flux(flux_of_magnitude(magnitude)), magnitude, atol=1e-9)


@given(arrays(float, 5, elements=st.floats(max_value=0.0) | st.just(np.nan)))
def test_no_magnitude_without_a_positive_flux(flux_nu):
    assert np.isnan(magnitude_of_flux(flux_nu)).all()
    assert np.isnan(magnitude_error_of_flux(flux_nu, np.ones(5))).all()


def test_the_magnitude_error_is_the_slope_of_the_magnitude():
    flux_nu, error = np.array([3.0, 500.0]), np.array([1e-5, 1e-3])
    finite_difference = (magnitude_of_flux(flux_nu - error) - magnitude_of_flux(flux_nu + error)) / 2
    np.testing.assert_allclose(magnitude_error_of_flux(flux_nu, error), finite_difference, rtol=1e-6)


def test_shapes_are_kept_and_the_input_is_not_changed():
    flux_nu = np.array([[1.0, -1.0], [np.nan, 4.0]])
    before = flux_nu.copy()
    assert magnitude_of_flux(flux_nu).shape == (2, 2)
    np.testing.assert_array_equal(flux_nu, before)
    assert np.isnan(magnitude_of_flux(flux_nu)).tolist() == [[False, True], [True, False]]
