"""Ids of rows come out as the file has them, whatever their type."""

import gzip
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from astropy.io import fits
from astropy.table import Table

from jpas_gui.core.catalogues.opening import open_catalogue
from jpas_gui.core.catalogues.predictions.columns import id_columns, id_values

LARGE = [2**64 - 6, 2**63 + 7, 12345678901234567890]
EDGES = {
    "uint8": [0, 200, 255],
    "int8": [-128, 0, 127],
    "uint16": [0, 40000, 65535],
    "int16": [-32768, 0, 32767],
    "uint32": [0, 3000000000, 2**32 - 1],
    "int32": [-(2**31), 0, 2**31 - 1],
    "uint64": LARGE,
    "int64": [-(2**63), 2**53 + 1, 2**63 - 1],
}


def columns(ids: list[int], dtype: str) -> dict[str, np.ndarray]:
    photometry = {"MAG_AUTO": np.full((3, 56), 20.0), "MAG_ERR_AUTO": np.full((3, 56), 0.1)}
    return {"OBJID": np.array(ids, dtype=dtype)} | photometry


def write_fits(path: Path, table: dict[str, np.ndarray]) -> None:
    hdu = fits.BinTableHDU(Table(table))
    if table["OBJID"].dtype == np.int8:  # astropy would write true and false
        others = list(hdu.columns)[1:]
        signed = fits.Column("OBJID", "B", bzero=-128, array=table["OBJID"])
        hdu = fits.BinTableHDU.from_columns([signed, *others])
    hdu.writeto(path)


def write_parquet(path: Path, table: dict[str, np.ndarray]) -> None:
    pq.write_table(
        pa.table({name: list(values) if values.ndim == 2 else values for name, values in table.items()}), path
    )


def write_npy(path: Path, table: dict[str, np.ndarray]) -> None:
    np.save(path, Table(table).as_array())


def write_ecsv(path: Path, table: dict[str, np.ndarray]) -> None:
    Table(table).write(path, format="ascii.ecsv")


WRITERS = {"c.fits": write_fits, "c.parquet": write_parquet, "c.npy": write_npy, "c.ecsv": write_ecsv}


@pytest.mark.parametrize("dtype", EDGES)
@pytest.mark.parametrize("name", WRITERS)
def test_whole_numbers_of_every_type(tmp_path: Path, name: str, dtype: str) -> None:
    WRITERS[name](tmp_path / name, columns(EDGES[dtype], dtype))
    catalogue = open_catalogue(tmp_path / name)
    (ids,) = catalogue.ids(0, 3).values()
    assert ids.tolist() == EDGES[dtype]
    expected = [str(number) for number in EDGES[dtype]]
    assert catalogue.galaxies(0, 3).name.tolist() == expected  # what lists show
    assert [name for part in catalogue.chunks(2) for name in part.name] == expected


def test_unsigned_numbers_in_a_fits_file_that_is_read_as_a_whole(tmp_path: Path) -> None:
    write_fits(tmp_path / "c.fits", columns(LARGE, "uint64"))
    packed = tmp_path / "c.fits.gz"
    packed.write_bytes(gzip.compress((tmp_path / "c.fits").read_bytes()))
    catalogue = open_catalogue(packed)
    assert catalogue.ids(0, 3)["OBJID"].tolist() == LARGE
    assert catalogue.galaxies(0, 3).name.tolist() == [str(number) for number in LARGE]


def test_unsigned_numbers_of_fits_with_one_that_stands_for_none(tmp_path: Path) -> None:
    path = tmp_path / "c.fits"
    table = columns(LARGE, "uint64")
    hdu = fits.BinTableHDU(Table(table))
    null = int(np.array([LARGE[1]], dtype=np.uint64).view(np.int64)[0] ^ -(2**63))
    hdu.header["TNULL1"] = null
    hdu.writeto(path)
    (ids,) = open_catalogue(path).ids(0, 3).values()
    assert ids.tolist() == [str(LARGE[0]), "", str(LARGE[2])]


def test_large_unsigned_numbers_stay_numbers(tmp_path: Path) -> None:
    write_fits(tmp_path / "c.fits", columns(LARGE, "uint64"))
    ids = open_catalogue(tmp_path / "c.fits").ids(0, 3)
    own = id_columns(ids)["OBJID"]
    assert own.dtype == "uint64"
    assert id_values(ids["OBJID"], own).tolist() == LARGE
