"""The template archives of pPXF, ``spectra_{emiles,fsps,galaxev,xsl}_9.0.npz`` (https://github.com/micappe/ppxf_data).

Arrays ``templates`` (n_wave, n_age, n_met) in Lsun / Angstrom / Msun, ``lam`` in Angstrom, ``ages`` in Gyr, ``metals``
in dex. The IMF of all four is Salpeter's; it stands in their documentation alone, as do library and medium: pPXF takes
E-MILES to be in air and the others in vacuum. Where the lines of an old model say it, they are believed instead.
"""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jpas_gui.core.damage import damage_told
from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.citations import citation_of
from jpas_gui.core.ssp.grid import Model, library_from_models, log_age_of
from jpas_gui.core.ssp.library import LibrarySource, SSPLibrary
from jpas_gui.core.ssp.medium import medium_of_models
from jpas_gui.core.ssp.model_files import ZIP_MAGIC, ModelFile
from jpas_gui.core.ssp.readers.ages import OLDEST_GYR
from jpas_gui.core.ssp.readers.metallicities import LARGEST_Z
from jpas_gui.core.ssp.readers.model_spectra import ModelSpectra, near_range, read_model_files, single_precision
from jpas_gui.core.ssp.readers.reader import Reader, Request, choose_variant
from jpas_gui.core.ssp.wavelength_units import angstrom_of

_KEYS = ("templates", "lam", "ages", "metals")


@dataclass(frozen=True)
class _Family:
    title: str
    citation: str
    isochrones: str
    solar_metallicity: float
    medium: str


_FAMILIES = {
    "emiles": _Family("E-MILES (pPXF)", "emiles", "Padova00", 0.019, "air"),
    "fsps": _Family("FSPS (pPXF)", "fsps", "MIST", 0.0142, "vacuum"),
    "galaxev": _Family("GALAXEV (pPXF)", "bc03", "", 0.02, "vacuum"),
    "xsl": _Family("XSL (pPXF)", "xsl", "", 0.019, "vacuum"),
}


def _select(files: Sequence[ModelFile]) -> list[ModelFile]:
    return [file for file in files if file.path and _has_keys(file)]


def _has_keys(file: ModelFile) -> bool:
    if not file.begins_with(ZIP_MAGIC):
        return False
    with suppress(InputError), damage_told(), file.open_raw() as stream, zipfile.ZipFile(stream) as archive:
        return {f"{key}.npy" for key in _KEYS} <= set(archive.namelist())
    return False


def _read(request: Request) -> SSPLibrary:
    choose_variant(request, [""])
    spectra = read_model_files(request, request.files, _parse)
    key = _family_of(request.files[0].name)
    if key is None:
        raise InputError(
            f"{request.files[0].origin}: templates of pPXF, but the name does not say of which library; keep the "
            "original one, spectra_{emiles,fsps,galaxev,xsl}_9.0.npz"
        )
    family = _FAMILIES[key]
    source = LibrarySource(
        format=READER.format,
        files=spectra.files,
        imf="Salpeter (1955)",
        isochrones=family.isochrones,
        solar_metallicity=family.solar_metallicity,
        medium=medium_of_models(spectra.wavelength, spectra.models, otherwise=family.medium),
        citation=citation_of(family.citation).text,
        licence=citation_of(family.citation).licence,
    )
    return library_from_models(f"ppxf-{key}", family.title, spectra.wavelength, spectra.models, source)


def _family_of(name: str) -> str | None:
    words = re.split(r"[^a-z]+", name.lower())
    return next((family for family in _FAMILIES if family in words), None)


def _parse(file: ModelFile, content: bytes) -> ModelSpectra:
    with damage_told(), np.load(io.BytesIO(content), allow_pickle=False) as archive:
        arrays = {key: archive[key] for key in _KEYS}
    return _spectra(file, arrays)


def _spectra(file: ModelFile, arrays: Mapping[str, NDArray[Any]]) -> ModelSpectra:
    try:
        wavelength, ages, metals = (np.asarray(arrays[key], dtype=float) for key in ("lam", "ages", "metals"))
    except (TypeError, ValueError) as error:
        raise InputError("its arrays lam, ages and metals are not numbers") from error
    templates = arrays["templates"]
    shape = (wavelength.size, ages.size, metals.size)
    if templates.shape != shape:
        raise InputError(f"templates has shape {templates.shape} instead of {shape}: wavelengths, ages, metallicities")
    wavelength = angstrom_of(wavelength, "", "")
    if ages.max(initial=0) > OLDEST_GYR:
        raise InputError(f"its ages go up to {ages.max():g}, which is none in Gyr: convert them to Gyr first")
    if metals.size > 1 and metals.min() > 0 and metals.max() < LARGEST_Z:
        raise InputError(
            f"its metals go from {metals.min():g} to {metals.max():g}: mass fractions; convert them to [M/H]"
        )
    kept = near_range(wavelength)
    luminosity = np.moveaxis(single_precision(templates[kept]), 0, -1)
    models = [
        Model(log_age_of(float(age) * 1e9), float(metallicity) + 0.0, luminosity[i, j], file.origin)
        for i, age in enumerate(ages)
        for j, metallicity in enumerate(metals)
    ]
    return ModelSpectra(wavelength[kept], tuple(models), unit_place="")


READER = Reader("pPXF templates, npz", _select, _read, is_one_file=True)
