"""Files that are read as a whole: one that does not fit into memory is refused before it is read."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from astropy.io import votable
from astropy.table import Table
from mock_catalogues import DIALECTS, make_galaxies

from jpas_gui.core.catalogues.dialects import whole_files
from jpas_gui.core.catalogues.opening import open_catalogue
from jpas_gui.core.errors import InputError


@pytest.fixture
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_files, "free_memory", lambda: 100_000)


def packed(path: Path) -> Path:
    target = path.with_name(f"{path.name}.gz")
    target.write_bytes(gzip.compress(path.read_bytes()))
    return target


@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("tap.vot", "VOTable"),
        ("arrays.ecsv", "ECSV"),
        ("portal.fits.gz", "FITS packed with gzip"),
        ("flattened.csv.gz", "CSV packed with gzip"),
        ("arrays.ecsv.gz", "ECSV packed with gzip"),
    ],
)
def test_one_that_does_not_fit_into_memory(tmp_path: Path, name: str, kind: str) -> None:
    plain = name.removesuffix(".gz")
    path = DIALECTS[plain](tmp_path / plain, make_galaxies(200))
    path = packed(path) if name != plain else path
    message = rf"{name}: {kind} is read as a whole: .* of memory, 0\.1 MB are free: convert it to Parquet"
    with pytest.raises(InputError, match=message):
        open_catalogue(path)


@pytest.mark.usefixtures("little_memory")
def test_a_fits_table_with_arrays_of_variable_length(tmp_path: Path) -> None:
    table = Table({"NUMBER": np.arange(300), "MAG_AUTO": np.full((300, 56), 20.0)})
    table["OTHER"] = np.array([np.ones(1 + number % 3) for number in range(300)], dtype=object)
    table.write(tmp_path / "c.fits")
    with pytest.raises(InputError, match=r"c\.fits: FITS with such columns is read as a whole"):
        open_catalogue(tmp_path / "c.fits")


def test_binary_votables_need_more_than_those_of_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = Table({"NUMBER": np.arange(200), "MAG_AUTO": np.full((200, 56), 20.0)})
    votable.writeto(votable.from_table(table), str(tmp_path / "c.vot"), tabledata_format="binary2")
    size = (tmp_path / "c.vot").stat().st_size
    monkeypatch.setattr(whole_files, "free_memory", lambda: 5 * size)
    with pytest.raises(InputError, match=r"c\.vot: VOTable is read as a whole"):
        open_catalogue(tmp_path / "c.vot")


@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize("name", ["portal.fits", "columns.parquet", "flattened.csv", "arrays.npy"])
def test_what_is_read_in_parts_may_be_larger(tmp_path: Path, name: str) -> None:
    path = DIALECTS[name](tmp_path / name, make_galaxies(200))
    assert path.stat().st_size > 100_000
    assert open_catalogue(path).n_rows == 200


def test_the_free_memory_of_this_machine_is_known() -> None:
    free = whole_files.free_memory()
    assert free is None or 1e6 < free < 1e15
