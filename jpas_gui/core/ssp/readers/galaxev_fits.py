"""GALAXEV's FITS tables (BC03, CB07, CB19), one file per metallicity.

HDU 1 holds the column ``Wavelength`` and one column per age; a later HDU, the fifth as released, the ages in its column
``age-yr`` (https://github.com/gbruzual/GALAXEV). Names of the SED columns are rounded ages: only their order counts.
Columns without a unit are in Angstrom, yr and Lsun / Angstrom / Msun.
"""

import re
from collections.abc import Sequence

import numpy as np

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.library import SSPLibrary
from jpas_gui.core.ssp.model_files import ModelFile
from jpas_gui.core.ssp.readers.ages import log_age
from jpas_gui.core.ssp.readers.fits_spectra import FitsFile, look_into, open_fits
from jpas_gui.core.ssp.readers.galaxev_models import GalaxevTable, galaxev_variants, read_galaxev
from jpas_gui.core.ssp.readers.reader import Reader, Request, has_fits_name, some_file
from jpas_gui.core.ssp.readers.stated import Stated
from jpas_gui.core.ssp.wavelength_units import angstrom_of

_AGE = "age-yr"


def _select(files: Sequence[ModelFile]) -> list[ModelFile]:
    candidates = [file for file in files if has_fits_name(file.name)]
    return candidates if some_file(candidates, _has_tables) else []


def _has_tables(file: ModelFile) -> bool:
    try:
        with look_into(file) as tables:
            return _has_spectra(tables) and _hdu_of_ages(tables) is not None
    except InputError:
        return False


def _has_spectra(tables: FitsFile) -> bool:
    return len(tables.names()) > 1 and tables.columns(1)[:1] == ("Wavelength",)


def _hdu_of_ages(tables: FitsFile) -> int | None:
    return next((hdu for hdu in range(2, len(tables.names())) if _AGE in tables.columns(hdu)), None)


def _read(request: Request) -> SSPLibrary:
    return read_galaxev(request, READER.format, _read_table)


def _read_table(content: bytes) -> GalaxevTable:
    with open_fits(content) as tables:
        if not _has_spectra(tables):
            raise InputError("no table of spectra with a column Wavelength in its first extension")
        ages = _hdu_of_ages(tables)
        if ages is None:
            raise InputError(f"no table of ages with a column {_AGE}: the file is cut short or of another kind")
        age, wavelength = tables.column(ages, _AGE), tables.column(1, 0)
        spectra = [tables.column(1, column) for column in range(1, len(tables.columns(1)))]
        units = {_plain(tables.column_unit(1, column)) for column in range(1, len(tables.columns(1)))}
        of_age, of_wavelength = (_plain(tables.column_unit(*place)) for place in ((ages, _AGE), (1, 0)))
    if any(column.ndim != 1 for column in (age, wavelength, *spectra)):
        raise InputError("a column with several numbers in a row, not one")
    if not spectra or len(spectra) != age.size:
        raise InputError(f"{len(spectra)} spectra but {age.size} ages")
    if len(units) > 1:
        raise InputError(f"its spectra are in several units (TUNITn): {', '.join(sorted(units))}")
    wavelength = angstrom_of(wavelength, of_wavelength, "TUNIT1")
    return GalaxevTable(wavelength, _years(age, of_age), np.array(spectra), units.pop(), "TUNIT2")


def _plain(unit: str) -> str:
    """Return a unit without what is said of its column, as in ``Lo/A (SED at t = 1.0E5 yr)``."""
    return re.sub(r"\s*\([^()]*\b(?:SED|age|t|wavelength)\b[^()]*\)\s*$", "", unit)


def _years(age: FloatArray, unit: str) -> FloatArray:
    if not unit or unit == "yr":
        return age
    return np.array([10 ** log_age(Stated("age", value, f"[{unit}]"))[0] if value else 0.0 for value in age.tolist()])


READER = Reader("GALAXEV, FITS tables", _select, _read, galaxev_variants)
