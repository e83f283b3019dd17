"""Bands of single galaxies that a user does not want to be used."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_galaxies import write_galaxies

from jpas_gui.core.catalogues.hand_masks import HandMask
from jpas_gui.core.catalogues.observed import MaskReason
from jpas_gui.core.catalogues.opening import ObservedCatalogue, OpeningOptions, open_catalogue
from jpas_gui.core.photometry.bands import all_bands

NAMES = [band.name for band in all_bands()]
MASKS = (HandMask(1, "102", ("J0500", "iSDSS")), HandMask(2, "renamed", ("J0500",)), HandMask(4, "105", ("J0660",)))


@pytest.fixture
def plain(tmp_path: Path) -> ObservedCatalogue:
    return open_catalogue(write_galaxies(tmp_path / "galaxies.csv"), OpeningOptions(redshift=0.0))


@pytest.fixture
def masked(plain: ObservedCatalogue) -> ObservedCatalogue:
    return open_catalogue(plain.path, replace(plain.options, hand_masked=MASKS))


def test_they_are_masked_in_every_part_that_is_read(plain: ObservedCatalogue, masked: ObservedCatalogue) -> None:
    expected = plain.galaxies(0, 6).reason.copy()
    expected[1, NAMES.index("J0500")] = expected[4, NAMES.index("J0660")] = MaskReason.BY_HAND
    np.testing.assert_array_equal(masked.galaxies(0, 6).reason, expected)
    for chunk in masked.chunks(2, start=1):
        np.testing.assert_array_equal(chunk.reason, expected[chunk.row])
    assert expected[1, NAMES.index("iSDSS")] == MaskReason.NO_BAND


def test_their_number_is_told(masked: ObservedCatalogue) -> None:
    assert "galaxies with bands masked by hand: 3" in masked.notes
