"""Files of any size: any part is read by itself."""

import io
import os
from pathlib import Path

import numpy as np
import pytest
from astropy.table import Table
from hypothesis import given
from hypothesis import strategies as st
from mock_catalogues import DIALECTS, make_galaxies, write_flattened_csv, write_parquet_columns

from jpas_gui.core.catalogues.dialects import line_index
from jpas_gui.core.catalogues.opening import open_catalogue
from jpas_gui.core.errors import InputError

LINES = st.lists(st.sampled_from([b"", b"\r", b"a", b"bb,", b'"q', b"cccccccc\r", b" "]), max_size=40)


@given(LINES, st.booleans(), st.integers(1, 9), st.integers(0, 3))
def test_rows_are_the_lines_that_are_not_empty(lines: list[bytes], ended: bool, block: int, comments: int) -> None:
    text = b"\n".join(lines) + (b"\n" if ended else b"")
    expected = [(number, line) for number, line in enumerate(text.split(b"\n"), start=1) if line not in (b"", b"\r")]
    file = io.BytesIO(b"#\n" * comments + text)
    file.seek(2 * comments)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(line_index, "_BLOCK", block)
        patch.setattr(line_index, "STEP", 4)
        index = line_index.index_lines(file, comments + 1)
        assert index.n_rows == len(expected)
        for start in range(index.n_rows):
            for stop in range(start, index.n_rows + 1):
                rows, numbers = index.read(file, start, stop)
                assert rows == [line for _, line in expected[start:stop]]
                assert numbers.tolist() == [number + comments for number, _ in expected[start:stop]]


def test_a_fits_table_of_a_hundred_million_rows(tmp_path: Path) -> None:
    path = tmp_path / "c.fits"
    one = {"NUMBER": np.arange(1), "MAG_AUTO": np.full((1, 60), 20, "f4"), "MAG_ERR_AUTO": np.full((1, 60), 0.1, "f4")}
    Table(one).write(path)
    n_rows = 100_000_000
    content = path.read_bytes()
    header = content.replace(b"NAXIS2  =                    1", f"NAXIS2  = {n_rows:>20}".encode())
    row = content[2 * 2880 :][: 8 + 2 * 240]
    assert content.count(b"NAXIS2") == 1
    with path.open("wb") as file:
        file.write(header[: 2 * 2880])
        file.truncate(2 * 2880 + n_rows * len(row))  # a hole, without blocks on the disk
        file.seek(2 * 2880 + (n_rows - 1) * len(row))
        file.write(row)
        file.truncate(-(-file.tell() // 2880) * 2880)
    catalogue = open_catalogue(path)
    assert catalogue.n_rows == n_rows
    last = catalogue.galaxies(n_rows - 2, n_rows)
    assert last.row.tolist() == [n_rows - 2, n_rows - 1]
    assert last.mask.sum(axis=1).tolist() == [0, 60]
    assert len(next(catalogue.chunks(1000, start=50_000_000))) == 1000


def test_a_fits_table_cut_short(tmp_path: Path) -> None:
    path = tmp_path / "c.fits"
    Table({"MAG_AUTO": np.full((500, 60), 20.0), "MAG_ERR_AUTO": np.full((500, 60), 0.1)}).write(path)
    os.truncate(path, 2 * 2880 + 960 * 100 + 5)
    with pytest.raises(InputError, match=r"c\.fits: this FITS file is damaged or cut short"):
        open_catalogue(path)


def test_rows_of_many_steps_of_a_csv(tmp_path: Path) -> None:
    galaxies = make_galaxies(700)
    catalogue = open_catalogue(write_flattened_csv(tmp_path / "c.csv", galaxies))
    flux = np.where(galaxies.lost, np.nan, galaxies.flux)
    for start, stop in ((0, 1), (255, 258), (511, 700), (699, 700)):
        np.testing.assert_allclose(catalogue.galaxies(start, stop).flux_nu, flux[start:stop], rtol=1e-12)
    found = [chunk.flux_nu for chunk in catalogue.chunks(300)]
    np.testing.assert_allclose(np.concatenate(found), flux, rtol=1e-12)


def test_chunks_within_one_group_of_parquet(tmp_path: Path) -> None:
    galaxies = make_galaxies(2000)
    catalogue = open_catalogue(write_parquet_columns(tmp_path / "c.parquet", galaxies, group=2000))
    rows = []
    for chunk in catalogue.chunks(70, start=500):
        rows.append(chunk.row)
        np.testing.assert_array_equal(chunk.redshift, galaxies.redshift[chunk.row])
    np.testing.assert_array_equal(np.concatenate(rows), np.arange(500, 2000))


@pytest.mark.parametrize("name", ["portal.csv", "aliases.csv", "flattened.csv"])
@pytest.mark.parametrize("damage", ["", "quote", "word", "ragged"])
def test_many_rows_of_csv_are_those_of_few(tmp_path: Path, name: str, damage: str) -> None:
    path = DIALECTS[name](tmp_path / name, make_galaxies(300))
    lines = path.read_text().splitlines()
    first, *others = lines[100].split(",")
    changed = {
        "": [first, *others],
        "quote": [f'"{first}"', *others],
        "word": [first, *others[:-1], "x"],
        "ragged": others,
    }
    lines[100] = ",".join(changed[damage])
    path.write_text("\n".join(lines))
    catalogue = open_catalogue(path)
    many = catalogue.galaxies(0, 300)
    assert sum(map(bool, many.problem)) == (damage in ("word", "ragged"))
    for few in catalogue.chunks(100):
        np.testing.assert_allclose(few.flux_nu, many.flux_nu[few.row], rtol=1e-12)
        np.testing.assert_allclose(few.flux_nu_error, many.flux_nu_error[few.row], rtol=1e-12)
        np.testing.assert_array_equal(few.reason, many.reason[few.row])
        np.testing.assert_array_equal(few.redshift, many.redshift[few.row])
        assert few.name.tolist() == many.name[few.row].tolist()
        assert few.problem == tuple(many.problem[row] for row in few.row)
