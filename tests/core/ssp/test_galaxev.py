from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from astropy.table import Table
from hypothesis import given
from hypothesis import strategies as st
from library_files import CHABRIER_TEXT, SALPETER_TEXT, Sample, galaxev_hdus, gzipped, ised_ascii

from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.readers.galaxev_names import parse_galaxev_name
from jpas_gui.core.ssp.reading import library_variants, read_library
from jpas_gui.core.ssp.wavelengths import vacuum_of_air

AGES = (0.0, 1e8, 1e9, 1e10)


def with_age_zero(spectra: np.ndarray) -> np.ndarray:
    return np.concatenate([spectra[:1], spectra])


def write_fits(folder: Path, sample: Sample, name: str, spectra: np.ndarray) -> Path:
    path = folder / name
    galaxev_hdus(sample, AGES, with_age_zero(spectra)).writeto(path)
    return path


def write_ascii(folder: Path, sample: Sample, name: str, spectra: np.ndarray) -> Path:
    path = folder / name
    text = SALPETER_TEXT if "salp" in name else CHABRIER_TEXT
    path.write_text(ised_ascii(sample.wavelength, AGES, with_age_zero(spectra), text))
    return path


def test_cb19_folder(tmp_path: Path, sample: Sample) -> None:
    for token, spectra in (("z0000", sample.luminosity[0]), ("z006", *sample.luminosity[:1])):
        write_fits(tmp_path, sample, f"cb2019_{token}_chab_hr_xmilesi_ssp.fits", spectra)
    write_fits(tmp_path, sample, "cb2019_z017_chab_hr_xmilesi_ssp.fits", sample.luminosity[1])
    library = read_library(tmp_path)
    assert library.name == "cb19-chab-hr-xmilesi"
    assert library.title == "CB19 chab hr xmilesi"
    assert library.source.skipped == ("cb2019_z0000_chab_hr_xmilesi_ssp.fits",)
    assert library.source.imf == "Chabrier (2003)"
    assert (library.source.isochrones, library.source.solar_metallicity) == ("PARSEC", 0.017)
    assert "490, 978" in library.source.citation
    np.testing.assert_allclose(library.metallicity, [np.log10(0.006 / 0.017), 0], atol=1e-4)
    np.testing.assert_array_equal(library.log_age, [8.0, 9.0, 10.0])
    np.testing.assert_allclose(library.wavelength, vacuum_of_air(sample.wavelength), atol=1e-6)
    np.testing.assert_allclose(library.luminosity, sample.luminosity, rtol=1e-6)


@pytest.mark.parametrize("suffix", [".fit", ".FITS", ".fits.gz", ".fit.gz"])
def test_names_of_fits_files(tmp_path: Path, sample: Sample, suffix: str) -> None:
    path = write_fits(tmp_path, sample, f"cb2019_z017_chab_hr_xmilesi_ssp{suffix}", sample.luminosity[1])
    assert read_library(path).n_models == 3


@pytest.mark.parametrize("imf", ["chab", "salp"])
@pytest.mark.parametrize("packed", [False, True])
def test_ised_ascii(tmp_path: Path, sample: Sample, imf: str, packed: bool) -> None:
    for token, spectra in zip(("m52", "m62"), sample.luminosity, strict=True):
        path = write_ascii(tmp_path, sample, f"bc2003_hr_stelib_{token}_{imf}_ssp.ised_ASCII", spectra)
        if packed:
            gzipped(path)
    library = read_library(tmp_path)
    assert library.name == f"bc03-hr-stelib-{imf}"
    np.testing.assert_allclose(library.metallicity, [np.log10(0.4), 0], atol=1e-4)
    np.testing.assert_array_equal(library.log_age, [8.0, 9.0, 10.0])
    np.testing.assert_allclose(library.luminosity, sample.luminosity, rtol=1e-6)


def test_a_wavelength_repeated_at_a_joint_of_stellar_libraries(tmp_path: Path, sample: Sample) -> None:
    twice = np.insert(np.arange(sample.wavelength.size), 10, 10)
    spectra = with_age_zero(sample.luminosity[1])[:, twice]
    text = ised_ascii(sample.wavelength[twice], AGES, spectra, CHABRIER_TEXT)
    path = tmp_path / "bc2003_hr_m62_chab_ssp.ised_ASCII"
    for content in (text, text.replace("\n  ", " ")):  # six numbers a line, and a vector a line
        path.write_text(content)
        library = read_library(path)
        np.testing.assert_allclose(library.wavelength, vacuum_of_air(sample.wavelength), atol=1e-6)
        np.testing.assert_allclose(library.luminosity[0], sample.luminosity[1], rtol=1e-6)


def test_one_ised_ascii_file_whose_name_says_nothing(tmp_path: Path, sample: Sample) -> None:
    library = read_library(write_ascii(tmp_path, sample, "model.txt", sample.luminosity[1]))
    assert library.n_models == 3
    assert (library.name, library.title) == ("galaxev-model", "GALAXEV, release unknown model")
    assert (library.source.citation, library.source.licence, library.source.isochrones) == ("", "", "")
    assert library.source.assumed == ("the solar Z is 0.02 (release not known)",)
    # Its text says Z=0.0200.
    np.testing.assert_array_equal(library.metallicity, [0.0])


def test_a_release_that_is_not_known(tmp_path: Path, sample: Sample) -> None:
    for token, spectra in zip(("m52", "m62"), sample.luminosity, strict=True):
        write_ascii(tmp_path, sample, f"hr_stelib_{token}_chab_ssp.ised_ASCII", spectra)
    library = read_library(tmp_path)
    assert (library.name, library.title) == ("galaxev-hr-stelib-chab", "GALAXEV, release unknown hr stelib chab")
    assert (library.source.citation, library.source.licence) == ("", "")
    assert (library.source.isochrones, library.source.imf) == ("Padova 1994", "Chabrier (2003)")
    assert library.source.variant == "hr stelib chab"


def test_an_age_that_is_not_positive(tmp_path: Path, sample: Sample) -> None:
    path = tmp_path / "cb2019_z017_chab_ssp.fits"
    galaxev_hdus(sample, (0.0, 1e8, np.nan, 1e10), with_age_zero(sample.luminosity[0])).writeto(path)
    with pytest.raises(InputError) as error:
        read_library(path)
    assert str(error.value) == f"{path}: an age of nan yr: not a positive number"


def test_exponents_of_three_digits_lack_their_e(tmp_path: Path, sample: Sample) -> None:
    path = write_ascii(tmp_path, sample, "bc2003_hr_m62_chab_ssp.ised_ASCII", sample.luminosity[1])
    first = f"{sample.luminosity[1, 0, 0]:.7E}"
    path.write_text(path.read_text().replace(f" {first} ", " 0.1234567-101 "))
    assert read_library(path).luminosity[0, 0, 0] == pytest.approx(0.0, abs=1e-45)


@pytest.mark.parametrize(
    ("name", "write"),
    [("cb2019_z017_chab_jpas_ssp.fits", write_fits), ("cb2019_m62_chab_jpas_ssp.ised_ASCII", write_ascii)],
)
def test_photometry_in_jpas_bands_is_refused(tmp_path: Path, sample: Sample, name: str, write: Callable) -> None:
    bands = sample.on(np.linspace(3500, 9400, 56))
    path = write(tmp_path, bands, name, bands.luminosity[0])
    with pytest.raises(InputError) as error:
        read_library(path)
    assert str(error.value).startswith(f"{path}: 56 wavelengths: photometry in the bands of J-PAS, not spectra")


def test_a_table_without_metallicity_in_its_name(tmp_path: Path, sample: Sample) -> None:
    path = write_fits(tmp_path, sample, "mine.fits", sample.luminosity[0])
    with pytest.raises(InputError, match="its name does not hold the metallicity"):
        read_library(path)


def test_metal_free_models_alone(tmp_path: Path, sample: Sample) -> None:
    path = write_fits(tmp_path, sample, "cb2019_z0000_chab_hr_xmilesi_ssp.fits", sample.luminosity[0])
    with pytest.raises(InputError, match="only metal-free models"):
        read_library(path)


def test_a_byte_that_is_a_space_to_some(tmp_path: Path, sample: Sample) -> None:
    path = write_ascii(tmp_path, sample, "bc2003_hr_m62_chab_ssp.ised_ASCII", sample.luminosity[1])
    content = path.read_bytes()
    last = content.rindex(f"{sample.luminosity[1, 2, 9]:.7E}".encode())
    path.write_bytes(content[: last + 4] + b"\x1c" + content[last + 5 :])
    with pytest.raises(InputError) as error:
        read_library(path)
    assert str(error.value) == f"{path}: values that are not numbers: damaged"


@pytest.mark.parametrize(
    ("spectra", "ages", "said"),
    [
        (np.ones((3, 2)), np.ones(3), "a column with several numbers in a row, not one"),
        (np.ones(3), np.ones((3, 2)), "a column with several numbers in a row, not one"),
        (None, np.ones(3), "0 spectra but 3 ages"),
        (None, np.ones(0), "0 spectra but 0 ages"),
        (np.ones(3), np.array([1e8, 1e9, 1e10]), "1 spectra but 3 ages"),
        (np.array(["a", "b", "c"]), np.ones(1), "cut short or damaged"),
    ],
)
def test_tables_that_do_not_fit(tmp_path: Path, spectra: np.ndarray | None, ages: np.ndarray, said: str) -> None:
    path = tmp_path / "cb2019_z017_chab_ssp.fits"
    columns = {"Wavelength": np.array([4000.0, 5000.0, 6000.0]), "t1e9": spectra}
    tables = [Table({name: column for name, column in columns.items() if column is not None}), Table(), Table()]
    tables[2]["age-yr"] = ages
    fits.HDUList([fits.PrimaryHDU(), *(fits.table_to_hdu(table) for table in tables)]).writeto(path)
    with pytest.raises(InputError) as error:
        read_library(path)
    assert str(error.value) == f"{path}: {said}"


@pytest.mark.parametrize("part", [0.2, 0.6])
def test_a_text_file_cut_short(tmp_path: Path, sample: Sample, part: float) -> None:
    path = write_ascii(tmp_path, sample, "bc2003_hr_m62_chab_ssp.ised_ASCII", sample.luminosity[1])
    content = path.read_text()
    path.write_text(content[: int(len(content) * part)])
    with pytest.raises(InputError, match=r"ised_ASCII: .*cut short"):
        read_library(path)


def test_two_imfs_in_one_folder(tmp_path: Path, sample: Sample) -> None:
    for imf in ("chab", "kroup_MU300"):
        write_fits(tmp_path, sample, f"cb2019_z017_{imf}_hr_xmilesi_ssp.fits", sample.luminosity[1])
    assert library_variants(tmp_path) == ("cb2019 chab hr xmilesi", "cb2019 kroup MU300 hr xmilesi")
    with pytest.raises(InputError, match="several libraries"):
        read_library(tmp_path)
    library = read_library(tmp_path, "cb2019 kroup MU300 hr xmilesi")
    assert library.source.imf == "Kroupa (2001), up to 300 Msun"


@given(
    st.sampled_from(("bc2003", "cb2007", "cb2019")),
    st.integers(1, 999),
    st.sampled_from(("chab", "kroup", "salp", "v0p30", "v3p30")),
    st.sampled_from(("", "_MU010", "_MU600")),
)
def test_names(release: str, z: int, imf: str, upper: str) -> None:
    name = parse_galaxev_name(f"{release}_z{z:03d}_{imf}{upper}_hr_xmilesi_ssp.fits")
    assert name.z == pytest.approx(z / 1000)
    assert name.solar_metallicity == (0.017 if release == "cb2019" else 0.02)
    assert name.imf
    assert name.variant == f"{release} {imf}{upper.replace('_', ' ')} hr xmilesi"


@pytest.mark.parametrize("name", ["cb2016_hr_z017", "bc2016_z017_chab_hr_xmilesi_ssp", "cb2022_z017_chab"])
def test_releases_of_which_the_solar_metallicity_is_known(name: str) -> None:
    parsed = parse_galaxev_name(f"{name}.ised_ASCII")
    assert (parsed.solar_metallicity, parsed.isochrones) == (0.017, "PARSEC")
    assert parsed.citation


@pytest.mark.parametrize(
    ("token", "z"),
    [("z0001", 0.0001), ("z017", 0.017), ("m22", 0.0001), ("m72", 0.05), ("m122", 0.0004), ("m162", 0.019)],
)
def test_metallicities_of_names(token: str, z: float) -> None:
    assert parse_galaxev_name(f"bc2003_hr_{token}_chab_ssp.ised_ASCII").z == z


@pytest.mark.parametrize(
    ("of_wavelength", "angstrom", "unit", "factor"),
    [
        ("nm", 10, "Lo/A (SED at t = 1.0E5 yr)", 1.0),  # as the released files say it
        ("um", 1e4, "erg/s/A", 3.828e33),
        ("Angstrom", 1, "Lsun/Hz", None),
        ("", 1, "", 1.0),
    ],
)
def test_units_of_columns_are_believed(
    tmp_path: Path, sample: Sample, of_wavelength: str, angstrom: float, unit: str, factor: float | None
) -> None:
    path = tmp_path / "cb2019_z017_chab_hr_xmilesi_ssp.fits"
    per_hertz = sample.wavelength**2 / 299792458e10
    spectra = with_age_zero(sample.luminosity[1]) * (per_hertz if factor is None else factor)
    hdus = galaxev_hdus(replace(sample, wavelength=sample.wavelength / angstrom), AGES, spectra, of_wavelength, unit)
    hdus.writeto(path)
    library = read_library(path)
    np.testing.assert_allclose(library.wavelength, vacuum_of_air(sample.wavelength), atol=1e-6)
    np.testing.assert_allclose(library.luminosity[0], sample.luminosity[1], rtol=1e-6)


def test_ages_of_a_table_in_gyr(tmp_path: Path, sample: Sample) -> None:
    path = tmp_path / "cb2019_z017_chab_hr_xmilesi_ssp.fits"
    hdus = galaxev_hdus(sample, np.array(AGES) / 1e9, with_age_zero(sample.luminosity[1]))
    hdus[5].columns["age-yr"].unit = "Gyr"
    hdus.writeto(path)
    np.testing.assert_allclose(read_library(path).log_age, [8.0, 9.0, 10.0])


@pytest.mark.parametrize(
    ("of_wavelength", "unit", "said"),
    [
        ("A", "mag", "its spectra have TUNIT2 = 'mag', which is no unit"),
        ("s", "Lo/A", "its wavelengths have the unit s, which is none of wavelength"),
        ("nm", "Lo/A", "wavelengths go from 3500 to 9495 in nm (TUNIT1), which no spectrum of stars does: mend TUNIT1"),
        ("A", "erg/s/A", "the unit 'erg/s/A' (TUNIT2) cannot be right"),
    ],
)
def test_units_of_columns_that_cannot_be_right(
    tmp_path: Path, sample: Sample, of_wavelength: str, unit: str, said: str
) -> None:
    path = tmp_path / "cb2019_z017_chab_hr_xmilesi_ssp.fits"
    galaxev_hdus(sample, AGES, with_age_zero(sample.luminosity[1]), of_wavelength, unit).writeto(path)
    with pytest.raises(InputError) as error:
        read_library(path)
    assert said in str(error.value)


def test_a_text_file_in_nanometres(tmp_path: Path, sample: Sample) -> None:
    in_nm = replace(sample, wavelength=sample.wavelength / 10)
    path = write_ascii(tmp_path, in_nm, "bc2003_hr_m62_chab_ssp.ised_ASCII", sample.luminosity[1])
    with pytest.raises(InputError, match=r"they go from 350 to 949\.5; convert them to Angstrom first"):
        read_library(path)
