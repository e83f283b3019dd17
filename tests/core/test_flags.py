"""Flags in words."""

import subprocess
import sys
from pathlib import Path

import numpy as np

from jpas_gui.core.catalogues.predictions.columns import PREDICTION_COLUMNS
from jpas_gui.core.flags import FLAGS, Flag, flag_meanings, flag_sentences, is_poor_fit, short_flag


def test_every_flag_has_its_words_and_an_advice():
    assert set(FLAGS) == set(Flag)
    for words in FLAGS.values():
        assert all(words)
        assert not any(term in " ".join(words) for term in ("chi2", "feature", "mock", "SED"))


def test_numbers_of_flags_stay():
    assert [flag.value for flag in Flag] == [1, 2, 4, 8, 16]
    assert [flag.name for flag in Flag] == ["BANDS", "REDSHIFT", "MAGNITUDE", "CHI2", "DISTANCE"]


def test_a_flag_of_several_bits_says_them_all():
    both = flag_sentences(Flag.REDSHIFT | Flag.CHI2)
    assert flag_meanings(10) == (
        "redshift unknown, or outside those that the model covers",
        "no single stellar population fits the photometry: the errors of the answer mean nothing",
    )
    assert [text.split("; ")[0] for text in both] == list(flag_meanings(10))
    assert "emission lines" in both[1]
    assert short_flag(10) == "z fit"
    assert flag_sentences(0) == ()


def test_tables_of_predictions_describe_each():
    (column,) = (column for column in PREDICTION_COLUMNS if column.name == "flag")
    for flag, words in FLAGS.items():
        assert f"{flag.value} {words.meaning}" in column.description


def test_the_words_need_no_torch():
    code = "import sys, jpas_gui.core.flags; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_documentation_has_the_same_words():
    text = (Path(__file__).parents[2] / "docs" / "predicting.md").read_text()
    for flag, words in FLAGS.items():
        assert f"| {flag.value} | {words.meaning} | {words.advice} |" in text


def test_chi2_that_noise_exceeds_for_one_galaxy_in_a_thousand_is_a_poor_fit():
    # A table of chi2 gives 10.83, 18.47, 57.06 and 89.27 for 1, 4, 28 and 52 degrees of freedom: bands less four.
    n_bands = np.array([5, 8, 32, 56])
    assert not is_poor_fit(np.array([10.8, 18.4, 56.8, 89.2]), n_bands).any()
    assert is_poor_fit(np.array([10.9, 18.5, 57.0, 89.4]), n_bands).all()
    assert is_poor_fit(1e300, 3)
    assert not is_poor_fit(np.nan, 56)
