"""The libraries at hand: those known to the program, and those that were opened."""

from collections.abc import Collection
from pathlib import Path

from jpas_gui.app.state import LibraryFile, Session
from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.catalogue import known_libraries, load_library
from jpas_gui.core.ssp.library import SSPLibrary
from jpas_gui.core.ssp.reading import read_library


class LibraryShelf:
    """Libraries by name. The methods `read_...` may run in another thread than the rest."""

    def __init__(self, *libraries: SSPLibrary) -> None:
        self._loaded: dict[str, SSPLibrary] = {}
        self._files: dict[str, LibraryFile] = {}
        for library in libraries:
            self.add(library)

    @property
    def loaded(self) -> tuple[SSPLibrary, ...]:
        """The libraries that were read."""
        return tuple(self._loaded.values())

    def choices(self) -> dict[str, str]:
        """Return the titles, by name, of all libraries that can be chosen."""
        known = {entry.name: entry.title for entry in known_libraries()}
        return known | {library.name: library.title for library in self.loaded}

    def has(self, name: str) -> bool:
        """Whether the library was read."""
        return name in self._loaded

    def library(self, name: str) -> SSPLibrary:
        """Return a library that was read.

        Raises
        ------
        InputError
            If it was not.
        """
        try:
            return self._loaded[name]
        except KeyError:
            raise InputError(f"the library {name!r} is not open") from None

    def add(self, library: SSPLibrary) -> None:
        """Put a library on the shelf, in the place of one with the same name."""
        self._loaded[library.name] = library

    def take_back(self, library: SSPLibrary, before: SSPLibrary | None) -> None:
        """Take a library from the shelf that turned out useless; put the one back that it had replaced."""
        del self._loaded[library.name]
        if before is not None:
            self.add(before)

    def files(self, names: Collection[str]) -> tuple[LibraryFile, ...]:
        """Return where those of the named libraries lie that were opened from files."""
        return tuple(file for name, file in self._files.items() if name in names)

    def read_known(self, name: str) -> SSPLibrary:
        """Read a library that the program knows by name."""
        return load_library(name)

    def read_path(self, path: Path, variant: str | None = None, skip_unreadable: bool = False) -> SSPLibrary:
        """Read a library from files, and remember where they lie."""
        library = read_library(path, variant, skip_unreadable)
        self._files[library.name] = LibraryFile(
            name=library.name,
            path=str(path.resolve()),
            variant=library.source.variant,
            sha256=library.sha256(),
        )
        return library

    def read_session(self, session: Session) -> None:
        """Read what a session needs and the shelf has not.

        Raises
        ------
        InputError
            If a library has gone, or its files are not those of the session.
        """
        files = {file.name: file for file in session.libraries}
        state = session.explorer
        for name in dict.fromkeys([state.model.library, *(pin.model.library for pin in state.pins)]):
            if not self.has(name):
                self.add(self._read_file(files[name]) if name in files else self.read_known(name))

    def _read_file(self, file: LibraryFile) -> SSPLibrary:
        path = Path(file.path)
        if not path.exists():
            raise InputError(f"{path}: the library {file.name!r} of the session is not there any more")
        library = self.read_path(path, file.variant or None, skip_unreadable=True)
        if library.sha256() != file.sha256:
            raise InputError(f"{path}: the library {file.name!r} has changed since the session was saved")
        return library
