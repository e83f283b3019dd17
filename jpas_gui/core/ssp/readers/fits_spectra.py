"""One-dimensional spectra in FITS files."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from astropy.io import fits

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.errors import InputError


@contextmanager
def open_fits(content: bytes) -> Iterator[fits.HDUList]:
    """Open the content of a FITS file; whatever is wrong with it, found now or when data is taken, is an InputError.

    Raises
    ------
    InputError
        With the reason alone: who opens knows the file.
    """
    if not content.startswith(b"SIMPLE  ="):
        raise InputError("empty" if not content else "not a FITS file")
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # Odd cards and missing padding do no harm; missing data raises when it is taken.
        warnings.simplefilter("ignore")
        try:
            with fits.open(io.BytesIO(content), memmap=False) as hdus:
                yield hdus
        except (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, fits.VerifyError) as error:
            raise InputError("cut short or damaged") from error


def read_primary(content: bytes) -> tuple[fits.Header, FloatArray]:
    """Return header and spectrum, shape (n_wave,), of the primary HDU.

    Raises
    ------
    InputError
        If there is no spectrum in it, with the reason alone.
    """
    with open_fits(content) as hdus:
        header, data = hdus[0].header, hdus[0].data
        if data is None or data.ndim != 1:
            raise InputError("no spectrum in its primary HDU")
        return header, np.asarray(data, dtype=float)


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
