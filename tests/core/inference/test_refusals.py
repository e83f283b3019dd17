"""Why a model has no answer."""

import numpy as np

from jpas_gui.core.inference.refusals import bands_words, redshift_words

BANDS = tuple(f"J{number:04}" for number in range(56))


def test_missing_bands_are_named() -> None:
    usable = np.ones(56, dtype=bool)
    assert bands_words(BANDS, usable, 56) == ""
    usable[[3, 7]] = False
    assert bands_words(BANDS, usable, 56) == "needs all 56 bands, and 54 are usable: no J0003, J0007"
    usable[5:] = False
    words = bands_words(BANDS, usable, 10)
    assert words == "needs 10 of 56 bands or more, and 4 are usable: no J0003, J0005, J0006, J0007 and 48 more"


def test_redshifts_are_named_and_an_unknown_one_is_told_as_such() -> None:
    assert redshift_words(0.3, 0.0, 0.5) == ""
    assert redshift_words(0.083, 0.0, 0.0) == "trained at redshift 0 only: this galaxy has 0.083"
    assert redshift_words(0.7, 0.0, 0.5) == "trained at redshifts 0 to 0.5: this galaxy has 0.7"
    assert (
        redshift_words(np.nan, 0.0, 0.5) == "the redshift is not known, and the model is trained at redshifts 0 to 0.5"
    )
