"""Opening a catalogue: what cannot be known from the file is asked, and what was answered is remembered."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from psygnal import Signal

from jpas_gui.app.explorer import Background
from jpas_gui.app.state import OpenCatalogue
from jpas_gui.core.catalogues.column_map import ColumnMap
from jpas_gui.core.catalogues.opening import (
    ColumnsNeeded,
    ObservedCatalogue,
    OpeningOptions,
    RedshiftNeeded,
    UnitNeeded,
    open_catalogue,
)
from jpas_gui.core.errors import InputError


class ColumnMemory(Protocol):
    """Keeps column maps from one run of the program to the next."""

    def recall(self, names: Sequence[str]) -> ColumnMap | None:
        """Return the map that was given for a table with these columns."""

    def keep(self, names: Sequence[str], columns: ColumnMap) -> None:
        """Keep the map for tables with these columns."""


class CatalogueOpening:
    """Opens catalogues in the background.

    Attributes
    ----------
    opened : Signal(ObservedCatalogue, int)
        And the row that is to be shown.
    restored : Signal(OpenCatalogue)
        That of a session is opened: what was listed of it is to be listed again.
    unit_needed, columns_needed, redshift_needed : Signal(error, Path, OpeningOptions)
        `open` again with the answer put into the options.
    problem : Signal(str)
    busy : Signal(str)
        What is being opened; empty when nothing is.
    """

    opened = Signal(object, int)
    restored = Signal(object)
    unit_needed = Signal(object, Path, object)
    columns_needed = Signal(object, Path, object)
    redshift_needed = Signal(object, Path, object)
    problem = Signal(str)
    busy = Signal(str)

    def __init__(self, background: Background, memory: ColumnMemory) -> None:
        self._background, self._memory = background, memory
        self._waiting = 0

    @property
    def is_busy(self) -> bool:
        """Whether a catalogue is being opened."""
        return self._waiting > 0

    def open(self, path: Path, options: OpeningOptions | None = None) -> None:
        """Open a catalogue."""
        self._open(path, options or OpeningOptions(), lambda catalogue: self.opened.emit(catalogue, 0))

    def open_saved(self, saved: OpenCatalogue) -> None:
        """Open the catalogue of a session, at its row; say so where it is not the file that it was."""

        def done(catalogue: ObservedCatalogue) -> None:
            if catalogue.sampled_sha256 != saved.sampled_sha256:
                self.problem.emit(f"{saved.path}: has changed since the session was saved: its galaxies may be others")
            self.opened.emit(catalogue, saved.row if 0 <= saved.row < catalogue.n_rows else 0)
            self.restored.emit(saved)

        self._open(Path(saved.path), saved.options, done)

    def remember(self, error: ColumnsNeeded, columns: ColumnMap) -> None:
        """Keep the map that the user gave for the columns of a table."""
        self._memory.keep(error.names, columns)

    def _open(self, path: Path, options: OpeningOptions, use: Callable[[ObservedCatalogue], None]) -> None:
        def failed(error: Exception) -> None:
            self._done()
            self._ask(error, path, options)

        def done(catalogue: ObservedCatalogue) -> None:
            self._done()
            use(catalogue)

        self._waiting += 1
        self.busy.emit(f"Opening {path.name} …")
        self._background.submit(lambda: open_catalogue(path, options), done, failed)

    def _done(self) -> None:
        self._waiting -= 1
        if not self._waiting:
            self.busy.emit("")

    def _ask(self, error: Exception, path: Path, options: OpeningOptions) -> None:
        if isinstance(error, UnitNeeded):
            self.unit_needed.emit(error, path, options)
        elif isinstance(error, RedshiftNeeded):
            self.redshift_needed.emit(error, path, options)
        elif isinstance(error, ColumnsNeeded):
            self._ask_columns(error, path, options)
        elif isinstance(error, InputError):
            self.problem.emit(str(error))
        else:
            raise error

    def _ask_columns(self, error: ColumnsNeeded, path: Path, options: OpeningOptions) -> None:
        known = self._memory.recall(error.names)
        if known is not None and options.columns is None:
            self.open(path, replace(options, columns=known))
        else:
            self.columns_needed.emit(error, path, options)
