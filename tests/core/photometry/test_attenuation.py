import numpy as np
import pytest

from jpas_gui.core.errors import InputError
from jpas_gui.core.photometry.attenuation import ATTENUATION_LAWS, attenuation_law


def calzetti(wavelength):
    """k(lambda) of Calzetti et al. (2000), equations 4, written out again."""
    x = 1e4 / wavelength
    blue = 2.659 * (-2.156 + 1.509 * x - 0.198 * x**2 + 0.011 * x**3) + 4.05
    red = 2.659 * (-1.857 + 1.040 * x) + 4.05
    return np.where(wavelength < 6300, blue, red)


def test_calzetti_is_the_default_and_follows_its_paper():
    assert next(iter(ATTENUATION_LAWS)) == "calzetti"
    law = attenuation_law("calzetti")
    wavelength = np.concatenate([np.arange(1250.0, 6290.0, 10.0), np.arange(6310.0, 21900.0, 50.0)])
    np.testing.assert_allclose(law.k(wavelength), calzetti(wavelength), rtol=1e-9)
    assert law.k(np.array([5500.0]))[0] == pytest.approx(4.05, abs=0.01)


def test_each_law_has_a_short_name_of_its_own():
    labels = [law.label for law in ATTENUATION_LAWS.values()]
    assert labels == ["Calzetti 2000", "Cardelli 1989", "O'Donnell 1994", "Fitzpatrick 1999", "Gordon 2023"]


# Cardelli, Clayton & Mathis (1989), table 3: 1/lambda in micron^-1, A(lambda)/A(V) for R_V = 3.1.
CCM89_TABLE_3 = {
    "U": (2.78, 1.569),
    "B": (2.27, 1.337),
    "V": (1.82, 1.000),
    "R": (1.43, 0.751),
    "I": (1.11, 0.479),
    "J": (0.80, 0.282),
    "H": (0.63, 0.190),
    "K": (0.46, 0.114),
}


@pytest.mark.parametrize("band", CCM89_TABLE_3)
def test_ccm89_has_its_published_values(band):
    inverse, expected = CCM89_TABLE_3[band]
    k = attenuation_law("ccm89").k(np.array([1e4 / inverse]))
    # The table rounds 1/lambda to 0.01. Its B differs from the paper's own polynomial, which is 1 + 1 / R_V there.
    assert k[0] / 3.1 == pytest.approx(expected, abs=0.015 if band == "B" else 0.004)


@pytest.mark.parametrize("name", ATTENUATION_LAWS)
def test_k_is_normalised_to_the_colour_excess_and_to_r_v(name):
    law = attenuation_law(name)
    k_b, k_v = law.k(np.array([4400.0, 5500.0]))
    assert k_b - k_v == pytest.approx(1.0, abs=0.12)
    assert k_v == pytest.approx(law.r_v, rel=0.03)


@pytest.mark.parametrize("name", ATTENUATION_LAWS)
def test_light_beyond_a_law_keeps_the_value_at_its_edge(name):
    law = attenuation_law(name)
    low, high = law.wavelength_range
    inside, beyond = law.k(np.array([low, high])), law.k(np.array([0.5 * low, 2 * high]))
    np.testing.assert_array_equal(inside, beyond)
    assert np.isfinite(law.k(np.linspace(800, 12000, 500))).all()


@pytest.mark.parametrize("name", [name for name, law in ATTENUATION_LAWS.items() if law.has_r_v])
def test_r_v_is_a_parameter_within_its_range(name):
    law = attenuation_law(name)
    wavelength = np.array([3500.0, 5500.0])
    steep, flat = law.k(wavelength, 2.5), law.k(wavelength, 5.5)
    assert steep[0] / steep[1] > flat[0] / flat[1]
    assert flat[1] == pytest.approx(5.5, rel=0.03)
    np.testing.assert_array_equal(law.k(wavelength), law.k(wavelength, law.r_v))
    low, high = law.r_v_range
    for bad in (low - 0.1, high + 0.1, np.nan):
        with pytest.raises(InputError, match=f"outside the law {name}: it must be between {low:g} and {high:g}"):
            law.k(wavelength, bad)


def test_calzetti_has_no_other_r_v():
    law = attenuation_law("calzetti")
    assert not law.has_r_v
    with pytest.raises(InputError, match=r"R_V = 3.1 is outside the law calzetti: it must be 4.05"):
        law.k(np.array([5500.0]), 3.1)


@pytest.mark.parametrize("name", ATTENUATION_LAWS)
def test_a_screen_dims_by_k_times_the_colour_excess(name):
    law = attenuation_law(name)
    wavelength = np.linspace(3000.0, 10000.0, 50)
    np.testing.assert_array_equal(law.transmission(wavelength, 0.0), 1.0)
    magnitudes = -2.5 * np.log10(law.transmission(wavelength, 0.3))
    np.testing.assert_allclose(magnitudes, 0.3 * law.k(wavelength), rtol=1e-12)


def test_a_screen_remembers_neither_another_law_nor_another_grid_nor_another_r_v():
    one, other = np.array([4000.0, 5000.0]), np.array([6000.0, 7000.0])
    ccm, odonnell = attenuation_law("ccm89"), attenuation_law("odonnell94")
    results = [
        law.transmission(grid, 0.5, r_v)[0]
        for law in (ccm, odonnell)
        for grid in (one, other)
        for r_v in (None, 2.5, 4.0)
    ]
    assert len(set(results)) == len(results)


def test_an_unknown_law_is_answered_with_the_known_ones():
    with pytest.raises(InputError, match="unknown dust law 'smc': choose one of calzetti, ccm89, odonnell94"):
        attenuation_law("smc")
