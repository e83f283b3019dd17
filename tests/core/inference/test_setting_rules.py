"""What is told of each setting of a training, and of each value that cannot be used."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.setting_notes import SETTING_NOTES
from jpas_gui.core.inference.setting_rules import SettingRule, content_problems, setting_rules
from jpas_gui.core.inference.setting_table import settings_help, settings_markdown
from jpas_gui.core.inference.settings import PRESETS, settings_from

RULES = [(preset, key) for preset, kind in PRESETS.items() for key in setting_rules(kind)]
NOT_OURS = re.compile(r"Expected|Invalid|Object|`|\$|array|\bint\b|\bfloat\b|\bstr\b|\bbool\b|null|None|NaN|got $")
"""Words of msgspec and of Python."""

SCALARS = (
    st.integers(-(10**25), 10**25) | st.floats() | st.booleans() | st.text(max_size=9) | st.sampled_from([0, -1, 1e9])
)
VALUES = SCALARS | st.lists(SCALARS, max_size=3) | st.dictionaries(st.text(max_size=3), SCALARS, max_size=2)


def rule(preset: str, key: str) -> SettingRule:
    return setting_rules(PRESETS[preset])[key]


def content_of(preset: str, key: str, value: Any) -> dict[str, Any]:
    table, _, name = key.rpartition(".")
    return {"preset": preset, **({table: {name: value}} if table else {name: value})}


def test_every_setting_is_described_and_nothing_else() -> None:
    assert set(SETTING_NOTES) == {key for _, key in RULES}
    assert all(note.label and note.meaning.endswith(".") and note.source for note in SETTING_NOTES.values())
    labels = [note.label for note in SETTING_NOTES.values()]
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize(("preset", "key"), RULES)
def test_a_default_can_be_used_and_is_told(preset: str, key: str) -> None:
    own = rule(preset, key)
    assert own.problem(msgspec.to_builtins(own.default)) == ""
    assert own.allowed
    assert own.default_text


@pytest.mark.parametrize(("preset", "key"), RULES)
@settings(max_examples=25)
@given(value=VALUES)
def test_what_is_said_is_in_our_words_and_what_is_let_through_can_be_used(preset: str, key: str, value: Any) -> None:
    content = content_of(preset, key, value)
    problems = list(content_problems(content, PRESETS[preset]))
    if not problems:
        settings_from(content, "small.toml", Path())
        return
    with pytest.raises(InputError) as error:
        settings_from(content, "small.toml", Path())
    for text in (str(error.value), problems[0].in_form, problems[0].in_file):
        said = re.split(r"; got ", text)[0]
        assert SETTING_NOTES[problems[0].key].label in said
        assert not NOT_OURS.search(said), said
        assert "\n" not in text
        assert len(text) < 250


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("data.magnitude_range", [16], "Magnitude range: two numbers are needed, e.g. 16, 22.5; got 16"),
        ("data.magnitude_range", [22, 16], "Magnitude range: 22 is above 16: the smaller comes first"),
        ("data.weights", [0.0], "Weights: each must be above 0; got 0"),
        ("data.band_dropout", 2, "Missing bands, largest part: a number from 0 to 1 is needed; got 2"),
        ("training.epochs", 1e9, "Epochs: a whole number from 1 to 1,000,000 is needed; got 1e+09"),
        ("training.schedule", "linear", "Schedule: one of constant, cosine is needed; got 'linear'"),
        ("data.dust_law", "smc", "Dust law: one of calzetti, ccm89, odonnell94, fitzpatrick99, gordon23 is needed"),
        ("data.zero_point", "", "Zero-point error: true or false is needed; there is none"),
        ("data.noise", 3, "Noise: a text is needed; got 3"),
    ],
)
def test_messages(key: str, value: Any, message: str) -> None:
    (problem,) = content_problems(content_of("posterior", key, value), PRESETS["posterior"])
    assert problem.in_form.startswith(message)


def test_a_value_of_many_lines_is_told_in_a_short_one() -> None:
    text = rule("paper", "training.epochs").problem("line\n" * 100)
    assert "\n" not in text
    assert len(text) < 200


def test_the_docs_hold_the_table_of_settings() -> None:
    docs = Path(__file__).resolve().parents[3] / "docs" / "training.md"
    assert settings_markdown() in docs.read_text(encoding="utf-8"), "write settings_markdown() into docs/training.md"


def test_the_help_tells_every_setting() -> None:
    text = settings_help(80)
    assert all(key in text for key in SETTING_NOTES)
    assert max(map(len, text.splitlines())) <= 80
