"""Observed galaxies in the program's units, with the reason why a band is not used."""

from dataclasses import dataclass, fields
from enum import IntEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from jpas_gui.core.arrays import BoolArray, FloatArray, IndexArray
from jpas_gui.core.magnitudes import magnitude_of_flux
from jpas_gui.core.photometry.bands import N_SURVEY_BANDS, REFERENCE_BANDS, all_bands


class MaskReason(IntEnum):
    """Why a band of a galaxy is not used."""

    USED = 0
    NO_BAND = 1
    """The file does not have the band."""
    NO_DATA = 2
    """NaN, None, empty, a number that stands for none (see `sentinels`), or 0.0 without an error."""
    NO_ERROR = 3
    """There is no positive, finite error."""
    LARGE_ERROR = 4
    """A magnitude whose error is above 1 mag: measured, but not detected."""
    FLAGS = 5
    """FLAGS of the band, or of the galaxy, is not zero."""
    MASK_FLAGS = 6
    """MASK_FLAGS of the band, or of the galaxy, is not zero; or the file's own mask says so."""
    INFINITE = 7
    """Infinite, or larger than any source could be."""
    BY_HAND = 8
    """Masked by the user."""
    EMISSION = 9
    """Masked by the user because emission lines reach it."""
    CUT = 10
    """The spectrum that the photometry was made from ends within the band, or too close to it."""

    @property
    def text(self) -> str:
        """A few words for tables and tooltips."""
        return _TEXTS[self]


_TEXTS = {
    MaskReason.USED: "used",
    MaskReason.NO_BAND: "not in the file",
    MaskReason.NO_DATA: "no data",
    MaskReason.NO_ERROR: "no error",
    MaskReason.LARGE_ERROR: "error above 1 mag",
    MaskReason.FLAGS: "FLAGS",
    MaskReason.MASK_FLAGS: "MASK_FLAGS",
    MaskReason.INFINITE: "infinite",
    MaskReason.BY_HAND: "masked by hand",
    MaskReason.EMISSION: "emission lines",
    MaskReason.CUT: "at the end of the spectrum",
}


@dataclass(frozen=True, eq=False)
class ObservedGalaxies:
    """Some rows of a catalogue, bands in the order of `all_bands`.

    Parameters
    ----------
    row : ndarray of int, shape (n,)
        Row numbers in the file, from 0.
    name : ndarray of str, shape (n,)
        What lists show: the id columns joined, e.g. ``"2470-1234"``.
    flux_nu, flux_nu_error : ndarray, shape (n, 60)
        Nanomaggies; NaN where there is no number, the errors positive.
    reason : ndarray of uint8, shape (n, 60)
        `MaskReason`.
    redshift : ndarray, shape (n,)
        NaN where it is not known.
    problem : tuple of str, length n
        Empty, or why the row cannot be read: all its bands are masked then.
    """

    row: IndexArray
    name: NDArray[np.str_]
    flux_nu: FloatArray
    flux_nu_error: FloatArray
    reason: NDArray[np.uint8]
    redshift: FloatArray
    problem: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.row)

    @property
    def mask(self) -> BoolArray:
        """True where a band is usable, shape (n, 60)."""
        return np.asarray(self.reason == MaskReason.USED)

    @cached_property
    def magnitude(self) -> FloatArray:
        """AB magnitude in iSDSS, or in J0770 where that is not usable, shape (n,); NaN where neither is."""
        names = [band.name for band in all_bands()]
        first, second = (names.index(band) for band in REFERENCE_BANDS)
        usable = np.where(self.mask, self.flux_nu, np.nan)
        magnitude = magnitude_of_flux(usable[:, first])
        return np.where(np.isnan(magnitude), magnitude_of_flux(usable[:, second]), magnitude)

    @cached_property
    def snr(self) -> FloatArray:
        """Median of flux / error of the usable survey bands, shape (n,); NaN where there is none."""
        survey = slice(N_SURVEY_BANDS)
        ratio = np.full((len(self), N_SURVEY_BANDS), np.nan)
        np.divide(self.flux_nu[:, survey], self.flux_nu_error[:, survey], out=ratio, where=self.mask[:, survey])
        ratio.sort(axis=1)  # NaN goes last: nanmedian takes ten times as long
        count = self.mask[:, survey].sum(axis=1)
        rows = np.arange(len(self))
        return np.asarray((ratio[rows, np.maximum(count - 1, 0) // 2] + ratio[rows, count // 2]) / 2)

    def rows(self, which: slice | IndexArray) -> "ObservedGalaxies":
        """Return some of the galaxies."""
        arrays = {item.name: getattr(self, item.name)[which] for item in fields(self) if item.name != "problem"}
        problem = tuple(str(text) for text in np.asarray(self.problem, dtype=object)[which])
        return ObservedGalaxies(**arrays, problem=problem)
