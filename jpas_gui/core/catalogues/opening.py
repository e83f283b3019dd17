"""Opening a catalogue of observed galaxies: any part of it, in the program's units."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jpas_gui.core.catalogues.column_map import ColumnMap
from jpas_gui.core.catalogues.column_summary import ColumnSummary, column_summaries
from jpas_gui.core.catalogues.corrected_columns import correction_warning
from jpas_gui.core.catalogues.galactic_extinction import LARGEST_EBV, LAW, R_V
from jpas_gui.core.catalogues.galaxies import GalaxyReader
from jpas_gui.core.catalogues.hand_masks import HandMask, apply_hand_masks
from jpas_gui.core.catalogues.identity import find_id_columns, id_values
from jpas_gui.core.catalogues.layout import Layout, find_layouts, mapped_layout
from jpas_gui.core.catalogues.missing_photometry import ColumnsNeeded
from jpas_gui.core.catalogues.observed import ObservedGalaxies
from jpas_gui.core.catalogues.photometry_unit import UnitNeeded, apertures_of, choose_layout, read_units
from jpas_gui.core.catalogues.reading import read_tables
from jpas_gui.core.catalogues.redshifts import RedshiftNeeded, RedshiftSource, choose_redshift
from jpas_gui.core.catalogues.row_values import row_values
from jpas_gui.core.catalogues.table import CatalogueTable, TableRows
from jpas_gui.core.catalogues.unit_sample import UnitSample, unit_sample
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import sampled_hash

__all__ = [
    "ColumnsNeeded",
    "ObservedCatalogue",
    "OpeningOptions",
    "RedshiftNeeded",
    "UnitNeeded",
    "open_catalogue",
]


@dataclass(frozen=True)
class OpeningOptions:
    """What a user says of a catalogue.

    Parameters
    ----------
    columns : ColumnMap, optional
        For tables of no known dialect.
    aperture : str, optional
        E.g. ``"AUTO"``; the catalogue's own best where it is not given.
    redshift : str or float, optional
        A column, or one value for all; 0 for photometry in the rest frame. Where it is not given, PHOTOZ or a
        spectroscopic column.
    extinction : str or float, optional
        E(B-V) in mag of the Milky Way, a column or one value, which is removed; nothing where it is not given.
    unit : str, optional
        Where the file does not say it, or is wrong.
    keep_flagged : bool
        Use bands with FLAGS or MASK_FLAGS, too.
    hand_masked : tuple of HandMask
        Bands of single galaxies that are not to be used, in the order of their rows.
    """

    columns: ColumnMap | None = None
    aperture: str | None = None
    redshift: str | float | None = None
    extinction: str | float | None = None
    unit: str | None = None
    keep_flagged: bool = False
    hand_masked: tuple[HandMask, ...] = ()


@dataclass(frozen=True, eq=False)
class ObservedCatalogue:
    """An open catalogue; `open_catalogue` makes it.

    Parameters
    ----------
    path : Path
    options : OpeningOptions
        What the user said.
    apertures : tuple of str
        Those that can be chosen, the best first; empty text where the columns name none.
    notes : tuple of str
        What a user should know.
    sampled_sha256 : str
        Tells the file from others: see `core.files.sampled_hash`.
    warnings : tuple of str
        Those of the notes that may make answers wrong.
    """

    path: Path
    options: OpeningOptions
    apertures: tuple[str, ...]
    notes: tuple[str, ...]
    sampled_sha256: str
    warnings: tuple[str, ...]
    _table: CatalogueTable = field(repr=False)
    _reader: GalaxyReader = field(repr=False)
    _stamp: tuple[int, int] = field(repr=False)

    @property
    def n_rows(self) -> int:
        """Number of galaxies."""
        return self._table.n_rows

    @property
    def dialect(self) -> str:
        """Kind of file and of its columns, for people."""
        return f"{self._table.kind}, {self._reader.layout.dialect}"

    @property
    def aperture(self) -> str:
        """The one that is read; empty where the columns name none."""
        return self._reader.layout.aperture

    @property
    def unit(self) -> str:
        """The file's own."""
        return self._reader.unit.name

    @property
    def bands(self) -> tuple[str, ...]:
        """Those that the file has, in the order of the filter ids."""
        return self._reader.layout.values.bands

    @property
    def redshift(self) -> str | float | None:
        """The column of the redshifts, or the one of all galaxies; None where it is not known."""
        values = self._reader.redshift.values
        return values.column or (None if np.isnan(values.value) else values.value)

    def unit_sample(self) -> UnitSample:
        """Return some values of the photometry as the file has them."""
        return unit_sample(self._table, self._reader.layout)

    def column_summaries(self) -> tuple[ColumnSummary, ...]:
        """Return all columns of the file, those with one number per row first."""
        return column_summaries(self._table)

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns of the file that are read."""
        return self._reader.columns

    @property
    def id_columns(self) -> tuple[str, ...]:
        """Columns that tell one row from another, as the file names them; empty where there is none."""
        return self._reader.id_columns

    def galaxies(self, start: int, stop: int) -> ObservedGalaxies:
        """Return the galaxies from row `start` to before row `stop`, or the last.

        Raises
        ------
        InputError
            If the file can no longer be read, or has changed.
        """
        start, stop = _within(start, stop, self.n_rows)
        with self._unchanged():
            rows = self._table.read_rows(self._reader.columns, start, stop)
        return self._galaxies(rows, stop - start)

    def chunks(self, size: int, start: int = 0) -> Iterator[ObservedGalaxies]:
        """Yield all galaxies from row `start`, `size` at a time, in the memory of a few chunks.

        Raises
        ------
        InputError
            If the file can no longer be read, or has changed.
        """
        parts = self._table.stream(self._reader.columns, size, start)
        while True:
            with self._unchanged():
                rows = next(parts, None)
            if rows is None:
                return
            yield self._galaxies(rows, min(size, self.n_rows - rows.start))

    def _galaxies(self, rows: TableRows, n_rows: int) -> ObservedGalaxies:
        return apply_hand_masks(self._reader.galaxies(rows, n_rows), self.options.hand_masked)

    def ids(self, start: int, stop: int) -> dict[str, NDArray[Any]]:
        """Return the id columns of some rows: whole numbers or text; ``row``, from 0, where the file has none.

        Raises
        ------
        InputError
            If the file can no longer be read, or has changed.
        """
        start, stop = _within(start, stop, self.n_rows)
        with self._unchanged():
            rows = self._table.read_rows(self.id_columns, start, stop)
        return id_values(rows, self.id_columns, np.arange(start, stop))

    def check_unchanged(self) -> None:
        """Find out whether the file is still the one that was opened.

        Raises
        ------
        InputError
            If it is not.
        """
        if _stamp(self.path) != self._stamp:
            raise InputError(f"{self.path}: the file has changed since it was opened: open it again")

    @contextmanager
    def _unchanged(self) -> Iterator[None]:
        """Read what is known not to have changed meanwhile: that comes before whatever else may be wrong then."""
        self.check_unchanged()
        try:
            yield
        finally:
            self.check_unchanged()


def open_catalogue(path: Path, options: OpeningOptions | None = None) -> ObservedCatalogue:
    """Open a catalogue of observed galaxies.

    Parameters
    ----------
    path : Path
        FITS, Parquet, VOTable, ECSV, CSV or structured NPY, in one of the dialects of the archive, or any with a
        column map.
    options : OpeningOptions, optional

    Raises
    ------
    ColumnsNeeded, UnitNeeded, RedshiftNeeded
        If the file does not say enough; the options can.
    InputError
        If it cannot be read, is not of J-PAS, or the options do not fit it.
    """
    options = options or OpeningOptions()
    columns = options.columns
    table, layouts = _photometry(path, columns)
    stamp = _stamp(path)
    own_unit = columns.unit if columns and options.unit is None else options.unit
    layout, unit, unit_note = choose_layout(table, layouts, options.aperture, own_unit)
    own_redshift = columns.redshift if columns and options.redshift is None else options.redshift
    redshift = choose_redshift(table, layout.dialect, own_redshift)
    dust = None if options.extinction is None else row_values(table, options.extinction, "E(B-V)", LARGEST_EBV)
    value_unit, error_unit = read_units(table, layout, unit)
    id_columns = find_id_columns(table, columns.id if columns else ())
    reader = GalaxyReader(layout, value_unit, error_unit, redshift, dust, id_columns, options.keep_flagged)
    notes = [unit_note, *_notes(layout, redshift)]
    if dust is not None:
        notes.append(f"extinction by the Milky Way removed: {LAW}, R_V = {R_V}")
    warning = correction_warning(table, layout) if dust is not None else None
    if options.hand_masked:
        notes.append(f"galaxies with bands masked by hand: {len(options.hand_masked)}")
    known, warnings = (tuple(filter(None, texts)) for texts in ([warning, *notes], [warning]))
    sampled = sampled_hash(path)
    return ObservedCatalogue(path, options, apertures_of(layouts), known, sampled, warnings, table, reader, stamp)


def _photometry(path: Path, columns: ColumnMap | None) -> tuple[CatalogueTable, list[Layout]]:
    """Return the first table of a file that has photometry: there may be one of the filters, too."""
    problems: list[tuple[int, InputError]] = []
    for table in read_tables(path):
        try:
            return table, [mapped_layout(table, columns)] if columns else find_layouts(table)
        except InputError as error:
            problems.append((len(table.names), error))
    # That of the widest table says most.
    raise max(problems, key=lambda problem: problem[0])[1]


def _notes(layout: Layout, redshift: RedshiftSource) -> list[str]:
    notes = []
    values = redshift.values
    if values.column is not None:
        notes.append(f"redshift from the column {values.column}")
    elif np.isnan(values.value):
        notes.append("the file has no redshift: give a column or a value")
    if not (layout.flags or layout.mask_flags or layout.mask):
        notes.append("the file has no FLAGS and no MASK_FLAGS: flagged photometry could not be left out")
    return notes


def _within(start: int, stop: int, n_rows: int) -> tuple[int, int]:
    start = min(max(start, 0), n_rows)
    return start, min(max(stop, start), n_rows)


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from error
    return status.st_size, status.st_mtime_ns
