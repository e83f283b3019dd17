"""The controller of the source list: reads a catalogue part by part, and keeps which rows are listed in which order."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from psygnal import Signal

from jpas_gui.app.explorer import Background
from jpas_gui.app.live_prediction import Latest
from jpas_gui.app.notes import Notebook
from jpas_gui.app.overview import Overview, overview
from jpas_gui.app.source_list import MAX_LISTED, ListOptions, PredictedRows, SourceTable, arrange
from jpas_gui.core.arrays import IndexArray
from jpas_gui.core.catalogues.hand_masks import apply_hand_masks
from jpas_gui.core.catalogues.observed import ObservedGalaxies
from jpas_gui.core.catalogues.opening import ObservedCatalogue
from jpas_gui.core.errors import InputError

_PART = 5000
"""Rows that are read at once: whoever wants one galaxy in between waits for a few hundredths of a second."""


class CatalogueReader:
    """Reads a catalogue for several threads, one at a time."""

    def __init__(self, catalogue: ObservedCatalogue) -> None:
        self.catalogue = catalogue
        self._lock = threading.Lock()
        self._parts: Iterator[ObservedGalaxies] = catalogue.chunks(_PART)

    def galaxy(self, row: int) -> ObservedGalaxies:
        """Return one galaxy.

        Raises
        ------
        InputError
            If the file has changed since it was opened.
        """
        with self._lock:
            return self.catalogue.galaxies(row, row + 1)

    def next_part(self) -> ObservedGalaxies | None:
        """Return the next rows from the first on; None behind the last."""
        with self._lock:
            return next(self._parts, None)


class SourceBrowser:
    """Fills and arranges the list of the galaxies of a catalogue.

    Parameters
    ----------
    background : Background
        Where the catalogue is read.
    worker : Latest
        Where the list is arranged.

    Attributes
    ----------
    changed : Signal
        Other rows are listed, or in another order, or with other values.
    problem : Signal(str)
    table : SourceTable
    order : ndarray of int
        The rows that are listed.
    options : ListOptions
    plane_columns : tuple of str
        On the axes of the plane of the overview.
    overview : Overview, optional
        Of the predictions; None while there are none.
    """

    changed = Signal()
    problem = Signal(str)

    def __init__(self, background: Background, worker: Latest) -> None:
        self._background, self._worker = background, worker
        self._reader: CatalogueReader | None = None
        self._notebook: Notebook | None = None
        self._version = 0
        self.table = SourceTable(0)
        self.order: IndexArray = np.empty(0, dtype=np.intp)
        self.options = ListOptions()
        self._arranged = self._version, self.options
        self.plane_columns = ("log_age", "metallicity")
        self.overview: Overview | None = None

    @property
    def is_busy(self) -> bool:
        """Whether rows are still being read or arranged."""
        return self.is_reading or self._arranged != (self._version, self.options)

    @property
    def is_reading(self) -> bool:
        """Whether rows are still being read."""
        return self.table.n_read < self.table.n_rows and self._reader is not None

    def show(self, reader: CatalogueReader, notebook: Notebook) -> None:
        """List the galaxies of a catalogue, and no others."""
        self._reader, self._notebook = reader, notebook
        self.table = SourceTable(min(reader.catalogue.n_rows, MAX_LISTED))
        self.order = np.empty(0, dtype=np.intp)
        self.options = ListOptions()
        self.refresh()
        self._read_on(reader)

    def close(self) -> None:
        """Read nothing more."""
        self._reader = None

    def set_options(self, **changes: Any) -> None:
        """Change search, filters or order."""
        self.options = replace(self.options, **changes)
        self.refresh()

    def set_plane(self, columns: tuple[str, str]) -> None:
        """Put other columns on the axes of the plane; a brush in the old ones goes."""
        self.plane_columns = columns
        self.set_options(brush=None)

    def refresh(self) -> None:
        """Arrange the list anew: its values have changed."""
        self._version += 1
        wanted = self._version, self.options
        table, options, columns = self.table, self.options, self.plane_columns
        noted = self._notebook.rows() if self._notebook else ()

        def job() -> tuple[IndexArray, Overview | None]:
            order = arrange(table, options, noted)
            return order, overview(table, order, columns)

        def use(answer: tuple[IndexArray, Overview | None]) -> None:
            if table is self.table:
                (self.order, self.overview), self._arranged = answer, wanted
                self.changed.emit()

        # While rows arrive, an arrangement that runs still answers: the list would else stand empty until the last.
        self._worker.submit(job, use, _raise, keep_running=True)

    def show_masks(self, galaxy: ObservedGalaxies) -> None:
        """List a galaxy, one row, with what its masks leave of it."""
        if self.table.show_masks(galaxy):
            self.refresh()

    def add_predictions(self, first: int, predicted: PredictedRows) -> None:
        """Take the predictions of the rows from `first` on."""
        n = max(0, self.table.n_rows - first)
        rows = PredictedRows(predicted.point[:n], predicted.chi2_per_band[:n], predicted.flag[:n])
        self.table.add_predictions(first, rows)
        self.refresh()

    def neighbour(self, row: int, step: int) -> int | None:
        """Return the row that is listed this many places behind another one; None behind the ends."""
        place = np.flatnonzero(self.order == row)
        if not place.size:
            return int(self.order[0]) if self.order.size else None
        wanted = int(place[0]) + step
        return int(self.order[wanted]) if 0 <= wanted < self.order.size else None

    def _read_on(self, reader: CatalogueReader) -> None:
        def use(part: ObservedGalaxies | None) -> None:
            if reader is not self._reader:
                return  # another catalogue is shown
            if part is None or self.table.n_read >= self.table.n_rows:
                self.table.n_rows = self.table.n_read
                self.refresh()
                return
            rows = part.rows(slice(self.table.n_rows - self.table.n_read))
            masks = self._notebook.hand_masks() if self._notebook else ()
            self.table.add(apply_hand_masks(rows, masks))
            self.refresh()
            self._read_on(reader)

        def failed(error: Exception) -> None:
            if reader is self._reader:
                self.table.n_rows = self.table.n_read
                self._say(error)

        self._background.submit(reader.next_part, use, failed)

    def _say(self, error: Exception) -> None:
        if not isinstance(error, InputError):
            raise error
        self.problem.emit(str(error))


def _raise(error: Exception) -> None:
    raise error
