from pathlib import Path

import h5py
import numpy as np
import pytest
from library_files import Sample, write_miles_hdf5

from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.reading import library_variants, read_library
from jpas_gui.core.ssp.wavelengths import vacuum_of_air

NO_ALPHA = float("nan")
KINDS = (
    ("P", "ch", 1.3, NO_ALPHA),
    ("T", "bi", 0.3, NO_ALPHA),
    ("T", "ku", 1.3, NO_ALPHA),
    ("T", "bi", 1.3, NO_ALPHA),
    ("T", "ku", 1.3, 0.4),
)


@pytest.fixture
def path(tmp_path: Path, sample: Sample) -> Path:
    path = tmp_path / "EMILES_SSP_v9.1.hdf5"
    write_miles_hdf5(path, sample, KINDS)
    return path


def test_variants(path: Path) -> None:
    assert library_variants(path) == (
        "BaSTI bi0.30",
        "BaSTI bi1.30",
        "BaSTI ku1.30",
        "BaSTI ku1.30 alpha+0.40",
        "Padova00 ch1.30",
    )


@pytest.mark.parametrize(
    ("variant", "factor"),
    [
        (None, 3),
        ("Padova00 ch1.30", 1),
        ("BaSTI bi0.30", 2),
        ("BaSTI ku1.30", 3),
        ("BaSTI bi1.30", 4),
        ("BaSTI ku1.30 alpha+0.40", 5),
    ],
)
def test_each_variant_has_its_own_spectra(path: Path, sample: Sample, variant: str | None, factor: int) -> None:
    library = read_library(path, variant)
    np.testing.assert_array_equal(library.log_age, [8.0, 9.0, 10.0])
    np.testing.assert_array_equal(library.metallicity, [-0.4, 0.0])
    np.testing.assert_allclose(library.luminosity, factor * sample.luminosity, rtol=1e-6)
    np.testing.assert_allclose(library.wavelength, vacuum_of_air(sample.wavelength), atol=1e-6)
    assert library.source.variant == (variant or "BaSTI ku1.30")
    assert library.source.imf.endswith("slope 0.30" if variant == "BaSTI bi0.30" else "slope 1.30")
    assert "463, 3409" in library.source.citation


def test_wavelengths_out_of_range_are_not_read(tmp_path: Path, sample: Sample) -> None:
    path = tmp_path / "x.hdf5"
    wide = sample.on(np.arange(500.0, 30000.0, 10.0))
    write_miles_hdf5(path, wide, KINDS[2:3])
    library = read_library(path)
    assert 900 <= library.wavelength[0] < 911
    assert 11989 < library.wavelength[-1] <= 12000
    kept = np.isin(wide.wavelength, np.arange(900.0, 12000.0, 10.0))
    np.testing.assert_allclose(library.luminosity, wide.luminosity[:, :, kept][..., : library.wavelength.size])


def test_no_variant_of_that_name(path: Path) -> None:
    with pytest.raises(InputError, match=r"no variant 'BaSTI un1\.30'; there are .*'BaSTI ku1\.30' \(6\)"):
        read_library(path, "BaSTI un1.30")


def test_a_block_that_does_not_fit(path: Path) -> None:
    with h5py.File(path, "a") as file:
        del file["spec/T/ku/data"]
        file["spec/T/ku/data"] = np.ones((3, 3))
    with pytest.raises(InputError, match="does not fit its models"):
        read_library(path)


def test_a_missing_block(path: Path) -> None:
    with h5py.File(path, "a") as file:
        del file["spec/T/ku/data"]
    with pytest.raises(InputError, match=r"v9\.1\.hdf5: cut short or damaged HDF5 file"):
        read_library(path)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("imf_type", b"xy", "IMF type 'xy' is none of ch, ku, kb, un, bi"),
        ("isochrone", b"Q", "isochrones 'Q' are neither P nor T"),
        ("age", -1.0, "ages and metallicities that are not numbers"),
        ("age", 1e-9, "ages and metallicities that are not numbers"),
        ("met", np.nan, "ages and metallicities that are not numbers"),
        ("wave", 1e6, "its wavelengths are not numbers that increase"),
    ],
)
def test_a_value_that_is_not_known(path: Path, column: str, value: object, said: str) -> None:
    with h5py.File(path, "a") as file:
        file[column][2] = value
        model = f"{file['filename'].asstr()[2]}: " if isinstance(value, bytes) else ""
    with pytest.raises(InputError) as error:
        read_library(path)
    assert str(error.value) == f"{path}: {model}{said}"


def test_variants_with_a_value_that_is_not_known(path: Path) -> None:
    with h5py.File(path, "a") as file:
        file["imf_type"][0] = b"xy"
    with pytest.raises(InputError, match=r"v9\.1\.hdf5: .*IMF type 'xy' is none of ch, ku, kb, un, bi"):
        library_variants(path)


def test_columns_of_several_lengths(path: Path) -> None:
    with h5py.File(path, "a") as file:
        del file["met"]
        file["met"] = np.zeros(3)
    with pytest.raises(InputError) as error:
        read_library(path)
    assert str(error.value) == f"{path}: the columns of its models do not have the same length"


def test_no_wavelength_that_libraries_keep(tmp_path: Path, sample: Sample) -> None:
    path = tmp_path / "x.hdf5"
    write_miles_hdf5(path, sample.on(np.arange(20000.0, 30000.0, 10.0)), KINDS[2:3])
    with pytest.raises(InputError) as error:
        read_library(path)
    assert str(error.value) == f"{path}: no wavelengths between 900 and 12000 A"


def test_cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(InputError, match=r"v9\.1\.hdf5: an HDF5 file, but cut short"):
        read_library(path)


def test_units_of_datasets_are_believed(path: Path, sample: Sample) -> None:
    with h5py.File(path, "a") as file:
        file["wave"][:] /= 10
        file["wave"].attrs["units"] = "nm"
        file["age"][:] *= 1e3
        file["age"].attrs["units"] = "Myr"
        file["spec/T/ku/data"][:] *= np.float32(3.828e33)
        file["spec/T/ku/data"].attrs["units"] = np.bytes_("erg/s/Angstrom")
    library = read_library(path)
    np.testing.assert_allclose(library.log_age, [8.0, 9.0, 10.0], atol=1e-5)
    np.testing.assert_allclose(library.luminosity, 3 * sample.luminosity, rtol=1e-5)
    np.testing.assert_allclose(library.wavelength, vacuum_of_air(sample.wavelength), atol=1e-6)


def test_datasets_of_the_wrong_size(path: Path) -> None:
    with h5py.File(path, "a") as file:
        file["spec/T/ku/data"][:] *= np.float32(3.828e33)
    with pytest.raises(
        InputError, match=r"v9\.1\.hdf5: its spectra are of .* in erg/s/Angstrom/Msun, write the unit into"
    ):
        read_library(path)
