import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.grid import Model, library_from_models
from jpas_gui.core.ssp.library import LibrarySource, SSPLibrary


def make_library(log_age, metallicity, luminosity) -> SSPLibrary:
    wavelength = np.array([5000.0, 6000.0])
    return SSPLibrary(
        "t", "t", wavelength, np.array(log_age), np.array(metallicity), np.array(luminosity, dtype=np.float32),
        LibrarySource("test"),
    )  # fmt: skip


def test_a_node_is_given_as_it_is(small_library: SSPLibrary) -> None:
    for i, j in np.argwhere(small_library.has_model):
        spectrum = small_library.spectrum(small_library.log_age[j], small_library.metallicity[i])
        np.testing.assert_allclose(spectrum.luminosity, small_library.luminosity[i, j], rtol=1e-6)
        assert spectrum.clipped == ()


@given(st.floats(0, 1), st.floats(0, 1))
def test_logarithm_is_linear_between_nodes(age_part: float, metal_part: float) -> None:
    corners = np.array([[1.0, 10.0], [100.0, 1e4]])
    library = make_library((8.0, 9.0), (-1.0, 0.0), corners[:, :, np.newaxis] * [1, 2])
    spectrum = library.spectrum(8 + age_part, -1 + metal_part)
    expected = 10 ** (age_part * (1 + metal_part) + 2 * metal_part)
    assert spectrum.luminosity[0] == pytest.approx(expected, rel=1e-5)
    assert spectrum.luminosity[1] == pytest.approx(2 * expected, rel=1e-5)


def test_values_that_are_not_positive_are_interpolated_themselves() -> None:
    library = make_library((8.0, 9.0), (0.0,), [[[0.0, 1.0], [2.0, 100.0]]])
    np.testing.assert_allclose(library.spectrum(8.5, 0.0).luminosity, [1.0, 10.0], rtol=1e-6)


@pytest.mark.parametrize(
    ("log_age", "metallicity", "said"),
    [(7.0, -0.5, "log age 7.00"), (11.0, 0.0, "log age 11.00"), (9.0, -3.0, "[M/H] -3.00"), (9.0, 1.0, "[M/H] 1.00")],
)
def test_outside_the_edge_is_shown_and_said(
    small_library: SSPLibrary, log_age: float, metallicity: float, said: str
) -> None:
    spectrum = small_library.spectrum(log_age, metallicity)
    (sentence,) = spectrum.clipped
    assert said in sentence
    edge = small_library.spectrum(spectrum.log_age, spectrum.metallicity)
    np.testing.assert_allclose(spectrum.luminosity, edge.luminosity, rtol=1e-6)
    assert edge.clipped == ()


def test_beside_a_hole_the_nearest_model_is_shown_and_said(small_library: SSPLibrary) -> None:
    spectrum = small_library.spectrum(8.1, -0.1)
    assert np.isfinite(spectrum.luminosity).all()
    assert (spectrum.log_age, spectrum.metallicity) in {tuple(node) for node in small_library.nodes}
    assert "no models around" in spectrum.clipped[0]


def test_the_edge_of_a_hole_is_no_hole(small_library: SSPLibrary) -> None:
    assert small_library.spectrum(9.0, -0.25).clipped == ()
    assert small_library.spectrum(8.0, -0.5).clipped == ()


def test_a_library_of_one_age_and_metallicity() -> None:
    library = make_library((9.0,), (0.0,), [[[1.0, 2.0]]])
    np.testing.assert_allclose(library.spectrum(9.0, 0.0).luminosity, [1.0, 2.0], rtol=1e-6)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"log_age": (9.0, 8.0)}, "log_age must be numbers that increase"),
        ({"metallicity": (np.nan,)}, "metallicity must be numbers that increase"),
        ({"luminosity": np.full((1, 2, 2), np.nan)}, "no model"),
        ({"luminosity": [[[1.0, np.nan], [1.0, 2.0]]]}, "log age 8.00 and [M/H] +0.00 contains values"),
        ({"luminosity": [[[1.0, np.inf], [1.0, 2.0]]]}, "not numbers"),
        ({"luminosity": np.zeros((1, 2, 2))}, "t: no model has any positive luminosity"),
        ({"luminosity": [[[-1.0, 0.0], [np.nan, np.nan]]]}, "t: no model has any positive luminosity"),
        ({"luminosity": np.ones((2, 2, 2))}, "shape (2, 2, 2) instead of (1, 2, 2)"),
    ],
)
def test_arrays_that_do_not_fit(change: dict[str, object], said: str) -> None:
    arrays = {"log_age": (8.0, 9.0), "metallicity": (0.0,), "luminosity": np.ones((1, 2, 2)), **change}
    with pytest.raises(InputError) as error:
        make_library(**arrays)
    assert said in str(error.value)


def test_negative_luminosity_is_kept() -> None:
    library = make_library((8.0,), (0.0,), [[[-1e-9, 1.0]]])
    np.testing.assert_allclose(library.spectrum(8.0, 0.0).luminosity, [-1e-9, 1.0], rtol=1e-6)


def test_models_fill_a_grid_and_leave_holes() -> None:
    wavelength = np.array([500.0, 4000.0, 5000.0, 20000.0])
    models = [Model(9.0, 0.0, np.arange(4.0) + 1, "a"), Model(8.0, -1.0, np.arange(4.0) + 2, "b")]
    library = library_from_models("t", "t", wavelength, models, LibrarySource("test"))
    np.testing.assert_array_equal(library.wavelength, [4000.0, 5000.0])
    np.testing.assert_array_equal(library.has_model, [[True, False], [False, True]])
    np.testing.assert_array_equal(library.luminosity[1, 1], [2.0, 3.0])


def test_models_of_the_same_place_are_named() -> None:
    models = [Model(9.0, 0.0, np.ones(2), name) for name in ("a.fits", "b.fits")]
    with pytest.raises(InputError, match=r"b\.fits: same age and metallicity as a\.fits"):
        library_from_models("t", "t", np.array([4000.0, 5000.0]), models, LibrarySource("test"))
