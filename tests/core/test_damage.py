"""Whatever a library raises on a damaged file, the user reads one line that names the file."""

import gzip
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from astropy.io import fits
from first_table import read_catalogue
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jpas_gui.app.file_kinds import kind_of
from jpas_gui.app.prediction_file import read_predictions
from jpas_gui.core.catalogues.column_map import read_column_map
from jpas_gui.core.damage import damage_told
from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.bundle import read_bundle
from jpas_gui.core.photometry.noise_files import read_measured_noise
from jpas_gui.core.ssp.reading import read_library

_MUTATED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (PermissionError(13, "Permission denied"), "x.fits: cannot be read (Permission denied)"),
        (RuntimeError("deep\ninside"), "x.fits: cut short or damaged (deep inside)"),
        (RecursionError(), "x.fits: cut short or damaged"),
        (MemoryError(), "x.fits: cut short or damaged, or larger than the memory"),
        (InputError("x.fits: line 3"), "x.fits: line 3"),
    ],
)
def test_an_error_of_any_kind_becomes_one_line(error: Exception, message: str) -> None:
    with pytest.raises(InputError) as told, damage_told("x.fits", with_reason=True):
        raise error
    assert str(told.value) == message


def _table() -> np.ndarray:
    rows = np.zeros(5, dtype=[("id", "S8"), ("mag_J0660", ">f4"), ("mag_J0660_err", ">f4"), ("flags", ">i4", (3,))])
    rows["mag_J0660"], rows["mag_J0660_err"] = 20, 0.1
    return rows


def _fits() -> bytes:
    file = io.BytesIO()
    fits.BinTableHDU(_table()).writeto(file)
    return file.getvalue()


def _npy() -> bytes:
    file = io.BytesIO()
    np.save(file, _table())
    return file.getvalue()


def _parquet() -> bytes:
    file = io.BytesIO()
    rows = _table()
    meta = {b"table_meta_yaml": b"datatype:\n- {name: mag_J0660, unit: mag, datatype: float32}\n"}
    columns = {name: rows[name].tolist() for name in ("mag_J0660", "mag_J0660_err")}
    pq.write_table(pa.table(columns).replace_schema_metadata(meta), file)
    return file.getvalue()


_CSV = b"id,mag_J0660,mag_J0660_err\n" + b"a,20,0.1\n" * 200
_WHOLE = {
    "c.fits": _fits(),
    "c.npy": _npy(),
    "c.parquet": _parquet(),
    "c.csv.gz": gzip.compress(_CSV, mtime=0),
    "c.fits.gz": gzip.compress(_fits(), mtime=0),
}


def _said(read: Callable[[Path], object], path: Path) -> str:
    """Return what is said of a file, nothing where it can be read."""
    try:
        read(path)
    except InputError as error:
        return str(error)
    return ""


def _read_all(path: Path) -> None:
    table = read_catalogue(path)
    table.read_rows(table.names, 0, min(table.n_rows, 10))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", _WHOLE)
@_MUTATED
@given(data=st.data())
def test_catalogues_with_changed_bytes_are_read_or_refused(tmp_path: Path, name: str, data: st.DataObject) -> None:
    content = bytearray(_WHOLE[name])
    places = st.integers(0, len(content) - 1)
    for place, value in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), min_size=1, max_size=6)):
        content[place] = value
    path = tmp_path / name
    path.write_bytes(content[: data.draw(st.one_of(st.just(len(content)), places))])
    kind_of(path)
    said = _said(_read_all, path)
    assert not said or (said.startswith(f"{path}: ") and "\n" not in said)


@_MUTATED
@given(text=st.text(max_size=30))
@example("[" * 3000)
@example("a = " + "[" * 3000)
@example("a." * 2000 + "b = 1")
@example("x = " + "1" * 5000)
def test_settings_that_are_nonsense_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "map.toml"
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    said = _said(read_column_map, path)
    assert not said or said.startswith(f"{path}: ")


@pytest.mark.filterwarnings("ignore")
def test_hostile_files_are_refused(real_data: Path) -> None:
    """Those of the drills that ended in errors of other libraries."""
    folder = real_data / "hostile"
    readers: dict[str, Callable[[Path], object]] = {
        **dict.fromkeys(
            ("npy_itemsize0.npy", "npy_tokenerror.npy", "unboundlocal.fits", "verifyerror.fits"), _read_all
        ),
        **dict.fromkeys(("verifyerror.fits.gz", "valueerror_rows.fits", "yamlparse.parquet"), _read_all),
        **dict.fromkeys(("zliberror.csv.gz", "zliberror.tar.gz"), _read_all),
        **dict.fromkeys(("ssp_overflow", "ssp_zerodivision", "zip_index_error.npz"), read_library),
        "model_dtype_F8_E8M0": read_bundle,
        "verifyerror.fits ": lambda _: read_predictions(folder / "verifyerror.fits", 5),
        "int.toml": read_column_map,
        "notes_unicode.json": lambda path: read_measured_noise(path, ["J0660"], 0.0),
    }
    for name, read in readers.items():
        kind_of(folder / name.strip())
        with pytest.raises(InputError):
            read(folder / name.strip())
