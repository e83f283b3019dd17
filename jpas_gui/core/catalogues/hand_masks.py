"""Bands of single galaxies that a user does not want to be used."""

import hashlib
from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from jpas_gui.core.catalogues.observed import MaskReason, ObservedGalaxies
from jpas_gui.core.photometry.bands import bands_named


@dataclass(frozen=True)
class HandMask:
    """Bands of a galaxy that are not to be used.

    Parameters
    ----------
    row : int
        Of the catalogue, from 0.
    name : str
        Of the galaxy: another one, which the row may be now, is not masked.
    bands : tuple of str
    """

    row: int
    name: str
    bands: tuple[str, ...]


def leave_out(reason: NDArray[np.uint8], bands: Collection[str], why: MaskReason) -> None:
    """Mask those of the bands that are used; the others keep their reason.

    Parameters
    ----------
    reason : ndarray, shape (..., 60)
        `MaskReason` of each band; changed in place.
    bands : collection of str
    why : MaskReason
    """
    reason[bands_named(bands) & (reason == MaskReason.USED)] = why


def apply_hand_masks(galaxies: ObservedGalaxies, masks: Sequence[HandMask]) -> ObservedGalaxies:
    """Return rows that follow one another in a catalogue, with the masks of those among them.

    Parameters
    ----------
    galaxies : ObservedGalaxies
    masks : sequence of HandMask
        In the order of their rows.
    """
    if not masks or not len(galaxies):
        return galaxies
    first, n_rows = int(galaxies.row[0]), len(galaxies)
    rows = [mask.row for mask in masks]
    here = masks[bisect_left(rows, first) : bisect_left(rows, first + n_rows)]
    if not here:
        return galaxies
    reason = galaxies.reason.copy()
    for mask in here:
        place = mask.row - first
        if galaxies.name[place] == mask.name:
            leave_out(reason[place], mask.bands, MaskReason.BY_HAND)
    return replace(galaxies, reason=reason)


def masks_hash(masks: Sequence[HandMask]) -> str | None:
    """Return what tells masks from others; None where there is none."""
    return hashlib.sha256(repr(tuple(masks)).encode()).hexdigest() if masks else None
