"""The templates of MaNGA's pipeline: files with the names, axes and units of the published ones."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from hypothesis import given
from hypothesis import strategies as st
from library_files import Sample, write_linear_fits

from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.readers.template_names import parse_template_name
from jpas_gui.core.ssp.reading import library_variants, read_library
from jpas_gui.core.ssp.wavelengths import vacuum_of_air

ERG = 3.828e33


def write_mastar(folder: Path, sample: Sample, factor: float = 1.0) -> Sample:
    """With log10 wavelengths as MaNGA's pipeline writes them, and neither age nor units in the header."""
    axis = np.arange(3.5589, 3.97, 1e-3)
    sample = sample.on(10**axis)
    for metallicity, log_age, luminosity in sample.models():
        header = fits.Header({"CRVAL1": axis[0], "CDELT1": 1e-3, "CRPIX1": 1, "CTYPE1": "WAVE-LOG"})
        path = folder / f"MaStar-SSP-A{10 ** (log_age - 9):06.3f}-Z{metallicity:+.2f}.fits.gz"
        fits.PrimaryHDU(luminosity * factor, header).writeto(path)
    return sample


def test_mastar(tmp_path: Path, sample: Sample) -> None:
    written = write_mastar(tmp_path, sample)
    (tmp_path / "README").write_text("Age [Gyr], Z [log(Z/Z_sun)]")
    library = read_library(tmp_path)
    np.testing.assert_array_equal(library.log_age, [8.0, 9.0, 10.0])
    np.testing.assert_array_equal(library.metallicity, [-0.4, 0.0])
    np.testing.assert_allclose(library.wavelength, written.wavelength, rtol=1e-9)
    np.testing.assert_allclose(library.luminosity, written.luminosity, rtol=1e-6)
    assert (library.name, library.title, library.source.medium) == ("mastar-ssp", "MaStar SSP", "vacuum")
    assert "496, 2962" in library.source.citation
    assert library.source.assumed == ("luminosities are in Lsun/Angstrom/Msun (no BUNIT)",)


def test_mastar_normalised(tmp_path: Path, sample: Sample) -> None:
    write_mastar(tmp_path, sample, 1e5)
    with pytest.raises(InputError, match="no unit is given: they look normalised, from which no mass follows: take"):
        read_library(tmp_path)


@pytest.mark.parametrize("factor", [ERG, 1.0])
def test_m11_is_in_erg_unless_it_was_divided_by_the_sun(tmp_path: Path, sample: Sample, factor: float) -> None:
    for metallicity, log_age, luminosity in sample.models():
        age, z = 10 ** (log_age - 9), 0.02 * 10**metallicity
        name = f"M11_MILES_res2.54_imf_ss_age_{age:.8f}_z_{z:.4f}.fits"
        cards = {"AGE": age, "Z": z, "IMF": "SALPETER", "TPLLIB": "M11-MILES"}
        write_linear_fits(tmp_path / name, sample.wavelength, luminosity * factor, **cards)
    library = read_library(tmp_path)
    np.testing.assert_allclose(library.luminosity, sample.luminosity, rtol=1e-6)
    np.testing.assert_allclose(library.wavelength, vacuum_of_air(sample.wavelength), atol=1e-6)
    np.testing.assert_allclose(library.metallicity, [-0.4, 0.0], atol=3e-3)
    assert (library.name, library.source.imf) == ("m11-miles-res2.54-ss", "Salpeter (1955)")
    assert bool(library.source.assumed) == (factor == 1.0)


def test_m11_marcs_has_the_sign_of_zh_in_its_name_alone(tmp_path: Path, sample: Sample) -> None:
    for tail in ("", "_s"):
        for metallicity, log_age, luminosity in replace(sample, metallicity=np.array([-2.25, 0.0])).models():
            name = f"M11_MARCS_res2.7_imf_ss_age_{10 ** (log_age - 9):.2f}_z_{metallicity:.4f}{tail}.fits"
            cards = {"AGE": 10 ** (log_age - 9), "ZH": abs(metallicity)}
            write_linear_fits(tmp_path / name, sample.wavelength, luminosity * ERG, **cards)
    assert library_variants(tmp_path) == ("M11 MARCS res2.7 ss", "M11 MARCS res2.7 ss s")
    library = read_library(tmp_path, "M11 MARCS res2.7 ss")
    np.testing.assert_array_equal(library.metallicity, [-2.25, 0.0])
    assert "418, 2785" in library.source.citation


def test_a_name_and_a_header_of_different_ages(tmp_path: Path, sample: Sample) -> None:
    path = tmp_path / "M11_MILES_res2.54_imf_ss_age_10.000_z_0.02.fits"
    write_linear_fits(path, sample.wavelength, sample.luminosity[1, 2] * ERG, AGE=5.0, Z=0.02)
    with pytest.raises(InputError, match=r"its name says an age of 10 Gyr, its header AGE = 5: mend one"):
        read_library(path)


def test_bpass_is_of_a_million_suns(tmp_path: Path, sample: Sample) -> None:
    for metallicity, log_age, luminosity in replace(sample, metallicity=np.log10([0.4, 1.0])).models():
        z = f"{0.02 * 10**metallicity:.3f}"[2:]
        name = f"bin-imf135_300-z{z}-T{log_age - 9:.2f}.fits"
        write_linear_fits(tmp_path / name, sample.wavelength, luminosity * 1e6)
    library = read_library(tmp_path)
    np.testing.assert_array_equal(library.log_age, [8.0, 9.0, 10.0])
    np.testing.assert_allclose(library.metallicity, np.log10([0.4, 1.0]), atol=1e-4)
    np.testing.assert_allclose(library.luminosity, sample.luminosity, rtol=1e-6)
    assert (library.name, library.source.medium) == ("bpass-bin-imf135-300", "vacuum")
    assert "Stanway & Eldridge 2018" in library.source.citation


@pytest.mark.parametrize(
    ("name", "log_age", "metallicity", "title"),
    [
        ("MaStar-SSP-A00.003-Z-1.35.fits.gz", 6.5, -1.35, "MaStar SSP"),  # 3.16228 Myr, as their README says
        ("MaStar-SSP-A14.000-Z+0.35.fits", 10.14613, 0.35, "MaStar SSP"),
        ("bin-imf135_300-z008-T-0.40.fits", 8.6, -0.3979, "BPASS bin imf135_300"),
        ("sin-imf_chab300-zem4-T1.10.fits", 10.1, -2.301, "BPASS sin imf_chab300"),
        ("M11_MILES_res2.54_imf_ss_age_0.0085000000_z_0.02.fits", 6.92942, 0.0, "M11 MILES res2.54 ss"),
        ("M11_MARCS_res2.7_imf_ss_age_13.00_z_0.3500.fits", 10.11394, 0.35, "M11 MARCS res2.7 ss"),
        ("M11_MARCS_res2.7_imf_kr_age_7.00_z_-2.2500_s.fits", 9.8451, -2.25, "M11 MARCS res2.7 kr s"),
    ],
)
def test_published_names(name: str, log_age: float, metallicity: float, title: str) -> None:
    parsed = parse_template_name(name)
    assert parsed is not None
    assert (parsed.log_age, parsed.metallicity, parsed.title) == (log_age, metallicity, title)


@given(st.text(max_size=60))
def test_other_names(text: str) -> None:
    assert parse_template_name(text) is None


@pytest.mark.parametrize(
    "name", ["MaStar-SSP-A00.000-Z+0.00.fits", "bin-imf1-z000-T0.10.fits", "M11_X_imf_ss_age_0.0_z_0.02.fits"]
)  # fmt: skip
def test_names_of_no_population(name: str) -> None:
    assert parse_template_name(name) is None
