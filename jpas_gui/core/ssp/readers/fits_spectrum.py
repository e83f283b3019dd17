"""The spectrum of a FITS file that holds one, wherever it lies and however its axis is written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from astropy.io import fits

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.readers.fits_spectra import FitsFile, open_fits
from jpas_gui.core.ssp.readers.spectral_axis import wavelengths_of_axis
from jpas_gui.core.ssp.readers.table_columns import SPECTRUM, WAVELENGTH, find_column, medium_of_name
from jpas_gui.core.ssp.wavelength_units import angstrom_of

_OTHER_IMAGES = re.compile(r"(i?var|err|error|ivar|sigma|mask|noise|.*_?res(olution)?|fwhm)", re.IGNORECASE)

_UNIT_CARDS = ("BUNIT", "FLUXUNIT", "FUNIT", "FUNITS", "YUNIT", "YUNITS")
"""Where the unit of a spectrum stands: the standard's BUNIT, or what some write instead."""


@dataclass(frozen=True, eq=False)
class FitsSpectrum:
    """A spectrum as its file has it.

    Parameters
    ----------
    headers : tuple of Header
        Its own and that of the file.
    wavelength : ndarray, shape (n_wave,)
        Angstrom, increasing.
    values : ndarray, shape (n_wave,)
        In `unit`.
    medium : str
        As `wavelengths_of_axis` returns it.
    unit, unit_place : str
        The unit of the values, "" where the file does not say it, and the keyword that does, or would.
    """

    headers: tuple[fits.Header, ...]
    wavelength: FloatArray
    values: FloatArray
    medium: str
    unit: str
    unit_place: str


def read_spectrum(content: bytes, unstated: str = "Angstrom") -> FitsSpectrum:
    """Return the spectrum of a FITS file.

    It is the first image of one dimension longer than a pixel, be it in an extension, compressed, or with axes of
    length one; or a table of wavelengths and luminosities.

    Parameters
    ----------
    unstated : str
        The unit of the wavelengths of such files where they do not say it.

    Raises
    ------
    InputError
        If there is none, or its wavelengths cannot be made out, with the reason alone.
    """
    with open_fits(content) as file:
        images = [hdu for hdu, _ in enumerate(file.names()) if _is_spectrum(file, hdu)]
        if images:
            return _of_image(file, _chosen(file.names(), images), unstated)
        table = next((hdu for hdu in range(1, len(file.names())) if _is_table(file, hdu)), None)
        if table is None:
            where = "its primary HDU" if len(file.names()) == 1 else f"any of its {len(file.names())} HDUs"
            raise InputError(f"no spectrum in {where}")
        return _of_table(file, table, unstated)


def _is_spectrum(file: FitsFile, hdu: int) -> bool:
    shape = file.shape(hdu)
    return sum(size > 1 for size in shape) == 1 and not _OTHER_IMAGES.fullmatch(file.names()[hdu])


def _chosen(names: Sequence[str], images: Sequence[int]) -> int:
    spectra = [hdu for hdu in images if not WAVELENGTH.fullmatch(names[hdu])]
    return next((hdu for hdu in spectra if SPECTRUM.fullmatch(names[hdu])), (spectra or images)[0])


def _of_image(file: FitsFile, hdu: int, unstated: str) -> FitsSpectrum:
    header, shape = file.header(hdu), file.shape(hdu)
    size = max(shape)
    axis = len(shape) - shape.index(size)  # FITS counts axes from the last of numpy's
    waves = [i for i, name in enumerate(file.names()) if i != hdu and WAVELENGTH.fullmatch(name)]
    same = next((i for i in waves if _is_spectrum(file, i) and max(file.shape(i)) == size), None)
    if same is not None and f"CRVAL{axis}" not in header:
        unit = _unit(file.header(same), ("BUNIT",))[0]
        wavelength = angstrom_of(file.image(same).ravel(), unit, f"BUNIT of {file.names()[same]}", unstated)
        medium = medium_of_name(file.names()[same])
    else:
        wavelength, medium = wavelengths_of_axis(header, size, axis, unstated, file.hdus())
    unit, place = _unit(header, _UNIT_CARDS)
    return _spectrum(file, hdu, wavelength, file.image(hdu).ravel(), medium, unit, place)


def _unit(header: fits.Header, keys: Sequence[str]) -> tuple[str, str]:
    found = ((str(header[key]).strip(), key) for key in keys if key in header)
    return next(((unit, key) for unit, key in found if unit), ("", keys[0]))


def _is_table(file: FitsFile, hdu: int) -> bool:
    names = file.columns(hdu)
    return bool(find_column(names, WAVELENGTH) and find_column(names, SPECTRUM))


def _of_table(file: FitsFile, hdu: int, unstated: str) -> FitsSpectrum:
    names = file.columns(hdu)
    wave, flux = find_column(names, WAVELENGTH), find_column(names, SPECTRUM)
    assert wave is not None  # only such tables are chosen
    assert flux is not None
    numbers, values = file.column(hdu, wave), file.column(hdu, flux)
    if numbers.size != values.size or max(values.shape, default=0) != values.size:
        raise InputError(f"its table holds {numbers.shape} wavelengths and {values.shape} values, not one spectrum")
    place, of_values = f"TUNIT{names.index(wave) + 1}", f"TUNIT{names.index(flux) + 1}"
    unit = file.column_unit(hdu, wave)
    wavelength = angstrom_of(numbers.ravel(), _logarithm_of_name(wave, unit), place, _logarithm_of_name(wave, unstated))
    return _spectrum(
        file, hdu, wavelength, values.ravel(), medium_of_name(wave), file.column_unit(hdu, flux), of_values
    )


def _logarithm_of_name(name: str, unit: str) -> str:
    return f"log10({unit})" if unit and name.lower().startswith("log") and "(" not in unit else unit


def _spectrum(
    file: FitsFile, hdu: int, wavelength: FloatArray, values: FloatArray, medium: str, unit: str, place: str
) -> FitsSpectrum:
    headers = (file.header(hdu), file.header(0)) if hdu else (file.header(0),)
    # Frequencies and energies increase where wavelengths decrease.
    if wavelength.size > 1 and wavelength[0] > wavelength[-1]:
        wavelength, values = np.flip(wavelength), np.flip(values)
    return FitsSpectrum(headers, wavelength, values, medium, unit, place)
