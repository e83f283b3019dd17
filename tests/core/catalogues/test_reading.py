"""Catalogue files in the exact structure of each dialect, read back to the same numbers."""

import csv
import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits, votable
from astropy.table import MaskedColumn, Table
from first_table import band_values, read_catalogue

from jpas_gui.core.errors import InputError
from jpas_gui.core.photometry.bands import all_bands

NAMES = [band.name for band in all_bands()]
N_ROWS = 7


@pytest.fixture
def magnitude() -> np.ndarray:
    return np.random.default_rng(5).uniform(16, 23, (N_ROWS, 60)).astype(np.float32)


def write_fits(path: Path, columns: dict[str, np.ndarray], **settings: object) -> Path:
    Table(columns).write(path, format="fits", **settings)
    return path


@pytest.mark.parametrize(("length", "last"), [(56, "J1007"), (57, "iSDSS"), (60, "iSDSS")])
@pytest.mark.parametrize("name", ["MAG_AUTO", "mag_auto", "MagABDualObj.MAG_AUTO", "minijpas.MagABDualObj.mag_auto"])
def test_fits_arrays(tmp_path: Path, magnitude: np.ndarray, length: int, last: str, name: str) -> None:
    path = write_fits(tmp_path / "c.fits", {"NUMBER": np.arange(N_ROWS), name: magnitude[:, :length]})
    values = band_values(read_catalogue(path), "MAG_AUTO")
    assert values.bands[:56] == tuple(NAMES[:56])
    assert len(values.bands) == length
    assert values.bands[-1] == last
    np.testing.assert_array_equal(values.values, magnitude[:, :length])


def test_gzipped_fits_with_a_table_of_filters_in_front(tmp_path: Path, magnitude: np.ndarray) -> None:
    filters = fits.table_to_hdu(Table({"Filter.name": NAMES[:3]}))
    objects = fits.table_to_hdu(Table({"MagABDualObj.MAG_AUTO": magnitude}))
    plain = tmp_path / "c.fits"
    fits.HDUList([fits.PrimaryHDU(), filters, objects]).writeto(plain)
    path = tmp_path / "c.fits.gz"
    path.write_bytes(gzip.compress(plain.read_bytes()))
    np.testing.assert_array_equal(band_values(read_catalogue(path), "MAG_AUTO").values, magnitude)


def test_null_integers_of_fits_are_not_numbers(tmp_path: Path) -> None:
    flags = np.zeros((N_ROWS, 60), dtype=np.int32)
    flags[2, 3] = -1
    column = fits.Column("FLAGS", "60J", null=-1, array=flags)
    path = tmp_path / "c.fits"
    fits.HDUList([fits.PrimaryHDU(), fits.BinTableHDU.from_columns([column])]).writeto(path)
    values = band_values(read_catalogue(path), "FLAGS").values
    assert np.argwhere(np.isnan(values)).tolist() == [[2, 3]]


def test_votable_with_arrays(tmp_path: Path, magnitude: np.ndarray) -> None:
    path = tmp_path / "c.vot"
    masked = MaskedColumn(magnitude, mask=magnitude > 22.5)
    Table({"minijpas.number": np.arange(N_ROWS), "minijpas.mag_auto": masked}).write(path, format="votable")
    values = band_values(read_catalogue(path), "MAG_AUTO").values
    np.testing.assert_array_equal(values, np.where(magnitude > 22.5, np.nan, magnitude))


def test_votable_with_arrays_of_variable_length(tmp_path: Path, magnitude: np.ndarray) -> None:
    column = np.empty(N_ROWS, dtype=object)
    column[:] = list(magnitude)
    column[4] = np.array([], dtype=np.float32)
    table = Table({"mag_auto": column})
    document = votable.from_table(table)
    path = tmp_path / "c.xml"
    document.to_xml(str(path))
    assert b'arraysize="*"' in path.read_bytes()
    expected = magnitude.astype(float)
    expected[4] = np.nan
    # astropy takes the written digits of such cells for doubles.
    np.testing.assert_allclose(band_values(read_catalogue(path), "MAG_AUTO").values, expected, rtol=1e-7)


def write_portal_csv(path: Path, magnitude: np.ndarray) -> Path:
    lines = [
        "#SELECT TILE_ID, NUMBER, MAG_AUTO, colour FROM minijpas.MagABDualObj",
        '"TILE_ID","NUMBER","MAG_AUTO","C"',
    ]
    for row, values in enumerate(magnitude):
        cell = " ".join("None" if value > 22.5 else repr(float(value)) for value in values)
        lines.append(f'2241,{row},"{cell if row != 3 else ""}",#CC00FF')
    path.write_text("\n".join(lines) + "\n")
    return path


def test_portal_csv(tmp_path: Path, magnitude: np.ndarray) -> None:
    table = read_catalogue(write_portal_csv(tmp_path / "c.csv", magnitude))
    assert table.names == ("TILE_ID", "NUMBER", "MAG_AUTO", "C")
    assert table.n_rows == N_ROWS
    expected = np.where(magnitude > 22.5, np.nan, magnitude)
    expected[3] = np.nan
    np.testing.assert_array_equal(band_values(table, "MAG_AUTO").values, expected)
    assert table.read_rows(["C"], 0, N_ROWS).columns["C"] == ["#CC00FF"] * N_ROWS


@pytest.mark.parametrize("style", ["MAG_AUTO_{}", "mag_auto_{}", "m.Mag_Auto_{}"])
def test_one_column_per_band_in_any_order(tmp_path: Path, magnitude: np.ndarray, style: str) -> None:
    names = {"J0910": "J0910", "J0390": "j0390", "uJAVA": "JPAS3518", "iSDSS": "iSDSS"}
    path = tmp_path / "c.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["NUMBER", *(style.format(name) for name in names.values()), "MAG_AUTO_SOMETHING"])
        for row, values in enumerate(magnitude):
            cells = [float(values[NAMES.index(name)]) for name in names]
            writer.writerow([row, *cells[:3], "" if row == 1 else cells[3], "text"])
    values = band_values(read_catalogue(path), "MAG_AUTO")
    assert values.bands == ("uJAVA", "J0390", "J0910", "iSDSS")
    expected = magnitude[:, [NAMES.index(name) for name in values.bands]].astype(float)
    expected[1, 3] = np.nan
    np.testing.assert_array_equal(values.values, expected)


def test_ecsv_with_columns_per_band(tmp_path: Path) -> None:
    path = tmp_path / "c.ecsv"
    Table({"MAG_AUTO_J0390": [20.0, 21.0], "FLAGS_J0390": [0, 3]}).write(path, format="ascii.ecsv")
    table = read_catalogue(path)
    assert band_values(table, "FLAGS").values.ravel().tolist() == [0, 3]


def test_two_columns_of_a_band_are_refused(tmp_path: Path) -> None:
    path = write_fits(tmp_path / "c.fits", {"MAG_AUTO_J0390": [1.0], "MAG_AUTO_JPAS3900": [1.0]})
    with pytest.raises(InputError, match="two columns of J0390: MAG_AUTO_J0390 and") as problem:
        band_values(read_catalogue(path), "MAG_AUTO")
    assert str(problem.value).startswith(str(path))


def _cut_fits(path: Path) -> None:
    write_fits(path, {"MAG_AUTO": np.zeros((500, 60))})
    path.write_bytes(path.read_bytes()[:60000])


def _image(path: Path) -> None:
    fits.PrimaryHDU(np.zeros((3, 3))).writeto(path)


_TAP_ERROR = """<?xml version="1.0"?><VOTABLE version="1.3" xmlns="http://www.ivoa.net/xml/VOTable/v1.3">
<RESOURCE type="results"><INFO name="QUERY_STATUS" value="ERROR">no such table</INFO></RESOURCE></VOTABLE>"""


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda path: None, r"cannot be read \(No such file or directory\)"),
        (lambda path: path.mkdir(), "this is a folder: give the file of a catalogue"),
        (lambda path: path.write_text(""), "the file is empty"),
        (lambda path: path.write_text("hello\nworld\n"), "neither FITS, VOTable, ECSV, Parquet nor CSV"),
        (lambda path: path.write_bytes(bytes(range(256))), "neither FITS, VOTable, ECSV, Parquet nor CSV"),
        (lambda path: path.write_text("a,b\n"), "the table has no rows"),
        (lambda path: path.write_text("# %ECSV 1.0\nnonsense"), "this ECSV file is damaged"),
        (lambda path: path.write_text("<VOTABLE><RESOURCE>"), "this VOTable is damaged"),
        (lambda path: path.write_text(_TAP_ERROR), "the service answered with an error.*: no such table"),
        (lambda path: path.write_text(_TAP_ERROR.replace("ERROR", "OK")), "this VOTable holds no table"),
        (lambda path: path.write_bytes(gzip.compress(b"a,b\n1,2\n")[:15]), "cut short or damaged"),
        (_cut_fits, "this FITS file is damaged or cut short"),
        (_image, "this FITS file holds no table"),
    ],
)
@pytest.mark.filterwarnings("ignore")  # as for users
def test_files_that_are_no_catalogues(tmp_path: Path, write: Callable[[Path], object], message: str) -> None:
    path = tmp_path / "c"
    write(path)
    with pytest.raises(InputError, match=message) as problem:
        band_values(read_catalogue(path), "MAG_AUTO")
    assert str(path) in str(problem.value)
