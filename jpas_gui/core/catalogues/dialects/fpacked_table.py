"""FITS tables that fpack has compressed, by the convention for compressed tables (FITS standard 4.0, section 10.3)."""

import gzip
import io
import zlib
from typing import Any

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

_SIZES = {"L": 1, "B": 1, "A": 1, "I": 2, "J": 4, "E": 4, "K": 8, "D": 8}
"""Bytes of a value, by the letter of the format."""

_POINTERS = {"P": ">i4", "Q": ">i8"}
_RICE_BLOCK = 32
_OWN_KEYWORDS = ("ZTABLE", "ZTILELEN", "ZNAXIS1", "ZNAXIS2", "ZPCOUNT", "ZTHEAP", "ZHEAPPTR", "THEAP")


class PackingError(ValueError):
    """What is not known of a compressed table."""


def is_fpacked(header: fits.Header) -> bool:
    """Return whether the header is of a table that is compressed."""
    return bool(header.get("ZTABLE"))


def unpacked_table(header: fits.Header, content: bytes) -> fits.BinTableHDU:
    """Return the table that was compressed.

    Parameters
    ----------
    header : Header
    content : bytes
        Rows and heap.

    Raises
    ------
    PackingError
        If it is compressed in a way that is not known.
    ValueError, OSError, EOFError
        If it is damaged.
    """
    n_rows, row_size, tile_rows = (header[key] for key in ("ZNAXIS2", "ZNAXIS1", "ZTILELEN"))
    rows = np.empty((n_rows, row_size), dtype=np.uint8)
    plain, place = header.copy(), 0
    for key in _OWN_KEYWORDS:
        plain.remove(key, ignore_missing=True)
    for number, tiles in enumerate(_tiles(header, content), start=1):
        form = header[f"ZFORM{number}"].strip()
        repeat, size = _repeat_and_size(form)
        width = repeat * size
        lengths = [min(tile_rows, n_rows - start) * repeat for start in range(0, n_rows, tile_rows)]
        if width:
            algorithm = str(header.get(f"ZCTYP{number}", "GZIP_2")).strip()
            values = _column(algorithm, tiles, lengths, size)
            rows[:, place : place + width] = np.frombuffer(values, dtype=np.uint8).reshape(n_rows, width)
        place += width
        plain[f"TFORM{number}"] = form
        for key in (f"ZFORM{number}", f"ZCTYP{number}"):
            plain.remove(key, ignore_missing=True)
    plain["NAXIS1"], plain["NAXIS2"], plain["PCOUNT"] = row_size, n_rows, 0
    return fits.BinTableHDU.fromstring(plain.tostring().encode("ascii") + rows.tobytes())


def _repeat_and_size(form: str) -> tuple[int, int]:
    letters = form.lstrip("0123456789")
    if letters[:1] not in _SIZES:
        raise PackingError(f"columns of the format {form}")
    return int(form[: len(form) - len(letters)] or 1), _SIZES[letters[0]]


def _tiles(header: fits.Header, content: bytes) -> list[list[bytes]]:
    """Return the compressed bytes of each tile of each column: the rows hold their lengths and places in the heap."""
    n_tiles, width = header["NAXIS2"], header["NAXIS1"]
    heap = header.get("THEAP", n_tiles * width)
    fields = []
    for number in range(1, header["TFIELDS"] + 1):
        form = header[f"TFORM{number}"].lstrip("1")
        if form[:1] not in _POINTERS:
            raise PackingError(f"columns of the format {form}")
        fields.append((f"c{number}", _POINTERS[form[0]], 2))
    pointers = np.frombuffer(content, dtype=fields, count=n_tiles)
    return [
        [content[heap + start : heap + start + length] for length, start in pointers[name].tolist()]
        for name, _, _ in fields
    ]


def _column(algorithm: str, tiles: list[bytes], lengths: list[int], size: int) -> bytes:
    """Return the values of a column, big-endian, one after the other."""
    if algorithm == "RICE_1":
        return _rice(tiles, lengths, size)
    if algorithm not in ("GZIP_1", "GZIP_2", "NOCOMPRESS"):
        raise PackingError(algorithm)
    parts = []
    for tile, length in zip(tiles, lengths, strict=True):
        try:
            plain = tile if algorithm == "NOCOMPRESS" else gzip.decompress(tile)
        except zlib.error as error:
            raise ValueError(str(error)) from error
        if algorithm == "GZIP_2":  # the first bytes of all values, then the second ...
            plain = np.frombuffer(plain, dtype=np.uint8).reshape(size, length).T.tobytes()
        parts.append(plain)
    return b"".join(parts)


def _rice(tiles: list[bytes], lengths: list[int], size: int) -> bytes:
    """Return whole numbers that Rice's algorithm has compressed: those of an image, which astropy reads."""
    data: NDArray[Any] = np.empty(len(tiles), dtype=object)
    data[:] = [np.frombuffer(tile, dtype=np.uint8) for tile in tiles]
    image = fits.BinTableHDU.from_columns([fits.Column("COMPRESSED_DATA", "QB()", array=data)])
    image.header.update(
        {"ZIMAGE": True, "ZCMPTYPE": "RICE_1", "ZBITPIX": 8 * size, "ZNAXIS": 1, "ZNAXIS1": sum(lengths)}
        | {"ZTILE1": lengths[0], "ZNAME1": "BLOCKSIZE", "ZVAL1": _RICE_BLOCK, "ZNAME2": "BYTEPIX", "ZVAL2": size}
    )
    file = io.BytesIO()
    fits.HDUList([fits.PrimaryHDU(), image]).writeto(file)
    file.seek(0)
    with fits.open(file) as hdus:
        values = hdus[1].data
        return bytes(values.astype(f">{'u' if size == 1 else 'i'}{size}").tobytes())
