import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.hdf5 import open_hdf5
from jpas_gui.core.ssp.library import LibrarySource, SourceFile, SSPLibrary
from jpas_gui.core.ssp.native import describe_native, read_native, write_library
from jpas_gui.core.ssp.readers.popstar import read_popstar
from jpas_gui.core.ssp.reading import library_variants, read_library


def assert_same(one: SSPLibrary, other: SSPLibrary) -> None:
    for name in ("wavelength", "log_age", "metallicity", "luminosity", "has_model"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
        assert getattr(one, name).dtype == getattr(other, name).dtype
    assert (one.name, one.title, one.source) == (other.name, other.title, other.source)


def test_round_trip_with_holes(small_library: SSPLibrary, tmp_path: Path) -> None:
    path = tmp_path / "small.h5"
    write_library(small_library, path)
    assert_same(read_library(path), small_library)
    assert not read_library(path).has_model[1, 0]
    assert library_variants(path) == ()


def test_popstar_round_trip(tmp_path: Path) -> None:
    library = read_popstar()
    write_library(library, tmp_path / "x.h5")
    assert_same(read_library(tmp_path / "x.h5"), library)


TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)


@st.composite
def libraries(draw: st.DrawFn) -> SSPLibrary:
    def axis(low: float, high: float) -> st.SearchStrategy[np.ndarray]:
        return st.lists(st.floats(low, high), min_size=1, max_size=4, unique=True).map(lambda v: np.array(sorted(v)))

    wavelength, log_age, metallicity = draw(axis(900, 12000)), draw(axis(5, 10.3)), draw(axis(-3, 1))
    shape = (metallicity.size, log_age.size, wavelength.size)
    luminosity = draw(npst.arrays(np.float32, shape, elements=st.floats(0, 2.0**100, width=32)))
    holes = draw(npst.arrays(bool, shape[:2]))
    holes[0, 0] = False
    luminosity[0, 0, 0] = 1.0
    luminosity[holes] = np.nan
    files = tuple(SourceFile(name, "0" * 64) for name in draw(st.lists(TEXT, max_size=3)))
    texts = [draw(TEXT) for _ in range(6)]
    source = LibrarySource(
        texts[0], files, texts[1], texts[2], texts[3], draw(st.floats(0.01, 0.03)), "air", texts[4], texts[5],
        tuple(draw(st.lists(TEXT, max_size=2))),
    )  # fmt: skip
    return SSPLibrary(draw(TEXT), draw(TEXT), wavelength, log_age, metallicity, luminosity, source)


@given(library=libraries())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_library_survives(library: SSPLibrary, tmp_path: Path) -> None:
    write_library(library, tmp_path / "any.h5")
    assert_same(read_native(tmp_path / "any.h5"), library)


def test_the_file_describes_itself(small_library: SSPLibrary, tmp_path: Path) -> None:
    path = tmp_path / "small.h5"
    write_library(small_library, path)
    with h5py.File(path) as file:
        assert file.attrs["format"] == "jpas-gui SSP library"
        assert file.attrs["format_version"] == 1
        assert file.attrs["created_by"].startswith("jpas-gui ")
        for name in ("created", "citation", "licence", "imf", "isochrones", "solar_metallicity", "source_medium"):
            assert file.attrs[name]
        for name in ("wavelength", "log_age", "metallicity", "luminosity"):
            assert file[name].attrs["units"]
            assert file[name].attrs["description"]
        assert file["source_files"].asstr()[0] == "a.fits"
        assert file["source_sha256"].asstr()[0] == "0" * 64
    description = describe_native(path)
    assert (description.title, description.n_models) == ("Small Å", 5)
    assert description.wavelength_range == (4000.0, 7000.0)


def test_a_newer_version_says_so(small_library: SSPLibrary, tmp_path: Path) -> None:
    path = tmp_path / "small.h5"
    write_library(small_library, path)
    with h5py.File(path, "a") as file:
        file.attrs["format_version"] = 2
        file.attrs["created_by"] = "jpas-gui 9.0"
    with pytest.raises(
        InputError, match=r"small\.h5: version 2 of the library format, written by jpas-gui 9\.0; update"
    ):
        read_library(path)


def test_damage_inside_is_found(small_library: SSPLibrary, tmp_path: Path) -> None:
    path = tmp_path / "small.h5"
    write_library(small_library, path)
    content = path.read_bytes()
    place = content.index(small_library.luminosity[0, 1].tobytes())
    path.write_bytes(content[:place] + b"\1" + content[place + 1 :])
    with pytest.raises(InputError, match=r"small\.h5: cut short or damaged"):
        read_library(path)


@pytest.mark.parametrize("missing", ["luminosity", "source_files", "wavelength"])
def test_a_part_is_missing(small_library: SSPLibrary, tmp_path: Path, missing: str) -> None:
    path = tmp_path / "small.h5"
    write_library(small_library, path)
    with h5py.File(path, "a") as file:
        del file[missing]
    with pytest.raises(InputError, match=r"small\.h5: cut short or damaged"):
        read_library(path)


def test_a_heap_that_has_no_end_is_refused_before_hdf5_walks_it(small_library: SSPLibrary, tmp_path: Path) -> None:
    path = tmp_path / "small.h5"
    write_library(small_library, path)
    content = path.read_bytes()
    heap, refused = content.index(b"GCOL"), 0
    place, end = heap + 16, heap + int.from_bytes(content[heap + 8 : heap + 16], "little")
    while place + 16 <= end:
        index, size = (int.from_bytes(content[a:b], "little") for a, b in ((place, place + 2), (place + 8, place + 16)))
        path.write_bytes(content[:place] + bytes(16) + content[place + 16 :])
        with pytest.raises(InputError, match=r"small\.h5: damaged HDF5 file"):
            describe_native(path)
        refused += 1
        place += size if index == 0 else 16 + -(-size // 8) * 8
    assert refused > 5
    path.write_bytes(content)
    assert describe_native(path).name == small_library.name


@pytest.mark.parametrize("part", ["wavelength", "log_age", "metallicity", "luminosity"])
@pytest.mark.parametrize("size", [500_000_000, 10**12])
def test_sizes_that_no_library_has_are_refused_before_anything_is_read(
    small_library: SSPLibrary, tmp_path: Path, part: str, size: int
) -> None:
    path = tmp_path / "small.h5"
    write_library(small_library, path)
    with h5py.File(path, "a") as file:
        del file[part]
        file.create_dataset(part, shape=(size,), chunks=(1000,), dtype="f8")
    with pytest.raises(InputError, match=rf"small\.h5: {part} is said to hold {size:,} numbers, more than any library"):
        read_library(path)
    if part != "luminosity":
        with pytest.raises(InputError, match="more than any library"):
            describe_native(path)


@pytest.mark.parametrize(
    ("attribute", "value"), [("n_models", np.inf), ("n_models", "many"), ("format_version", np.nan), ("name", None)]
)
def test_an_attribute_of_another_kind(small_library: SSPLibrary, tmp_path: Path, attribute: str, value: object) -> None:
    path = tmp_path / "small.h5"
    write_library(small_library, path)
    with h5py.File(path, "a") as file:
        del file.attrs[attribute]
        if value is not None:
            file.attrs[attribute] = value
    with pytest.raises(InputError, match=r"small\.h5: cut short or damaged"):
        describe_native(path)


@pytest.mark.parametrize("axis", ["wavelength", "log_age"])
def test_an_axis_of_another_shape(small_library: SSPLibrary, tmp_path: Path, axis: str) -> None:
    path = tmp_path / "small.h5"
    write_library(small_library, path)
    with h5py.File(path, "a") as file:
        values = file[axis][:]
        del file[axis]
        file[axis] = values[:, np.newaxis]
    with pytest.raises(InputError, match=rf"small\.h5: small: {axis} must be numbers that increase"):
        read_native(path)
    with pytest.raises(InputError, match=r"small\.h5: no lists of wavelengths, ages and metallicities: damaged"):
        describe_native(path)


def test_source_files_without_their_hashes(small_library: SSPLibrary, tmp_path: Path) -> None:
    path = tmp_path / "small.h5"
    write_library(small_library, path)
    with h5py.File(path, "a") as file:
        digests = file["source_sha256"][:1]
        del file["source_sha256"]
        file["source_sha256"] = digests
    with pytest.raises(InputError, match=r"small\.h5: 2 names of source files, but 1 hashes: damaged"):
        read_native(path)


def test_a_bug_while_a_file_is_open_is_not_taken_for_damage(small_library: SSPLibrary, tmp_path: Path) -> None:
    write_library(small_library, tmp_path / "small.h5")
    with pytest.raises(AttributeError, match="a bug"), open_hdf5(tmp_path / "small.h5"):
        raise AttributeError("a bug")


def test_another_hdf5_file(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "x.h5", "w") as file:
        file["a"] = 1
    with pytest.raises(InputError, match=r"x\.h5: an HDF5 file, but"):
        read_library(tmp_path / "x.h5")
    with pytest.raises(InputError, match=r"x\.h5: an HDF5 file, but not a library of jpas-gui"):
        read_native(tmp_path / "x.h5")


def test_a_failed_write_leaves_the_old_file(
    small_library: SSPLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "small.h5"
    write_library(small_library, path)

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(InputError, match=r"small\.h5: cannot be written \(No space left on device\)"):
        write_library(replace(small_library, name="new"), path)
    monkeypatch.undo()
    assert read_native(path).name == "small"
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["small.h5"]


def test_a_disk_that_is_full(small_library: SSPLibrary, tmp_path: Path) -> None:
    # In a process of its own: HDF5, writing to the file itself, would end this one.
    path = tmp_path / "small.h5"
    write_library(small_library, path)
    code = (
        "import resource, signal, sys; from pathlib import Path; from jpas_gui.core.errors import InputError;"
        "from jpas_gui.core.ssp.native import read_native, write_library;"
        "path = Path(sys.argv[1]); library = read_native(path); signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000));"
        "\ntry: write_library(library, path)\nexcept InputError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == (f"{path}: cannot be written (File too large)\n", "")
    assert_same(read_native(path), small_library)
    assert list(tmp_path.iterdir()) == [path]


def test_no_such_folder(small_library: SSPLibrary, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"x\.h5: cannot be written \(No such file or directory\)"):
        write_library(small_library, tmp_path / "none" / "x.h5")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="this user may write everywhere")
def test_a_folder_that_is_read_only(small_library: SSPLibrary, tmp_path: Path) -> None:
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        with pytest.raises(InputError, match=r"cannot be written \(Permission denied\)"):
            write_library(small_library, tmp_path / "x.h5")
    finally:
        tmp_path.chmod(stat.S_IRWXU)


def test_units_that_others_wrote_are_believed(small_library: SSPLibrary, tmp_path: Path) -> None:
    path = tmp_path / "small.h5"
    write_library(small_library, path)
    with h5py.File(path, "a") as file:
        file["wavelength"][:] /= 10
        file["wavelength"].attrs["units"] = "nm"
        spectra = file["luminosity"][:] * 3.828e33
        del file["luminosity"]
        file["luminosity"] = spectra.astype(np.float64)
        file["luminosity"].attrs["units"] = "erg/s/Angstrom/Msun"
    library = read_native(path)
    np.testing.assert_allclose(library.wavelength, small_library.wavelength)
    np.testing.assert_allclose(library.luminosity, small_library.luminosity, rtol=1e-6)
    np.testing.assert_allclose(describe_native(path).wavelength_range, (4000, 7000))


@pytest.mark.parametrize(("dataset", "unit"), [("wavelength", "s"), ("luminosity", "mag"), ("log_age", "Gyr")])
def test_units_that_are_not_understood(small_library: SSPLibrary, tmp_path: Path, dataset: str, unit: str) -> None:
    path = tmp_path / "small.h5"
    write_library(small_library, path)
    with h5py.File(path, "a") as file:
        file[dataset].attrs["units"] = unit
    with pytest.raises(InputError, match=rf"small\.h5: .*unit.* {unit}|small\.h5: .*'{unit}'"):
        read_native(path)


def test_luminosities_in_erg_that_an_older_version_took_for_solar_ones(
    small_library: SSPLibrary, tmp_path: Path
) -> None:
    path = tmp_path / "small.h5"
    write_library(replace(small_library, luminosity=small_library.luminosity * np.float32(1e30)), path)
    with pytest.raises(InputError, match=r"small\.h5: luminosities of up to 2e\+31 .* convert them again"):
        read_library(path)


def test_files_of_older_versions_assume_nothing(small_library: SSPLibrary, tmp_path: Path) -> None:
    path = tmp_path / "small.h5"
    write_library(small_library, path)
    assert read_native(path).source.assumed == small_library.source.assumed
    with h5py.File(path, "a") as file:
        del file["assumed"]
    assert read_native(path).source.assumed == ()
