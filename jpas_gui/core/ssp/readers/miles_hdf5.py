"""The MILES team's HDF5 files, ``EMILES_SSP_v9.1.hdf5`` and its sisters, as the package milespy fetches them.

Per model: ``age`` (Gyr), ``met`` (dex), ``alpha`` (NaN for the base models), ``imf_type``, ``imf_slope``, ``isochrone``
(P or T), ``filename``. ``wave`` is in air; ``spec/<isochrone>/<imf type>/data``, shape (n_wave, n_row), holds
Lsun / Angstrom / Msun of the models with that isochrone and IMF type, in the order of the file. An attribute ``units``
of a dataset is believed; as released there is none.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from jpas_gui.core.arrays import BoolArray, Float32Array, FloatArray, IndexArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.grid import Model, library_from_models, log_age_of
from jpas_gui.core.ssp.hdf5 import Hdf5File, is_hdf5, open_hdf5
from jpas_gui.core.ssp.library import SSPLibrary
from jpas_gui.core.ssp.luminosity_units import solar_luminosity
from jpas_gui.core.ssp.model_files import ModelFile
from jpas_gui.core.ssp.readers.ages import log_age
from jpas_gui.core.ssp.readers.miles_names import (
    DEFAULT_VARIANT,
    IMFS,
    MilesVariant,
    parse_miles_name,
    variant_labels,
)
from jpas_gui.core.ssp.readers.model_spectra import near_range, single_precision
from jpas_gui.core.ssp.readers.reader import Reader, Request, choose_variant
from jpas_gui.core.ssp.readers.stated import Stated
from jpas_gui.core.ssp.size import check_size
from jpas_gui.core.ssp.wavelength_units import angstrom_of

_KEYS = {"wave", "age", "met", "alpha", "imf_type", "imf_slope", "isochrone", "filename", "spec"}

_ISOCHRONES = {"P": "Padova00", "T": "BaSTI"}

_CHUNK = 1024
"""Wavelengths read at once, of all models of a block: bounds the memory to tens of MB."""


@dataclass(frozen=True, eq=False)
class _Table:
    """The models of a file: (n_model,) each."""

    age: FloatArray
    metallicity: FloatArray
    variants: tuple[MilesVariant, ...]
    block: tuple[str, ...]
    row: IndexArray


def _select(files: Sequence[ModelFile]) -> list[ModelFile]:
    return [file for file in files if file.path and is_hdf5(file) and _has_keys(file.path)]


def _has_keys(path: Path) -> bool:
    try:
        with open_hdf5(path) as file:
            return file.keys() >= _KEYS
    except InputError:
        return False


def _variants(request: Request) -> tuple[str, ...]:
    with open_hdf5(_path(request)) as file:
        table = _read_table(file)
    return tuple(sorted(set(variant_labels(table.variants).values())))


def _path(request: Request) -> Path:
    path = request.files[0].path
    assert path is not None  # only files on disk are selected
    return path


def _read(request: Request) -> SSPLibrary:
    path = _path(request)
    with open_hdf5(path) as file:
        table = _read_table(file)
        labels = variant_labels(table.variants)
        of_models = [labels[variant] for variant in table.variants]
        default = DEFAULT_VARIANT if DEFAULT_VARIANT in of_models else of_models[0]
        label = choose_variant(request, of_models, default)
        chosen = np.array([of_model == label for of_model in of_models])
        wavelength = file.axis("wave")
        if wavelength.ndim != 1 or not (np.diff(wavelength) > 0).all():
            raise InputError(f"{path}: its wavelengths are not numbers that increase")
        with _place_told(path):
            wavelength = angstrom_of(wavelength, file.unit("wave"), "the attribute 'units' of 'wave'")
            kept = near_range(wavelength)
        luminosity = _read_spectra(file, table, chosen, kept)
        luminosity = _in_solar_units(file, table, chosen, wavelength[kept], luminosity)
    models = [
        Model(log_age_of(age * 1e9), metallicity, spectrum, str(path))
        for age, metallicity, spectrum in zip(
            table.age[chosen].tolist(), table.metallicity[chosen].tolist(), luminosity, strict=True
        )
    ]
    with _place_told(path):
        check_size(wavelength[kept], models, "", "the attribute 'units' of the spectra")
    variant = table.variants[int(np.argmax(chosen))]
    source = variant.source(READER.format, label, (request.files[0].digest(),))
    return library_from_models(variant.library_name, variant.title, wavelength[kept], models, source)


@contextmanager
def _place_told(path: Path) -> Iterator[None]:
    try:
        yield
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def _read_table(file: Hdf5File) -> _Table:
    age, metallicity, alpha, slope = (file.axis(key) for key in ("age", "met", "alpha", "imf_slope"))
    isochrones, imfs, names = (file.texts(key) for key in ("isochrone", "imf_type", "filename"))
    shapes = {column.shape for column in (age, metallicity, alpha, slope)}
    if shapes != {(len(names),)} or not len(names) == len(imfs) == len(isochrones) > 0:
        raise InputError(f"{file.path}: the columns of its models do not have the same length")
    unit = file.unit("age")
    if unit and unit != "Gyr":
        with _place_told(file.path):
            age = np.array([10 ** (log_age(Stated("age", value, f"[{unit}]"))[0] - 9) for value in age.tolist()])
    # Single precision on file: the decimals that were meant are the first few.
    age, metallicity = np.round(age, 5), np.round(metallicity, 4) + 0.0
    if not (np.isfinite(age) & (age > 0) & np.isfinite(metallicity)).all():
        raise InputError(f"{file.path}: ages and metallicities that are not numbers")
    blocks = [f"spec/{isochrone}/{imf}/data" for isochrone, imf in zip(isochrones, imfs, strict=True)]
    row = np.zeros(age.size, dtype=np.intp)
    for block in set(blocks):
        of_block = np.array([other == block for other in blocks])
        row[of_block] = np.arange(of_block.sum())
    variants = tuple(
        _variant(file.path, *model)
        for model in zip(names, isochrones, imfs, slope.tolist(), alpha.tolist(), strict=True)
    )
    return _Table(age, metallicity, variants, tuple(blocks), row)


def _variant(path: Path, name: str, isochrone: str, imf: str, slope: float, alpha: float) -> MilesVariant:
    if isochrone not in _ISOCHRONES:
        raise InputError(f"{path}: {name}: isochrones {isochrone!r} are neither P nor T")
    if imf not in IMFS:
        raise InputError(f"{path}: {name}: IMF type {imf!r} is none of {', '.join(IMFS)}")
    parsed = parse_miles_name(name.rsplit("/", 1)[-1])
    if np.isnan(slope) and parsed:
        slope = parsed.variant.slope
    return MilesVariant(
        family=parsed.variant.family if parsed else "miles",
        isochrones=_ISOCHRONES[isochrone],
        imf=imf,
        slope=round(slope, 2),
        alpha=None if np.isnan(alpha) else round(alpha, 2),
    )


def _read_spectra(file: Hdf5File, table: _Table, chosen: BoolArray, kept: BoolArray) -> Float32Array:
    """Luminosity of the chosen models at the kept wavelengths, shape (n_chosen, n_kept)."""
    block = _block(table, chosen)
    rows = table.row[chosen]
    shape = file.shape(block)
    start, stop = int(np.argmax(kept)), kept.size - int(np.argmax(kept[::-1]))
    if len(shape) != 2 or shape[0] != kept.size or shape[1] <= rows.max():
        raise InputError(f"{file.path}: {block} has shape {shape}, which does not fit its models")
    luminosity = np.empty((rows.size, stop - start), dtype=np.float32)
    columns = slice(int(rows.min()), int(rows.max()) + 1)
    for first in range(start, stop, _CHUNK):
        last = min(first + _CHUNK, stop)
        spectra = file.numbers(block, (slice(first, last), columns), np.float32)
        luminosity[:, first - start : last - start] = spectra[:, rows - rows.min()].T
    return luminosity


def _block(table: _Table, chosen: BoolArray) -> str:
    (block,) = {table.block[i] for i in np.flatnonzero(chosen)}
    return block


def _in_solar_units(
    file: Hdf5File, table: _Table, chosen: BoolArray, wavelength: FloatArray, luminosity: Float32Array
) -> Float32Array:
    unit = file.unit(_block(table, chosen))
    if not unit:
        return luminosity
    with _place_told(file.path):
        place = "the attribute 'units' of the spectra"
        return single_precision(solar_luminosity(luminosity.astype(float), wavelength, unit, place))


READER = Reader("MILES family, HDF5", _select, _read, _variants, is_one_file=True)
