"""One FITS file per model with age and metallicity in the header, such as AGE and Z.

As the MPA-JHU and MaNGA pipelines carry BC03. Units are those that the header gives; without any they are Angstrom,
Gyr and Lsun / Angstrom / Msun, where the numbers do not say otherwise. Where the header does not tell air from vacuum,
it is measured on the lines of an old model; where they do not tell either, wavelengths are taken as air, as those of
BC03 in the optical.
"""

import io
import warnings
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from astropy.io import fits

from jpas_gui.core.damage import damage_told
from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.citations import citation_of
from jpas_gui.core.ssp.grid import library_from_models
from jpas_gui.core.ssp.library import LibrarySource, SSPLibrary
from jpas_gui.core.ssp.model_files import ModelFile
from jpas_gui.core.ssp.readers.ages import log_age
from jpas_gui.core.ssp.readers.fits_spectra import look_into
from jpas_gui.core.ssp.readers.fits_spectrum import FitsSpectrum, read_spectrum
from jpas_gui.core.ssp.readers.header_parameters import parameters_of_header
from jpas_gui.core.ssp.readers.metallicities import LARGEST_Z, metallicity
from jpas_gui.core.ssp.readers.model_spectra import ModelSpectra, medium_of, read_model_files, spectra_of_file
from jpas_gui.core.ssp.readers.reader import Reader, Request, choose_variant, has_fits_name, is_fits, some_file

SOLAR_METALLICITY = 0.02

_SOLAR_CARDS = ("ZSUN", "Z_SUN", "ZSOLAR", "SOLARZ")


_HEADER_SIZE = 36 * 2880
_FILES_OPENED = 3
"""Of those whose first header says nothing: enough to know whether an extension does."""


def _select(files: Sequence[ModelFile]) -> list[ModelFile]:
    candidates = [file for file in files if has_fits_name(file.name)]
    if some_file(candidates, _has_parameters) or some_file(candidates[:_FILES_OPENED], _has_parameters_within):
        return candidates
    return []


def _has_parameters(file: ModelFile) -> bool:
    if not is_fits(file):
        return False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with suppress(InputError), damage_told():
            return _are_of_stars([fits.Header.fromfile(io.BytesIO(file.head(_HEADER_SIZE)))])
    return False


def _has_parameters_within(file: ModelFile) -> bool:
    try:
        with look_into(file) as hdus:
            return any(_are_of_stars([hdus.header(hdu)]) for hdu in range(1, len(hdus.names())))
    except InputError:
        return False


def _are_of_stars(headers: Sequence[fits.Header]) -> bool:
    try:
        _, metals = parameters_of_header(headers)
    except InputError:
        return False
    # A Z without a word beside it is a redshift as well.
    return metals.name != "Z" or bool(metals.said) or 0 < metals.value <= LARGEST_Z


def _read(request: Request) -> SSPLibrary:
    choose_variant(request, [""])
    headers: list[Sequence[fits.Header]] = []

    def parse(file: ModelFile, content: bytes) -> ModelSpectra:
        spectrum = read_spectrum(content)
        headers.append(spectrum.headers)
        return _parse(file, spectrum)

    spectra = read_model_files(request, request.files, parse)
    is_bc03 = all(_is_bc03(file.name) for file in spectra.files)
    citation = citation_of("bc03") if is_bc03 else None
    source = LibrarySource(
        format=READER.format,
        files=spectra.files,
        imf=_text(headers[0], "IMF").capitalize(),
        solar_metallicity=_solar_metallicity(headers[0]) or SOLAR_METALLICITY,
        medium=medium_of(spectra, otherwise="air"),
        citation=citation.text if citation else "",
        licence=citation.licence if citation else "",
        skipped=spectra.skipped,
        assumed=spectra.assumed,
    )
    name = "bc03" if is_bc03 else request.path.name.split(".")[0].lower()
    title = "BC03" if is_bc03 else _text(headers[0], "TPLLIB") or request.path.name
    return library_from_models(name, title, spectra.wavelength, spectra.models, source)


def _parse(file: ModelFile, spectrum: FitsSpectrum) -> ModelSpectra:
    age, metals = parameters_of_header(spectrum.headers)
    of_age, assumed_age = log_age(age)
    solar = _solar_metallicity(spectrum.headers)
    of_metals, assumed_metals = metallicity(metals, solar or SOLAR_METALLICITY)
    spectra = spectra_of_file(spectrum, of_age, of_metals, file.origin)
    if _is_bc03(file.name):
        return replace(spectra, assumed=())
    assumed_solar = "" if solar else f"the solar Z is {SOLAR_METALLICITY:g}"
    assumed = (*spectra.assumed, assumed_age, assumed_metals, assumed_solar)
    return replace(spectra, assumed=tuple(text for text in assumed if text))


def _is_bc03(name: str) -> bool:
    return "bc03" in name.lower()


def _text(headers: Sequence[fits.Header], key: str) -> str:
    return next((str(header[key]).strip() for header in headers if key in header), "")


def _solar_metallicity(headers: Sequence[fits.Header]) -> float | None:
    found = ((header, key) for header in headers for key in _SOLAR_CARDS if key in header)
    for header, key in found:
        if isinstance(header[key], float) and 0 < header[key] < LARGEST_Z:
            return float(header[key])
    return None


READER = Reader("one FITS per model, parameters in the header", _select, _read)
