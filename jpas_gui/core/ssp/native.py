"""jpas-gui's own library format: HDF5 that describes itself; docs/library-format.md has its specification."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from jpas_gui import __version__
from jpas_gui.core.arrays import Float32Array, FloatArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import replacing
from jpas_gui.core.ssp.hdf5 import Hdf5File, is_hdf5, open_hdf5
from jpas_gui.core.ssp.library import LibrarySource, SourceFile, SSPLibrary
from jpas_gui.core.ssp.luminosity_units import solar_luminosity
from jpas_gui.core.ssp.model_files import ModelFile
from jpas_gui.core.ssp.readers.reader import Reader, Request, choose_variant
from jpas_gui.core.ssp.wavelength_units import angstrom_of

if TYPE_CHECKING:
    import h5py

FORMAT = "jpas-gui SSP library"
FORMAT_VERSION = 1

_AXES = {
    "wavelength": ("Angstrom", "vacuum wavelength, increasing"),
    "log_age": ("log10(yr)", "log10 of the age of the population, increasing"),
    "metallicity": ("dex", "[M/H] = log10(Z / solar_metallicity), increasing"),
}
_HDF5_VERSIONS = ("v110", "v110")
"""From HDF5 1.10 on metadata have checksums, too: damage to them is an error, not another library."""

_LUMINOSITY_UNIT = "Lsun / Angstrom / Msun"
_LUMINOSITY = (
    "luminosity per unit wavelength and solar mass formed, axes (metallicity, log_age, wavelength); NaN: no model"
)

_MOST_LUMINOSITIES = 400_000_000
"""The largest library that is known, CB19, has 50 million."""

_LARGEST = 1e15
"""Of luminosities that can be in the unit of the format."""

_TEXTS = ("imf", "isochrones", "citation", "licence", "variant")


@dataclass(frozen=True, eq=False)
class LibraryDescription:
    """What a file says of its library, without the spectra."""

    name: str
    title: str
    n_models: int
    wavelength_range: tuple[float, float]
    log_age: FloatArray
    metallicity: FloatArray
    source: LibrarySource


def write_library(library: SSPLibrary, path: Path) -> None:
    """Write a library to a file; a failure leaves an older file as it was.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    import h5py

    # On a full disk HDF5 ends the whole program while it closes a file: only memory is safe to write to.
    content = io.BytesIO()
    with h5py.File(content, "w", libver=_HDF5_VERSIONS) as file:
        _write(library, file)
    with replacing(path) as temporary:
        temporary.write_bytes(content.getbuffer())


def _write(library: SSPLibrary, file: "h5py.File") -> None:
    source = library.source
    file.attrs.update(
        {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "created_by": f"jpas-gui {__version__}",
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "name": library.name,
            "title": library.title,
            "n_models": library.n_models,
            "solar_metallicity": source.solar_metallicity,
            "source_format": source.format,
            "source_medium": source.medium,
            **{text: getattr(source, text) for text in _TEXTS},
        }
    )
    for name, (units, description) in _AXES.items():
        dataset = file.create_dataset(name, data=getattr(library, name))
        dataset.attrs.update({"units": units, "description": description})
    # Checksums, which need chunks, tell damage from spectra.
    luminosity = file.create_dataset(
        "luminosity", data=library.luminosity, chunks=(1, *library.luminosity.shape[1:]), fletcher32=True
    )
    luminosity.attrs.update({"units": _LUMINOSITY_UNIT, "description": _LUMINOSITY})
    _write_texts(file, "source_files", "names of the files it was read from", [f.name for f in source.files])
    _write_texts(file, "source_sha256", "SHA-256 of each of source_files", [f.sha256 for f in source.files])
    _write_texts(
        file, "skipped_files", "files that could not be used, by their path within what was read", source.skipped
    )
    _write_texts(file, "assumed", "what the files do not say, and was taken to be so", source.assumed)


def _write_texts(file: "h5py.File", name: str, description: str, texts: Sequence[str]) -> None:
    import h5py

    dataset = file.create_dataset(name, shape=(len(texts),), dtype=h5py.string_dtype())
    dataset[...] = list(texts)
    dataset.attrs["description"] = description


def read_native(path: Path) -> SSPLibrary:
    """Read a library that `write_library` wrote.

    Raises
    ------
    InputError
        If the file is damaged, of another kind, or written in a newer version of the format.
    """
    with open_hdf5(path) as file:
        _check_version(file)
        name, title, source = file.text("name"), file.text("title"), _read_source(file)
        axes = {axis: _read_axis(file, axis) for axis in _AXES}
        luminosity = _read_luminosity(file, axes["wavelength"])
    try:
        return SSPLibrary(name=name, title=title, **axes, luminosity=luminosity, source=source)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def _read_axis(file: Hdf5File, axis: str) -> FloatArray:
    """Return an axis in the unit of the format, which others may write in another one."""
    numbers, unit = file.axis(axis), file.unit(axis)
    if unit in ("", _AXES[axis][0]):
        return numbers
    try:
        if axis == "wavelength":
            return angstrom_of(numbers, unit, "units of wavelength")
        raise InputError(f"{axis} has the units '{unit}'; wanted are {_AXES[axis][0]}")
    except InputError as error:
        raise InputError(f"{file.path}: {error}") from error


def _read_luminosity(file: Hdf5File, wavelength: FloatArray) -> Float32Array:
    unit = file.unit("luminosity")
    if unit in ("", _LUMINOSITY_UNIT):
        return file.array("luminosity", _MOST_LUMINOSITIES, np.float32)
    numbers = file.array("luminosity", _MOST_LUMINOSITIES)
    if numbers.shape[-1:] != wavelength.shape:
        raise InputError(f"{file.path}: luminosity of shape {numbers.shape} for {wavelength.size} wavelengths: damaged")
    try:
        return solar_luminosity(numbers, wavelength, unit, "units of luminosity").astype(np.float32)
    except InputError as error:
        raise InputError(f"{file.path}: {error}") from error


def _read_source(file: Hdf5File) -> LibrarySource:
    names, digests = file.texts("source_files"), file.texts("source_sha256")
    if len(names) != len(digests):
        raise InputError(f"{file.path}: {len(names)} names of source files, but {len(digests)} hashes: damaged")
    return LibrarySource(
        format=file.text("source_format"),
        files=tuple(SourceFile(name, digest) for name, digest in zip(names, digests, strict=True)),
        solar_metallicity=file.number("solar_metallicity"),
        medium=file.text("source_medium"),
        skipped=file.texts("skipped_files"),
        # Files of older versions lack it.
        assumed=file.texts("assumed") if "assumed" in file.keys() else (),  # noqa: SIM118 - not a dictionary
        **{text: file.text(text) for text in _TEXTS},
    )


def describe_native(path: Path) -> LibraryDescription:
    """Return what a file says of its library; only a few numbers are read.

    Raises
    ------
    InputError
        As `read_native`.
    """
    with open_hdf5(path) as file:
        _check_version(file)
        axes = [_read_axis(file, axis) for axis in _AXES]
        if any(axis.ndim != 1 or not axis.size for axis in axes):
            raise InputError(f"{path}: no lists of wavelengths, ages and metallicities: damaged")
        wavelength, log_age, metallicity = axes
        return LibraryDescription(
            name=file.text("name"),
            title=file.text("title"),
            n_models=file.integer("n_models"),
            wavelength_range=(float(wavelength[0]), float(wavelength[-1])),
            log_age=log_age,
            metallicity=metallicity,
            source=_read_source(file),
        )


def _check_version(file: Hdf5File) -> None:
    if file.text("format", "") != FORMAT:
        raise InputError(f"{file.path}: an HDF5 file, but not a library of jpas-gui")
    version = file.integer("format_version")
    if version > FORMAT_VERSION:
        raise InputError(
            f"{file.path}: version {version} of the library format, written by "
            f"{file.text('created_by', 'a newer jpas-gui')}; update jpas-gui, which reads version {FORMAT_VERSION}"
        )


def _select(files: Sequence[ModelFile]) -> list[ModelFile]:
    return [file for file in files if file.path and is_hdf5(file) and _is_native(file.path)]


def _is_native(path: Path) -> bool:
    try:
        with open_hdf5(path) as file:
            return file.text("format", "") == FORMAT
    except InputError:
        return False


def _read(request: Request) -> SSPLibrary:
    path = request.files[0].path
    assert path is not None  # only files on disk are selected
    library = read_native(path)
    size = float(np.nanmax(library.luminosity))
    if size > _LARGEST:
        raise InputError(
            f"{path}: luminosities of up to {size:.0e} Lsun/Angstrom/Msun, which no stars have: an older version "
            "converted it from files in another unit, convert them again"
        )
    choose_variant(request, [library.source.variant])
    return library


READER = Reader(FORMAT, _select, _read, is_one_file=True)
