"""Bands at the red end of the spectra that a catalogue's photometry was made from."""

import numpy as np
from numpy.typing import NDArray

from jpas_gui.core.catalogues.layout import PAIRS, Layout
from jpas_gui.core.catalogues.observed import MaskReason
from jpas_gui.core.photometry.bands import all_bands

_LAST_NARROW_BAND = "J0910"
_N_CUT = 2
"""Bands overlap: beside the one in which the spectrum ends, the next one is short of light, too."""


def made_from_spectra(layout: Layout) -> bool:
    """Return whether a table has the form of the SED-fitting challenge of 2017, whose photometry is that of spectra."""
    return layout.dialect == PAIRS and any("JPAS" in column.upper() for column in layout.values.columns)


def mask_cut_bands(reason: NDArray[np.uint8]) -> None:
    """Mask the reddest two narrow bands of each galaxy that lacks the bands behind them.

    In the challenge's file these hold the flux of a part of the band: 1 to 90 % of what their neighbours have.

    Parameters
    ----------
    reason : ndarray of uint8, shape (n, 60)
        `MaskReason`, changed in place.
    """
    names = [band.name for band in all_bands()]
    last = names.index(_LAST_NARROW_BAND)
    missing = np.isin(reason[:, : last + 1], (MaskReason.NO_DATA, MaskReason.NO_BAND))
    n_behind = np.argmin(missing[:, ::-1], axis=1)  # a galaxy without any band: 0, and nothing is left to mask
    for step in range(1, _N_CUT + 1):
        rows = np.flatnonzero((n_behind > 0) & (n_behind + step <= last))
        band = last - n_behind[rows] - step + 1
        used = reason[rows, band] == MaskReason.USED
        reason[rows[used], band[used]] = MaskReason.CUT
