"""Flags in words."""

import subprocess
import sys
from pathlib import Path

from jpas_gui.core.catalogues.predictions.columns import PREDICTION_COLUMNS
from jpas_gui.core.flags import FLAGS, Flag, flag_meanings, flag_sentences, short_flag


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
        "no single stellar population fits the photometry",
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
