"""The list of a catalogue's galaxies: what it shows of each, and which of them in which order."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from jpas_gui.core.arrays import BoolArray, Float32Array, FloatArray, IndexArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.core.photometry.bands import N_SURVEY_BANDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jpas_gui.core.catalogues.observed import ObservedGalaxies

MAX_LISTED = 5_000_000
"""Rows in the list: about 100 bytes each. Predictions are of all rows."""

PREDICTED_COLUMNS = (*PARAMETERS, "chi2", "flag")
SORTED_BY = ("row", "name", "magnitude", "snr", "redshift", "n_bands", *PREDICTED_COLUMNS)
"""Columns of `SourceTable` by which it can be sorted, and the order of the catalogue."""


class Which(StrEnum):
    """The galaxies that are listed."""

    ALL = "all"
    PREDICTED = "with a prediction"
    UNFLAGGED = "without a flag"
    FLAGGED = "with a flag"
    NOTED = "with a note"
    UNREADABLE = "unreadable rows"


@dataclass(frozen=True)
class Brush:
    """A rectangle in the plane of two columns of `SourceTable`."""

    columns: tuple[str, str]
    low: tuple[float, float]
    high: tuple[float, float]


@dataclass(frozen=True)
class ListOptions:
    """Search, filters and order.

    Parameters
    ----------
    search : str
        Part of the name, in any case.
    min_snr : float, optional
    brightest, faintest : float, optional
        AB magnitudes.
    brush : Brush, optional
    sort_by : str
        One of `SORTED_BY`.

    Raises
    ------
    InputError
        If the galaxies cannot be sorted so.
    """

    search: str = ""
    min_snr: float | None = None
    brightest: float | None = None
    faintest: float | None = None
    which: Which = Which.ALL
    brush: Brush | None = None
    sort_by: str = "row"
    descending: bool = False

    def __post_init__(self) -> None:
        if self.sort_by not in SORTED_BY:
            raise InputError(f"galaxies cannot be sorted by {self.sort_by!r}: choose one of {', '.join(SORTED_BY)}")

    def without_predictions(self) -> "ListOptions":
        """Return what of this can be asked of a catalogue that is not predicted yet."""
        which = self.which if self.which in (Which.NOTED, Which.UNREADABLE) else Which.ALL
        is_known = self.sort_by not in PREDICTED_COLUMNS
        return replace(
            self,
            which=which,
            brush=None,
            sort_by=self.sort_by if is_known else "row",
            descending=self.descending and is_known,
        )


@dataclass(frozen=True, eq=False)
class PredictedRows:
    """Predictions of some galaxies: `point` shape (n, 3) in the order of `PARAMETERS`, the others (n,)."""

    point: FloatArray
    chi2_per_band: FloatArray
    flag: IndexArray


class SourceTable:
    """A few columns of all galaxies, filled while the catalogue is read.

    Attributes
    ----------
    n_rows, n_read : int
        Rows of the table, and how many of them, from the first, are known.
    name : ndarray of str, shape (n_rows,)
    magnitude, snr, redshift : ndarray, shape (n_rows,), float32
    n_bands : ndarray of int, shape (n_rows,)
        Usable ones of the survey's 56.
    unreadable : ndarray of bool, shape (n_rows,)
    log_age, metallicity, ebv, chi2 : ndarray, shape (n_rows,), float32
        Predictions; NaN where there is none yet. chi2 is per band.
    flag : ndarray of int, shape (n_rows,)
        Of the prediction; -1 where there is none yet.
    """

    def __init__(self, n_rows: int) -> None:
        self.n_rows, self.n_read = n_rows, 0
        self.name: NDArray[np.str_] = np.zeros(n_rows, dtype="U8")
        self.magnitude, self.snr, self.redshift = (_unknown(n_rows) for _ in range(3))
        self.n_bands = np.zeros(n_rows, dtype=np.uint8)
        self.unreadable = np.zeros(n_rows, dtype=bool)
        self.log_age, self.metallicity, self.ebv, self.chi2 = (_unknown(n_rows) for _ in range(4))
        self.flag = np.full(n_rows, -1, dtype=np.int16)

    def add(self, galaxies: "ObservedGalaxies") -> None:
        """Take the next galaxies of the catalogue."""
        rows = slice(self.n_read, self.n_read + len(galaxies.row))
        if galaxies.name.dtype.itemsize > self.name.dtype.itemsize:
            self.name = self.name.astype(galaxies.name.dtype)
        self.name[rows] = galaxies.name
        self.magnitude[rows], self.snr[rows], self.redshift[rows] = galaxies.magnitude, galaxies.snr, galaxies.redshift
        self.n_bands[rows] = galaxies.mask[:, :N_SURVEY_BANDS].sum(axis=1)
        self.unreadable[rows] = [bool(problem) for problem in galaxies.problem]
        self.n_read = rows.stop

    def show_masks(self, galaxy: "ObservedGalaxies") -> bool:
        """Take what masks leave of one galaxy; return whether that changes anything."""
        row, n_bands = int(galaxy.row[0]), int(galaxy.mask[0, :N_SURVEY_BANDS].sum())
        if row >= self.n_read:
            return False
        before = self.n_bands[row], self.snr[row], self.magnitude[row]
        self.n_bands[row], self.snr[row], self.magnitude[row] = n_bands, galaxy.snr[0], galaxy.magnitude[0]
        now = self.n_bands[row], self.snr[row], self.magnitude[row]
        return not np.array_equal(before, now, equal_nan=True)

    def add_predictions(self, first: int, predicted: "PredictedRows") -> None:
        """Take the predictions of the rows from `first` on."""
        rows = slice(first, first + len(predicted.flag))
        for name, values in zip(PARAMETERS, predicted.point.T, strict=True):
            getattr(self, name)[rows] = values
        self.chi2[rows] = predicted.chi2_per_band
        self.flag[rows] = predicted.flag

    @property
    def has_predictions(self) -> bool:
        """Whether there is a prediction of any row."""
        return bool((self.flag >= 0).any())


def _unknown(n_rows: int) -> Float32Array:
    return np.full(n_rows, np.nan, dtype=np.float32)


def arrange(table: SourceTable, options: ListOptions, noted: Collection[int] = ()) -> IndexArray:
    """Return the rows that are listed, in their order.

    Equal values keep the order of the catalogue, and unknown ones come last. One million rows take up to a second:
    not for the window's thread.

    Parameters
    ----------
    noted : collection of int
        Rows that have a note.
    """
    n_read = table.n_read
    kept = np.flatnonzero(_kept(table, n_read, options, noted))
    if options.sort_by == "row":
        return kept[::-1] if options.descending else kept
    values = getattr(table, options.sort_by)[:n_read][kept]
    order = np.argsort(values, kind="stable")
    if not options.descending:
        return np.asarray(kept[order])
    unknown = np.isnan(values[order]) if values.dtype.kind == "f" else np.zeros(order.size, dtype=bool)
    return np.asarray(np.concatenate([kept[order[~unknown]][::-1], kept[order[unknown]]]))


def _kept(table: SourceTable, n_read: int, options: ListOptions, noted: Collection[int]) -> BoolArray:
    """Return which of the rows that are known pass search and filters."""
    keep = np.ones(n_read, dtype=bool)
    if options.search:
        keep &= _found(table.name[:n_read], options.search)
    limits = [(table.snr, options.min_snr, None), (table.magnitude, options.brightest, options.faintest)]
    if options.brush is not None:
        columns = (getattr(table, name) for name in options.brush.columns)
        limits += zip(columns, options.brush.low, options.brush.high, strict=True)
    for values, least, most in limits:
        if least is not None:
            keep &= values[:n_read] >= least
        if most is not None:
            keep &= values[:n_read] <= most
    return keep & _of_kind(table, n_read, options.which, noted)


def _found(names: "NDArray[np.str_]", text: str) -> BoolArray:
    """Return which names hold the text, as it was typed or all in small or capital letters."""
    found = np.zeros(names.size, dtype=bool)
    for form in {text, text.lower(), text.upper()}:
        found |= np.strings.find(names, form) >= 0
    return found


def _of_kind(table: SourceTable, n_read: int, which: Which, noted: Collection[int]) -> BoolArray:
    flag = table.flag[:n_read]
    match which:
        case Which.PREDICTED:
            return np.isfinite(table.log_age[:n_read])
        case Which.UNFLAGGED:
            return np.asarray(flag == 0)
        case Which.FLAGGED:
            return np.asarray(flag > 0)
        case Which.UNREADABLE:
            return table.unreadable[:n_read]
        case Which.NOTED:
            is_noted = np.zeros(n_read, dtype=bool)
            is_noted[[row for row in noted if row < n_read]] = True
            return is_noted
    return np.ones(n_read, dtype=bool)
