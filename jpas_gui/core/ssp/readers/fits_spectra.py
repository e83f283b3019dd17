"""FITS files: opening them, taking data from them, and what is said when they are damaged."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import numpy as np
from astropy.io import fits

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.damage import damage_told
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import FITS_MAGIC
from jpas_gui.core.ssp.model_files import ModelFile
from jpas_gui.core.ssp.readers.reader import is_fits

_TABLES = (fits.BinTableHDU, fits.TableHDU)


class FitsFile:
    """The HDUs of an open file. What is missing or damaged is an InputError with the reason alone."""

    def __init__(self, hdus: fits.HDUList) -> None:
        self._hdus = hdus

    def names(self) -> tuple[str, ...]:
        """Return the name of every HDU."""
        names: list[str] = []
        end = -1
        with damage_told():
            for hdu in self._hdus:
                start = hdu.fileinfo()["hdrLoc"]
                # A negative size leads back to an HDU before, and astropy round and round.
                if start <= end:
                    raise InputError("cut short or damaged")
                end = start
                names.append(str(hdu.name))
        return tuple(names)

    def header(self, hdu: int) -> fits.Header:
        """Return a header without comments, and without the cards that cannot be parsed."""
        with damage_told():
            header = self._hdus[hdu].header
            return fits.Header(card for card in header.cards if _is_whole(card))

    def hdus(self) -> fits.HDUList:
        """Return all of them, for astropy's own readers."""
        return self._hdus

    def shape(self, hdu: int) -> tuple[int, ...]:
        """Return the shape of an image, () where there is none."""
        with damage_told():
            found = self._hdus[hdu]
            return tuple(int(size) for size in found.shape) if found.is_image else ()

    def image(self, hdu: int | str) -> FloatArray:
        """Return the data of an image, of no dimension where it has none."""
        with damage_told():
            return np.asarray(self._hdus[hdu].data, dtype=float)

    def columns(self, hdu: int) -> tuple[str, ...]:
        """Return the names of a table's columns, none where it is no table."""
        with damage_told():
            found = self._hdus[hdu]
            return tuple(name or "" for name in found.columns.names) if isinstance(found, _TABLES) else ()

    def column(self, hdu: int, column: int | str) -> FloatArray:
        """Return a column of a table, by its name or place."""
        with damage_told():
            return np.asarray(self._hdus[hdu].data.field(column), dtype=float)

    def is_vector(self, hdu: int, column: str) -> bool:
        """Whether a column holds several numbers in a row; its data is not read."""
        with damage_told():
            return len(self._hdus[hdu].columns.dtype[column].shape) > 0

    def column_unit(self, hdu: int, column: int | str) -> str:
        """Return the unit of a column (TUNIT), "" where the header gives none."""
        with damage_told():
            columns = self._hdus[hdu].columns
            return str(columns[column].unit or "").strip()


def _is_whole(card: fits.Card) -> bool:
    try:
        return card.keyword not in ("COMMENT", "HISTORY", "") and card.value is not None
    except fits.VerifyError:
        return False


@contextmanager
def open_fits(content: bytes) -> Iterator[FitsFile]:
    """Open the content of a FITS file.

    Raises
    ------
    InputError
        If it is no such file, with the reason alone: who opens knows the file.
    """
    if not content.startswith(FITS_MAGIC):
        raise InputError("empty" if not content else "not a FITS file")
    with _opened(io.BytesIO(content)) as file:
        yield file


@contextmanager
def look_into(file: ModelFile) -> Iterator[FitsFile]:
    """Open a FITS file to see what it is: of large data only what is asked for is read.

    Raises
    ------
    InputError
        If it is no such file, with the reason alone.
    """
    if not is_fits(file):
        raise InputError("not a FITS file")
    with file.unpacked() as stream, _opened(stream) as opened:
        yield opened


@contextmanager
def _opened(stream: IO[bytes]) -> Iterator[FitsFile]:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # Odd cards and missing padding do no harm; missing data raises when it is taken.
        warnings.simplefilter("ignore")
        with damage_told():
            hdus = fits.open(stream, memmap=False)
        with hdus:
            yield FitsFile(hdus)
