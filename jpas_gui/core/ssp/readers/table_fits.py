"""FITS tables of spectra, a row per model: columns of ages, metallicities, wavelengths and luminosities.

Columns are known by their names, such as ``age``, ``MH`` or ``Z``, ``wave`` and ``flam``; wavelengths may stand once in
a table or image of their own, or as an axis in the header. Units are those of TUNITn, or of a card that lists them, as
``UNITS = 'Gyr, [M/H], A, erg/s/A/Mo'``; without any they are Gyr, Angstrom and Lsun / Angstrom / Msun, where the
numbers do not say otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.grid import Model, library_from_models
from jpas_gui.core.ssp.library import LibrarySource, SSPLibrary
from jpas_gui.core.ssp.luminosity_units import solar_luminosity
from jpas_gui.core.ssp.model_files import ModelFile
from jpas_gui.core.ssp.readers.ages import is_age, log_age
from jpas_gui.core.ssp.readers.fits_spectra import FitsFile, look_into, open_fits
from jpas_gui.core.ssp.readers.metallicities import metallicities, metallicity_name
from jpas_gui.core.ssp.readers.model_spectra import (
    ModelSpectra,
    medium_of,
    near_range,
    read_model_files,
    single_precision,
)
from jpas_gui.core.ssp.readers.reader import Reader, Request, choose_variant, first_files, has_fits_name
from jpas_gui.core.ssp.readers.spectral_axis import wavelengths_of_axis
from jpas_gui.core.ssp.readers.stated import Stated
from jpas_gui.core.ssp.readers.table_columns import SPECTRUM, WAVELENGTH, find_column, medium_of_name
from jpas_gui.core.ssp.wavelength_units import angstrom_of

SOLAR_METALLICITY = 0.02

_UNIT_LISTS = ("UNITS", "UNIT")


@dataclass(frozen=True)
class _Column:
    """A column: its table, name and unit, and the keyword that says that, or would."""

    hdu: int
    name: str
    unit: str
    place: str


@dataclass(frozen=True)
class _Layout:
    age: _Column
    metals: _Column
    spectra: _Column


def _select(files: Sequence[ModelFile]) -> list[ModelFile]:
    candidates = (file for file in files if has_fits_name(file.name))
    return [file for file in first_files(candidates) if _is_table_of_models(file)]


def _is_table_of_models(file: ModelFile) -> bool:
    try:
        with look_into(file) as hdus:
            return _layout(hdus) is not None
    except InputError:
        return False


def _layout(hdus: FitsFile) -> _Layout | None:
    for hdu in range(1, len(hdus.names())):
        names = hdus.columns(hdu)
        age, metals = next((name for name in names if is_age(name)), None), metallicity_name(names)
        spectra = find_column(names, SPECTRUM)
        if age and metals and spectra and hdus.is_vector(hdu, spectra):
            return _Layout(_column(hdus, hdu, age), _column(hdus, hdu, metals), _column(hdus, hdu, spectra))
    return None


def _column(hdus: FitsFile, hdu: int, name: str) -> _Column:
    place = hdus.columns(hdu).index(name)
    unit = hdus.column_unit(hdu, name)
    header = hdus.header(hdu)
    listed = next((str(header[key]) for key in _UNIT_LISTS if key in header), "").split(",")
    if not unit and place < len(listed):
        unit = listed[place].strip()
    return _Column(hdu, name, unit, f"TUNIT{place + 1}")


def _read(request: Request) -> SSPLibrary:
    choose_variant(request, [""])
    spectra = read_model_files(request, request.files, _parse)
    stem = request.files[0].name.split(".fit")[0]
    medium = medium_of(spectra, otherwise="")
    source = LibrarySource(
        format=READER.format,
        files=spectra.files,
        solar_metallicity=SOLAR_METALLICITY,
        medium=medium or "air",
        assumed=spectra.assumed if medium else (*spectra.assumed, "wavelengths are in air"),
    )
    return library_from_models(stem.lower(), stem, spectra.wavelength, spectra.models, source)


def _parse(file: ModelFile, content: bytes) -> ModelSpectra:
    with open_fits(content) as hdus:
        layout = _layout(hdus)
        if layout is None:
            raise InputError("no table of models with columns of age, metallicity and spectra")
        values = hdus.column(layout.spectra.hdu, layout.spectra.name)
        ages, metals = (_numbers(hdus, column) for column in (layout.age, layout.metals))
        wavelength, medium = _wavelengths(hdus, layout.spectra.hdu, values.shape[1])
    order = np.argsort(wavelength)
    wavelength, values = wavelength[order], values[:, order]
    kept = near_range(wavelength)
    unit, place = layout.spectra.unit, layout.spectra.place
    luminosity = values[:, kept]
    if unit:
        luminosity = solar_luminosity(luminosity, wavelength[kept], unit, place)
    pairs = [log_age(Stated(layout.age.name, age, _bracketed(layout.age.unit))) for age in ages.tolist()]
    stated = [Stated(layout.metals.name, value, _bracketed(layout.metals.unit)) for value in metals.tolist()]
    mh, of_metals = metallicities(stated, SOLAR_METALLICITY)
    models = tuple(
        Model(of_age, metallicity, spectrum, f"{file.origin}: row {row}")
        for row, ((of_age, _), metallicity, spectrum) in enumerate(
            zip(pairs, mh, single_precision(luminosity), strict=True), start=1
        )
    )
    of_unit = "" if unit else f"luminosities are in Lsun/Angstrom/Msun (no {place})"
    assumed = (of_unit, *(text for _, text in pairs), of_metals, f"the solar Z is {SOLAR_METALLICITY:g}")
    return ModelSpectra(
        wavelength[kept],
        models,
        medium=medium,
        unit=unit,
        unit_place=place,
        assumed=tuple(dict.fromkeys(text for text in assumed if text)),
    )


def _bracketed(unit: str) -> str:
    return unit if not unit or unit.startswith("[") else f"[{unit}]"


def _numbers(hdus: FitsFile, column: _Column) -> FloatArray:
    numbers = hdus.column(column.hdu, column.name)
    if numbers.ndim != 1 or not np.isfinite(numbers).all():
        raise InputError(f"its column {column.name} does not hold a number in each row")
    return numbers


def _wavelengths(hdus: FitsFile, table: int, n: int) -> tuple[FloatArray, str]:
    """Return wavelengths in Angstrom and their medium: of the table, or of another table or image of the file."""
    for hdu in (table, *(other for other in range(len(hdus.names())) if other != table)):
        name = find_column(hdus.columns(hdu), WAVELENGTH)
        if name:
            column = _column(hdus, hdu, name)
            numbers = hdus.column(hdu, name)
            if numbers.shape[-1] == n and (numbers.ndim == 1 or (numbers == numbers[0]).all()):
                return _angstrom(numbers if numbers.ndim == 1 else numbers[0], column), medium_of_name(name)
            if hdu == table:
                raise InputError(f"its column {name} does not hold the same {n} wavelengths in each row")
        elif WAVELENGTH.fullmatch(hdus.names()[hdu]) and hdus.shape(hdu) == (n,):
            unit = str(hdus.header(hdu).get("BUNIT", "")).strip()
            column = _Column(hdu, hdus.names()[hdu], unit, f"BUNIT of {hdus.names()[hdu]}")
            return _angstrom(hdus.image(hdu), column), medium_of_name(column.name)
    for header in (hdus.header(table), hdus.header(0)):
        if "CRVAL1" in header:
            return wavelengths_of_axis(header, n)
    raise InputError(f"no column or image (WAVE) holds the {n} wavelengths of its spectra")


def _angstrom(numbers: FloatArray, column: _Column) -> FloatArray:
    is_log = column.name.lower().startswith("log")
    if is_log and column.unit and "(" not in column.unit:
        return angstrom_of(numbers, f"log10({column.unit})", column.place)
    return angstrom_of(numbers, column.unit, column.place, "log10(Angstrom)" if is_log else "Angstrom")


READER = Reader("FITS table, a row per model", _select, _read, is_one_file=True)
