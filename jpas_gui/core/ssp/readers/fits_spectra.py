"""FITS files: opening them, taking data from them, and what is said when they are damaged."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from astropy.io import fits

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import FITS_MAGIC


class FitsFile:
    """The HDUs of an open file. What is missing or damaged is an InputError with the reason alone."""

    def __init__(self, hdus: fits.HDUList) -> None:
        self._hdus = hdus

    def names(self) -> tuple[str, ...]:
        """Return the name of every HDU."""
        names: list[str] = []
        end = -1
        with _damage_told():
            for hdu in self._hdus:
                start = hdu.fileinfo()["hdrLoc"]
                # A negative size leads back to an HDU before, and astropy round and round.
                if start <= end:
                    raise InputError("cut short or damaged")
                end = start
                names.append(str(hdu.name))
        return tuple(names)

    def header(self, hdu: int) -> fits.Header:
        """Return a header; its cards are parsed when they are taken."""
        with _damage_told():
            return self._hdus[hdu].header

    def image(self, hdu: int | str) -> FloatArray:
        """Return the data of an image, of no dimension where it has none."""
        with _damage_told():
            return np.asarray(self._hdus[hdu].data, dtype=float)

    def columns(self, hdu: int) -> tuple[str, ...]:
        """Return the names of a table's columns, none where it is no table."""
        with _damage_told():
            found = self._hdus[hdu]
            return tuple(found.columns.names) if isinstance(found, fits.BinTableHDU) else ()

    def column(self, hdu: int, column: int | str) -> FloatArray:
        """Return a column of a table, by its name or place."""
        with _damage_told():
            return np.asarray(self._hdus[hdu].data.field(column), dtype=float)


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
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # Odd cards and missing padding do no harm; missing data raises when it is taken.
        warnings.simplefilter("ignore")
        with _damage_told():
            hdus = fits.open(io.BytesIO(content), memmap=False)
        with hdus:
            yield FitsFile(hdus)


@contextmanager
def _damage_told() -> Iterator[None]:
    """Turn what astropy raises into a message; nothing but calls of astropy belongs into its block."""
    try:
        yield
    except (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, fits.VerifyError) as error:
        raise InputError("cut short or damaged") from error


def read_primary(content: bytes) -> tuple[fits.Header, FloatArray]:
    """Return header and spectrum, shape (n_wave,), of the primary HDU.

    Raises
    ------
    InputError
        If there is no spectrum in it, with the reason alone.
    """
    with open_fits(content) as file:
        header, spectrum = file.header(0), file.image(0)
    if spectrum.ndim != 1:
        raise InputError("no spectrum in its primary HDU")
    return header, spectrum


def linear_axis(header: fits.Header, n: int) -> FloatArray:
    """Return the world coordinates of n pixels of a linear axis, shape (n,).

    Raises
    ------
    InputError
        If the header does not give them, with the reason alone.
    """
    try:
        start, pixel = float(header["CRVAL1"]), float(header.get("CRPIX1", 1.0))
        step = float(header["CDELT1"] if "CDELT1" in header else header["CD1_1"])
    except (KeyError, TypeError, ValueError, fits.VerifyError) as error:
        raise InputError("its header does not give the wavelengths (CRVAL1, CDELT1)") from error
    return np.asarray(start + (np.arange(1, n + 1) - pixel) * step, dtype=float)


def read_linear_spectrum(content: bytes) -> tuple[fits.Header, FloatArray, FloatArray]:
    """Return header, wavelength in Angstrom and spectrum of a file with linear wavelengths.

    Raises
    ------
    InputError
        If there is no such spectrum, with the reason alone.
    """
    header, luminosity = read_primary(content)
    wavelength = linear_axis(header, luminosity.size)
    if wavelength[0] < _SHORTEST:
        raise InputError(f"its wavelengths are not linear in Angstrom: they begin at {wavelength[0]:g}")
    return header, wavelength, luminosity


_SHORTEST = 50.0
"""Below it wavelengths are logarithms, nanometres or micrometres: no spectrum of stars begins there in Angstrom."""
