"""The MILES family, one FITS file per model: E-MILES, MIUSCAT, MILES.

Age, [M/H], IMF and isochrones stand in the names alone. As released, spectra are in air and hold Lsun / Angstrom /
Msun, Lsun 3.826e33 erg/s, for one solar mass formed (Vazdekis et al. 2010, MNRAS 404, 1639; 2016, MNRAS 463, 3409), and
their headers say neither units nor medium. Those of files that others made of them are believed; where they say WAVE,
the lines decide.
"""

from collections.abc import Sequence
from dataclasses import replace

from jpas_gui.core.ssp.grid import library_from_models, log_age_of
from jpas_gui.core.ssp.library import SSPLibrary
from jpas_gui.core.ssp.model_files import ModelFile
from jpas_gui.core.ssp.readers.fits_spectrum import read_spectrum
from jpas_gui.core.ssp.readers.miles_names import MilesName, parse_miles_name, variant_labels
from jpas_gui.core.ssp.readers.model_spectra import ModelSpectra, medium_of, read_model_files, spectra_of_file
from jpas_gui.core.ssp.readers.reader import Reader, Request, choose_variant, has_fits_name, is_fits, some_file


def _select(files: Sequence[ModelFile]) -> list[ModelFile]:
    named = [file for file in files if has_fits_name(file.name) and parse_miles_name(file.name)]
    return named if some_file(named, is_fits) else []


def _named(files: Sequence[ModelFile]) -> list[tuple[ModelFile, MilesName]]:
    return [(file, name) for file in files if (name := parse_miles_name(file.name))]


def _variants(request: Request) -> tuple[str, ...]:
    return tuple(sorted(set(variant_labels(name.variant for _, name in _named(request.files)).values())))


def _read(request: Request) -> SSPLibrary:
    named = _named(request.files)
    labels = variant_labels(name.variant for _, name in named)
    label = choose_variant(request, [labels[name.variant] for _, name in named])
    chosen = [(file, name) for file, name in named if labels[name.variant] == label]
    variant = chosen[0][1].variant
    spectra = read_model_files(request, [file for file, _ in chosen], _parse)
    # As released they are in air; only who rewrites them calls the axis WAVE, and may have changed it.
    medium = medium_of(replace(spectra, medium=""), "air") if spectra.medium == "wave" else spectra.medium or "air"
    source = replace(variant.source(READER.format, label, spectra.files, spectra.skipped), medium=medium)
    return library_from_models(variant.library_name, variant.title, spectra.wavelength, spectra.models, source)


def _parse(file: ModelFile, content: bytes) -> ModelSpectra:
    name = parse_miles_name(file.name)
    assert name is not None  # only files with such names are selected
    spectra = spectra_of_file(read_spectrum(content), log_age_of(name.age * 1e9), name.metallicity, file.origin)
    return replace(spectra, assumed=())  # what headers do not say is known of the release


READER = Reader("MILES family, FITS", _select, _read, _variants)
