"""Axes of the standard, and those that people write instead, against their formulas."""

from contextlib import suppress

import numpy as np
import pytest
from astropy.io import fits
from hypothesis import given
from hypothesis import strategies as st

from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.readers.spectral_axis import wavelengths_of_axis

N = 3000
PIXEL = np.arange(N)
LIGHT_SPEED = 299792458e10  # Angstrom / s
LINEAR = 3500.0 + 2.0 * PIXEL
LOG10 = 10 ** (3.55 + 1.6e-4 * PIXEL)
LN = np.exp(8.2 + 3e-4 * PIXEL)


def axis(n: int = N, number: int = 1, **cards: object) -> tuple[np.ndarray, str]:
    header = fits.Header()
    for key, value in cards.items():
        header[key.replace("__", "-")] = value
    return wavelengths_of_axis(header, n, number)


@pytest.mark.parametrize(
    ("unit", "angstrom"),
    [("Angstrom", 1), ("A", 1), ("angstroms", 1), ("nm", 10), ("um", 1e4), ("micron", 1e4), ("m", 1e10), ("cm", 1e8)],
)
@pytest.mark.parametrize("kind", [None, "WAVE", "AWAV", "LINEAR", "LAMBDA", "Wavelength"])
def test_any_unit_of_length(unit: str, angstrom: float, kind: str | None) -> None:
    cards = {"CRVAL1": 3500 / angstrom, "CDELT1": 2 / angstrom, "CRPIX1": 1, "CUNIT1": unit}
    wavelength, medium = axis(**cards, **({"CTYPE1": kind} if kind else {}))
    np.testing.assert_allclose(wavelength, LINEAR, rtol=1e-12)
    assert medium == {"WAVE": "wave", "AWAV": "air"}.get(str(kind), "")


@given(st.floats(1000, 6000), st.floats(0.7, 5), st.integers(-50, 5000), st.sampled_from(("CDELT1", "CD1_1")))
def test_the_reference_pixel_and_the_step(start: float, step: float, pixel: int, key: str) -> None:
    wavelength, _ = axis(CRVAL1=start + (pixel - 1) * step, CRPIX1=pixel, **{key: step})
    np.testing.assert_allclose(wavelength, start + step * PIXEL, rtol=1e-9)


def test_a_matrix_of_steps() -> None:
    np.testing.assert_allclose(axis(CRVAL1=3500.0, CDELT1=1.0, PC1_1=2.0, CRPIX1=1)[0], LINEAR)
    np.testing.assert_allclose(axis(number=3, CRVAL3=350.0, CD3_3=0.2, CUNIT3="nm", CRVAL1=1.0, CD1_1=1.0)[0], LINEAR)


def test_without_reference_pixel_it_is_the_first() -> None:
    assert axis(CRVAL1=3500.0, CDELT1=2.0)[0][0] == 3500


@pytest.mark.parametrize(
    ("cards", "per_hertz"),
    [
        ({"CTYPE1": "FREQ", "CUNIT1": "Hz"}, 1.0),
        ({"CTYPE1": "FREQ"}, 1.0),
        ({"CTYPE1": "FREQ", "CUNIT1": "THz"}, 1e-12),
        ({"CTYPE1": "frequency", "CUNIT1": "GHz"}, 1e-9),
        ({"CTYPE1": "WAVN", "CUNIT1": "m-1"}, 1 / 299792458),
        ({"CTYPE1": "WAVN"}, 1 / 299792458),
        ({"CTYPE1": "WAVN", "CUNIT1": "cm-1"}, 1e-2 / 299792458),
        ({"CTYPE1": "ENER", "CUNIT1": "eV"}, 6.62607015e-34 / 1.602176634e-19),
    ],
)
def test_frequencies_wavenumbers_and_energies(cards: dict[str, str], per_hertz: float) -> None:
    hertz = 3.2e14 + 1e11 * PIXEL
    wavelength, medium = axis(CRVAL1=hertz[0] * per_hertz, CDELT1=1e11 * per_hertz, CRPIX1=1, **cards)
    np.testing.assert_allclose(wavelength, LIGHT_SPEED / hertz, rtol=1e-6)
    assert medium == ("" if "frequency" in cards.values() else "vacuum")


@pytest.mark.parametrize(
    ("cards", "expected"),
    [
        ({"CTYPE1": "WAVE-LOG", "CUNIT1": "Angstrom"}, LOG10),  # MaNGA's templates
        ({"CTYPE1": "WAVE-LOG"}, LOG10),
        ({"CUNIT1": "log(Angstrom)"}, LOG10),
        ({"CUNIT1": "log10(Angstrom)", "CTYPE1": "LINEAR"}, LOG10),
        ({"CUNIT1": "[log10 Angstrom]"}, LOG10),
        ({"DC__FLAG": 1}, LOG10),
        ({"DC__FLAG": 1, "CTYPE1": "LINEAR", "CUNIT1": "Angstrom"}, LOG10),
        ({"CTYPE1": "LOGLAM"}, LOG10),
        ({"CTYPE1": "LOG10-WAVELENGTH", "CUNIT1": "Angstrom"}, LOG10),
        ({}, LOG10),
        ({"CUNIT1": "Angstrom"}, LOG10),
        ({"CUNIT1": "ln(Angstrom)"}, LN),
        ({"CUNIT1": "log(Angstrom)"}, LN),
        ({"CTYPE1": "LN-WAVE"}, LN),
        ({}, LN),
    ],
)
def test_axes_that_count_logarithms(cards: dict[str, object], expected: np.ndarray) -> None:
    start, step = (3.55, 1.6e-4) if expected is LOG10 else (8.2, 3e-4)
    np.testing.assert_allclose(axis(CRVAL1=start, CDELT1=step, CRPIX1=1, **cards)[0], expected, rtol=1e-10)


def test_logarithms_of_nanometres() -> None:
    for unit in ("nm", "log10(nm)", "log nm"):
        np.testing.assert_allclose(axis(CRVAL1=2.55, CDELT1=1.6e-4, CUNIT1=unit)[0], LOG10, rtol=1e-10)


def test_the_logarithmic_axis_of_the_standard() -> None:
    # Greisen et al. 2006, equation 5: w = w_r exp((x - x_r) d / w_r); MaNGA's cubes have it.
    expected = 3621.6 * np.exp(0.83 * PIXEL / 3621.6)
    for unit, angstrom in (("Angstrom", 1), ("nm", 10), ("um", 1e4)):
        cards = {"CTYPE1": "WAVE-LOG", "CUNIT1": unit, "CRVAL1": 3621.6 / angstrom, "CDELT1": 0.83 / angstrom}
        np.testing.assert_allclose(axis(**cards)[0], expected, rtol=1e-10)


def test_wavelengths_linear_in_frequency() -> None:
    wavelength, _ = axis(CTYPE1="WAVE-F2W", CUNIT1="Angstrom", CRVAL1=3500.0, CDELT1=0.3)
    frequency = LIGHT_SPEED / 3500 - LIGHT_SPEED / 3500**2 * 0.3 * PIXEL
    np.testing.assert_allclose(wavelength, LIGHT_SPEED / frequency, rtol=1e-9)


def test_an_axis_that_is_a_table() -> None:
    column = fits.Column("wave", f"{N}D", dim=f"(1,{N})", unit="nm", array=LN[np.newaxis] / 10)
    table = fits.BinTableHDU.from_columns([column], name="WCS-TABLE")
    cards = {"CTYPE1": "WAVE-TAB", "CUNIT1": "nm", "PS1_0": "WCS-TABLE", "PS1_1": "wave"}
    header = fits.Header({**cards, "CRPIX1": 1.0, "CRVAL1": 1.0, "CDELT1": 1.0})
    file = fits.HDUList([fits.PrimaryHDU(), table])
    np.testing.assert_allclose(wavelengths_of_axis(header, N, file=file)[0], LN, rtol=1e-10)


def test_a_wave_axis_without_unit_is_in_metres_or_in_angstrom() -> None:
    np.testing.assert_allclose(axis(CTYPE1="WAVE", CRVAL1=3.5e-7, CDELT1=2e-10)[0], LINEAR)
    np.testing.assert_allclose(axis(CTYPE1="WAVE", CRVAL1=3500.0, CDELT1=2.0)[0], LINEAR)


@pytest.mark.parametrize(
    "cards",
    [
        {"WAT1_001": "wtype=linear label=Wavelength units=nanometers"},
        {"WAVEUNIT": "nm"},
        {"CRVAL1": (350.0, "[nm] first wavelength")},
    ],
)
def test_other_places_of_the_unit(cards: dict[str, object]) -> None:
    np.testing.assert_allclose(axis(**{"CRVAL1": 350.0, "CDELT1": 0.2, "CRPIX1": 1, **cards})[0], LINEAR)


@pytest.mark.parametrize(
    ("cards", "medium"),
    [
        ({"AIRORVAC": "air"}, "air"),
        ({"AIRORVAC": "vac", "CTYPE1": "WAVE"}, "vacuum"),
        ({"VACUUM": True}, "vacuum"),
        ({"VACUUM": 0, "CTYPE1": "WAVE"}, "air"),
    ],
)
def test_keywords_for_the_medium(cards: dict[str, object], medium: str) -> None:
    assert axis(CRVAL1=3500.0, CDELT1=2.0, **cards)[1] == medium


@pytest.mark.parametrize(
    ("cards", "said"),
    [
        ({"CDELT1": 1.0}, "its header does not give the wavelengths (CRVAL1, CDELT1)"),
        ({"CRVAL1": "x", "CDELT1": 1.0}, "its header does not give the wavelengths (CRVAL1, CDELT1)"),
        # Nanometres without a word, of MIUSCAT and of E-MILES.
        (
            {"CRVAL1": 346.49, "CDELT1": 0.18},
            "its wavelengths are not in Angstrom, as they should be without a unit: they go from 346.49 to 886.31; "
            "write the unit into CUNIT1",
        ),
        ({"CRVAL1": 168.02, "CDELT1": 1.6}, "they go from 168.02 to 4966.42; write the unit into CUNIT1"),
        (
            {"CRVAL1": 346.49, "CDELT1": 0.18, "CUNIT1": "Angstrom"},
            "wavelengths go from 346.49 to 886.31 in Angstrom (CUNIT1), which no spectrum of stars does: mend CUNIT1",
        ),
        (
            {"CRVAL1": 346.49, "CDELT1": 0.18, "CUNIT1": "Angstrom", "CTYPE1": "WAVE"},
            "wavelengths go from 346.49 to 886.31 in Angstrom (CUNIT1), which no spectrum of stars does: mend CUNIT1",
        ),
        ({"CRVAL1": 3500.0, "CDELT1": 2.0, "CTYPE1": "MULTISPE"}, "counts no wavelengths (CTYPE1 = 'MULTISPE')"),
        ({"CRVAL1": 1e5, "CDELT1": 1e3, "CUNIT1": "m/s", "CTYPE1": "VOPT"}, "counts no wavelengths (CTYPE1 = 'VOPT')"),
        ({"CRVAL1": 3500.0, "CDELT1": 2.0, "CUNIT1": "furlong"}, "the unit CUNIT1 = 'furlong', which is not known"),
        ({"CRVAL1": 3500.0, "CDELT1": 2.0, "CUNIT1": "s"}, "have the unit s, which is none of wavelength"),
        ({"CRVAL1": 3500.0, "CDELT1": 2.0, "CUNIT1": "s", "CTYPE1": "WAVE"}, "the unit CUNIT1 = 's', which is none"),
        ({"CRVAL1": 3500.0, "CDELT1": 2.0, "CUNIT1": "1", "CTYPE1": "WAVE"}, "the unit CUNIT1 = '1', which is none"),
        ({"CRVAL1": 3500.0, "CDELT1": 2.0, "CUNIT1": "-1", "CTYPE1": "WAVE"}, "the unit CUNIT1 = '-1', which is none"),
        ({"CTYPE1": "WAVE-TAB", "CUNIT1": "nm"}, "the axis cannot be made out"),
        ({"CRVAL1": 3500.0, "CDELT1": 2.0, "CTYPE1": "WAVE-GRI", "CUNIT1": "Angstrom"}, "values that are not numbers"),
    ],
)  # fmt: skip
def test_what_is_refused(cards: dict[str, object], said: str) -> None:
    with pytest.raises(InputError) as error:
        axis(**cards)
    assert said in str(error.value)


KEYS = ("CTYPE1", "CUNIT1", "CRVAL1", "CDELT1", "CRPIX1", "CD1_1", "PC1_1", "PV1_1", "PS1_0", "DC-FLAG", "WAT1_001")
WORDS = ("WAVE", "AWAV-F2A", "WAVE-TAB", "FREQ-LOG", "nm", "log(nm)", "WAVE-GRI", "ZOPT-F2W")
VALUES = st.one_of(
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(10**6), 10**6),
    st.booleans(),
    st.sampled_from(WORDS),
)


@given(st.dictionaries(st.sampled_from(KEYS), VALUES))
def test_any_other_header_is_a_message_or_wavelengths(cards: dict[str, object]) -> None:
    with suppress(InputError):
        wavelength, _ = wavelengths_of_axis(fits.Header(cards), 10)
        assert np.isfinite(wavelength).all()
