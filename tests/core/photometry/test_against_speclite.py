"""The same curves and spectra through speclite: an independent computation, within 1 mmag."""

import numpy as np
import pytest
from astropy.io import fits
from speclite.filters import FilterResponse, FilterSequence

from jpas_gui.core.photometry.filter_files import embedded_filters
from jpas_gui.core.ssp.readers.popstar import read_popstar

ERG = 1e-17  # brings luminosities to fluxes that speclite's units expect


def speclite_filters(curves):
    responses = []
    for curve in curves:
        # speclite wants zeros at both ends; a hundredth of an Angstrom adds nothing.
        wavelength = np.concatenate([[curve.wavelength[0] - 0.01], curve.wavelength, [curve.wavelength[-1] + 0.01]])
        response = np.concatenate([[0.0], curve.transmission, [0.0]])
        meta = {"group_name": "jpas", "band_name": curve.band.name}
        responses.append(FilterResponse(wavelength=wavelength, response=response, meta=meta))
    return FilterSequence(responses)


def assert_agree(wavelength, luminosity, redshift, at_least):
    flux = np.asarray(luminosity, dtype=float) * ERG
    filters = embedded_filters()
    observed = wavelength * (1 + redshift)
    covered = [
        curve
        for curve in filters.curves
        if observed[0] < curve.wavelength[0] - 1 and curve.wavelength[-1] + 1 < observed[-1]
    ]
    assert len(covered) >= at_least
    maggies = speclite_filters(covered).get_ab_maggies(flux / (1 + redshift), observed)
    expected = 1e9 * np.array([maggies[name][0] for name in maggies.colnames])
    matrix = filters.matrix(wavelength, redshift)
    rows = [filters.index(curve.band.name) for curve in covered]
    assert matrix.mask[rows].all()
    difference = -2.5 * np.log10(matrix.band_flux(flux)[rows] / expected)
    assert np.abs(difference).max() < 1e-3
    together = matrix.band_fluxes(np.float32(flux)[np.newaxis])[0, rows]
    assert np.abs(2.5 * np.log10(together / expected)).max() < 1e-3


@pytest.mark.parametrize("redshift", [0.0, 0.05, 0.3, 0.8, 1.5])
@pytest.mark.parametrize("log_age", [6.0, 8.5, 10.1])
def test_popstar(log_age, redshift):
    library = read_popstar()
    age = int(np.argmin(np.abs(library.log_age - log_age)))
    for metallicity in (0, -1):
        assert_agree(library.wavelength, library.luminosity[metallicity, age], redshift, at_least=60)


@pytest.mark.parametrize("step", [1, 5, 20])
@pytest.mark.parametrize("redshift", [0.0, 0.1, 0.5])
@pytest.mark.parametrize(
    ("file", "at_least"),
    [
        ("miuscat/Iun1.30Zp0.00T00.1000.fits", 30),
        ("miuscat/Iun1.30Zp0.22T15.8489.fits", 30),
        ("emiles_sample/Eku1.30Zp0.06T01.0000_iTp0.00_baseFe.fits", 60),
        ("emiles_sample/Eku1.30Zp0.06T10.0000_iTp0.00_baseFe.fits", 60),
    ],
)
def test_miles_family(real_data, file, at_least, redshift, step):
    with fits.open(real_data / "ssp" / file) as hdus:
        header, luminosity = hdus[0].header, hdus[0].data.astype(float)
    wavelength = header["CRVAL1"] + header["CDELT1"] * np.arange(luminosity.size)
    assert_agree(wavelength[::step], luminosity[::step], redshift, at_least)


def test_a_logarithmic_grid():
    library = read_popstar()
    wavelength = np.geomspace(2500.0, 11500.0, 4000)
    luminosity = np.interp(wavelength, library.wavelength, library.luminosity[3, 80])
    assert_agree(wavelength, luminosity, 0.0, at_least=60)
