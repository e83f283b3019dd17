from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from hypothesis import given
from hypothesis import strategies as st
from library_files import Sample

from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.readers.xsl_fits import parse_xsl_name
from jpas_gui.core.ssp.reading import library_variants, read_library

STEP = 3.5e-4
FACTOR = {"Kroupa": 5567946.09, "Salpeter": 9799552.50}


def write_xsl(folder: Path, sample: Sample, imf: str = "Kroupa", padova: bool = False) -> Sample:
    folder.mkdir(exist_ok=True)
    log_nm = np.arange(np.log10(350.0), np.log10(949.0), STEP)
    sample = sample.on(10 * 10**log_nm)
    for metallicity, log_age, luminosity in sample.models():
        header = fits.Header({"CRVAL1": log_nm[0], "CDELT1": STEP, "CRPIX1": 1})
        if padova:
            # Their headers put the age where its logarithm, and Z where [M/H] should be.
            header.update({"LOGAGE": 10**log_age, "MH": 0.019 * 10**metallicity})
            name = f"XSL_SSP_T{10**log_age:.2e}_Z{0.019 * 10**metallicity:.5f}_{imf}_P00.fits"
        else:
            solar = "-0.0" if log_age < 9 else "0.0"
            name = f"XSL_SSP_logT{log_age:.1f}_MH{solar if metallicity == 0 else metallicity}_{imf}_PC.fits"
        fits.PrimaryHDU(luminosity / FACTOR[imf], header).writeto(folder / name)
    return sample


@pytest.mark.parametrize("imf", ["Kroupa", "Salpeter"])
def test_parsec_files(tmp_path: Path, sample: Sample, imf: str) -> None:
    written = write_xsl(tmp_path, sample, imf)
    library = read_library(tmp_path)
    np.testing.assert_array_equal(library.log_age, [8.0, 9.0, 10.0])
    np.testing.assert_array_equal(library.metallicity, [-0.4, 0.0])
    np.testing.assert_allclose(library.wavelength, written.wavelength, rtol=1e-9)
    np.testing.assert_allclose(library.luminosity, written.luminosity, rtol=1e-6)
    assert library.name == f"xsl-pc-{imf.lower()}"
    assert library.source.imf == imf
    assert "661, A50" in library.source.citation


def test_padova_files_are_known_by_their_names(tmp_path: Path, sample: Sample) -> None:
    written = write_xsl(tmp_path, sample, padova=True)
    library = read_library(tmp_path)
    np.testing.assert_allclose(library.log_age, [8.0, 9.0, 10.0])
    np.testing.assert_allclose(library.metallicity, [-0.4, 0.0], atol=3e-4)
    np.testing.assert_allclose(library.luminosity, written.luminosity, rtol=1e-6)
    assert library.source.isochrones == "Padova00"


def test_both_imfs_in_one_folder(tmp_path: Path, sample: Sample) -> None:
    write_xsl(tmp_path, sample)
    write_xsl(tmp_path, sample, "Salpeter")
    assert library_variants(tmp_path) == ("PC Kroupa", "PC Salpeter")
    with pytest.raises(InputError, match="several libraries in one place"):
        read_library(tmp_path)
    assert read_library(tmp_path, "PC Salpeter").source.imf == "Salpeter"


@pytest.mark.parametrize("cards", [{"CTYPE1": "WAVE-LOG"}, {"DC-FLAG": 1}, {"CUNIT1": "nm"}, {"CUNIT1": "log10(nm)"}])
def test_headers_that_say_what_the_axis_is(tmp_path: Path, sample: Sample, cards: dict[str, object]) -> None:
    written = write_xsl(tmp_path, sample)
    for path in tmp_path.glob("*.fits"):
        with fits.open(path, mode="update") as hdus:
            hdus[0].header.update(cards)
    np.testing.assert_allclose(read_library(tmp_path).wavelength, written.wavelength, rtol=1e-9)


def test_units_of_headers_are_believed(tmp_path: Path, sample: Sample) -> None:
    path = tmp_path / "XSL_SSP_logT9.0_MH0.0_Kroupa_PC.fits"
    spectrum = sample.luminosity[1, 1]
    for unit, factor in (("erg/s/cm2/nm", 10 / FACTOR["Kroupa"]), ("Lsun/Angstrom/Msun", 1.0), ("erg/s/A", 3.828e33)):
        header = fits.Header({"CRVAL1": 350.0, "CDELT1": 0.5, "CUNIT1": "nm", "BUNIT": unit})
        fits.PrimaryHDU(spectrum * factor, header).writeto(path, overwrite=True)
        library = read_library(path)
        np.testing.assert_allclose(library.wavelength, sample.wavelength, rtol=1e-9)
        np.testing.assert_allclose(library.luminosity[0, 0], spectrum, rtol=1e-6)


def test_a_linear_axis_is_not_taken_for_a_logarithmic_one(tmp_path: Path) -> None:
    header = fits.Header({"CRVAL1": 3500.0, "CDELT1": 1.0})
    path = tmp_path / "XSL_SSP_logT9.0_MH0.0_Kroupa_PC.fits"
    fits.PrimaryHDU(np.ones(100), header).writeto(path)
    with pytest.raises(InputError, match=r"PC\.fits: its wavelengths are not in log10"):
        read_library(path)


@given(st.integers(77, 102), st.integers(-22, 2), st.sampled_from(("Kroupa", "Salpeter")))
def test_names(log_age: int, metallicity: int, imf: str) -> None:
    name = parse_xsl_name(f"XSL_SSP_logT{log_age / 10}_MH{metallicity / 10}_{imf}_PC.fits")
    assert name is not None
    assert (name.log_age, name.metallicity, name.label) == (log_age / 10, metallicity / 10, f"PC {imf}")


@given(st.text(max_size=60))
def test_other_names(text: str) -> None:
    assert parse_xsl_name(text) is None
