"""One FITS file per model with age and metallicity in the header: AGE in Gyr and Z.

As the MPA-JHU and MaNGA pipelines carry BC03: linear wavelengths, Lsun / Angstrom / Msun. Air or vacuum is measured on
the lines of an old model; where they do not tell, wavelengths are taken as air, as those of BC03 in the optical.
"""

import io
import warnings
from collections.abc import Sequence

from astropy.io import fits

from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.citations import citation_of
from jpas_gui.core.ssp.grid import Model, library_from_models, log_age_of, metallicity_of
from jpas_gui.core.ssp.library import LibrarySource, SSPLibrary
from jpas_gui.core.ssp.medium import medium_of_models
from jpas_gui.core.ssp.model_files import ModelFile
from jpas_gui.core.ssp.readers.fits_spectra import read_linear_spectrum
from jpas_gui.core.ssp.readers.model_spectra import ModelSpectra, near_range, read_model_files, single_precision
from jpas_gui.core.ssp.readers.reader import Reader, Request, choose_variant, has_fits_name, is_fits, some_file

SOLAR_METALLICITY = 0.02

_HEADER_SIZE = 36 * 2880
_LARGEST_Z = 0.15
_OLDEST = 25.0
"""Gyr. Beyond these limits Z is a redshift and AGE something else."""


def _select(files: Sequence[ModelFile]) -> list[ModelFile]:
    candidates = [file for file in files if has_fits_name(file.name)]
    if not some_file(candidates, _has_parameters):
        return []
    return candidates


def _has_parameters(file: ModelFile) -> bool:
    if not is_fits(file):
        return False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            _parameters(fits.Header.fromfile(io.BytesIO(file.head(_HEADER_SIZE))))
        except (InputError, OSError, ValueError, fits.VerifyError):
            return False
    return True


def _parameters(header: fits.Header) -> tuple[float, float]:
    """Age in Gyr and Z."""
    try:
        age, z = float(header["AGE"]), float(header["Z"])
    except (KeyError, TypeError, ValueError, fits.VerifyError) as error:
        raise InputError("its header does not give age and metallicity (AGE, Z)") from error
    if not 0 < age <= _OLDEST or not 0 < z <= _LARGEST_Z:
        raise InputError(f"its header gives no age in Gyr and metallicity: AGE = {age:g}, Z = {z:g}")
    return age, z


def _read(request: Request) -> SSPLibrary:
    choose_variant(request, [""])
    spectra = read_model_files(request, request.files, _parse)
    is_bc03 = all("bc03" in file.name.lower() for file in spectra.files)
    citation = citation_of("bc03") if is_bc03 else None
    source = LibrarySource(
        format=READER.format,
        files=spectra.files,
        solar_metallicity=SOLAR_METALLICITY,
        medium=medium_of_models(spectra.wavelength, spectra.models, otherwise="air"),
        citation=citation.text if citation else "",
        licence=citation.licence if citation else "",
        skipped=spectra.skipped,
    )
    name = "bc03" if is_bc03 else request.path.name.split(".")[0].lower()
    title = "BC03" if is_bc03 else request.path.name
    return library_from_models(name, title, spectra.wavelength, spectra.models, source)


def _parse(file: ModelFile, content: bytes) -> ModelSpectra:
    header, wavelength, luminosity = read_linear_spectrum(content)
    age, z = _parameters(header)
    kept = near_range(wavelength)
    model = Model(
        log_age_of(age * 1e9),
        metallicity_of(z, SOLAR_METALLICITY),
        single_precision(luminosity[kept]),
        file.origin,
    )
    return ModelSpectra(wavelength[kept], (model,))


READER = Reader("one FITS per model, parameters in the header", _select, _read)
