"""The templates of MaNGA's pipeline (https://github.com/sdss/mangadap), one FITS file per model.

Age and metallicity stand in the names; headers give the axis, units seldom. M11 is in erg/s/Angstrom and BPASS in
Lsun/Angstrom of 10^6 Msun as their manuals say; what MaStar's are in is not said, their size must do.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from astropy.io import fits

from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.citations import citation_of
from jpas_gui.core.ssp.grid import library_from_models
from jpas_gui.core.ssp.library import LibrarySource, SSPLibrary
from jpas_gui.core.ssp.model_files import ModelFile
from jpas_gui.core.ssp.readers.fits_spectrum import read_spectrum
from jpas_gui.core.ssp.readers.model_spectra import ModelSpectra, medium_of, read_model_files, spectra_of_file
from jpas_gui.core.ssp.readers.reader import Reader, Request, choose_variant, has_fits_name, is_fits, some_file
from jpas_gui.core.ssp.readers.template_names import SOLAR_METALLICITY, TemplateName, parse_template_name

_LARGEST_SOLAR = 1e20
"""No luminosity in solar units is larger; one in erg/s is."""


def _select(files: Sequence[ModelFile]) -> list[ModelFile]:
    named = [file for file in files if has_fits_name(file.name) and parse_template_name(file.name)]
    return named if some_file(named, is_fits) else []


def _named(files: Sequence[ModelFile]) -> list[tuple[ModelFile, TemplateName]]:
    return [(file, name) for file in files if (name := parse_template_name(file.name))]


def _variants(request: Request) -> tuple[str, ...]:
    return tuple(sorted({name.title for _, name in _named(request.files)}))


def _read(request: Request) -> SSPLibrary:
    named = _named(request.files)
    title = choose_variant(request, [name.title for _, name in named])
    chosen = [(file, name) for file, name in named if name.title == title]
    name = chosen[0][1]
    spectra = read_model_files(request, [file for file, _ in chosen], _parse)
    citation = citation_of(name.family.citation)
    source = LibrarySource(
        format=READER.format,
        files=spectra.files,
        variant=title,
        imf=name.imf,
        solar_metallicity=SOLAR_METALLICITY,
        medium=medium_of(spectra, name.family.medium),
        citation=citation.text,
        licence=citation.licence,
        skipped=spectra.skipped,
        assumed=spectra.assumed,
    )
    return library_from_models(name.library_name, title, spectra.wavelength, spectra.models, source)


def _parse(file: ModelFile, content: bytes) -> ModelSpectra:
    name = parse_template_name(file.name)
    assert name is not None  # only files with such names are selected
    spectrum = read_spectrum(content)
    _check_age(spectrum.headers[0], name)
    unit = name.family.unit
    # Who has divided M11 by the luminosity of the Sun may not have said so.
    is_released = unit and (not unit.startswith("erg") or np.median(np.abs(spectrum.values)) > _LARGEST_SOLAR)
    if not spectrum.unit and is_released:
        released = replace(spectrum, unit=unit, unit_place="as released")
        return spectra_of_file(released, name.log_age, name.metallicity, file.origin)
    return spectra_of_file(spectrum, name.log_age, name.metallicity, file.origin)


def _check_age(header: fits.Header, name: TemplateName) -> None:
    age = header.get("AGE")
    if isinstance(age, float) and 0 < age < 25 and abs(np.log10(age) + 9 - name.log_age) > 0.03:
        raise InputError(
            f"its name says an age of {10 ** (name.log_age - 9):g} Gyr, its header AGE = {age:g}: mend one"
        )


READER = Reader("templates of MaNGA, FITS", _select, _read, _variants)
