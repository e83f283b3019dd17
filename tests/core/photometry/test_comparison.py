import numpy as np
import pytest

from jpas_gui.core.photometry.comparison import compare


def test_a_model_of_the_right_shape_fits_whatever_its_scale():
    model = np.array([1.0, 2.0, 4.0])
    found = compare(3 * model, np.full(3, 0.1), np.ones(3, dtype=bool), model)
    assert found.scale == pytest.approx(3)
    np.testing.assert_allclose(found.sigmas, 0, atol=1e-9)
    np.testing.assert_allclose(found.magnitudes, 0, atol=1e-9)
    assert found.n_bands == 3


def test_residuals_are_observed_minus_model_and_chi2_is_their_squares():
    model, error = np.array([1.0, 1.0, 1.0, 1.0]), np.full(4, 0.1)
    found = compare(np.array([1.0, 1.0, 1.0, 1.2]), error, np.ones(4, dtype=bool), model)
    np.testing.assert_allclose(found.sigmas, [-0.5, -0.5, -0.5, 1.5])
    assert found.chi2 == pytest.approx(3 * 0.25 + 2.25)
    assert found.magnitudes[3] == pytest.approx(-2.5 * np.log10(1.2 / 1.05))


def test_masked_bands_and_those_that_the_model_lacks_do_not_count():
    observed = np.array([1.0, np.nan, 1.0, 99.0])
    model = np.array([1.0, 1.0, np.nan, 1.0])
    found = compare(observed, np.array([0.1, np.nan, 0.1, 0.1]), np.array([True, False, True, False]), model)
    assert found.n_bands == 1
    assert np.isfinite(found.sigmas).tolist() == [True, False, False, False]


def test_without_a_band_there_is_nothing_to_compare():
    found = compare(np.ones(2), np.ones(2), np.zeros(2, dtype=bool), np.ones(2))
    assert found.n_bands == 0
    assert np.isnan([found.scale, found.chi2, *found.sigmas]).all()
