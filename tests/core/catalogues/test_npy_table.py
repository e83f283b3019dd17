"""Arrays of NumPy that are no tables, or damaged."""

from pathlib import Path

import numpy as np
import pytest
from mock_catalogues import make_galaxies, write_npy

from jpas_gui.core.catalogues.opening import open_catalogue
from jpas_gui.core.errors import InputError

OBJECTS = np.array([(1, None)], dtype=[("NUMBER", "i8"), ("MAG_AUTO", "O")])


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.ones((3, 56)), "an array without names of columns: save a structured array of one dimension"),
        (np.zeros((2, 2), dtype=[("MAG_AUTO", "f4")]), "save a structured array of one dimension"),
        (OBJECTS, "this array holds Python objects, which are not read"),
        (np.zeros(0, dtype=[("MAG_AUTO", "f4"), ("MAG_ERR_AUTO", "f4")]), "the table has no rows"),
    ],
)
def test_other_arrays_are_refused(tmp_path: Path, array: np.ndarray, message: str) -> None:
    np.save(tmp_path / "a.npy", array, allow_pickle=True)
    with pytest.raises(InputError, match=rf"a\.npy: .*{message}"):
        open_catalogue(tmp_path / "a.npy")


def test_a_file_cut_short_is_said(tmp_path: Path) -> None:
    path = write_npy(tmp_path / "a.npy", make_galaxies(50))
    whole = path.read_bytes()
    for length, message in ((len(whole) - 10, "it ends in row 50 of 50"), (60, "EOF")):
        path.write_bytes(whole[:length])
        with pytest.raises(InputError, match=rf"a\.npy: this NPY file is damaged or cut short \(.*{message}"):
            open_catalogue(path)


def test_fields_of_other_kinds_are_left_out(tmp_path: Path) -> None:
    galaxies = make_galaxies(3)
    array = np.load(write_npy(tmp_path / "a.npy", galaxies))
    many = [(f"A_COLUMN_OF_MANY_{number}", "f4") for number in range(600)]
    longer = np.zeros(3, dtype=[*array.dtype.descr, ("WHEN", "M8[s]"), ("NAME", "S4"), *many])
    for name in array.dtype.names:
        longer[name] = array[name]
    np.save(tmp_path / "b.npy", longer)
    catalogue = open_catalogue(tmp_path / "b.npy")
    np.testing.assert_allclose(
        catalogue.galaxies(1, 3).flux_nu, open_catalogue(tmp_path / "a.npy").galaxies(1, 3).flux_nu, rtol=1e-12
    )
