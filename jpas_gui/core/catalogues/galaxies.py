"""Rows of a table, turned into observed galaxies."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jpas_gui.core.arrays import FloatArray, IndexArray
from jpas_gui.core.catalogues.bands import BandColumns
from jpas_gui.core.catalogues.conversion import Measured, measured
from jpas_gui.core.catalogues.galactic_extinction import LARGEST_EBV, extinction_factor
from jpas_gui.core.catalogues.identity import id_values, row_names
from jpas_gui.core.catalogues.layout import Layout
from jpas_gui.core.catalogues.numbers import Numbers
from jpas_gui.core.catalogues.observed import MaskReason, ObservedGalaxies
from jpas_gui.core.catalogues.redshifts import RedshiftSource
from jpas_gui.core.catalogues.row_values import RowValues, within
from jpas_gui.core.catalogues.spectrum_end import made_from_spectra, mask_cut_bands
from jpas_gui.core.catalogues.table import TableRows
from jpas_gui.core.catalogues.units import FluxUnit
from jpas_gui.core.photometry.bands import all_bands

_BLOCK = 2048
"""Rows that are converted at once: what is made of them fits the processor's cache."""


@dataclass(frozen=True, eq=False)
class GalaxyReader:
    """How the rows of a table are read.

    Parameters
    ----------
    layout : Layout
    unit, error_unit : FluxUnit
        Of values and errors; of relative errors a number.
    redshift : RedshiftSource
    extinction : RowValues, optional
        E(B-V) in mag of the Milky Way, which is removed.
    id_columns : tuple of str
    keep_flagged : bool
        Use bands with FLAGS or MASK_FLAGS, too.
    """

    layout: Layout
    unit: FluxUnit
    error_unit: FluxUnit
    redshift: RedshiftSource
    extinction: RowValues | None
    id_columns: tuple[str, ...]
    keep_flagged: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that are read."""
        dust = self.extinction.columns if self.extinction else ()
        names = (*self.layout.columns, *self.redshift.values.columns, *dust, *self.id_columns)
        return tuple(dict.fromkeys(names))

    def galaxies(self, rows: TableRows, n_rows: int) -> ObservedGalaxies:
        """Return the galaxies of some rows."""
        problems = dict(rows.problems)
        photometry = self._photometry(rows, n_rows, problems)
        redshift = _keep_problems(self.redshift.read(rows, n_rows), problems)
        if self.extinction is not None:
            self._remove_extinction(photometry, self.extinction.read(rows, n_rows), problems)
        lost = list(problems)
        photometry.flux_nu[lost], photometry.flux_nu_error[lost] = np.nan, np.nan
        has_band = photometry.reason[lost] != MaskReason.NO_BAND
        photometry.reason[lost] = np.where(has_band, MaskReason.NO_DATA, MaskReason.NO_BAND)
        row = np.arange(rows.start, rows.start + n_rows)
        return ObservedGalaxies(
            row=row,
            name=row_names(id_values(rows, self.id_columns, row), rows),
            flux_nu=photometry.flux_nu,
            flux_nu_error=photometry.flux_nu_error,
            reason=photometry.reason,
            redshift=redshift,
            problem=_texts(rows, n_rows, problems),
        )

    def _photometry(self, rows: TableRows, n_rows: int, problems: dict[int, str]) -> Measured:
        """Return the photometry in all 60 bands; what cannot be read is added to the problems."""
        layout = self.layout
        values = _keep_problems(layout.values.read(rows), problems)
        errors = _in_bands(layout.values.bands, layout.errors, _keep_problems(layout.errors.read(rows), problems))
        place = _place(layout.values.bands)
        unit = self.unit.of_bands(place)
        error_unit = self.error_unit.of_bands(place)
        whole = _nothing_measured(n_rows)
        for start in range(0, n_rows, _BLOCK):
            block = slice(start, start + _BLOCK)
            part = measured(values[block], errors[block], unit, error_unit, layout.error_role)
            whole.flux_nu[block, place] = part.flux_nu
            whole.flux_nu_error[block, place] = part.flux_nu_error
            whole.reason[block, place] = part.reason
        if made_from_spectra(layout):
            mask_cut_bands(whole.reason)
        if not self.keep_flagged:
            self._apply_flags(rows, whole.reason, problems)
        return whole

    def _apply_flags(self, rows: TableRows, reason: NDArray[np.uint8], problems: dict[int, str]) -> None:
        layout = self.layout
        for columns, why in (
            (layout.flags, MaskReason.FLAGS),
            (layout.mask_flags, MaskReason.MASK_FLAGS),
            (layout.mask, MaskReason.MASK_FLAGS),
        ):
            if columns is None:
                continue
            values = _keep_problems(columns.read(rows, truth=True), problems)
            # NaN: not known to be clean.
            usable = (values > 0) if columns is layout.mask else (values == 0)
            place = _place(columns.bands)
            own = reason[:, place]
            reason[:, place] = np.where((own == MaskReason.USED) & ~usable, why, own)

    def _remove_extinction(self, photometry: Measured, ebv: Numbers, problems: dict[int, str]) -> None:
        values = within(_keep_problems(ebv, problems), 0.0, LARGEST_EBV)
        for position in np.flatnonzero(np.isnan(values)).tolist():
            problems.setdefault(position, f"column {self.extinction and self.extinction.column}: no E(B-V)")
        for start in range(0, len(values), _BLOCK):
            block = slice(start, start + _BLOCK)
            factor = extinction_factor(values[block])
            photometry.flux_nu[block] *= factor
            photometry.flux_nu_error[block] *= factor


def _keep_problems(numbers: Numbers, problems: dict[int, str]) -> FloatArray:
    """Add the problems of rows that have none so far, and return the values."""
    for position, text in numbers.problems.items():
        problems.setdefault(position, text)
    return numbers.values


def _in_bands(bands: tuple[str, ...], columns: BandColumns, values: FloatArray) -> FloatArray:
    """Return values in other bands, NaN where there are none."""
    if columns.bands == bands:
        return values
    moved = np.full((len(values), len(bands)), np.nan)
    for number, band in enumerate(bands):
        if band in columns.bands:
            moved[:, number] = values[:, columns.bands.index(band)]
    return moved


def _place(bands: Sequence[str]) -> slice | IndexArray:
    """Return where bands stand among all; a slice, which costs less, where they follow each other."""
    number = {band.name: position for position, band in enumerate(all_bands())}
    place = np.array([number[band] for band in bands], dtype=np.intp)
    first, last = int(place[0]), int(place[-1])
    return slice(first, last + 1) if last - first + 1 == len(place) else place


def _nothing_measured(n_rows: int) -> Measured:
    shape = (n_rows, len(all_bands()))
    return Measured(np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, MaskReason.NO_BAND, dtype=np.uint8))


def _texts(rows: TableRows, n_rows: int, problems: dict[int, str]) -> tuple[str, ...]:
    texts = [""] * n_rows
    for position, text in problems.items():
        where = rows.where(position)
        texts[position] = text if text.startswith(where) else f"{where}, {text}"
    return tuple(texts)
