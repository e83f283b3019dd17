"""Filter curves: the embedded official set, and files and folders of a user's own."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.photometry.bands import OTHER_SURVEYS_BANDS, Band, all_bands, find_band
from jpas_gui.core.photometry.curve_formats import CurveTable, read_curve_table
from jpas_gui.core.photometry.filters import FilterCurve, FilterSet
from jpas_gui.core.resources import package_data

_SVO_NAMES = {"uJAVA": "uJava", "uJPAS": "u"}

_OF_TABLES = {".csv", ".ecsv", ".fits"}
"""Suffixes of curves that catalogues and libraries have, too."""

_SUFFIXES = {".tab", ".res", ".dat", ".txt", ".ascii", ".xml", ".vot", ".votable"} | _OF_TABLES

_OTHER_BANDS = OTHER_SURVEYS_BANDS | {"zsdss", "z", "f378", "f0378", "f410", "f0410", "f430", "f0430", "f660", "f0660"}
"""Words in the names of files that are of J-PLUS, S-PLUS or SDSS."""

_OTHER_INSTRUMENTS = {
    "ps1", "panstarrs", "starrs", "decam", "des", "decals", "lsst", "rubin", "hsc", "cfht", "megacam", "megaprime",
    "kids", "vst", "omegacam", "paus", "paucam", "alhambra", "subaru", "suprime", "skymapper", "ztf", "bessell",
    "johnson", "cousins", "stromgren", "sloan", "bass", "mzls", "gaia", "hst", "acs", "wfc3", "euclid", "wise",
    "galex", "2mass", "sdss",
}  # fmt: skip
"""Words in the names of files that are of other surveys and instruments, whose bands g, r, i are not those of J-PAS."""

_LISTED = 12
"""Names that are listed in notes and messages."""

_WIDE = 300
"""Angstrom; the bands that are wider are uJAVA, J1007 and the broad bands."""

_FARTHEST = 100
"""Angstrom from a narrow band to the next."""

_NOTED = 30
"""Angstrom from the official curve, from which on a note says so."""

_NARROWEST, _WIDEST, _WIDEST_WIDE = 0.4, 1.25, 2.0
"""Ratios of the widths of a user's curve, of a narrow and of a wide band, to that of the official one."""


def svo_name(band: Band) -> str:
    """Return the name of a band at the SVO filter profile service, whose ids are ``OAJ/JPAS.<name>``."""
    return _SVO_NAMES.get(band.name, band.name)


@cache
def embedded_filters() -> FilterSet:
    """Return the official curves of all 60 bands (CEFCA, 2017-03-16) that travel with milespy."""
    curves = []
    for band in all_bands():
        data = package_data("milespy", f"config_files/filters/OAJ_JPAS.{svo_name(band)}.dat")
        curves.append(_curve(band, read_curve_table(data.read_bytes())))
    return FilterSet.from_curves(curves, "OAJ/JPAS, CEFCA 2017-03-16, as carried by milespy")


def with_own_filters(path: Path) -> FilterSet:
    """Return the official set with a user's own curves in its place, band by band; its notes say of which.

    Parameters and errors are those of `read_filters`.
    """
    own, official = read_filters(path), embedded_filters()
    notes = list(own.notes)
    others = [name for name in official.names if name not in own.names]
    if others:
        notes.append(f"filter curves from {path}: {_listed(own.names)}; the official ones: {_listed(others)}")
    return official.replaced_by(own.curves, own.source, notes)


def read_filters(path: Path) -> FilterSet:
    """Read a file, or a folder of files, with the user's own curves.

    Each file holds the curve of one band, whose name is part of the file's: ``JPAS_J0390.tab``,
    ``OAJ_JPAS.J0390.dat``, ``Jv0915_3900.res``. Bands without a file are not in the set; its notes say which files
    are of no band, whose throughput is one of energy, and which curves lie far from the official ones.

    Parameters
    ----------
    path : Path
        The first two columns of text (wavelength in Angstrom, throughput), with comments behind ``#`` or ``!``; CSV;
        tables as ECSV or FITS with columns of such names; the VOTable of the SVO filter profile service.

    Raises
    ------
    InputError
        If there is no curve, one cannot be used, or one is of another survey; the message names the file.
    """
    if not path.exists():
        raise InputError(f"{path}: no such file or folder")
    candidates = [path] if path.is_file() else _candidates(path)
    _refuse_other_surveys(path, candidates)
    files = [path] if path.is_file() else [file for file in candidates if band_of_file(file.name)]
    if not files:
        raise InputError(f"{path}: no file in this folder is named after a J-PAS band (such as JPAS_J0390.tab)")
    read = [_read_curve(file) for file in files]
    notes = []
    if passed_over := [file.name for file in candidates if file not in files]:
        notes.append(f"filter curves from {path}: passed over, named after no band: {_listed(passed_over)}")
    if energy := [curve.band.name for curve, counts_energy in read if counts_energy]:
        notes.append(f"filter curves from {path}: of energy counters, so divided by wavelength: {_listed(energy)}")
    if apart := [_how_far(curve) for curve, _ in read if abs(_from_official(curve)) >= _NOTED]:
        notes.append(f"filter curves from {path}: far from the official ones, are they of J-PAS? {_listed(apart)}")
    return FilterSet.from_curves([curve for curve, _ in read], str(path), notes)


def _from_official(curve: FilterCurve) -> float:
    """Return how far the pivot of a curve is from that of the official one of its band, Angstrom."""
    return float(curve.pivot - embedded_filters().curves[curve.band.filter_id - 1].pivot)


def _how_far(curve: FilterCurve) -> str:
    return f"{curve.band.name} ({_from_official(curve):+.0f} A)"


def holds_curves(path: Path) -> bool:
    """Return whether a folder has files with the suffixes and names of filter curves."""
    return path.is_dir() and any(band_of_file(file.name) for file in _candidates(path) if file.suffix not in _OF_TABLES)


def _candidates(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.suffix.lower() in _SUFFIXES)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_LISTED])
    return shown if len(names) <= _LISTED else f"{shown} and {len(names) - _LISTED} more"


def _refuse_other_surveys(path: Path, files: Sequence[Path]) -> None:
    """Refuse a folder in which bands of another survey lie: its other bands may have the names of J-PAS."""
    others = [file.name for file in files if _is_other_survey(file.name)]
    if others:
        raise InputError(
            f"{path}: curves of another survey than J-PAS ({_listed(others)}): bands of one name are not the same in "
            "both; give curves of J-PAS alone"
        )


def _is_other_survey(name: str) -> bool:
    words = re.split(r"[_.\-/ ]", name.rsplit(".", 1)[0].lower())
    if not _OTHER_BANDS.isdisjoint(words):
        return True
    joined = "".join(words)
    is_other = "jplus" in joined or "splus" in joined or not _OTHER_INSTRUMENTS.isdisjoint(words)
    return is_other and "jpas" not in joined


def band_of_file(name: str) -> Band | None:
    """Return the band that a file is named after, or None."""
    stem = re.sub(r"\.[A-Za-z]+$", "", name)
    # From the whole stem to shorter tails: "OAJ_JPAS.J0390" -> "JPAS.J0390" -> "J0390".
    starts = [0, *(match.end() for match in re.finditer(r"[_.\-/ ]", stem))]
    return next((band for start in starts if (band := find_band(stem[start:]))), None)


def _read_curve(path: Path) -> tuple[FilterCurve, bool]:
    """Return the curve of a user's file, and whether the file has it for an energy counter."""
    band = band_of_file(path.name)
    if band is None:
        raise InputError(f"{path}: the file's name holds no J-PAS band (such as JPAS_J0390.tab)")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    try:
        table = read_curve_table(content)
        if table.survey:
            raise InputError(f"the file says that it is a curve of {table.survey}: give one of J-PAS")
        curve = _curve(band, table)
        _check_place(curve)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
    return curve, table.counts_energy


def _check_place(curve: FilterCurve) -> None:
    """Refuse what cannot be a curve of its band, by the official one: a curve of another survey, or band.

    The designs of 2014 and 2015 lie within 20 A of the narrow bands and have their widths; that of uJAVA is a third
    narrower, and the iSDSS that is passed around lies 160 A blue of the official one.
    """
    name, official = curve.band.name, embedded_filters().curves[curve.band.filter_id - 1]
    is_wide = curve.band.width > _WIDE
    farthest = official.fwhm / 2 if is_wide else _FARTHEST
    if abs(_from_official(curve)) >= farthest:
        raise InputError(
            f"the curve of {name} lies at {curve.pivot:.0f} A, that of J-PAS at {official.pivot:.0f} A: it is of "
            "another band, or survey"
        )
    if not _NARROWEST < curve.fwhm / official.fwhm < (_WIDEST_WIDE if is_wide else _WIDEST):
        raise InputError(
            f"the curve of {name} is {curve.fwhm:.0f} A wide, that of J-PAS {official.fwhm:.0f} A: it is of another "
            "band, or survey"
        )


def _curve(band: Band, table: CurveTable) -> FilterCurve:
    wavelength, throughput = _without_outer_zeros(table.wavelength, _without_noise(table.throughput))
    if table.counts_energy and wavelength[0] > 0:
        # INT f S dlambda of an energy counter is INT f T lambda dlambda of photons with T = S / lambda, on any scale.
        throughput = throughput * wavelength[0] / wavelength
    return FilterCurve(band, wavelength, throughput)


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
