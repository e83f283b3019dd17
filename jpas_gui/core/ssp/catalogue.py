"""The libraries that can be named: the embedded ones, and those in the user's folder."""

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import platformdirs

from jpas_gui.core.errors import InputError
from jpas_gui.core.files import user_path
from jpas_gui.core.near_names import known_names
from jpas_gui.core.ssp.library import SSPLibrary
from jpas_gui.core.ssp.native import LibraryDescription, describe_native, write_library
from jpas_gui.core.ssp.reading import read_library
from jpas_gui.core.ssp.where_to_get import where_to_get


@dataclass(frozen=True)
class LibraryEntry:
    """A library that can be loaded by its name.

    Parameters
    ----------
    name : str
    title : str
        Name for people.
    path : Path, optional
        Its file; None for the embedded ones.
    detail : str
        What it covers, or why it cannot be loaded.
    is_usable : bool
        Whether it can be loaded.
    log_age : tuple of float, optional
        Youngest and oldest of its models, where it can be loaded.
    """

    name: str
    title: str
    path: Path | None
    detail: str
    is_usable: bool = True
    log_age: tuple[float, float] | None = None


_POPSTAR_DETAIL = "636 models, log age 5.00 to 10.18, [M/H] -2.30 to +0.40, embedded"
_POPSTAR_LOG_AGE = (5.0, 10.18)

_EMBEDDED = (
    (LibraryEntry("popstar", "PopStar", None, _POPSTAR_DETAIL, log_age=_POPSTAR_LOG_AGE), "stellar"),
    (
        LibraryEntry(
            "popstar-nebular", "PopStar, stars and nebular continuum", None, _POPSTAR_DETAIL, log_age=_POPSTAR_LOG_AGE
        ),
        "total",
    ),
)


def libraries_folder() -> Path:
    """Return the folder of the user's libraries, which need not exist."""
    return platformdirs.user_data_path("jpas-gui") / "libraries"


def known_libraries() -> tuple[LibraryEntry, ...]:
    """Return the embedded libraries and those in the user's folder; spectra are not read.

    A file that cannot be used is listed, too, and its `detail` says why.
    """
    try:
        paths = sorted(libraries_folder().glob("[!.]*.h5"))
    except OSError:
        paths = []
    return (*(entry for entry, _ in _EMBEDDED), *(_entry(path) for path in paths))


def library_title(name: str) -> str:
    """Return the name for people of a library that can be named; of another one its name."""
    return next((entry.title for entry in known_libraries() if entry.name == name), name)


def _entry(path: Path) -> LibraryEntry:
    try:
        status = path.stat()
    except OSError as error:
        return LibraryEntry(path.stem, path.name, path, f"cannot be loaded: {error.strerror or error}", False)
    return _described(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=256)
def _described(path: Path, written: int, size: int) -> LibraryEntry:
    """Return the entry of a file; it is read again only when it has changed, as lists and forms ask again and again."""
    if path.stem in _embedded_variants():
        return LibraryEntry(path.stem, path.name, path, "has the name of an embedded library: rename the file", False)
    try:
        description = describe_native(path)
    except InputError as error:
        return LibraryEntry(path.stem, path.name, path, f"cannot be loaded: {error}", False)
    log_age = float(description.log_age[0]), float(description.log_age[-1])
    return LibraryEntry(path.stem, description.title, path, _detail(description), log_age=log_age)


def _detail(description: LibraryDescription) -> str:
    log_age, metallicity = description.log_age, description.metallicity
    low, high = description.wavelength_range
    return (
        f"{description.n_models} models, log age {log_age[0]:.2f} to {log_age[-1]:.2f}, "
        f"[M/H] {metallicity[0]:+.2f} to {metallicity[-1]:+.2f}, {low:.0f} to {high:.0f} A"
    )


def _embedded_variants() -> dict[str, str]:
    return {entry.name: variant for entry, variant in _EMBEDDED}


def load_library(name_or_path: str, variant: str | None = None, skip_unreadable: bool = False) -> SSPLibrary:
    """Load a library by its name, which it then has whatever its file calls it, or read it from a path.

    Parameters
    ----------
    name_or_path : str
        One of `known_libraries`, or what `read_library` reads.
    variant, skip_unreadable
        As `read_library` takes them.

    Raises
    ------
    InputError
        If there is no such library, or it cannot be read.
    """
    embedded = _embedded_variants()
    if name_or_path in embedded:
        return _load_embedded(name_or_path, embedded[name_or_path], variant)
    stored = next((entry for entry in known_libraries() if entry.name == name_or_path), None)
    if stored and stored.path:
        return replace(read_library(stored.path, variant, skip_unreadable), name=stored.name)
    path = user_path(name_or_path)
    if path.exists():
        return read_library(path, variant, skip_unreadable)
    raise InputError(library_problem(name_or_path))


def library_problem(name_or_path: str) -> str:
    """Return why there is no library of this name or path to load; nothing where there is, whatever its files hold."""
    known = {entry.name: entry for entry in known_libraries()}
    if name_or_path in known:
        entry = known[name_or_path]
        return "" if entry.is_usable else f"{entry.path}: {entry.detail}"
    if name_or_path and user_path(name_or_path).exists():
        return ""
    names = known_names(name_or_path, (name for name, entry in known.items() if entry.is_usable))
    way = where_to_get(name_or_path)
    return (
        f"{name_or_path or 'an empty name'}: no such file or folder, and no library of that name; "
        + (f"{way}; " if way else "")
        + names
    )


def _load_embedded(name: str, own: str, variant: str | None) -> SSPLibrary:
    # PST's file takes a moment to unpack; who only lists libraries need not import its reader.
    from jpas_gui.core.ssp.readers.popstar import VARIANTS, read_popstar

    if variant is not None and variant not in VARIANTS:
        raise InputError(f"{name}: no variant '{variant}'; there are: {', '.join(VARIANTS)}")
    return read_popstar(variant or own)


def add_library(library: SSPLibrary) -> Path:
    """Save a library in the user's folder, where `load_library` finds it by its name.

    Returns
    -------
    Path
        The file; one of the same name is replaced.

    Raises
    ------
    InputError
        If an embedded library has that name, or the file cannot be written.
    """
    if library.name in _embedded_variants():
        raise InputError(f"{library.name}: an embedded library has this name already, and needs no file")
    folder = libraries_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: cannot be written: {error.strerror}") from error
    path = folder / f"{library.name}.h5"
    write_library(library, path)
    return path
