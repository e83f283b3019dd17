import gzip
import os
import shutil
import sys
import tarfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from library_files import Sample, popstar_sample, write_linear_fits, write_miles

from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp import model_files
from jpas_gui.core.ssp.library import SSPLibrary
from jpas_gui.core.ssp.model_files import ModelFile
from jpas_gui.core.ssp.native import write_library
from jpas_gui.core.ssp.readers.fits_spectra import open_fits
from jpas_gui.core.ssp.reading import UnreadableModels, library_variants, read_library

AGES = tuple(np.linspace(8.0, 10.0, 50))
METALLICITIES = (-0.7, -0.4, 0.0, 0.2)


@pytest.fixture(scope="module")
def large_sample() -> Sample:
    return popstar_sample(AGES, METALLICITIES, np.arange(4000.0, 7000.0, 10.0))


@pytest.fixture
def folder(tmp_path: Path, sample: Sample) -> Path:
    write_miles(tmp_path / "models", sample)
    return tmp_path / "models"


def message_of(path: Path, **options: object) -> str:
    with pytest.raises(InputError) as error:
        read_library(path, **options)
    assert "\n" not in str(error.value)
    return str(error.value)


def some_model(folder: Path) -> Path:
    return sorted(folder.glob("*.fits"))[2]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def test_no_such_path(tmp_path: Path) -> None:
    path = tmp_path / "nothing"
    assert message_of(path) == f"{path}: no such file or folder"
    with pytest.raises(InputError, match="no such file or folder"):
        library_variants(path)


def test_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert message_of(tmp_path / "empty") == f"{tmp_path / 'empty'}: the folder is empty"


def test_a_folder_of_other_things(tmp_path: Path) -> None:
    for i in range(3):
        (tmp_path / f"{i}.txt").write_text("hello")
    assert f"{tmp_path}: none of the 3 files is of a library in a known format" in message_of(tmp_path)


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "a.fits").touch()
    assert message_of(tmp_path / "a.fits") == f"{tmp_path / 'a.fits'}: the file is empty"


def test_a_text_file_called_fits(tmp_path: Path) -> None:
    for name in ("a.fits", "Eku1.30Zp0.06T10.0000_iTp0.00_baseFe.fits"):
        (tmp_path / name).write_text("hello\n" * 1000)
        assert f"{name}: not a FITS file" in message_of(tmp_path / name)


def test_a_fits_image_and_a_table(tmp_path: Path) -> None:
    fits.PrimaryHDU(np.ones((20, 20))).writeto(tmp_path / "image.fits")
    fits.BinTableHDU.from_columns([fits.Column("MAG_AUTO", "D", array=[1.0])]).writeto(tmp_path / "catalogue.fits")
    for name in ("image.fits", "catalogue.fits"):
        assert f"{name}: a FITS file, but not a library of stellar populations" in message_of(tmp_path / name)


def test_what_a_fits_file_holds_is_said(tmp_path: Path, sample: Sample) -> None:
    path = tmp_path / "a.fits"
    write_linear_fits(path, sample.wavelength, sample.luminosity[0, 0], AGE=1.0)
    assert message_of(path).endswith(". It holds an image of 1200 pixels; its header does not give metallicity (Z, MH)")
    write_linear_fits(tmp_path / "z.fits", sample.wavelength, sample.luminosity[0, 0], AGE=1.0, Z=2.0)
    assert message_of(tmp_path / "z.fits").endswith(
        "its Z = 2 is no mass fraction of metals: call it Z (mass fraction) "
        "or MH ([M/H]), or say which it is in its comment"
    )
    (tmp_path / "z.fits").unlink()
    columns = [fits.Column(name, "D", array=[1.0]) for name in "abcdefgh"]
    fits.HDUList([fits.PrimaryHDU(), fits.BinTableHDU.from_columns(columns)]).writeto(tmp_path / "b.fits")
    said = "holds a table of a, b, c, d, e, f ...; its header does not give age (AGE) and metallicity (Z, MH)"
    assert f". It {said}" in message_of(tmp_path / "b.fits")
    path.unlink()
    (tmp_path / "README").write_text("about")
    assert f". The first FITS file, b.fits, {said}" in message_of(tmp_path)


def test_an_image_named_like_a_model(tmp_path: Path) -> None:
    path = tmp_path / "Eku1.30Zp0.06T10.0000_iTp0.00_baseFe.fits"
    fits.PrimaryHDU(np.ones((20, 20))).writeto(path)
    assert message_of(path) == f"{path}: no spectrum in its primary HDU"


def test_a_spectrum_without_wavelengths(tmp_path: Path) -> None:
    path = tmp_path / "Eku1.30Zp0.06T10.0000_iTp0.00_baseFe.fits"
    fits.PrimaryHDU(np.ones(20)).writeto(path)
    assert "baseFe.fits: its header does not give the wavelengths" in message_of(path)


def test_nanometres_without_a_unit_are_not_taken_as_angstrom(tmp_path: Path, sample: Sample) -> None:
    path = tmp_path / "Eku1.30Zp0.06T10.0000_iTp0.00_baseFe.fits"
    write_linear_fits(path, sample.wavelength / 10, sample.luminosity[0, 2])
    assert "baseFe.fits: its wavelengths are not in Angstrom, as they should be without a unit" in message_of(path)


def test_a_single_file_cut_short(folder: Path) -> None:
    path = some_model(folder)
    cut(path)
    assert message_of(path) == f"{path}: cut short or damaged"


def test_one_bad_file_among_200(tmp_path: Path, large_sample: Sample) -> None:
    paths = write_miles(tmp_path, large_sample)
    assert len(paths) == 200
    cut(paths[117])
    with pytest.raises(UnreadableModels) as error:
        read_library(tmp_path)
    assert error.value.unreadable == ((paths[117].name, "cut short or damaged"),)
    assert error.value.n_files == 200
    assert str(error.value) == (
        f"{tmp_path}: 1 of 200 files cannot be used: {paths[117].name} (cut short or damaged). "
        "The other 199 can be read without it"
    )
    library = read_library(tmp_path, skip_unreadable=True)
    assert library.n_models == 199
    assert library.source.skipped == (paths[117].name,)
    assert len(library.source.files) == 199


def test_one_bad_file_among_200_of_miuscat(real_data: Path, tmp_path: Path) -> None:
    for file in (real_data / "ssp" / "miuscat").glob("*.fits"):
        shutil.copyfile(file, tmp_path / file.name)
    bad = tmp_path / "Iun1.30Zp0.00T01.0000.fits"
    cut(bad)
    assert f"1 of 200 files cannot be used: {bad.name} (cut short" in message_of(tmp_path)
    library = read_library(tmp_path, skip_unreadable=True)
    assert np.argwhere(~library.has_model).tolist() == [[2, int(np.argmin(np.abs(library.log_age - 9)))]]


def test_several_bad_files(folder: Path) -> None:
    bad = sorted(folder.glob("*.fits"))[1:4]
    cut(bad[0])
    bad[1].write_text("hello")
    bad[2].write_bytes(b"")
    message = message_of(folder)
    assert f"3 of 6 files cannot be used, the first is {bad[0].name} (cut short or damaged)" in message
    assert "The other 3 can be read without them" in message
    with pytest.raises(UnreadableModels) as error:
        read_library(folder)
    assert [reason for _, reason in error.value.unreadable] == ["cut short or damaged", "not a FITS file", "empty"]


@pytest.mark.parametrize("kind", ["subfolders", "zip", "tar"])
def test_bad_files_of_the_same_name(tmp_path: Path, sample: Sample, kind: str) -> None:
    for folder in ("a", "b", "c"):
        (tmp_path / "models" / folder).mkdir(parents=True)
    paths = write_miles(tmp_path / "models" / "a", sample)
    for folder in ("b", "c"):
        (tmp_path / "models" / folder / paths[0].name).write_text("hello")
    path = tmp_path / "models"
    if kind != "subfolders":
        path = Path(shutil.make_archive(str(tmp_path / "x"), kind, tmp_path / "models"))
    with pytest.raises(UnreadableModels) as error:
        read_library(path)
    bad = (f"b/{paths[0].name}", f"c/{paths[0].name}")
    assert sorted(place for place, _ in error.value.unreadable) == list(bad)
    assert f"{path}: 2 of 8 files cannot be used, the first is " in str(error.value)
    assert "The other 6 can be read without them" in str(error.value)
    library = read_library(path, skip_unreadable=True)
    assert sorted(library.source.skipped) == list(bad)
    assert library.n_models == 6


def test_all_files_bad(folder: Path) -> None:
    for path in folder.glob("*.fits"):
        cut(path)
    with pytest.raises(InputError) as error:
        read_library(folder, skip_unreadable=True)
    assert not isinstance(error.value, UnreadableModels)
    assert f"{folder}: none of the 6 files can be used; the first is Eku" in str(error.value)


def test_nan_in_a_spectrum(folder: Path) -> None:
    path = some_model(folder)
    with fits.open(path, mode="update") as hdus:
        hdus[0].data[100] = np.nan
    message = message_of(folder)
    assert f"{path.name} (the spectrum contains values that are not numbers)" in message
    assert read_library(folder, skip_unreadable=True).n_models == 5


def test_other_wavelengths(folder: Path) -> None:
    path = some_model(folder)
    path.unlink()
    write_linear_fits(path, np.arange(4000.0, 6000.0, 2.0), np.full(1000, 1e-5))
    message = message_of(folder)
    assert f"{path.name} (its wavelengths, 1000 from 4000.0 to 5998.0 A, are not those of most files" in message
    assert read_library(folder, skip_unreadable=True).n_models == 5


def test_the_same_model_twice(folder: Path) -> None:
    path = some_model(folder)
    shutil.copyfile(path, path.with_name(path.name.replace("_baseFe", "_baseFe_copy")))
    message = message_of(folder)
    assert f"_copy.fits: same age and metallicity as {path}: remove one of them" in message


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="this user may read everything")
def test_permission_denied(folder: Path) -> None:
    path = some_model(folder)
    path.chmod(0)
    assert message_of(path) == f"{path}: cannot be read (Permission denied)"
    assert f"{path.name} (cannot be read (Permission denied))" in message_of(folder)
    folder.chmod(0)
    try:
        assert message_of(folder) == f"{folder}: cannot be read (Permission denied)"
    finally:
        folder.chmod(0o700)


def test_a_file_that_may_not_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = some_model(folder)
    read = ModelFile.read

    def refuse(file: ModelFile):
        if file.path == path:
            raise InputError("cannot be read: Permission denied")
        return read(file)

    monkeypatch.setattr(ModelFile, "read", refuse)
    assert f"{path.name} (cannot be read: Permission denied)" in message_of(folder)


def test_archives_cut_short(folder: Path, tmp_path: Path) -> None:
    for name, mode in (("x.tar", "w"), ("x.tar.gz", "w:gz")):
        with tarfile.open(tmp_path / name, mode) as archive:
            archive.add(folder, "models")
        cut(tmp_path / name)
        assert message_of(tmp_path / name) == f"{tmp_path / name}: the archive is cut short or damaged: get it again"
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for path in folder.iterdir():
            archive.write(path, path.name)
    cut(tmp_path / "x.zip")
    assert message_of(tmp_path / "x.zip") == f"{tmp_path / 'x.zip'}: the archive is cut short or damaged: get it again"


def test_a_zip_with_a_damaged_member(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, file.name)
    content = bytearray(path.read_bytes())
    content[10_000] ^= 0xFF
    path.write_bytes(content)
    assert f"{path}: 1 of 6 files cannot be used: Eku" in message_of(path)


def test_an_empty_archive(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "x.tar", "w"):
        pass
    assert message_of(tmp_path / "x.tar") == f"{tmp_path / 'x.tar'}: the archive is empty"


def test_links_and_folders_of_an_archive_are_not_followed(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "x.tar", "w") as archive:
        link = tarfile.TarInfo("Eku1.30Zp0.06T10.0000_iTp0.00_baseFe.fits")
        link.type = tarfile.SYMTYPE
        link.linkname = "/etc/passwd"
        archive.addfile(link)
    assert message_of(tmp_path / "x.tar") == f"{tmp_path / 'x.tar'}: the archive is empty"


def test_a_file_that_unpacks_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "Eku1.30Zp0.06T10.0000_iTp0.00_baseFe.fits.gz"
    path.write_bytes(gzip.compress(b"SIMPLE  =" + bytes(100_000)))
    monkeypatch.setattr(model_files, "MAX_BYTES", 50_000)
    assert "larger than any spectrum" in message_of(path)


def test_a_gzipped_model_cut_short(folder: Path) -> None:
    path = some_model(folder)
    packed = path.with_name(path.name + ".gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    cut(packed)
    assert message_of(packed) == f"{packed}: cut short or damaged"


def test_too_many_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_files, "MAX_FILES", 5)
    assert f"{folder}: 6 files, more than any library has" in message_of(folder)


def test_libraries_of_several_formats_in_one_folder(folder: Path) -> None:
    write_library(read_library(folder), folder / "converted.h5")
    message = message_of(folder)
    assert f"{folder}: libraries of several formats in one place: jpas-gui SSP library (converted.h5), MILES" in message
    assert read_library(folder / "converted.h5").n_models == 6


def test_several_library_files_in_one_folder(tmp_path: Path, small_library: SSPLibrary) -> None:
    for name in ("a.h5", "b.h5"):
        write_library(small_library, tmp_path / name)
    assert message_of(tmp_path) == (f"{tmp_path}: 2 libraries, each a file of its own: a.h5, b.h5. Name one of them")
    (tmp_path / "b.h5").unlink()
    assert read_library(tmp_path).name == "small"


@pytest.mark.parametrize("card", ["CRVAL1", "CDELT1"])
def test_a_card_that_cannot_be_parsed(folder: Path, card: str) -> None:
    path = some_model(folder)
    content = path.read_bytes()
    place = content.index(card.encode()) + 10
    path.write_bytes(content[:place] + b"%&(;, 1" + content[place + 7 :])
    assert message_of(path) == f"{path}: its header does not give the wavelengths (CRVAL1, CDELT1)"


def test_values_too_large_for_single_precision(tmp_path: Path) -> None:
    path = tmp_path / "big.fits"
    header = fits.Header({"CRVAL1": 4000.0, "CDELT1": 1.0, "AGE": 1.0, "Z": 0.02})
    fits.PrimaryHDU(np.full(100, 1e300), header).writeto(path)
    assert message_of(path) == f"{path}: the spectrum contains values that are not numbers"


def test_a_bug_while_a_file_is_open_is_not_taken_for_damage(folder: Path) -> None:
    with pytest.raises(AttributeError, match="a bug"), open_fits(some_model(folder).read_bytes()):
        raise AttributeError("a bug")


def test_random_damage_is_always_a_message(folder: Path) -> None:
    path = some_model(folder)
    content = path.read_bytes()
    random = np.random.default_rng(1)
    for _ in range(100):
        damaged = np.frombuffer(content, dtype=np.uint8).copy()
        damaged[random.integers(0, 2880, 5)] = random.integers(32, 127, 5)
        path.write_bytes(damaged.tobytes())
        # Any other exception fails the test.
        with suppress(InputError):
            read_library(path)


def damaged_column(content: bytes) -> bytes:
    return content.replace(b"TFORM1  = '1200D", b"TFORM1  = '12x0D")


def damaged_size(content: bytes) -> bytes:
    return content.replace(b"ZNAXIS1 =                 1200", b"ZNAXIS1 = 'many              '")


@pytest.mark.parametrize("damage", [damaged_column, damaged_size, None])
def test_damage_in_extensions_is_a_message(tmp_path: Path, sample: Sample, damage: Callable | None) -> None:
    header = fits.Header({"CRVAL1": 3500.0, "CDELT1": 5.0, "AGE": 1.0, "Z": 0.02})
    image = fits.CompImageHDU(sample.luminosity[0, 1].astype(np.float32), header)
    row = [[spectrum] for spectrum in (sample.wavelength, sample.luminosity[0, 1])]
    columns = [fits.Column(name, "1200D", array=array) for name, array in zip(("wave", "flux"), row, strict=True)]
    table = fits.BinTableHDU.from_columns(columns, fits.Header({"AGE": 1.0, "Z": 0.02}))
    random = np.random.default_rng(1)
    for hdu in (image, table):
        path = tmp_path / "a.fits"
        fits.HDUList([fits.PrimaryHDU(), hdu]).writeto(path, overwrite=True)
        content = path.read_bytes()
        assert read_library(path).n_models == 1
        for _ in range(1 if damage else 60):
            damaged = np.frombuffer(damage(content) if damage else content, dtype=np.uint8).copy()
            if not damage:
                damaged[2880 + random.integers(0, 2880, 5)] = random.integers(32, 127, 5)
            path.write_bytes(damaged.tobytes())
            # Any other exception fails the test.
            with suppress(InputError):
                read_library(path)
