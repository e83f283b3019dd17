import hashlib
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from library_files import Sample, write_linear_fits, write_miles

from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.reading import library_variants, read_library
from jpas_gui.core.ssp.wavelengths import vacuum_of_air


def test_miuscat(real_data: Path) -> None:
    folder = real_data / "ssp" / "miuscat"
    library = read_library(folder)
    assert library.luminosity.shape == (4, 50, 6672)
    assert library.n_models == 200
    np.testing.assert_allclose(library.metallicity, [-0.71, -0.40, 0.0, 0.22])
    assert library.log_age[[0, -1]] == pytest.approx(np.log10([0.0631e9, 17.7828e9]), abs=1e-5)
    assert library.source.isochrones == "Padova00"
    assert library.source.solar_metallicity == 0.019
    assert library.source.imf == "unimodal, slope 1.30"
    assert "424, 157" in library.source.citation
    assert library_variants(folder) == ("Padova00 un1.30",)


def test_miuscat_spectra_are_those_of_the_files(real_data: Path) -> None:
    folder = real_data / "ssp" / "miuscat"
    library = read_library(folder)
    for met, age, name in ((1, 0, "Iun1.30Zm0.40T00.0631.fits"), (3, -1, "Iun1.30Zp0.22T17.7828.fits")):
        with fits.open(folder / name) as hdus:
            np.testing.assert_array_equal(library.luminosity[met, age], hdus[0].data)
            header = hdus[0].header
            air = header["CRVAL1"] + header["CDELT1"] * np.arange(header["NAXIS1"])
        np.testing.assert_allclose(library.wavelength, vacuum_of_air(air), rtol=0, atol=1e-6)
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        assert digest in {file.sha256 for file in library.source.files if file.name == name}


def test_emiles(real_data: Path) -> None:
    folder = real_data / "ssp" / "emiles_sample"
    library = read_library(folder)
    assert library.name == "emiles-basti-ku1.30"
    assert library.n_models == 14
    np.testing.assert_allclose(library.metallicity, [0.06])
    np.testing.assert_allclose(library.log_age, np.round(np.log10(np.arange(1, 15) * 1e9), 5))
    with fits.open(folder / "Eku1.30Zp0.06T10.0000_iTp0.00_baseFe.fits") as hdus:
        data = hdus[0].data
    # From 1680.2 A, in steps of 0.9 A, up to the end of what libraries keep.
    np.testing.assert_array_equal(library.luminosity[0, 9], data[: library.wavelength.size])
    assert library.wavelength[-1] <= 12000


@pytest.mark.parametrize("kind", ["tar", "tar.gz", "zip", "subfolder"])
def test_archives_read_as_their_folder(tmp_path: Path, sample: Sample, kind: str) -> None:
    paths = write_miles(tmp_path / "models", sample)
    (tmp_path / "models" / "README.txt").write_text("about")
    (tmp_path / "models" / ".hidden.fits").write_text("junk")
    expected = read_library(tmp_path / "models")
    path = tmp_path if kind == "subfolder" else tmp_path / f"EMILES.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            for file in paths:
                archive.write(file, f"deep/er/{file.name}")
            archive.writestr("__MACOSX/._x.fits", b"junk")
    elif kind != "subfolder":
        with tarfile.open(path, "w:gz" if kind == "tar.gz" else "w") as archive:
            archive.add(tmp_path / "models", "EMILES/models")
    library = read_library(path)
    np.testing.assert_array_equal(library.luminosity, expected.luminosity)
    assert {file.sha256 for file in library.source.files} == {file.sha256 for file in expected.source.files}


def test_one_file_is_a_library_of_one_model(tmp_path: Path, sample: Sample) -> None:
    path = write_miles(tmp_path / "models", sample)[0]
    library = read_library(path)
    assert library.n_models == 1
    np.testing.assert_allclose(library.luminosity[0, 0], sample.luminosity[0, 0], rtol=1e-6)


def test_a_variant_must_be_chosen_where_there_are_several(tmp_path: Path, sample: Sample) -> None:
    write_miles(tmp_path, sample)
    write_miles(tmp_path, sample, prefix="Ech1.30")
    write_miles(tmp_path, sample, tail="_iPp0.00_baseFe")
    assert library_variants(tmp_path) == ("BaSTI ch1.30", "BaSTI ku1.30", "Padova00 ku1.30")
    with pytest.raises(InputError) as error:
        read_library(tmp_path)
    assert "'BaSTI ch1.30' (6), 'BaSTI ku1.30' (6), 'Padova00 ku1.30' (6)" in str(error.value)
    assert "--variant 'BaSTI ch1.30'" in str(error.value)
    library = read_library(tmp_path, variant="padova00 KU1.30")
    assert (library.source.variant, library.source.solar_metallicity) == ("Padova00 ku1.30", 0.019)
    assert library.n_models == 6
    with pytest.raises(InputError, match=r"no variant 'BaSTI un1\.30'; there are"):
        read_library(tmp_path, variant="BaSTI un1.30")


def rewritten(sample: Sample, path: Path, factor: float = 1.0, **cards: object) -> Path:
    write_linear_fits(path, sample.wavelength * factor, sample.luminosity[0, 1], **cards)
    return path


NAME = "Iku1.30Zp0.06T01.0000_iTp0.00_baseFe.fits"


@pytest.mark.parametrize(
    ("factor", "cards", "medium"),
    [
        (0.1, {"CUNIT1": "nm"}, "air"),
        (1e-4, {"CUNIT1": "um", "CTYPE1": "WAVE"}, "air"),  # a word that many write; the release is in air
        (1e-10, {"CUNIT1": "m", "CTYPE1": "AWAV"}, "air"),
        (1.0, {"CTYPE1": "LINEAR"}, "air"),
        (1.0, {"AIRORVAC": "vac"}, "vacuum"),
    ],
)
def test_headers_of_rewritten_files_are_believed(
    tmp_path: Path, sample: Sample, factor: float, cards: dict[str, object], medium: str
) -> None:
    library = read_library(rewritten(sample, tmp_path / NAME, factor, **cards))
    expected = vacuum_of_air(sample.wavelength) if medium == "air" else sample.wavelength
    np.testing.assert_allclose(library.wavelength, expected, atol=1e-6)
    assert (library.source.medium, library.source.assumed) == (medium, ())


def test_luminosities_of_rewritten_files(tmp_path: Path, sample: Sample) -> None:
    in_erg = replace(sample, luminosity=sample.luminosity * 3.828e33)
    library = read_library(rewritten(in_erg, tmp_path / NAME, BUNIT="erg/s/A"))
    np.testing.assert_allclose(library.luminosity[0, 0], sample.luminosity[0, 1], rtol=1e-6)
    (tmp_path / NAME).unlink()
    with pytest.raises(
        InputError, match=r"baseFe\.fits: its spectra are of 7e\+29 .* in erg/s/Angstrom/Msun, write the"
    ):
        read_library(rewritten(in_erg, tmp_path / NAME))


@pytest.mark.parametrize("in_vacuum", [False, True])
def test_lines_tell_what_a_rewritten_wave_means(real_data: Path, tmp_path: Path, in_vacuum: bool) -> None:
    name = "Iun1.30Zp0.00T10.0000.fits"
    with fits.open(real_data / "ssp" / "miuscat" / name) as hdus:
        data, header = hdus[0].data.astype(float), hdus[0].header
    air = header["CRVAL1"] + header["CDELT1"] * np.arange(data.size)
    if in_vacuum:
        data = np.interp(air, vacuum_of_air(air), data)
    write_linear_fits(tmp_path / name, air, data, CTYPE1="WAVE")
    library = read_library(tmp_path)
    assert library.source.medium == ("vacuum" if in_vacuum else "air")
