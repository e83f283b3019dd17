import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from library_files import Sample, write_miles

from jpas_gui.core.errors import InputError
from jpas_gui.core.files import replacing
from jpas_gui.core.ssp.catalogue import add_library, known_libraries, libraries_folder, load_library
from jpas_gui.core.ssp.library import SSPLibrary
from jpas_gui.core.ssp.native import write_library


def test_the_folder_follows_the_environment(own_user_folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert libraries_folder() == own_user_folders / "data" / "jpas-gui" / "libraries"
    monkeypatch.setenv("XDG_DATA_HOME", "/elsewhere")
    assert libraries_folder() == Path("/elsewhere/jpas-gui/libraries")


@pytest.mark.parametrize("name", ["popstar", "popstar-nebular"])
def test_embedded(name: str) -> None:
    entries = {entry.name: entry for entry in known_libraries()}
    library = load_library(name)
    assert (library.name, library.title) == (name, entries[name].title)
    assert entries[name].path is None
    low, high = library.metallicity[[0, -1]]
    log_ages = f"log age {library.log_age[0]:.2f} to {library.log_age[-1]:.2f}"
    assert entries[name].detail == f"{library.n_models} models, {log_ages}, [M/H] {low:+.2f} to {high:+.2f}, embedded"


def test_variants_of_the_embedded() -> None:
    assert load_library("popstar", variant="total").name == "popstar-nebular"
    with pytest.raises(InputError, match="popstar: no variant 'x'; there are: stellar, total"):
        load_library("popstar", variant="x")


def test_a_library_once_added_is_known_by_its_name(small_library: SSPLibrary) -> None:
    path = add_library(small_library)
    assert path == libraries_folder() / "small.h5"
    *_, entry = known_libraries()
    assert (entry.name, entry.title, entry.path) == ("small", "Small Å", path)
    assert entry.detail == "5 models, log age 8.00 to 10.00, [M/H] -0.50 to +0.00, 4000 to 7000 A"
    np.testing.assert_array_equal(load_library("small").luminosity, small_library.luminosity)


def test_a_library_has_the_name_of_its_file(small_library: SSPLibrary) -> None:
    add_library(small_library).rename(libraries_folder() / "mine.h5")
    *_, entry = known_libraries()
    assert entry.name == load_library("mine").name == "mine"
    np.testing.assert_array_equal(load_library("mine").luminosity, small_library.luminosity)


def test_a_file_that_is_being_written_is_not_listed(small_library: SSPLibrary) -> None:
    add_library(small_library)
    with replacing(libraries_folder() / "next.h5") as temporary:
        write_library(small_library, temporary)
        assert [entry.name for entry in known_libraries() if entry.path] == ["small"]


def test_a_path_is_read(tmp_path: Path, sample: Sample) -> None:
    write_miles(tmp_path / "models", sample)
    assert load_library(str(tmp_path / "models")).n_models == 6


def test_neither_name_nor_path(small_library: SSPLibrary) -> None:
    add_library(small_library)
    with pytest.raises(InputError, match=r"emils: no such file or folder, .* popstar, popstar-nebular, small"):
        load_library("emils")


def test_a_broken_file_does_not_hide_the_others(small_library: SSPLibrary) -> None:
    add_library(small_library)
    (libraries_folder() / "broken.h5").write_bytes(b"\x89HDF\r\n\x1a\n broken")
    (libraries_folder() / "empty.h5").touch()
    write_library(small_library, libraries_folder() / "popstar.h5")
    entries = {entry.path.name: entry for entry in known_libraries() if entry.path}
    assert set(entries) == {"broken.h5", "empty.h5", "small.h5", "popstar.h5"}
    assert "cannot be loaded: " in entries["broken.h5"].detail
    assert "cut short or damaged" in entries["empty.h5"].detail
    assert "rename the file" in entries["popstar.h5"].detail
    assert load_library("popstar").n_models == 636


def test_the_name_of_an_embedded_library_is_taken(small_library: SSPLibrary) -> None:
    with pytest.raises(InputError, match="popstar: an embedded library has this name"):
        add_library(replace(small_library, name="popstar"))


def test_the_folder_cannot_be_made(small_library: SSPLibrary, own_user_folders: Path) -> None:
    own_user_folders.mkdir()
    (own_user_folders / "data").write_text("a file where a folder should be")
    with pytest.raises(InputError, match="libraries: cannot be written"):
        add_library(small_library)
    assert len(known_libraries()) == 2


def test_listing_is_light() -> None:
    code = (
        "import sys; from jpas_gui.core.ssp import catalogue; catalogue.known_libraries();"
        "print([m for m in ('torch', 'milespy', 'pst', 'scipy', 'h5py', 'PySide6') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
