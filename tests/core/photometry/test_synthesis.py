import dataclasses

import numpy as np
import pytest

from jpas_gui.core.errors import InputError
from jpas_gui.core.magnitudes import flux_of_magnitude, magnitude_of_flux
from jpas_gui.core.photometry.attenuation import attenuation_law
from jpas_gui.core.photometry.filter_files import embedded_filters
from jpas_gui.core.photometry.filters import FilterSet
from jpas_gui.core.photometry.synthesis import synthesize
from jpas_gui.core.populations import StellarPopulation
from jpas_gui.core.ssp.library import LibrarySource, SSPLibrary
from jpas_gui.core.ssp.readers.popstar import read_popstar

POPULATION = StellarPopulation(log_age=9.3, metallicity=-0.1, ebv=0.2, redshift=0.1, magnitude=18.4)


@pytest.fixture(scope="module")
def popstar():
    return read_popstar()


def cut(library, low, high):
    """Return the library between two wavelengths, as MIUSCAT or XSL are cut."""
    kept = (library.wavelength > low) & (library.wavelength < high)
    return SSPLibrary(
        "cut",
        "Cut",
        library.wavelength[kept],
        library.log_age,
        library.metallicity,
        library.luminosity[:, :, kept],
        LibrarySource("test"),
    )


def without(filters, *names):
    return FilterSet.from_curves([c for c in filters.curves if c.band.name not in names], "test")


@pytest.mark.parametrize("redshift", [0.0, 0.37, 1.5])
@pytest.mark.parametrize("ebv", [0.0, 1.0])
def test_the_reference_band_has_the_magnitude_exactly(popstar, redshift, ebv):
    population = dataclasses.replace(POPULATION, redshift=redshift, ebv=ebv)
    sed = synthesize(population, popstar, embedded_filters())
    assert sed.reference_band == "iSDSS"
    assert sed.mask.all()
    assert sed.clipped == ()
    assert sed.flux_nu[sed.bands.index("iSDSS")] == pytest.approx(flux_of_magnitude(18.4), rel=1e-12)


def test_the_spectrum_behind_runs_through_its_bands(popstar):
    sed = synthesize(POPULATION, popstar, embedded_filters())
    filters = embedded_filters()
    for name in ("J0660", "J0750", "J0850"):
        curve = filters.curves[filters.index(name)]
        inside = (sed.wavelength >= curve.wavelength[0]) & (sed.wavelength <= curve.wavelength[-1])
        spectrum = sed.spectrum_nu[inside]
        assert spectrum.min() < sed.flux_nu[sed.bands.index(name)] < spectrum.max()
    # f_nu weighted with T dlambda / lambda is the band flux: its definition, from the spectrum that is shown.
    curve = filters.curves[filters.index("J0750")]
    weight = np.interp(sed.wavelength, curve.wavelength, curve.transmission, left=0, right=0) / sed.wavelength
    mean = np.trapezoid(sed.spectrum_nu * weight, sed.wavelength) / np.trapezoid(weight, sed.wavelength)
    assert mean == pytest.approx(sed.flux_nu[sed.bands.index("J0750")], rel=1e-3)


def test_dust_dims_each_band_by_about_k_times_the_colour_excess(popstar):
    bare, dusty = (
        synthesize(dataclasses.replace(POPULATION, ebv=ebv), popstar, embedded_filters()) for ebv in (0.0, 0.3)
    )
    reddening = magnitude_of_flux(dusty.flux_nu) - magnitude_of_flux(bare.flux_nu)
    pivots = np.array([curve.pivot for curve in embedded_filters().curves])[:55]
    k = attenuation_law("calzetti").k(pivots / 1.1)
    # Relative to the reference band, in which both have the same magnitude.
    slope = np.polyfit(k, reddening[:55], 1)[0]
    assert slope == pytest.approx(0.3, rel=0.02)


def test_the_law_and_its_r_v_matter(popstar):
    filters = embedded_filters()
    colours = set()
    for name, r_v in (("calzetti", None), ("ccm89", None), ("ccm89", 5.0), ("gordon23", None)):
        sed = synthesize(POPULATION, popstar, filters, attenuation_law(name), r_v)
        colours.add(round(float(sed.flux_nu[0] / sed.flux_nu[50]), 5))
    assert len(colours) == 4
    with pytest.raises(InputError, match="R_V"):
        synthesize(POPULATION, popstar, filters, attenuation_law("ccm89"), 9.0)


def test_redshift_moves_the_break_through_the_bands(popstar):
    jumps = {}
    for redshift in (0.0, 0.5):
        population = StellarPopulation(log_age=10.0, metallicity=0.0, ebv=0.0, redshift=redshift)
        sed = synthesize(population, popstar, embedded_filters())
        magnitudes = dict(zip(sed.bands, magnitude_of_flux(sed.flux_nu), strict=True))
        jumps[redshift] = magnitudes["J0378"] - magnitudes["J0420"], magnitudes["J0570"] - magnitudes["J0630"]
    assert jumps[0.0][0] > 0.8 > 0.4 > jumps[0.0][1]
    assert jumps[0.5][1] > 0.8


@pytest.mark.parametrize("redshift", [-0.01, 1.5 + 0.01, np.nan])
def test_a_redshift_out_of_range_is_refused(popstar, redshift):
    with pytest.raises(InputError, match=r"redshift .* is outside 0 to 1\.5"):
        synthesize(dataclasses.replace(POPULATION, redshift=redshift), popstar, embedded_filters())


@pytest.mark.parametrize("ebv", [-0.1, np.nan])
def test_a_negative_colour_excess_is_refused(popstar, ebv):
    with pytest.raises(InputError, match=r"E\(B-V\) .* is outside 0 to 2"):
        synthesize(dataclasses.replace(POPULATION, ebv=ebv), popstar, embedded_filters())


@pytest.mark.parametrize("magnitude", [-1000.0, 5000.0, np.inf, np.nan])
def test_an_impossible_magnitude_is_refused(magnitude):
    with pytest.raises(InputError, match=r"magnitude .* is outside 10 to 28"):
        dataclasses.replace(POPULATION, magnitude=magnitude)


def test_a_library_without_light_in_the_reference_band_is_refused(popstar):
    dark = dataclasses.replace(popstar, luminosity=np.where(popstar.wavelength > 2000, 0, popstar.luminosity))
    with pytest.raises(InputError, match="popstar has no light in iSDSS: it cannot be given a magnitude"):
        synthesize(POPULATION, dark, embedded_filters())


def test_without_i_the_magnitude_is_that_of_j0770_then_of_the_nearest_band(popstar):
    filters = embedded_filters()
    for missing, expected in (
        (("iSDSS",), "J0770"),
        (("iSDSS", "J0770"), "J0760"),
        (("iSDSS", "J0770", "J0760"), "J0780"),
    ):
        sed = synthesize(POPULATION, popstar, without(filters, *missing))
        assert sed.reference_band == expected
        assert sed.flux_nu[sed.bands.index(expected)] == pytest.approx(flux_of_magnitude(18.4), rel=1e-12)
        assert sed.clipped == (f"iSDSS is not available: the magnitude is that of {expected}",)


def test_bands_that_leave_the_library_are_masked_and_the_rest_is_unharmed(popstar):
    filters = embedded_filters()
    whole = synthesize(POPULATION, popstar, filters)
    sed = synthesize(POPULATION, cut(popstar, 3465, 9469), filters)
    low, high = 3466 * 1.1, 9468 * 1.1
    inside = np.array([c.wavelength[0] > low and c.wavelength[-1] < high for c in filters.curves])
    assert 50 < inside.sum() < 60
    assert sed.mask[inside].all()
    assert np.isnan(sed.flux_nu[~sed.mask]).all()
    np.testing.assert_allclose(sed.flux_nu[inside], whole.flux_nu[inside], rtol=1e-6)
    farther = synthesize(dataclasses.replace(POPULATION, redshift=0.6), cut(popstar, 3465, 9469), filters)
    assert farther.mask[:56].sum() < sed.mask[:56].sum()
    assert farther.reference_band == "iSDSS"


def test_a_library_that_does_not_reach_the_reference_band_falls_back(popstar):
    sed = synthesize(POPULATION, cut(popstar, 3400, 6300), embedded_filters())
    covered = [name for name, usable in zip(sed.bands, sed.mask, strict=True) if usable]
    assert sed.flux_nu[sed.bands.index(sed.reference_band)] == pytest.approx(flux_of_magnitude(18.4), rel=1e-12)
    nominal = {c.band.name: abs(c.band.wavelength - 7700) for c in embedded_filters().curves}
    assert sed.reference_band == min(covered, key=nominal.__getitem__)


def test_a_library_without_any_band_says_so(popstar):
    with pytest.raises(InputError, match=r"cut covers no band at redshift 0\.1"):
        synthesize(POPULATION, cut(popstar, 1000, 2000), embedded_filters())


def test_what_was_clipped_is_said(popstar):
    sed = synthesize(dataclasses.replace(POPULATION, log_age=11.0, metallicity=-3.0), popstar, embedded_filters())
    assert len(sed.clipped) == 2
    assert "11.00" in sed.clipped[0]
    assert "[M/H] -3.00" in sed.clipped[1]
    edge = synthesize(
        dataclasses.replace(POPULATION, log_age=popstar.log_age[-1], metallicity=popstar.metallicity[0]),
        popstar,
        embedded_filters(),
    )
    np.testing.assert_allclose(sed.flux_nu, edge.flux_nu, rtol=1e-6)
