import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jpas_gui.core.errors import InputError
from jpas_gui.core.magnitudes import magnitude_of_flux
from jpas_gui.core.photometry.bands import all_bands, find_band
from jpas_gui.core.photometry.filter_files import embedded_filters
from jpas_gui.core.photometry.filters import FilterCurve, FilterSet

# Written out again, so that a wrong constant in the program is found.
AB_ZERO = 3.631e-20  # erg s-1 cm-2 Hz-1
LIGHT_SPEED = 2.99792458e18  # Angstrom s-1
EVERYTHING = np.arange(2900.0, 11200.0, 1.0)


def flat_f_nu(wavelength, magnitude):
    """f_lambda of a source with the same AB magnitude everywhere."""
    return AB_ZERO * 10 ** (-0.4 * magnitude) * LIGHT_SPEED / wavelength**2


def integrate_densely(curve, wavelength, flux_lambda, n=400_000):
    """f_nu in nanomaggies by the trapezoidal rule on very many points."""
    x = np.linspace(curve.wavelength[0], curve.wavelength[-1], n)
    throughput = np.interp(x, curve.wavelength, curve.transmission)
    photons = np.trapezoid(np.interp(x, wavelength, flux_lambda) * throughput * x, x)
    return photons / (LIGHT_SPEED * np.trapezoid(throughput / x, x)) / (AB_ZERO * 1e-9)


@pytest.mark.parametrize("redshift", [0.0, 0.4])
@pytest.mark.parametrize("magnitude", [0.0, 22.5])
def test_a_flat_source_has_its_magnitude_in_every_band(magnitude, redshift):
    wavelength = EVERYTHING / (1 + redshift)
    # Seen at this redshift, f_lambda is divided by (1 + z), and the source is flat again.
    rest = flat_f_nu(EVERYTHING, magnitude) * (1 + redshift)
    matrix = embedded_filters().matrix(wavelength, redshift)
    assert matrix.mask.all()
    np.testing.assert_allclose(magnitude_of_flux(matrix.band_flux(rest)), magnitude, atol=2e-6)


@pytest.mark.parametrize("spacing", [0.5, 3.0, 20.0, 100.0])
@pytest.mark.parametrize("band", ["uJAVA", "J0660", "J1007", "iSDSS"])
def test_piecewise_linear_integration_is_exact(band, spacing):
    filters = embedded_filters()
    curve = filters.curves[filters.index(band)]
    rng = np.random.default_rng(int(10 * spacing))
    wavelength = np.arange(2900.0, 11200.0, spacing) + 0.3 * spacing * rng.random(int(np.ceil(8300 / spacing)))
    flux_lambda = 1e-16 * (0.1 + rng.random(wavelength.size))
    flux_nu = filters.matrix(wavelength).band_flux(flux_lambda)[filters.index(band)]
    assert flux_nu == pytest.approx(integrate_densely(curve, wavelength, flux_lambda), rel=1e-6)


@given(
    st.lists(st.floats(0.0, 1.0), min_size=3, max_size=12).filter(lambda values: max(values) > 0.01),
    st.floats(0.0, 1.5),
    st.integers(0, 2**32 - 1),
)
def test_any_curve_on_any_grid_agrees_with_dense_integration(throughput, redshift, seed):
    rng = np.random.default_rng(seed)
    nodes = 5000.0 + np.cumsum(rng.uniform(0.5, 30.0, len(throughput)))
    curve = FilterCurve(find_band("J0500"), nodes, np.array(throughput))
    wavelength = np.cumsum(rng.uniform(0.5, 60.0, 300))
    wavelength = 4000 + (wavelength - wavelength[0]) * 2500 / np.ptp(wavelength)
    flux_lambda = rng.uniform(0.1, 1.0, wavelength.size)
    matrix = FilterSet.from_curves([curve], "test").matrix(wavelength / (1 + redshift), redshift)
    [flux_nu] = matrix.band_flux(flux_lambda)
    assert matrix.mask.all()
    expected = integrate_densely(curve, wavelength, flux_lambda / (1 + redshift), n=100_000)
    assert flux_nu == pytest.approx(expected, rel=1e-4)


def test_many_spectra_give_what_each_gives_alone():
    rng = np.random.default_rng(2)
    spectra = rng.random((7, EVERYTHING.size), dtype=np.float32)
    matrix = embedded_filters().matrix(EVERYTHING)
    together = matrix.band_fluxes(spectra)
    assert together.dtype == np.float32
    np.testing.assert_allclose(together, [matrix.band_flux(one) for one in spectra], rtol=2e-5)


def test_spectra_behind_screens_give_what_each_gives_alone():
    rng = np.random.default_rng(3)
    wavelength = np.arange(3500.0, 9500.0, 3.0)
    spectra = rng.random((wavelength.size, 4), dtype=np.float32)
    screens = rng.random((3, wavelength.size), dtype=np.float32)
    matrix = embedded_filters().matrix(wavelength)
    assert 0 < matrix.mask.sum() < matrix.mask.size
    together = matrix.screened_fluxes(screens, spectra)
    assert together.dtype == np.float32
    alone = [[matrix.band_flux(screen * spectrum) for screen in screens] for spectrum in spectra.T]
    np.testing.assert_allclose(together, alone, rtol=2e-5)


def test_bands_outside_the_spectrum_are_masked_never_zero():
    wavelength = np.arange(4000.0, 9000.0, 2.0)
    filters = embedded_filters()
    matrix = filters.matrix(wavelength)
    ones = np.ones(wavelength.size, dtype=np.float32)
    alone, together = matrix.band_flux(ones), matrix.band_fluxes(np.stack([ones, ones]))
    inside = np.array([c.wavelength[0] > 4000 and c.wavelength[-1] < 9000 for c in filters.curves])
    assert matrix.mask[inside].all()
    assert not matrix.mask[[filters.index(name) for name in ("uJAVA", "J0378", "J0390", "J1007", "uJPAS")]].any()
    for flux_nu in (alone, *together):
        assert np.isnan(flux_nu[~matrix.mask]).all()
        assert (flux_nu[matrix.mask] > 0).all()
    assert not matrix.weights[~matrix.mask].any()


def test_a_band_needs_all_but_a_thousandth_of_its_throughput():
    band = find_band("J0500")
    top_hat = FilterCurve(band, np.array([4999.0, 5000.0, 6000.0, 6001.0]), np.array([0.0, 1.0, 1.0, 0.0]))
    filters = FilterSet.from_curves([top_hat], "test")
    assert filters.matrix(np.linspace(4000.0, 5999.5, 500)).mask[0]
    assert not filters.matrix(np.linspace(4000.0, 5990.0, 500)).mask[0]


def test_redshift_moves_the_coverage():
    wavelength = np.arange(3465.0, 9469.0, 1.0)
    filters = embedded_filters()
    assert filters.matrix(wavelength).mask[filters.index("J0900")]
    assert not filters.matrix(wavelength, 0.3).mask[filters.index("J0420")]
    assert filters.matrix(wavelength, 0.3).mask[filters.index("J1007")]
    assert not filters.matrix(wavelength).mask[filters.index("J1007")]


def test_matrices_are_kept_per_grid_and_redshift():
    filters = FilterSet.from_curves(embedded_filters().curves[:3], "test")
    first = filters.matrix(EVERYTHING, 0.1)
    assert filters.matrix(EVERYTHING.copy(), 0.1) is first
    assert filters.matrix(EVERYTHING, 0.2) is not first
    assert filters.matrix(EVERYTHING[1:], 0.1) is not first
    for redshift in np.linspace(0.3, 1.0, 8):
        filters.matrix(EVERYTHING, float(redshift))
    assert filters.matrix(EVERYTHING, 0.1) is not first


def test_a_set_is_sorted_and_finds_its_bands():
    curves = embedded_filters().curves
    filters = FilterSet.from_curves(reversed(curves), "test")
    assert filters.names == tuple(band.name for band in all_bands())
    assert filters.index("J0390") == 2
    with pytest.raises(ValueError, match="tuple"):
        FilterSet.from_curves(curves[:2], "test").index("J0390")


def test_a_set_of_no_curves_or_two_of_one_band_is_refused():
    curve = embedded_filters().curves[4]
    with pytest.raises(InputError, match="no filter curves in here"):
        FilterSet.from_curves([], "here")
    with pytest.raises(InputError, match="two curves of the band J0410 in here"):
        FilterSet.from_curves([curve, curve], "here")


def test_own_curves_take_the_place_of_the_embedded_ones():
    official = embedded_filters()
    old = official.curves[2]
    own = FilterCurve(old.band, old.wavelength + 50.0, old.transmission)
    mixed = official.replaced_by([own], "mine")
    assert mixed.names == official.names
    assert mixed.curves[2] is own
    assert mixed.curves[3] is official.curves[3]
    assert mixed.source == f"mine; others: {official.source}"
    assert official.replaced_by([*official.curves], "mine").source == "mine"


@pytest.mark.parametrize(
    ("transmission", "expected"),
    [([0, 1, 0.1, 1, 0], 30.0), ([0, 0.5, 1, 0.5, 0], 20.0), ([1, 1, 1, 1, 1], 40.0), ([0, 0, 0, 0, 1], 5.0)],
)
def test_the_width_lies_between_the_outermost_places_of_half_the_peak(transmission, expected):
    curve = FilterCurve(find_band("J0500"), np.linspace(4980.0, 5020.0, 5), np.array(transmission, dtype=float))
    assert curve.fwhm == pytest.approx(expected)


def test_the_pivot_of_a_narrow_box_is_its_centre():
    box = FilterCurve(find_band("J0500"), np.linspace(4990.0, 5010.0, 2001), np.ones(2001))
    expected = np.sqrt((5010**2 - 4990**2) / 2 / np.log(5010 / 4990))
    assert box.pivot == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    ("wavelength", "transmission", "message"),
    [
        ([5000, 5010], [0.1, 0.2], "three rows or more"),
        ([5000, 5010, 5020], [0.1, 0.2], "two columns of equal length"),
        ([5000, np.nan, 5020], [0.1, 0.2, 0.1], "not numbers"),
        ([5000, 5010, 5020], [0.1, np.inf, 0.1], "not numbers"),
        ([0, 5010, 5020], [0.1, 0.2, 0.1], "zero or negative: 0"),
        ([-5, 5010, 5020], [0.1, 0.2, 0.1], "zero or negative: -5"),
        ([5020, 5010, 5000], [0.1, 0.2, 0.1], r"do not increase \(row 2\)"),
        ([5000, 5010, 5010], [0.1, 0.2, 0.1], r"do not increase \(row 3\)"),
        ([5000, 5010, 5020], [0.1, -0.2, 0.1], "negative nowhere"),
        ([5000, 5010, 5020], [0.0, 0.0, 0.0], "positive somewhere"),
    ],
)
def test_impossible_curves_are_refused(wavelength, transmission, message):
    with pytest.raises(InputError, match=message) as caught:
        FilterCurve(find_band("J0500"), np.array(wavelength, dtype=float), np.array(transmission))
    assert "J0500" in str(caught.value)
