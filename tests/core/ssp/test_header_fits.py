from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from library_files import Sample, write_linear_fits

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.library import SSPLibrary
from jpas_gui.core.ssp.reading import read_library
from jpas_gui.core.ssp.wavelengths import vacuum_of_air


def test_bc03(real_data: Path) -> None:
    folder = real_data / "ssp" / "bc03_mpajhu"
    library = read_library(folder)
    assert library.name == "bc03"
    assert library.source.citation == "Bruzual & Charlot 2003, MNRAS 344, 1000"
    files = sorted(folder.glob("*.fits"))
    assert library.n_models == len(files)
    for path in files[:: len(files) // 5]:
        with fits.open(path) as hdus:
            header, data = hdus[0].header, hdus[0].data
        i = int(np.argmin(np.abs(library.metallicity - np.log10(header["Z"] / 0.02))))
        j = int(np.argmin(np.abs(library.log_age - np.log10(header["AGE"] * 1e9))))
        assert library.log_age[j] == pytest.approx(np.log10(header["AGE"] * 1e9), abs=1e-5)
        np.testing.assert_allclose(library.luminosity[i, j], data, rtol=1e-6)
        air = header["CRVAL1"] + header["CDELT1"] * np.arange(data.size)
        np.testing.assert_allclose(library.wavelength, vacuum_of_air(air), atol=1e-6)


def test_a_redshift_is_no_metallicity(tmp_path: Path) -> None:
    path = tmp_path / "galaxy.fits"
    write_linear_fits(path, np.arange(4000.0, 5000.0), np.ones(1000), Z=0.7, AGE=3.0)
    with pytest.raises(InputError, match=r"galaxy\.fits: a FITS file, but not a library"):
        read_library(path)


def test_a_z_that_its_comment_calls_a_redshift(tmp_path: Path, sample: Sample) -> None:
    def with_redshift(log_age: float, metallicity: float) -> dict[str, object]:
        return {"AGE": (10 ** (log_age - 9), "[Gyr]"), "Z": (0.02, "redshift"), "METAL": (metallicity, "[M/H]")}

    assert_is_sample(read_library(write_models(tmp_path / "models", sample, with_redshift)), sample)


def test_one_file_without_its_age(tmp_path: Path, sample: Sample) -> None:
    folder = write_models(tmp_path / "models", sample)
    write_linear_fits(folder / "x.fits", sample.wavelength, sample.luminosity[0, 0], Z=0.02)
    with pytest.raises(
        InputError, match=r"1 of 7 files cannot be used: x\.fits \(its header does not give age \(AGE\)\)"
    ):
        read_library(folder)
    library = read_library(folder, skip_unreadable=True)
    assert library.source.skipped == ("x.fits",)
    assert library.name == "models"


Cards = Callable[[float, float], dict[str, object]]


def gyr_and_z(log_age: float, metallicity: float) -> dict[str, object]:
    return {"AGE": (10 ** (log_age - 9), "[Gyr]"), "Z": 0.02 * 10**metallicity}


def write_models(
    folder: Path, sample: Sample, cards: Cards = gyr_and_z, factor: FloatArray | float = 1.0, **others: object
) -> Path:
    folder.mkdir()
    for metallicity, log_age, luminosity in sample.models():
        path = folder / f"ssp_{log_age}_{metallicity}.fits"
        write_linear_fits(path, sample.wavelength, luminosity * factor, **cards(log_age, metallicity), **others)
    return folder


def assert_is_sample(library: SSPLibrary, sample: Sample, rtol: float = 1e-6) -> None:
    np.testing.assert_allclose(library.log_age, sample.log_age, atol=1e-5)
    np.testing.assert_allclose(library.metallicity, sample.metallicity, atol=1e-4)
    np.testing.assert_allclose(library.luminosity, sample.luminosity, rtol=rtol)


@pytest.mark.parametrize(
    ("unit", "factor"),
    [
        ("erg/s/Angstrom/Msun", 3.828e33),
        ("erg s-1 A-1", 3.828e33),
        ("W/nm/Msun", 3.828e27),
        ("10**30 erg/s/A", 3.828e3),
        ("Lo/Mo/A", 1.0),
        ("L_sun/um/M_sun", 1e4),
    ],
)
def test_units_of_luminosity_are_converted(tmp_path: Path, sample: Sample, unit: str, factor: float) -> None:
    library = read_library(write_models(tmp_path / "x", sample, factor=factor, BUNIT=unit))
    assert_is_sample(library, sample)
    assert not any("luminosities" in text for text in library.source.assumed)


@pytest.mark.parametrize(("unit", "factor"), [("Lsun/Hz/Msun", 1.0), ("erg/s/Hz", 3.828e33), ("W/THz/Msun", 3.828e38)])
def test_luminosities_per_frequency(tmp_path: Path, sample: Sample, unit: str, factor: float) -> None:
    per_hertz = factor * sample.wavelength**2 / 299792458e10
    assert_is_sample(read_library(write_models(tmp_path / "x", sample, factor=per_hertz, BUNIT=unit)), sample)


def test_the_axis_and_the_luminosity_per_frequency(tmp_path: Path, sample: Sample) -> None:
    frequency = np.arange(3.2e14, 8.5e14, 2e11)
    sampled = sample.on(299792458e10 / frequency)
    per_hertz = sampled.wavelength**2 / 299792458e10
    cards = {"CTYPE1": "FREQ", "CUNIT1": "Hz", "CRVAL1": frequency[0], "CDELT1": 2e11, "BUNIT": "Lsun/Hz/Msun"}
    library = read_library(write_models(tmp_path / "x", sampled, factor=per_hertz, **cards))
    assert library.source.medium == "vacuum"
    np.testing.assert_allclose(library.wavelength, sampled.wavelength[::-1], rtol=1e-12)
    np.testing.assert_allclose(library.luminosity, sampled.luminosity[..., ::-1], rtol=1e-6)


@pytest.mark.parametrize(
    ("unit", "factor", "said"),
    [
        ("normalized", 1e4, "its spectra are normalised (BUNIT = 'normalized'), from which no mass follows"),
        ("1", 1e4, "its spectra are normalised (BUNIT = '1'), from which no mass follows"),
        ("counts", 1e4, "its spectra have BUNIT = 'counts', which is no unit that is known: wanted are luminosities"),
        ("erg/s/cm2/A", 1e-20, "its spectra have BUNIT = 'erg/s/cm2/A', which is no unit of luminosity"),
        ("erg/s/A", 1.0, "the unit 'erg/s/A' (BUNIT) cannot be right, mend it"),
        ("", 3.8e33, "no unit is given: if they are in erg/s/Angstrom/Msun, write the unit into BUNIT"),
        ("", 1e-11, "no unit is given: if they are in Lsun/Hz/Msun, write the unit into BUNIT"),
        ("", 1e5, "no unit is given: they look normalised, from which no mass follows"),
        ("", 1e9, "no unit is given: write the unit into BUNIT"),
    ],
)
def test_luminosities_that_cannot_be_right(tmp_path: Path, sample: Sample, unit: str, factor: float, said: str) -> None:
    folder = write_models(tmp_path / "x", sample, factor=factor, **({"BUNIT": unit} if unit else {}))
    with pytest.raises(InputError) as error:
        read_library(folder)
    assert said in str(error.value)


def test_normalised_spectra_do_not_fade(tmp_path: Path, sample: Sample) -> None:
    middle = np.median(sample.luminosity, axis=-1, keepdims=True)
    with pytest.raises(
        InputError, match=r"its spectra fade by 0\.\d dex from log age 8\.00 to 10\.00, where 1\.\d are usual"
    ):
        read_library(write_models(tmp_path / "x", replace(sample, luminosity=sample.luminosity / middle * 1e-4)))


@pytest.mark.parametrize(
    "cards",
    [
        lambda age, mh: {"AGE": (age, "log10(age/yr)"), "Z": 0.02 * 10**mh},
        lambda age, mh: {"AGE": (10 ** (age - 6), "[Myr] age"), "MH": mh},
        lambda age, mh: {"AGE": (10**age, "[yr]"), "Z": (mh, "[M/H]")},
        lambda age, mh: {"AGE": (10 ** (age - 9), "Age in Gyr"), "METAL": (mh, "dex")},
        lambda age, mh: {"LOGAGE": age, "FEH": mh},
        lambda age, mh: {"AGE": f"{10 ** (age - 9)} Gyr", "Z": (2 * 10**mh, "metals, per cent")},
        lambda age, mh: {"AGE_MYR": 10 ** (age - 6), "Z": (10**mh, "Z/Zsun")},
        lambda age, mh: {"AGEMYR": 10 ** (age - 6), "MH": (0.02 * 10**mh, "mass fraction")},
        lambda age, mh: {"AGE": 10 ** (age - 9), "Z": 0.017 * 10**mh, "ZSUN": 0.017},
    ],
)
def test_ages_and_metallicities_in_any_unit(tmp_path: Path, sample: Sample, cards: Cards) -> None:
    assert_is_sample(read_library(write_models(tmp_path / "x", sample, cards)), sample)


def test_what_had_to_be_assumed_is_said(tmp_path: Path, sample: Sample) -> None:
    folder = write_models(tmp_path / "x", sample, lambda age, mh: {"AGE": 10 ** (age - 9), "Z": 0.02 * 10**mh})
    assert read_library(folder).source.assumed == (
        "luminosities are in Lsun/Angstrom/Msun (no BUNIT)",
        "AGE is in Gyr (no unit)",
        "the solar Z is 0.02",
    )


@pytest.mark.parametrize(
    ("cards", "said"),
    [
        (lambda age, mh: {"AGE": 10**age, "Z": 0.02}, "has no unit and is no age in Gyr: write its unit"),
        (lambda age, mh: {"AGE": (1.0, "[kg]"), "Z": 0.02}, "its age has the unit kg: write its unit in brackets"),
        (lambda age, mh: {"AGE": (1.0, "[foo]"), "Z": 0.02}, "'[foo]' is no unit of age"),
        (lambda age, mh: {"AGE": 1.0, "METAL": 0.02}, "its METAL = 0.02 may be Z or [M/H]: call it Z (mass fraction)"),
        (lambda age, mh: {"AGE": 1.0, "Z": (0.02, "[erg]")}, "has the unit '[erg]', which is none of metallicity"),
        (lambda age, mh: {"AGE": 1.0, "MH": 40.0}, "its MH = 40 is no metallicity of stars"),
    ],
)  # fmt: skip
def test_ages_and_metallicities_that_are_not_clear(tmp_path: Path, sample: Sample, cards: Cards, said: str) -> None:
    with pytest.raises(InputError) as error:
        read_library(write_models(tmp_path / "x", sample, cards))
    assert said in str(error.value)


def test_mass_fractions_under_the_name_of_mh(tmp_path: Path, sample: Sample) -> None:
    with pytest.raises(
        InputError, match=r"its \[M/H\] go from 0\.0079\d* to 0\.02, which are mass fractions: name them Z"
    ):
        read_library(write_models(tmp_path / "x", sample, lambda age, mh: {"LOGAGE": age, "MH": 0.02 * 10**mh}))


def test_logarithms_of_ages_taken_for_gyr_do_not_fade_right(tmp_path: Path, sample: Sample) -> None:
    with pytest.raises(InputError, match="or their ages are in another unit; write the units of both into the files"):
        read_library(write_models(tmp_path / "x", sample, lambda age, mh: {"AGE": age, "Z": 0.02 * 10**mh}))


@pytest.mark.parametrize("kind", ["extension", "compressed", "cube", "table", "text", "rows", "wave"])
def test_spectra_lie_in_many_places(tmp_path: Path, sample: Sample, kind: str) -> None:
    (tmp_path / "x").mkdir()
    for metallicity, log_age, luminosity in sample.models():
        header = fits.Header({"CRVAL1": 3500.0, "CDELT1": 5.0, "CRPIX1": 1.0})
        parameters = fits.Header()
        for key, value in gyr_and_z(log_age, metallicity).items():
            parameters[key] = value
        path = tmp_path / "x" / f"{log_age}_{metallicity}.fits"
        if kind == "extension":
            hdus = [fits.PrimaryHDU(header=parameters), fits.ImageHDU(luminosity, header)]
        elif kind == "compressed":
            path = path.with_suffix(".fits.fz")
            image = luminosity.astype(np.float32)[np.newaxis]
            hdus = [
                fits.PrimaryHDU(),
                fits.CompImageHDU(image, header + parameters, compression_type="GZIP_2", quantize_level=0.0),
            ]
        elif kind == "cube":
            cards = {"CRVAL3": 350.0, "CD3_3": 0.5, "CRPIX3": 1.0, "CUNIT3": "nm"}
            hdus = [fits.PrimaryHDU(luminosity[:, np.newaxis, np.newaxis], parameters + fits.Header(cards))]
        elif kind == "wave":
            wave = fits.ImageHDU(sample.wavelength / 10, fits.Header({"BUNIT": "nm"}), name="WAVE")
            errors = fits.ImageHDU(luminosity, name="ERROR")
            hdus = [fits.PrimaryHDU(header=parameters), errors, wave, fits.ImageHDU(luminosity, name="FLUX")]
        else:
            shape = (1, -1) if kind == "rows" else (-1,)
            code = {"rows": f"{luminosity.size}D", "text": "D25.17"}.get(kind, "D")
            columns = {"lambda_air": (sample.wavelength / 10, "nm"), "FLUX": (luminosity * 3.828e34, "erg/s/nm")}
            table = [
                fits.Column(name, code, unit=unit, array=values.reshape(shape))
                for name, (values, unit) in columns.items()
            ]
            of_table = fits.TableHDU if kind == "text" else fits.BinTableHDU
            hdus = [fits.PrimaryHDU(), of_table.from_columns(table, parameters)]
        fits.HDUList(hdus).writeto(path)
    library = read_library(tmp_path / "x")
    assert_is_sample(library, sample)
    np.testing.assert_allclose(library.wavelength, vacuum_of_air(sample.wavelength), atol=1e-6)
    assert library.source.medium == "air"


@pytest.mark.parametrize(("kind", "medium"), [("AWAV", "air"), ("WAVE", "vacuum"), ("LINEAR", "air")])
def test_the_medium_is_that_of_the_header(tmp_path: Path, sample: Sample, kind: str, medium: str) -> None:
    library = read_library(write_models(tmp_path / "x", sample, CTYPE1=kind))
    assert library.source.medium == medium
    expected = vacuum_of_air(sample.wavelength) if medium == "air" else sample.wavelength
    np.testing.assert_allclose(library.wavelength, expected, atol=1e-6)


def test_lines_in_air_go_before_a_plain_wave(real_data: Path, tmp_path: Path) -> None:
    for path in sorted((real_data / "ssp" / "bc03_mpajhu").glob("*.fits"))[:8]:
        with fits.open(path) as hdus:
            hdus[0].header["CTYPE1"] = "WAVE"
            hdus.writeto(tmp_path / path.name)
    assert read_library(tmp_path).source.medium == "air"


def test_files_in_air_among_files_in_vacuum(tmp_path: Path, sample: Sample) -> None:
    folder = write_models(tmp_path / "x", sample, CTYPE1="AWAV")
    path = folder / "other.fits"
    cards = gyr_and_z(9.5, 0.0) | {"CTYPE1": "WAVE"}
    write_linear_fits(path, sample.wavelength, sample.luminosity[0, 0], **cards)
    with pytest.raises(
        InputError, match=r"other\.fits \(its wavelengths, .* A, are not those of most files, .* A in air\)"
    ):
        read_library(folder)


def test_provenance_in_the_header(tmp_path: Path, sample: Sample) -> None:
    library = read_library(write_models(tmp_path / "x", sample, IMF="SALPETER", TPLLIB="M11-MILES"))
    assert (library.source.imf, library.title) == ("Salpeter", "M11-MILES")
