"""What all forms of GALAXEV's libraries share: one file per metallicity, ages within.

Wavelengths are in air in the optical, where the spectra are those of MILES or STELIB; the models of a population have
formed one solar mass.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.grid import Model, library_from_models, log_age_of, metallicity_of
from jpas_gui.core.ssp.library import LibrarySource, SSPLibrary
from jpas_gui.core.ssp.luminosity_units import solar_luminosity
from jpas_gui.core.ssp.model_files import ModelFile
from jpas_gui.core.ssp.readers.galaxev_names import GalaxevName, parse_galaxev_name
from jpas_gui.core.ssp.readers.model_spectra import ModelSpectra, near_range, read_model_files, single_precision
from jpas_gui.core.ssp.readers.reader import Request, choose_variant


@dataclass(frozen=True, eq=False)
class GalaxevTable:
    """What one file holds.

    Parameters
    ----------
    wavelength : ndarray, shape (n_wave,)
        Angstrom; some repeat.
    age : ndarray, shape (n_age,)
        yr.
    luminosity : ndarray, shape (n_age, n_wave)
        In `unit`.
    unit, unit_place : str
        "" where the file does not say it, and where it does, or would.
    z : float, optional
        Mass fraction of metals where the content says it.
    """

    wavelength: FloatArray
    age: FloatArray
    luminosity: FloatArray
    unit: str = ""
    unit_place: str = ""
    z: float | None = None


_JPAS_BANDS = 56


def galaxev_variants(request: Request) -> tuple[str, ...]:
    """Return the variants that the names of files tell apart."""
    return tuple(sorted({parse_galaxev_name(file.name).variant for file in request.files}))


def read_galaxev(request: Request, reader_format: str, read_table: Callable[[bytes], GalaxevTable]) -> SSPLibrary:
    """Read one library.

    Parameters
    ----------
    reader_format : str
        Name of the format.
    read_table : callable
        Makes a table from the content of a file; its InputError holds the reason alone.
    """
    label = choose_variant(request, [parse_galaxev_name(file.name).variant for file in request.files])
    chosen = [file for file in request.files if parse_galaxev_name(file.name).variant == label]
    name = _common_name(chosen)

    def parse(file: ModelFile, content: bytes) -> ModelSpectra:
        return _parse(file, read_table(content))

    # [M/H] of the metal-free models is minus infinity: there is no place for them on a grid.
    metal_free = [file for file in chosen if parse_galaxev_name(file.name).z == 0]
    with_metals = [file for file in chosen if file not in metal_free]
    if not with_metals:
        raise InputError(f"{request.path}: only metal-free models (Z = 0), which have no [M/H]")
    spectra = read_model_files(request, with_metals, parse)
    source = LibrarySource(
        format=reader_format,
        files=spectra.files,
        variant=label,
        imf=name.imf,
        isochrones=name.isochrones,
        solar_metallicity=name.solar_metallicity,
        medium="air",
        citation=name.citation,
        licence=name.licence,
        skipped=(*(file.place for file in metal_free), *spectra.skipped),
        assumed=() if name.family else (f"the solar Z is {name.solar_metallicity:g} (release not known)",),
    )
    return library_from_models(name.library_name, name.library_title, spectra.wavelength, spectra.models, source)


def _common_name(files: Sequence[ModelFile]) -> GalaxevName:
    return parse_galaxev_name(files[0].name)


def _parse(file: ModelFile, table: GalaxevTable) -> ModelSpectra:
    name = parse_galaxev_name(file.name)
    z = name.z if name.z is not None else table.z
    if table.wavelength.size == _JPAS_BANDS:
        raise InputError(
            "56 wavelengths: photometry in the bands of J-PAS, not spectra; take the files with spectra "
            "(..._hr_xmilesi_ssp.fits)"
        )
    if z is None:
        raise InputError("its name does not hold the metallicity, such as z017 or m62: keep the original name")
    metallicity = metallicity_of(z, name.solar_metallicity)
    # Wavelengths repeat at the joints of stellar libraries.
    wavelength, first = np.unique(table.wavelength, return_index=True)
    kept = near_range(wavelength)
    luminosity = table.luminosity[:, first[kept]]
    if table.unit:
        luminosity = solar_luminosity(luminosity, wavelength[kept], table.unit, table.unit_place)
    # The spectrum at age zero repeats that of the first step, and has no log age; other ages must be positive.
    models = [
        Model(log_age_of(float(years)), metallicity, spectrum, file.origin)
        for years, spectrum in zip(table.age, single_precision(luminosity), strict=True)
        if years != 0
    ]
    return ModelSpectra(wavelength[kept], tuple(models), unit=table.unit, unit_place=table.unit_place)
