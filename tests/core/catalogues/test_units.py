"""Units of photometry, against astropy's own conversion at each wavelength."""

import numpy as np
import pytest
from astropy import units as u
from hypothesis import given
from hypothesis import strategies as st

from jpas_gui.core.catalogues.units import (
    UNIT_CHOICES,
    band_pivots,
    is_cgs,
    likely_unit,
    parse_inverse_variance,
    parse_unit,
)
from jpas_gui.core.errors import InputError

SPECTRAL_FLUX = [
    ("1e-19 erg s-1 cm-2 A-1", 1e-19 * u.erg / u.s / u.cm**2 / u.AA),
    ("10**(-19) erg/s/cm**2/Angstrom", 1e-19 * u.erg / u.s / u.cm**2 / u.AA),
    ("1E-17 erg.s-1.cm-2.Angstrom-1", 1e-17 * u.erg / u.s / u.cm**2 / u.AA),
    ("erg/s/cm2/Å", u.erg / u.s / u.cm**2 / u.AA),
    ("W m-2 um-1", u.W / u.m**2 / u.um),
    ("1e-30 erg s-1 cm-2 Hz-1", 1e-30 * u.erg / u.s / u.cm**2 / u.Hz),
    ("erg / (s cm2 Hz)", u.erg / u.s / u.cm**2 / u.Hz),
    ("uJy", u.uJy),
    ("Jy", u.Jy),
    ("mJy", u.mJy),
    ("MJy", u.MJy),
    ("ujy", u.uJy),
    ("microJy", u.uJy),
    ("microjansky", u.uJy),
    ("nanojansky", u.nJy),
    ("milliJanskys", u.mJy),
    ("\u03bcJy", u.uJy),
    ("\u00b5Jy", u.uJy),
    ("1e-19 ergs/s/cm^2/A", 1e-19 * u.erg / u.s / u.cm**2 / u.AA),
    ("ergs/sec/cm2/Hz", u.erg / u.s / u.cm**2 / u.Hz),
    ("10^{-17} ergs cm^{-2} s^{-1} Å^{-1}", 1e-17 * u.erg / u.s / u.cm**2 / u.AA),
    ("10**-17 erg/(s*cm2*Angstrom)", 1e-17 * u.erg / u.s / u.cm**2 / u.AA),
    ("1e-17 flam", 1e-17 * u.erg / u.s / u.cm**2 / u.AA),
    ("FNU", u.erg / u.s / u.cm**2 / u.Hz),
    ("ERG/S/CM**2/A", u.erg / u.s / u.cm**2 / u.AA),
    ("W/m2/Hz", u.W / u.m**2 / u.Hz),
    ("W m-2 Hz-1", u.W / u.m**2 / u.Hz),
    ("watt/m2/hertz", u.W / u.m**2 / u.Hz),
    ("micro Jy", u.uJy),
    ("micro-jansky", u.uJy),
    ("f_nu [cgs]", u.erg / u.s / u.cm**2 / u.Hz),
    ("Flambda (cgs)", u.erg / u.s / u.cm**2 / u.AA),
    ("AB maggies", 3631 * u.Jy),
    ("maggies", 3631 * u.Jy),
    ("maggy", 3631 * u.Jy),
    ("mgy", 3631 * u.Jy),
    ("micromaggies", 3631e-6 * u.Jy),
    ("umaggy", 3631e-6 * u.Jy),
    ("1e-3 nanomaggies", 3631e-12 * u.Jy),
]


@pytest.mark.parametrize(("text", "unit"), SPECTRAL_FLUX)
def test_flux_densities(text: str, unit: u.UnitBase) -> None:
    found = parse_unit(text)
    expected = [(1 * unit).to_value(u.Jy, u.spectral_density(pivot * u.AA)) / 3631e-9 for pivot in band_pivots()]
    np.testing.assert_allclose(found.nanomaggies, expected, rtol=1e-12)
    assert not found.is_magnitude


@pytest.mark.parametrize("text", ["nanomaggy", "nmgy", "nMgy", "nanomaggies", "nmaggy", "nanoMaggies"])
def test_nanomaggies(text: str) -> None:
    assert (parse_unit(text).nanomaggies == 1).all()


@pytest.mark.parametrize(
    ("text", "size"),
    [
        *(
            (text, 1.0)
            for text in ("mag", "AB mag", "mag(AB)", "mag_AB", "ABmag", "AB", "Mag", "magnitudes", "mag [AB]")
        ),
        *((text, 1e-3) for text in ("mmag", "millimag", "mmag(AB)", "AB mmag", "0.001 mag", "1e-3 mag")),
    ],
)
def test_magnitudes(text: str, size: float) -> None:
    unit = parse_unit(text)
    assert unit.is_magnitude
    assert unit.magnitudes == pytest.approx(size)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("nanomaggy^-2", "nanomaggy"),
        ("1/nanomaggies^2", "nanomaggy"),
        ("1 / nanomaggy2", "nanomaggy"),
        ("nanomaggy", "nanomaggy"),
        ("uJy-2", "uJy"),
        ("1/uJy^2", "uJy"),
        ("1e+38 s2 cm4 A2 / erg2", "1e-19 erg/s/cm2/A"),
    ],
)
def test_units_of_inverse_variances(text: str, unit: str) -> None:
    np.testing.assert_allclose(parse_inverse_variance(text).nanomaggies, parse_unit(unit).nanomaggies, rtol=1e-12)
    assert not parse_inverse_variance(text).is_magnitude


def test_units_of_inverse_variances_of_magnitudes() -> None:
    for text in ("mag-2", "1/mag^2", "mag**-2"):
        assert parse_inverse_variance(text).is_magnitude
    with pytest.raises(InputError, match="'K-2' is no unit"):
        parse_inverse_variance("K-2")


def test_a_power_of_ten_with_two_meanings_is_refused() -> None:
    with pytest.raises(InputError, match="10E-17 may mean 1e-17 or ten times it"):
        parse_unit("10E-17 erg/s/cm2/A")


@pytest.mark.parametrize("text", ["cgs", "CGS", "cgs units"])
def test_cgs_alone(text: str) -> None:
    assert is_cgs(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "K",
        "furlong",
        "erg/s/cm2",
        "adu",
        "dex(Jy)",
        "Jy mag",
        "1",
        "MJy/sr",
        "A",
        "mag/arcsec2",
        "Vega mag",
        "ergs",
        "micro",
        "MJY",
        "uJy/beam",
    ],
)
def test_what_is_no_unit_of_photometry(text: str) -> None:
    with pytest.raises(InputError, match=r"is no unit of flux density or magnitude: nanomaggy, mag, 1e-19 erg"):
        parse_unit(text)


def test_every_choice_is_understood() -> None:
    assert [parse_unit(choice).name for choice in UNIT_CHOICES] == list(UNIT_CHOICES)


@given(st.text(max_size=20))
def test_any_text_is_a_unit_or_refused(text: str) -> None:
    try:
        factors = parse_unit(text).nanomaggies
    except InputError:
        return
    assert (factors > 0).all()
    assert np.isfinite(factors).all()


@pytest.mark.parametrize("magnitude", [12.0, 17.0, 24.0])
def test_cgs_units_give_themselves_away(magnitude: float) -> None:
    f_nu = np.full(3, 10 ** (-0.4 * (magnitude + 48.6)))
    f_lambda = f_nu * 2.998e18 / np.array([3545.0, 5500.0, 9590.0]) ** 2
    assert likely_unit(f_nu) == "erg s-1 cm-2 Hz-1"
    assert likely_unit(f_lambda) == "erg s-1 cm-2 A-1"
    for factor in (1e19, 1e17):
        assert likely_unit(f_lambda * factor) is None
    assert likely_unit(f_nu * 1e30) is None
    assert likely_unit(np.array([np.nan, -999.0])) is None
