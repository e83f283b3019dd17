import zipfile
from pathlib import Path

import numpy as np
import pytest
from library_files import Sample

from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.reading import library_variants, read_library
from jpas_gui.core.ssp.wavelengths import vacuum_of_air


def arrays_of(sample: Sample) -> dict[str, np.ndarray]:
    templates = np.moveaxis(sample.luminosity, (0, 1, 2), (2, 1, 0))
    return {
        "templates": templates.astype(np.float32),
        "lam": sample.wavelength,
        "fwhm": np.full(sample.wavelength.size, 2.5),
        "ages": 10 ** (sample.log_age - 9),
        "metals": sample.metallicity,
        "masses": np.ones((sample.log_age.size, sample.metallicity.size)),
    }


@pytest.mark.parametrize(
    ("family", "medium", "citation"),
    [
        ("emiles", "air", "463, 3409"),
        ("fsps", "vacuum", "699, 486"),
        ("galaxev", "vacuum", "344, 1000"),
        ("xsl", "vacuum", "661, A50"),
    ],
)
def test_families(tmp_path: Path, sample: Sample, family: str, medium: str, citation: str) -> None:
    path = tmp_path / f"spectra_{family}_9.0.npz"
    np.savez_compressed(path, **arrays_of(sample))
    library = read_library(path)
    assert library.name == f"ppxf-{family}"
    np.testing.assert_array_equal(library.log_age, [8.0, 9.0, 10.0])
    np.testing.assert_array_equal(library.metallicity, [-0.4, 0.0])
    np.testing.assert_allclose(library.luminosity, sample.luminosity, rtol=1e-6)
    expected = vacuum_of_air(sample.wavelength) if medium == "air" else sample.wavelength
    np.testing.assert_allclose(library.wavelength, expected, atol=1e-6)
    assert library.source.medium == medium
    assert citation in library.source.citation
    assert library_variants(path) == ()


def test_a_name_that_hides_the_library(tmp_path: Path, sample: Sample) -> None:
    np.savez(tmp_path / "mine.npz", **arrays_of(sample))
    with pytest.raises(InputError, match=r"mine\.npz: templates of pPXF, but the name does not say of which library"):
        read_library(tmp_path / "mine.npz")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ages": np.array([1.0, 2.0])}, r"shape \(1200, 3, 2\) instead of \(1200, 2, 2\)"),
        ({"templates": np.array([object()])}, "cut short or damaged"),
        ({"ages": np.array([0.0, 1.0, 10.0])}, "an age of 0 yr: not a positive number"),
        ({"ages": np.array([np.nan, 1.0, 10.0])}, "an age of nan yr: not a positive number"),
        ({"metals": np.array([np.inf, 0.0])}, "an age or metallicity is not a number"),
        ({"lam": np.array(["a", "b"])}, "are not numbers"),
        ({"lam": np.arange(1200.0)[::-1] * 5 + 3000}, "wavelengths are not numbers that increase"),
        ({"lam": np.arange(350.0, 950.0, 0.5)}, "go from 350 to 949.5; convert them to Angstrom first"),
        ({"ages": np.array([1e8, 1e9, 1e10])}, r"its ages go up to 1e\+10, which is none in Gyr"),
        ({"metals": np.array([0.008, 0.02])}, "its metals go from 0.008 to 0.02: mass fractions"),
        ({"templates": np.ones((1200, 3, 2))}, "they look normalised, from which no mass follows"),
    ],
)
def test_arrays_that_do_not_fit(tmp_path: Path, sample: Sample, change: dict[str, np.ndarray], said: str) -> None:
    path = tmp_path / "spectra_emiles_9.0.npz"
    np.savez(path, **{**arrays_of(sample), **change}, allow_pickle=True)
    with pytest.raises(InputError, match=rf"9\.0\.npz: .*{said}"):
        read_library(path)


def test_nan_in_a_template(tmp_path: Path, sample: Sample) -> None:
    arrays = arrays_of(sample)
    arrays["templates"][100, 1, 1] = np.nan
    path = tmp_path / "spectra_emiles_9.0.npz"
    np.savez(path, **arrays)
    with pytest.raises(InputError, match=r"9\.0\.npz: the spectrum contains values that are not numbers"):
        read_library(path)


def test_damaged_inside(tmp_path: Path, sample: Sample) -> None:
    path = tmp_path / "spectra_emiles_9.0.npz"
    np.savez_compressed(path, **arrays_of(sample))
    content = bytearray(path.read_bytes())
    content[2000:3000] = bytes(1000)
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"9\.0\.npz: cut short or damaged"):
        read_library(path)


def test_a_damaged_description_of_an_array(tmp_path: Path, sample: Sample) -> None:
    path = tmp_path / "spectra_emiles_9.0.npz"
    np.savez(path, **arrays_of(sample))
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for damage in (b"{'descr': ('<f4'", b"'shape': (1200, 3, 10**15)"):
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in members.items():
                old = content[content.index(damage[:8]) :][: len(damage)]
                archive.writestr(name, content.replace(old, damage) if name == "templates.npy" else content)
        with pytest.raises(InputError) as error:
            read_library(path)
        assert str(error.value) == f"{path}: cut short or damaged"


def test_a_compression_that_is_not_known(tmp_path: Path, sample: Sample) -> None:
    path = tmp_path / "spectra_emiles_9.0.npz"
    np.savez(path, **arrays_of(sample))
    content = bytearray(path.read_bytes())
    place = content.index(b"PK\x01\x02")
    content[place + 10] = content[8] = 77
    path.write_bytes(content)
    with pytest.raises(InputError) as error:
        read_library(path)
    assert str(error.value) == f"{path}: cut short or damaged"


def test_cut_short(tmp_path: Path, sample: Sample) -> None:
    path = tmp_path / "spectra_emiles_9.0.npz"
    np.savez(path, **arrays_of(sample))
    path.write_bytes(path.read_bytes()[:4000])
    with pytest.raises(InputError, match=r"9\.0\.npz: the archive is cut short or damaged: get it again"):
        read_library(path)
