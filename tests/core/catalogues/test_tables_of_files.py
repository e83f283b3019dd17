"""Files of several tables, VOTables with prefixes, tables that fpack has compressed, and files of other kinds."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits, votable
from astropy.io.votable.tree import Resource, TableElement, VOTableFile
from astropy.table import Table
from hypothesis import given, settings
from hypothesis import strategies as st
from mock_catalogues import NAMES

from jpas_gui.core.catalogues.column_map import read_column_map
from jpas_gui.core.catalogues.missing_photometry import ColumnsNeeded
from jpas_gui.core.catalogues.observed import MaskReason
from jpas_gui.core.catalogues.opening import OpeningOptions, open_catalogue
from jpas_gui.core.errors import InputError


def galaxies(n: int = 3) -> Table:
    flux = np.random.default_rng(2).uniform(1, 90, (n, 60)).astype(np.float32)
    return Table(
        {"NUMBER": np.arange(n) + 101, "FLUX_AUTO": flux, "FLUX_ERR_AUTO": flux / 30}, units={"FLUX_AUTO": "uJy"}
    )


def filters() -> Table:
    return Table({"NAME": NAMES, "filter_id": np.arange(1, 61), "wavelength": np.linspace(3500, 9500, 60)})


def write_fits(path: Path, tables: list[Table]) -> Path:
    content = fits.HDUList([fits.PrimaryHDU(), *(fits.table_to_hdu(table) for table in tables)])
    content.writeto(path)
    return path


def write_votable(path: Path, tables: list[Table]) -> Path:
    document = VOTableFile()
    resource = Resource()
    document.resources.append(resource)
    resource.tables.extend(TableElement.from_table(document, table) for table in tables)
    document.to_xml(str(path))
    return path


WRITERS: dict[str, Callable[[Path, list[Table]], Path]] = {"c.fits": write_fits, "c.vot": write_votable}


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("n", [3, 100])
@pytest.mark.parametrize("first", [True, False])
def test_the_table_with_photometry_is_taken(tmp_path: Path, name: str, n: int, first: bool) -> None:
    tables = [galaxies(n), filters()] if first else [filters(), galaxies(n)]
    found = open_catalogue(WRITERS[name](tmp_path / name, tables)).galaxies(0, n)
    assert found.mask.all()
    assert found.name.tolist() == [str(101 + row) for row in range(n)]


def test_a_packed_file_of_two_tables(tmp_path: Path) -> None:
    path = write_fits(tmp_path / "c.fits", [filters(), galaxies()])
    packed = tmp_path / "c.fits.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert open_catalogue(packed).galaxies(0, 3).mask.all()


def test_the_table_that_a_column_map_fits_is_taken(tmp_path: Path) -> None:
    table = galaxies()
    table.rename_columns(["FLUX_AUTO", "FLUX_ERR_AUTO"], ["f", "e"])
    (tmp_path / "map.toml").write_text('flux = "f"\nerror = "e"\n')
    options = OpeningOptions(columns=read_column_map(tmp_path / "map.toml"))
    path = write_fits(tmp_path / "c.fits", [filters(), table])
    assert open_catalogue(path, options).galaxies(0, 3).mask.all()
    with pytest.raises(ColumnsNeeded) as need:
        open_catalogue(path)
    assert set(need.value.names) in ({"NUMBER", "f", "e"}, {"NAME", "filter_id", "wavelength"})


def test_what_is_wrong_is_said_of_the_widest_table(tmp_path: Path) -> None:
    table = galaxies()
    table["RA"], table["DEC"] = 0.0, 0.0
    table.remove_column("FLUX_ERR_AUTO")
    with pytest.raises(ColumnsNeeded, match="FLUX_AUTO has no errors: give"):
        open_catalogue(write_fits(tmp_path / "c.fits", [filters(), table]))


def written_votable(path: Path, form: str = "tabledata") -> str:
    votable.writeto(votable.from_table(galaxies()), str(path), tabledata_format=form)
    return path.read_text()


@pytest.mark.parametrize("form", ["tabledata", "binary", "binary2"])
def test_votables_with_a_prefix(tmp_path: Path, form: str) -> None:
    path = tmp_path / "c.vot"
    text = written_votable(path, form).replace("xmlns=", "xmlns:vot=").replace("<", "<vot:").replace("<vot:/", "</vot:")
    path.write_text(text.replace("<vot:?", "<?").replace("<vot:!", "<!"))
    assert "<vot:VOTABLE" in path.read_text()
    assert open_catalogue(path).galaxies(0, 3).mask.all()


@pytest.mark.parametrize("length", [5000, 3_000_000])
def test_votables_behind_long_comments(tmp_path: Path, length: int) -> None:
    path = tmp_path / "c.vot"
    comment = f"<!-- {'x ' * (length // 2)} -->"
    path.write_text(written_votable(path).replace("<VOTABLE", f"{comment}\n<VOTABLE"))
    assert open_catalogue(path).galaxies(0, 3).mask.all()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_votables_in_other_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "c.vot"
    declared = f'encoding="{encoding.removesuffix("-sig")}"'
    path.write_text(written_votable(path).replace('encoding="utf-8"', declared), encoding=encoding)
    assert open_catalogue(path).galaxies(0, 3).mask.all()


def test_xml_without_a_votable(tmp_path: Path) -> None:
    (tmp_path / "c.html").write_text("<html><table></table></html>")
    with pytest.raises(InputError, match="this is XML or HTML without a VOTable: save the table as"):
        open_catalogue(tmp_path / "c.html")


@pytest.mark.parametrize("form", ["votable", "ascii.ecsv"])
@pytest.mark.parametrize("packed", [False, True])
def test_exponents_of_fortran_in_votables_and_ecsv(tmp_path: Path, form: str, packed: bool) -> None:
    table = galaxies()
    table["NAME"] = ["3D12", "1D+3", "a"]
    expected = table["FLUX_AUTO"].value / 3.631
    path = tmp_path / "c"
    table.write(path, format=form)
    number = re.compile(r"(\d+\.\d+)(?=[\s<,\]])")
    changed = "".join(
        line if line.startswith("#") else number.sub(lambda found: f"{float(found[1]):.8E}".replace("E", "D"), line)
        for line in path.read_text().splitlines(keepends=True)
    )
    assert changed.count("D+0") > 100
    path.write_bytes(gzip.compress(changed.encode()) if packed else changed.encode())
    catalogue = open_catalogue(path)
    np.testing.assert_allclose(catalogue.galaxies(0, 3).flux_nu, expected, rtol=1e-6)
    assert catalogue.ids(0, 3)["NAME"].tolist() == ["3D12", "1D+3", "a"]


def test_ecsv_with_a_mark_of_its_encoding(tmp_path: Path) -> None:
    path = tmp_path / "c.ecsv"
    galaxies().write(path, format="ascii.ecsv")
    path.write_text(path.read_text(), encoding="utf-8-sig")
    assert open_catalogue(path).galaxies(0, 3).mask.all()


def packed_bytes(values: np.ndarray, algorithm: str) -> bytes:
    """Return values as fpack compresses them; Rice's algorithm is that of images of astropy."""
    values = np.char.encode(values) if values.dtype.kind == "U" else values
    big = values.astype(values.dtype.newbyteorder(">")).ravel()
    if algorithm == "RICE_1":
        image = fits.CompImageHDU(
            big.astype(big.dtype.newbyteorder("=")), compression_type="RICE_1", tile_shape=big.shape
        )
        path = Path(packed_bytes.folder) / "rice.fits"
        fits.HDUList([fits.PrimaryHDU(), image]).writeto(path, overwrite=True)
        with fits.open(path, disable_image_compression=True) as hdus:
            return bytes(np.asarray(hdus[1].data["COMPRESSED_DATA"][0], dtype=np.uint8).tobytes())
    raw = big.tobytes()
    if algorithm == "GZIP_2":
        raw = np.frombuffer(raw, dtype=np.uint8).reshape(big.size, -1).T.tobytes()
    return raw if algorithm == "NOCOMPRESS" else gzip.compress(raw)


def fpack(table: Table, path: Path, algorithms: dict[str, str], tile: int, pointer: str = "P") -> Path:
    """Write a table by the convention for compressed ones, each column by its algorithm, `tile` rows at a time."""
    packed_bytes.folder = path.parent
    plain = fits.table_to_hdu(table)
    heap, rows = b"", []
    for start in range(0, len(table), tile):
        row = []
        for name in table.colnames:
            content = packed_bytes(plain.data[name][start : start + tile], algorithms[name])
            row += [len(content), len(heap)]
            heap += content
        rows.append(row)
    columns = [fits.Column(name, f"1{pointer}B") for name in table.colnames]
    header = fits.BinTableHDU.from_columns(columns, nrows=0).header
    for number, column in enumerate(plain.columns, start=1):
        header[f"TFORM{number}"] = f"1{pointer}B({len(heap)})"
        header[f"ZFORM{number}"], header[f"ZCTYP{number}"] = column.format, algorithms[column.name]
        if column.unit:
            header[f"TUNIT{number}"] = column.unit
    content = np.array(rows, dtype=">i4" if pointer == "P" else ">i8").tobytes() + heap
    header["NAXIS2"], header["PCOUNT"] = len(rows), len(heap)
    header["ZTABLE"], header["ZTILELEN"], header["ZNAXIS1"] = True, tile, plain.header["NAXIS1"]
    header["ZNAXIS2"], header["ZPCOUNT"] = len(table), 0
    with path.open("wb") as file:
        file.write(fits.PrimaryHDU().header.tostring().encode() + header.tostring().encode())
        file.write(content + bytes(-len(content) % 2880))
    return path


def table_of_all_types(n: int) -> Table:
    random, table = np.random.default_rng(7), galaxies(n)
    table["NUMBER"] = random.integers(-(2**62), 2**62, n)
    table["FLAGS"] = np.zeros((n, 60), dtype=np.int32)
    table["FLAGS"][1, 3] = 40000
    table["MASK_FLAGS"] = np.zeros((n, 60), dtype=np.int16)
    table["MASK_FLAGS"][0, 4] = -3
    table["BYTE"] = random.integers(0, 256, (n, 5)).astype(np.uint8)
    table["NAME"] = [f"source {row}" for row in range(n)]
    return table


@pytest.mark.parametrize("pointer", ["P", "Q"])
@pytest.mark.parametrize("tile", [2, 5, 7])
@pytest.mark.parametrize("algorithm", ["GZIP_1", "GZIP_2", "NOCOMPRESS", "RICE_1"])
def test_tables_that_fpack_has_compressed(tmp_path: Path, algorithm: str, tile: int, pointer: str) -> None:
    table = table_of_all_types(7)
    whole = ("FLAGS", "MASK_FLAGS", "BYTE") if algorithm == "RICE_1" else table.colnames
    algorithms = {name: algorithm if name in whole else "GZIP_2" for name in table.colnames} | {"NAME": "GZIP_1"}
    catalogue = open_catalogue(fpack(table, tmp_path / "c.fits.fz", algorithms, tile, pointer))
    found = catalogue.galaxies(0, 7)
    np.testing.assert_allclose(found.flux_nu, table["FLUX_AUTO"].value / 3.631, rtol=1e-6)
    assert catalogue.ids(0, 7)["NAME"].tolist() == [f"source {row}" for row in range(7)]
    assert found.reason[1, 3] == MaskReason.FLAGS
    assert found.reason[0, 4] == MaskReason.MASK_FLAGS
    assert found.mask.sum() == 7 * 60 - 2
    assert catalogue.unit == "uJy"


@given(st.lists(st.integers(-(2**31), 2**31 - 1), min_size=60, max_size=60))
@settings(max_examples=20, deadline=None)  # a file is written and read each time
def test_any_whole_numbers_come_out_of_rice(tmp_path_factory: pytest.TempPathFactory, flags: list[int]) -> None:
    table = galaxies(1)
    table["FLAGS"] = np.array([flags], dtype=np.int32)
    algorithms = dict.fromkeys(table.colnames, "GZIP_1") | {"FLAGS": "RICE_1"}
    path = fpack(table, tmp_path_factory.mktemp("rice") / "c.fits.fz", algorithms, 1)
    np.testing.assert_array_equal(open_catalogue(path).galaxies(0, 1).mask[0], np.array(flags) == 0)


def test_what_fpack_may_have_done_else_is_refused(tmp_path: Path) -> None:
    table = galaxies()
    path = fpack(table, tmp_path / "c.fits.fz", dict.fromkeys(table.colnames, "GZIP_1"), 3)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"'GZIP_1  '", b"'HCOMPRES'", 1))
    with pytest.raises(InputError, match=r"compressed with fpack, in a way .* \(HCOMPRES\): unpack it with funpack"):
        open_catalogue(path)
    path.write_bytes(content[:-2000] + bytes(2000))
    with pytest.raises(InputError, match=r"this FITS file is damaged or cut short"):
        open_catalogue(path)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\x89HDF\r\n\x1a\n", "HDF5"),
        (b"PK\x03\x04abc", "an Excel workbook or another zip file"),
        (b"BZh91AY", "packed with bzip2"),
    ],
)
def test_other_kinds_are_named(tmp_path: Path, head: bytes, kind: str) -> None:
    (tmp_path / "c").write_bytes(head + bytes(100))
    with pytest.raises(InputError, match=f"this is {kind}: save the table as FITS, Parquet, VOTable, ECSV or CSV"):
        open_catalogue(tmp_path / "c")
