"""The MILES family, one FITS file per model: E-MILES, MIUSCAT, MILES.

Age, [M/H], IMF and isochrones stand in the names alone. Spectra are linear in air and hold Lsun / Angstrom / Msun, Lsun
3.826e33 erg/s, for one solar mass formed (Vazdekis et al. 2010, MNRAS 404, 1639; 2016, MNRAS 463, 3409).
"""

from collections.abc import Sequence

from jpas_gui.core.ssp.grid import Model, library_from_models, log_age_of
from jpas_gui.core.ssp.library import SSPLibrary
from jpas_gui.core.ssp.model_files import ModelFile
from jpas_gui.core.ssp.readers.fits_spectra import read_linear_spectrum
from jpas_gui.core.ssp.readers.miles_names import MilesName, parse_miles_name, variant_labels
from jpas_gui.core.ssp.readers.model_spectra import ModelSpectra, near_range, read_model_files, single_precision
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
    source = variant.source(READER.format, label, spectra.files, spectra.skipped)
    return library_from_models(variant.library_name, variant.title, spectra.wavelength, spectra.models, source)


def _parse(file: ModelFile, content: bytes) -> ModelSpectra:
    name = parse_miles_name(file.name)
    assert name is not None  # only files with such names are selected
    _, wavelength, luminosity = read_linear_spectrum(content)
    kept = near_range(wavelength)
    model = Model(log_age_of(name.age * 1e9), name.metallicity, single_precision(luminosity[kept]), file.origin)
    return ModelSpectra(wavelength[kept], (model,))


READER = Reader("MILES family, FITS", _select, _read, _variants)
