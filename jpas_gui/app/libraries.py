"""The libraries at hand: those known to the program, and those that were opened."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from jpas_gui.app.state import LibraryFile, Session
from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.catalogue import known_libraries, load_library
from jpas_gui.core.ssp.library import SSPLibrary
from jpas_gui.core.ssp.reading import read_library


@dataclass(frozen=True, eq=False)
class OpenedLibrary:
    """A library, and where it was read from: None for an embedded one."""

    library: SSPLibrary
    file: LibraryFile | None


def read_known(name: str) -> OpenedLibrary:
    """Read a library that the program knows by name."""
    path = next((entry.path for entry in known_libraries() if entry.name == name), None)
    return _opened(load_library(name), path)


def read_path(path: Path, variant: str | None = None, skip_unreadable: bool = False) -> OpenedLibrary:
    """Read a library from files."""
    return _opened(read_library(path, variant, skip_unreadable), path)


def _opened(library: SSPLibrary, path: Path | None) -> OpenedLibrary:
    if path is None:
        return OpenedLibrary(library, None)
    file = LibraryFile(library.name, str(path.resolve()), library.source.variant, library.numbers_sha256)
    return OpenedLibrary(library, file)


class LibraryShelf:
    """The libraries that were read, each under a name of its own."""

    def __init__(self, *libraries: SSPLibrary) -> None:
        self._opened = {library.name: OpenedLibrary(library, None) for library in libraries}

    @property
    def loaded(self) -> tuple[SSPLibrary, ...]:
        """The libraries that were read."""
        return tuple(opened.library for opened in self._opened.values())

    def choices(self) -> dict[str, str]:
        """Return the titles, by name, of all libraries that can be chosen."""
        known = {entry.name: entry.title for entry in known_libraries()}
        return known | {library.name: library.title for library in self.loaded}

    def has(self, name: str) -> bool:
        """Whether the library was read."""
        return name in self._opened

    def library(self, name: str) -> SSPLibrary:
        """Return a library that was read.

        Raises
        ------
        InputError
            If it was not.
        """
        try:
            return self._opened[name].library
        except KeyError:
            raise InputError(f"the library {name!r} is not open") from None

    def put(self, opened: OpenedLibrary) -> SSPLibrary:
        """Put a library on the shelf, and return it as it stands there.

        One that is there already, to the last number, is not put there twice. A namesake with other numbers gets a
        name of its own: pins and undone states go on to mean the one that they meant.
        """
        name, number = opened.library.name, 1
        while self.has(name) and self.library(name).numbers_sha256 != opened.library.numbers_sha256:
            number += 1
            name = f"{opened.library.name}-{number}"
        if not self.has(name):
            self._opened[name] = opened if number == 1 else _renamed(opened, name, number)
        return self.library(name)

    def remove(self, name: str) -> None:
        """Take a library from the shelf."""
        del self._opened[name]

    def files(self, names: Collection[str]) -> tuple[LibraryFile, ...]:
        """Return where those of the named libraries lie that were read from files."""
        return tuple(file for name, opened in self._opened.items() if name in names and (file := opened.file))

    def missing_for(self, session: Session) -> dict[str, OpenedLibrary]:
        """Read what a session needs and the shelf has not, by the names that the session uses.

        Raises
        ------
        InputError
            If a library has gone, or its files are not those of the session.
        """
        return {
            name: read_known(name) if file is None else _read_as_saved(file)
            for name, file in self._wanted_by(session).items()
        }

    def files_wanted_by(self, session: Session) -> tuple[LibraryFile, ...]:
        """Return where the libraries lie that a session needs and the shelf has not."""
        return tuple(file for file in self._wanted_by(session).values() if file is not None)

    def _wanted_by(self, session: Session) -> dict[str, LibraryFile | None]:
        """Return the libraries that a session needs and the shelf has not; None for those that are known by name."""
        files = {file.name: file for file in session.libraries}
        wanted = {}
        for name in session.library_names:
            file = files.get(name)
            if not self.has(name) or (file is not None and self.library(name).numbers_sha256 != file.numbers_sha256):
                wanted[name] = file
        return wanted


def _renamed(opened: OpenedLibrary, name: str, number: int) -> OpenedLibrary:
    library = replace(opened.library, name=name, title=f"{opened.library.title} ({number})")
    return OpenedLibrary(library, opened.file and replace(opened.file, name=name))


def _read_as_saved(file: LibraryFile) -> OpenedLibrary:
    path = Path(file.path)
    if not path.exists():
        raise InputError(f"{path}: the library {file.name!r} of the session is not there any more")
    opened = read_path(path, file.variant or None, skip_unreadable=True)
    if opened.library.numbers_sha256 != file.numbers_sha256:
        raise InputError(f"{path}: the library {file.name!r} has changed since the session was saved")
    return opened
