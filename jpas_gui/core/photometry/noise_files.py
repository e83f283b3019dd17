"""Reading the errors that ``jpas-gui noise calibrate`` measured in a catalogue."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from astropy.table import Table

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.damage import damage_told
from jpas_gui.core.errors import InputError
from jpas_gui.core.photometry.bands import find_band
from jpas_gui.core.photometry.noise import MeasuredNoise

_MEASURED_COLUMNS = ("band", "magnitude", "magnitude_error")


def read_measured_noise(path: Path, bands: Sequence[str], zero_point_error: float = 0.0) -> MeasuredNoise:
    """Read an ECSV table with the columns band, magnitude (centre of the bin) and magnitude_error.

    Parameters
    ----------
    path : Path
    bands : sequence of str
        Names of the bands whose errors are wanted; a band that the file does not have gets NaN.
    zero_point_error : float
        mag, to be added in quadrature.

    Raises
    ------
    InputError
        If the file cannot be read, a column is missing or holds no numbers, or no band is among `bands`.
    """
    with damage_told(path, "not an ECSV table", with_reason=True):
        table = Table.read(path, format="ascii.ecsv")
    missing = [name for name in _MEASURED_COLUMNS if name not in table.colnames]
    if missing:
        raise InputError(f"{path}: no column {missing[0]!r}; a noise file has {', '.join(_MEASURED_COLUMNS)}")
    magnitude, measured = (_numbers(table, name, path) for name in _MEASURED_COLUMNS[1:])
    if not np.isfinite(magnitude).all():
        raise InputError(f"{path}: the column 'magnitude' must hold numbers, without gaps")
    centre, bins = np.unique(magnitude, return_inverse=True)
    error = np.full((len(bands), centre.size), np.nan)
    for name, bin_, value in zip(table["band"], bins, measured, strict=True):
        band = find_band(str(name))
        if band and band.name in bands and value > 0:
            error[list(bands).index(band.name), bin_] = value
    if not np.isfinite(error).any():
        raise InputError(f"{path}: no error of any of the bands in use")
    return MeasuredNoise(path.stem, centre, error, zero_point_error)


def _numbers(table: Table, name: str, path: Path) -> FloatArray:
    try:
        # A gap in the file is a masked value.
        return np.ma.filled(np.ma.asarray(table[name]).astype(float), np.nan)
    except (TypeError, ValueError) as problem:
        raise InputError(f"{path}: the column {name!r} must hold numbers") from problem
