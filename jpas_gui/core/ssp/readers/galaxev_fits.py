"""GALAXEV's FITS tables (BC03, CB07, CB19), one file per metallicity.

HDU 1 holds the column ``Wavelength`` and one column per age; a later HDU, the fifth as released, the ages in its column
``age-yr`` (https://github.com/gbruzual/GALAXEV). Names of the SED columns are rounded ages: only their order counts.
"""

from collections.abc import Sequence

import numpy as np
from astropy.io import fits

from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.library import SSPLibrary
from jpas_gui.core.ssp.model_files import ModelFile
from jpas_gui.core.ssp.readers.fits_spectra import open_fits
from jpas_gui.core.ssp.readers.galaxev_models import GalaxevTable, galaxev_variants, read_galaxev
from jpas_gui.core.ssp.readers.reader import Reader, Request, has_fits_name, is_fits, some_file

_AGE = "age-yr"


def _select(files: Sequence[ModelFile]) -> list[ModelFile]:
    candidates = [file for file in files if has_fits_name(file.name)]
    return candidates if some_file(candidates, _has_tables) else []


def _has_tables(file: ModelFile) -> bool:
    if not is_fits(file):
        return False
    try:
        content, _ = file.read()
        with open_fits(content) as hdus:
            return len(hdus) > 1 and _is_spectra(hdus[1]) and any(_AGE in _columns(hdu) for hdu in hdus[2:])
    except InputError:
        return False


def _columns(hdu: fits.hdu.base.ExtensionHDU) -> list[str]:
    return list(hdu.columns.names) if isinstance(hdu, fits.BinTableHDU) else []


def _is_spectra(hdu: fits.hdu.base.ExtensionHDU) -> bool:
    return _columns(hdu)[:1] == ["Wavelength"]


def _read(request: Request) -> SSPLibrary:
    return read_galaxev(request, READER.format, _read_table)


def _read_table(content: bytes) -> GalaxevTable:
    with open_fits(content) as hdus:
        if len(hdus) < 2 or not _is_spectra(hdus[1]):
            raise InputError("no table of spectra with a column Wavelength in its first extension")
        times = next((hdu for hdu in hdus[2:] if _AGE in _columns(hdu)), None)
        if times is None:
            raise InputError(f"no table of ages with a column {_AGE}: the file is cut short or of another kind")
        age = np.asarray(times.data[_AGE], dtype=float)
        table = hdus[1].data
        wavelength = np.asarray(table["Wavelength"], dtype=float)
        luminosity = np.array([table.field(i) for i in range(1, len(hdus[1].columns))], dtype=float)
    if len(luminosity) != age.size:
        raise InputError(f"{len(luminosity)} spectra but {age.size} ages")
    return wavelength, age, luminosity, None


READER = Reader("GALAXEV, FITS tables", _select, _read, galaxev_variants)
