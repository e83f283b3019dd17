"""Reading the files of a library one by one: what is bad is found, named and, on demand, left out."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from jpas_gui.core.arrays import BoolArray, Float32Array, FloatArray
from jpas_gui.core.damage import damage_told
from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.grid import WAVELENGTH_RANGE, Model
from jpas_gui.core.ssp.library import SourceFile
from jpas_gui.core.ssp.luminosity_units import solar_luminosity
from jpas_gui.core.ssp.medium import medium_of_models
from jpas_gui.core.ssp.model_files import ModelFile
from jpas_gui.core.ssp.readers.ages import LOG_AGES
from jpas_gui.core.ssp.readers.fits_spectrum import FitsSpectrum
from jpas_gui.core.ssp.readers.metallicities import METALLICITIES, are_mass_fractions
from jpas_gui.core.ssp.readers.reader import Request
from jpas_gui.core.ssp.size import check_fading, check_size
from jpas_gui.core.ssp.unreadable import UnreadableModels

_AIR_SHIFT = 10.0
"""Angstrom kept beyond the range of libraries, which is in vacuum; air differs by 3.3 A at most."""


@dataclass(frozen=True, eq=False)
class ModelSpectra:
    """Models that share their wavelengths: those of one file, or of all.

    Parameters
    ----------
    wavelength : ndarray, shape (n_wave,)
        Angstrom, in the medium of the file.
    models : tuple of Model
    files : tuple of SourceFile
    skipped : tuple of str
        Places of the files that were left out.
    medium : str
        "air", "vacuum", or "wave", as `wavelengths_of_axis` returns it; "" where the files do not say it.
    unit, unit_place : str
        The unit of the luminosities in the file, "" where it does not say it, and where it does, or would.
    assumed : tuple of str
        What the files do not say, and was taken to be so.
    """

    wavelength: FloatArray
    models: tuple[Model, ...]
    files: tuple[SourceFile, ...] = ()
    skipped: tuple[str, ...] = ()
    medium: str = ""
    unit: str = ""
    unit_place: str = "BUNIT"
    assumed: tuple[str, ...] = ()


Parser = Callable[[ModelFile, bytes], ModelSpectra]
"""Makes models from the content of a file; its InputError holds the reason alone."""


def near_range(wavelength: FloatArray) -> BoolArray:
    """Return which wavelengths, in either medium, may lie within the range that libraries keep."""
    kept = (wavelength > WAVELENGTH_RANGE[0] - _AIR_SHIFT) & (wavelength < WAVELENGTH_RANGE[1] + _AIR_SHIFT)
    if kept.sum() < 2:
        raise InputError(f"no wavelengths between {WAVELENGTH_RANGE[0]:g} and {WAVELENGTH_RANGE[1]:g} A")
    return np.asarray(kept)


def single_precision(luminosity: FloatArray) -> Float32Array:
    """Return spectra as libraries keep them; what is too large for it is infinite, and told as damage later."""
    with np.errstate(over="ignore", invalid="ignore"):
        return luminosity.astype(np.float32)


def spectra_of_file(spectrum: FitsSpectrum, log_age: float, metallicity: float, origin: str) -> ModelSpectra:
    """Return the one model of a FITS file, its luminosity in the unit of libraries.

    Parameters
    ----------
    spectrum : FitsSpectrum
        Without a unit of its own it is in Lsun / Angstrom / Msun, which `read_model_files` checks by its size.
    log_age, metallicity : float
    origin : str
        The file.
    """
    kept = near_range(spectrum.wavelength)
    wavelength, luminosity = spectrum.wavelength[kept], spectrum.values[kept]
    if spectrum.unit:
        luminosity = solar_luminosity(luminosity, wavelength, spectrum.unit, spectrum.unit_place)
    model = Model(log_age, metallicity, single_precision(luminosity), origin)
    unit, place = spectrum.unit, spectrum.unit_place
    assumed = () if unit else (f"luminosities are in Lsun/Angstrom/Msun (no {place})",)
    return ModelSpectra(wavelength, (model,), medium=spectrum.medium, unit=unit, unit_place=place, assumed=assumed)


def read_model_files(request: Request, files: Sequence[ModelFile], parse: Parser) -> ModelSpectra:
    """Read files whose models share their wavelengths.

    Raises
    ------
    UnreadableModels
        If some of the files cannot be used and `request` does not say to go on without them.
    InputError
        If none can be used.
    """
    unreadable: list[tuple[str, str]] = []
    good: list[tuple[ModelFile, ModelSpectra, SourceFile]] = []
    for file in files:
        try:
            content, source = file.read()
            with damage_told():
                spectra = parse(file, content)
                _check_numbers(spectra)
            good.append((file, spectra, source))
        except InputError as error:
            unreadable.append((file.place, str(error)))
    good, odd = _with_common_wavelengths(good)
    good, of_other_size = _with_usual_size(good)
    unreadable += odd + of_other_size
    if not good:
        raise _nothing_readable(request, files, unreadable)
    if unreadable and not request.skip_unreadable:
        raise UnreadableModels(str(request.path), tuple(unreadable), len(files))
    first = good[0][1]
    models = tuple(model for _, spectra, _ in good for model in spectra.models)
    _check_metallicities(request, models)
    assumed = tuple(dict.fromkeys(text for _, spectra, _ in good for text in spectra.assumed))
    if assumed:
        try:
            check_fading(first.wavelength, models)
        except InputError as error:
            raise InputError(f"{request.path}: {error}") from error
    return ModelSpectra(
        wavelength=first.wavelength,
        models=models,
        files=tuple(source for *_, source in good),
        skipped=tuple(place for place, _ in unreadable),
        medium=first.medium,
        assumed=assumed,
    )


def medium_of(spectra: ModelSpectra, otherwise: str) -> str:
    """Return "air" or "vacuum" as the files say it, or as the lines do where the files do not.

    The standard's WAVE, a wavelength in vacuum, is written for wavelengths in air as well: the lines decide, and it
    is believed where they do not.
    """
    if spectra.medium in ("air", "vacuum"):
        return spectra.medium
    return medium_of_models(spectra.wavelength, spectra.models, "vacuum" if spectra.medium == "wave" else otherwise)


def _check_numbers(spectra: ModelSpectra) -> None:
    if not np.isfinite(spectra.wavelength).all() or (np.diff(spectra.wavelength) <= 0).any():
        raise InputError("its wavelengths are not numbers that increase")
    if not spectra.models:
        raise InputError("it holds no model")
    for model in spectra.models:
        if not np.isfinite([model.log_age, model.metallicity]).all():
            raise InputError("an age or metallicity is not a number")
        if not LOG_AGES[0] <= model.log_age <= LOG_AGES[1]:
            raise InputError(f"an age of {10**model.log_age:.3g} yr, which no stars have")
        if not METALLICITIES[0] <= model.metallicity <= METALLICITIES[1]:
            raise InputError(f"a metallicity [M/H] of {model.metallicity:g}, which no stars have")
        if not np.isfinite(model.luminosity).all():
            raise InputError("the spectrum contains values that are not numbers")


def _check_metallicities(request: Request, models: Sequence[Model]) -> None:
    found = [model.metallicity for model in models]
    if are_mass_fractions(found):
        raise InputError(
            f"{request.path}: its [M/H] go from {min(found):g} to {max(found):g}, which are mass fractions: name them Z"
        )


def _with_common_wavelengths(
    read: list[tuple[ModelFile, ModelSpectra, SourceFile]],
) -> tuple[list[tuple[ModelFile, ModelSpectra, SourceFile]], list[tuple[str, str]]]:
    """Part files with the wavelengths that most of them have from the odd ones and why."""
    if not read:
        return [], []
    grids: list[ModelSpectra] = []
    grid_of: list[int] = []
    for _, spectra, _ in read:
        same = next((i for i, grid in enumerate(grids) if _are_same(grid, spectra)), len(grids))
        if same == len(grids):
            grids.append(spectra)
        grid_of.append(same)
    common = Counter(grid_of).most_common(1)[0][0]
    expected = _describe(grids[common])
    odd = [
        (file.place, f"its wavelengths, {_describe(grids[i])}, are not those of most files, {expected}")
        for i, (file, *_) in zip(grid_of, read, strict=True)
        if i != common
    ]
    return [item for i, item in zip(grid_of, read, strict=True) if i == common], odd


def _with_usual_size(
    read: list[tuple[ModelFile, ModelSpectra, SourceFile]],
) -> tuple[list[tuple[ModelFile, ModelSpectra, SourceFile]], list[tuple[str, str]]]:
    """Part files with the luminosities of a solar mass from the others and why."""
    good, odd = [], []
    for item in read:
        file, spectra, _ = item
        try:
            check_size(spectra.wavelength, spectra.models, spectra.unit, spectra.unit_place)
            good.append(item)
        except InputError as error:
            odd.append((file.place, str(error)))
    return good, odd


def _are_same(one: ModelSpectra, other: ModelSpectra) -> bool:
    if one.wavelength.shape != other.wavelength.shape or one.medium != other.medium:
        return False
    return bool(np.allclose(one.wavelength, other.wavelength, rtol=1e-6, atol=0))


def _describe(spectra: ModelSpectra) -> str:
    wavelength = spectra.wavelength
    medium = {"air": " in air", "vacuum": " in vacuum"}.get(spectra.medium, "")
    return f"{wavelength.size} from {wavelength[0]:.1f} to {wavelength[-1]:.1f} A{medium}"


def _nothing_readable(request: Request, files: Sequence[ModelFile], unreadable: list[tuple[str, str]]) -> InputError:
    place, reason = unreadable[0]
    if len(files) == 1:
        return InputError(f"{files[0].origin}: {reason}")
    return InputError(f"{request.path}: none of the {len(files)} files can be used; the first is {place} ({reason})")
