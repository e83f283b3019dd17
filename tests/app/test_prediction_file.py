import numpy as np
import pytest
from astropy.table import Table

from jpas_gui.app.prediction_file import read_predictions
from jpas_gui.core.errors import InputError

NAMES = ("log_age", "metallicity", "ebv", "chi2", "n_bands", "flag")


@pytest.fixture
def table():
    values = {name: np.array([1.0, np.nan, 3.0]) for name in NAMES[:4]}
    return Table({**values, "n_bands": [56, 3, 50], "flag": [0, 1, 8]})


@pytest.mark.parametrize("suffix", [".parquet", ".fits", ".ecsv", ".csv", ".vot"])
def test_predictions_are_read_from_every_format(table, tmp_path, suffix):
    path = tmp_path / f"predicted{suffix}"
    table.write(path, format="votable" if suffix == ".vot" else None)
    rows = read_predictions(path, 3)
    np.testing.assert_allclose(rows.point[:, 0], [1, np.nan, 3])
    np.testing.assert_allclose(rows.chi2_per_band, [1 / 56, np.nan, 3 / 50])
    assert rows.flag.tolist() == [0, 1, 8]


def test_what_is_no_prediction_of_this_catalogue_is_said(table, tmp_path):
    table.write(tmp_path / "p.parquet")
    Table({"a": [1]}).write(tmp_path / "q.csv")
    (tmp_path / "r.fits").write_text("no")
    for name, message in (
        ("p.parquet", r"3 predictions, but the catalogue has 4 rows"),
        ("q.csv", "no predictions of jpas-gui"),
        ("r.fits", "cannot be read as predictions"),
        ("s.parquet", "cannot be read as predictions"),
        ("t.txt", "predictions are in .parquet"),
    ):
        with pytest.raises(InputError, match=message):
            read_predictions(tmp_path / name, 4)
