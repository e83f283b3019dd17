"""FITS tables, as the archive's portal and TAP service write them: any part of them is read by itself."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits
from astropy.table import Table

from jpas_gui.core.catalogues.dialects.fpacked_table import PackingError, is_fpacked, unpacked_table
from jpas_gui.core.catalogues.dialects.memory_table import memory_table
from jpas_gui.core.catalogues.dialects.whole_files import check_memory
from jpas_gui.core.catalogues.table import CatalogueTable, TableRows, check_names
from jpas_gui.core.damage import damage_told
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import FITS_MAGIC, is_packed, unpacked

_DAMAGED = "this FITS file is damaged or cut short"
_UNSIGNED_64 = 2**63
"""FITS keeps whole numbers of 64 bits without a sign as those with one, less this."""

_DESCRIBING = ("TCOMM", "TDESC", "TUCD")
_TIMES_OF_FPACK = 10
_TIMES = 2
"""Bytes that are needed per byte of a file, unpacked, that is read as a whole."""


def is_fits(head: bytes) -> bool:
    """Return whether a file that begins so is FITS."""
    return head.startswith(FITS_MAGIC)


def read_fits(path: Path) -> Iterator[CatalogueTable]:
    """Yield the tables, those with the most rows first.

    Raises
    ------
    InputError
        If there is no table, the file is damaged, or it cannot be read in parts and does not fit into memory.
    """
    if is_packed(path):
        check_memory(path, "FITS", _TIMES)
    with _opened(path) as hdus:
        sizes = {number: _n_rows(hdu.header) for number, hdu in enumerate(hdus) if hasattr(hdu, "columns")}
    if not sizes:
        raise InputError(f"{path}: this FITS file holds no table")
    for number in sorted(sizes, key=lambda number: -sizes[number]):
        with _opened(path) as hdus:
            table = _open_table(path, hdus[number])
        yield table


@contextmanager
def _opened(path: Path) -> Iterator[fits.HDUList]:
    with damage_told(path, _DAMAGED, with_reason=True), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # A file cut short would be read as far as it goes.
        warnings.filterwarnings("error", message=".*truncated")
        with fits.open(path, memmap=True) as hdus:
            yield hdus


def _n_rows(header: fits.Header) -> int:
    return int(header["ZNAXIS2"] if is_fpacked(header) else header["NAXIS2"])


def _open_table(path: Path, hdu: Any) -> CatalogueTable:
    columns = {column.name: column for column in hdu.columns}
    check_names(str(path), hdu.columns.names)
    if is_fpacked(hdu.header):
        hdu = _unpacked(path, hdu)
    if _must_be_whole(path, hdu):
        check_memory(path, "FITS with such columns", _TIMES)
        table = Table.read(hdu, unit_parse_strict="silent")
        return memory_table(str(path), "FITS", table, descriptions=_descriptions(hdu.header))
    n_rows, row_size, offset = hdu.header["NAXIS2"], hdu.header["NAXIS1"], hdu.fileinfo()["datLoc"]
    available = (path.stat().st_size - offset) // row_size if row_size else 0
    if available < n_rows:
        raise _damaged(path, f"it ends in row {available + 1} of {n_rows}")
    layout = hdu.columns.dtype.newbyteorder(">")
    units = {name: column.unit for name, column in columns.items() if column.unit}

    def read_part(names: Sequence[str], start: int, stop: int) -> TableRows:
        # Not mapped into memory: a file that another program cuts short would end the program.
        with path.open("rb") as file:
            file.seek(offset + start * row_size)
            content = file.read((stop - start) * row_size)
        if len(content) < (stop - start) * row_size:
            raise _damaged(path, f"it ends in row {start + len(content) // row_size + 1} of {n_rows}")
        records = np.frombuffer(content, dtype=layout)
        return TableRows(start, {name: _values(records[name], columns[name]) for name in names})

    return CatalogueTable(
        str(path), "FITS", tuple(columns), n_rows, read_part, units=units, descriptions=_descriptions(hdu.header)
    )


def _unpacked(path: Path, hdu: Any) -> fits.BinTableHDU:
    check_memory(path, "FITS compressed with fpack", _TIMES_OF_FPACK)
    size = hdu.header["NAXIS1"] * hdu.header["NAXIS2"] + hdu.header["PCOUNT"]
    try:
        with unpacked(path) as file:
            file.seek(hdu.fileinfo()["datLoc"])
            return unpacked_table(hdu.header, file.read(size))
    except PackingError as error:
        raise InputError(
            f"{path}: this table is compressed with fpack, in a way that is not read here ({error}): unpack it with "
            "funpack"
        ) from error


def _descriptions(header: fits.Header) -> dict[str, str]:
    """Return what a header says of its columns: comments of their names, descriptions, and UCDs."""
    found = {}
    for number in range(1, header["TFIELDS"] + 1):
        texts = [header.comments[f"TTYPE{number}"], *(header.get(f"{key}{number}", "") for key in _DESCRIBING)]
        found[header[f"TTYPE{number}"]] = " ".join(str(text) for text in texts if text)
    return {name: text for name, text in found.items() if text}


def _must_be_whole(path: Path, hdu: Any) -> bool:
    """Return whether the table is not made of plain rows, one after the other in the file."""
    if is_packed(path) or hdu.fileinfo() is None or not isinstance(hdu, fits.BinTableHDU):
        return True
    formats = {column.format.lstrip("0123456789")[:1] for column in hdu.columns}
    # Arrays of variable length lie behind the rows; bits are rare.
    return bool(formats & {"P", "Q", "X"})


def _values(stored: "np.ndarray[Any, Any]", column: fits.Column) -> Any:
    """Return what stored values mean: FITS keeps unsigned and scaled numbers as others, and nulls as one of them."""
    if stored.dtype.kind == "S":
        return np.char.decode(np.char.rstrip(stored), "utf-8", "replace")
    if column.format.endswith("L"):
        return stored == ord("T")
    scale, zero, null = (getattr(column, name) for name in ("bscale", "bzero", "null"))
    scale, zero = (1 if scale in (None, "") else scale), (0 if zero in (None, "") else zero)
    if stored.dtype.kind == "i" and stored.dtype.itemsize == 8 and (scale, zero) == (1, _UNSIGNED_64):
        values: Any = stored.astype(np.int64).view(np.uint64) ^ np.uint64(_UNSIGNED_64)
    elif stored.dtype.kind in "iu" and scale == 1 and float(zero).is_integer():
        values = stored.astype(np.int64) + int(zero) if zero else stored
    else:
        values = stored * scale + zero if (scale, zero) != (1, 0) else stored
    return values if null in (None, "") else np.ma.masked_array(values, stored == null)


def _damaged(path: Path, why: str) -> InputError:
    return InputError(f"{path}: {_DAMAGED} ({why})")
