"""Reading filter curves: the embedded official set, CEFCA files, SVO VOTables and two-column text."""

import io
import re
from functools import cache
from pathlib import Path

import numpy as np

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.photometry.bands import Band, all_bands, find_band
from jpas_gui.core.photometry.filters import FilterCurve, FilterSet
from jpas_gui.core.resources import package_data

_SVO_NAMES = {"uJAVA": "uJava", "uJPAS": "u"}

_SUFFIXES = {".tab", ".res", ".dat", ".txt", ".ascii", ".xml", ".vot", ".votable"}


def svo_name(band: Band) -> str:
    """Return the name of a band at the SVO filter profile service, whose ids are ``OAJ/JPAS.<name>``."""
    return _SVO_NAMES.get(band.name, band.name)


@cache
def embedded_filters() -> FilterSet:
    """Return the official curves of all 60 bands (CEFCA, 2017-03-16) that travel with milespy."""
    curves = []
    for band in all_bands():
        data = package_data("milespy", f"config_files/filters/OAJ_JPAS.{svo_name(band)}.dat")
        curves.append(_curve(band, data.read_bytes(), data.name))
    return FilterSet.from_curves(curves, "OAJ/JPAS, CEFCA 2017-03-16, as carried by milespy")


def read_filters(path: Path) -> FilterSet:
    """Read a file, or a folder of files, with the user's own curves.

    Each file holds the curve of one band, whose name is part of the file's: ``JPAS_J0390.tab``,
    ``OAJ_JPAS.J0390.dat``, ``Jv0915_3900.res``. Bands without a file are not in the set.

    Parameters
    ----------
    path : Path
        Two columns of text (wavelength in Angstrom, throughput), with comments behind ``#``, or the
        VOTable of the SVO filter profile service.

    Raises
    ------
    InputError
        If there is no curve, or one cannot be used; the message names the file.
    """
    if not path.exists():
        raise InputError(f"{path}: no such file or folder")
    files = [path] if path.is_file() else _curve_files(path)
    if not files:
        raise InputError(f"{path}: no file in this folder is named after a J-PAS band (such as JPAS_J0390.tab)")
    return FilterSet.from_curves([_read_curve(file) for file in files], str(path))


def holds_curves(path: Path) -> bool:
    """Return whether a folder has files with the suffixes and names of filter curves."""
    return path.is_dir() and bool(_curve_files(path))


def _curve_files(folder: Path) -> list[Path]:
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in _SUFFIXES)
    return [file for file in files if band_of_file(file.name)]


def band_of_file(name: str) -> Band | None:
    """Return the band that a file is named after, or None."""
    stem = re.sub(r"\.[A-Za-z]+$", "", name)
    # From the whole stem to shorter tails: "OAJ_JPAS.J0390" -> "JPAS.J0390" -> "J0390".
    starts = [0, *(match.end() for match in re.finditer(r"[_.\-/ ]", stem))]
    return next((band for start in starts if (band := find_band(stem[start:]))), None)


def _read_curve(path: Path) -> FilterCurve:
    band = band_of_file(path.name)
    if band is None:
        raise InputError(f"{path}: the file's name holds no J-PAS band (such as JPAS_J0390.tab)")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    return _curve(band, content, str(path))


def _curve(band: Band, content: bytes, origin: str) -> FilterCurve:
    try:
        wavelength, transmission = _columns(content)
        return FilterCurve(band, *_without_outer_zeros(wavelength, _without_noise(transmission)))
    except InputError as error:
        raise InputError(f"{origin}: {error}") from error


def _columns(content: bytes) -> tuple[FloatArray, FloatArray]:
    if content.lstrip()[:5] == b"<?xml" or b"<VOTABLE" in content[:2000]:
        return _votable_columns(content)
    try:
        text = content.decode("utf-8-sig")
        if not any(line.split("#")[0].strip() for line in text.splitlines()):
            raise InputError("no rows: a curve has two columns of numbers")
        table = np.loadtxt(io.StringIO(text), usecols=(0, 1), ndmin=2)
    except (UnicodeDecodeError, ValueError, IndexError) as error:
        raise InputError(f"not two columns of numbers ({str(error).splitlines()[0]})") from error
    return table[:, 0], table[:, 1]


def _votable_columns(content: bytes) -> tuple[FloatArray, FloatArray]:
    # Imported when first needed: it costs a quarter of a second, and the embedded curves are text.
    from astropy.io.votable import parse_single_table

    try:
        table = parse_single_table(io.BytesIO(content), verify="ignore").to_table()
        wavelength = table["Wavelength"].quantity.to_value("Angstrom")
        transmission = np.asarray(table["Transmission"], dtype=float)
    except Exception as error:  # the parser raises many kinds
        raise InputError("not a VOTable with the columns Wavelength and Transmission of the SVO") from error
    return np.asarray(wavelength, dtype=float), transmission


_MEASUREMENT_NOISE = 0.01
"""Part of the peak below which a negative throughput is noise of the measurement, as in CEFCA's rSDSS."""


def _without_noise(transmission: FloatArray) -> FloatArray:
    noise = (transmission < 0) & (transmission > -_MEASUREMENT_NOISE * np.nanmax(transmission, initial=0))
    return np.where(noise, 0.0, transmission)


def _without_outer_zeros(wavelength: FloatArray, transmission: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Drop the zeros on both sides but the innermost, so that padding does not count as needed coverage."""
    inside = np.flatnonzero(transmission)
    if not inside.size:
        return wavelength, transmission
    kept = slice(max(inside[0] - 1, 0), inside[-1] + 2)
    return wavelength[kept], transmission[kept]
