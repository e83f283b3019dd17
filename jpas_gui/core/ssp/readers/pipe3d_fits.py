"""The template files of FIT3D and Pipe3D (Sanchez et al. 2016), all models of a library in one image.

A row of the image is a spectrum that is one at its normalisation. ``NAMEn`` of the header says age and Z of row n,
``spec_ssp_1.122Gyr_z0075640.dat`` or ``spec_ssp_00.0010_z004.spec``, and ``NORMn`` the luminosity in Lsun / Angstrom /
Msun (Lsun 3.826e33 erg/s) by which it was divided: FIT3D takes 1 / NORMn for the mass-to-light ratio.
"""

import re
from collections.abc import Sequence

import numpy as np
from astropy.io import fits

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.grid import Model, library_from_models, log_age_of, metallicity_of
from jpas_gui.core.ssp.library import LibrarySource, SSPLibrary
from jpas_gui.core.ssp.luminosity_units import NO_MASS
from jpas_gui.core.ssp.model_files import ModelFile
from jpas_gui.core.ssp.readers.fits_spectra import look_into, open_fits
from jpas_gui.core.ssp.readers.model_spectra import (
    ModelSpectra,
    medium_of,
    near_range,
    read_model_files,
    single_precision,
)
from jpas_gui.core.ssp.readers.reader import Reader, Request, choose_variant, first_files, has_fits_name
from jpas_gui.core.ssp.readers.spectral_axis import wavelengths_of_axis

SOLAR_METALLICITY = 0.02

_NAME = re.compile(r"ssp_(?P<age>\d+\.?\d*)(?P<unit>Gyr|Myr)?_z(?P<z>\d+)", re.IGNORECASE)
_YEARS = {"": 1e9, "gyr": 1e9, "myr": 1e6}


def _select(files: Sequence[ModelFile]) -> list[ModelFile]:
    candidates = (file for file in files if has_fits_name(file.name))
    return [file for file in first_files(candidates) if _has_templates(file)]


def _has_templates(file: ModelFile) -> bool:
    try:
        with look_into(file) as hdus:
            return len(hdus.shape(0)) == 2 and bool(_NAME.search(str(hdus.header(0).get("NAME0", ""))))
    except InputError:
        return False


def _read(request: Request) -> SSPLibrary:
    choose_variant(request, [""])
    spectra = read_model_files(request, request.files, _parse)
    stem = request.files[0].name.split(".fit")[0]
    source = LibrarySource(
        format=READER.format,
        files=spectra.files,
        solar_metallicity=SOLAR_METALLICITY,
        medium=medium_of(spectra, otherwise="air"),
        assumed=spectra.assumed,
    )
    return library_from_models(stem.lower(), f"{stem} (Pipe3D)", spectra.wavelength, spectra.models, source)


def _parse(file: ModelFile, content: bytes) -> ModelSpectra:
    with open_fits(content) as hdus:
        header, rows = hdus.header(0), hdus.image(0)
        wavelength, medium = wavelengths_of_axis(header, rows.shape[1], 1)
    kept = near_range(wavelength)
    models = [_model(header, row, spectrum[kept], file.origin) for row, spectrum in enumerate(rows)]
    assumed = (f"the solar Z is {SOLAR_METALLICITY:g}",)
    return ModelSpectra(wavelength[kept], tuple(models), medium=medium, unit_place="NORMn", assumed=assumed)


def _model(header: fits.Header, row: int, spectrum: FloatArray, origin: str) -> Model:
    name, norm = str(header.get(f"NAME{row}", "")), header.get(f"NORM{row}", 1.0)
    match = _NAME.search(name)
    if not match:
        raise InputError(
            f"NAME{row} = '{name}' does not say age and metallicity, as spec_ssp_1.122Gyr_z0075640.dat does"
        )
    if not isinstance(norm, float | int) or isinstance(norm, bool) or not 0 < norm < np.inf:
        raise InputError(f"its spectra are normalised by NORM{row} = {norm}, {NO_MASS}")
    z = float(f"0.{match['z']}")
    return Model(
        log_age_of(float(match["age"]) * _YEARS[(match["unit"] or "").lower()]),
        metallicity_of(z, SOLAR_METALLICITY),
        single_precision(spectrum * norm),
        f"{origin}: row {row}",
    )


READER = Reader("Pipe3D templates, FITS", _select, _read, is_one_file=True)
