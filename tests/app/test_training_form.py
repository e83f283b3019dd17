"""The form of a training: the TOML file as texts, and back."""

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jpas_gui.app.training_form import (
    changed_fields,
    form_fields,
    form_of,
    form_problems,
    settings_of_form,
)
from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.settings import PRESETS, PosteriorData, PosteriorSettings

PAPER, POSTERIOR = (form_of(preset()) for preset in PRESETS.values())


def changed(form, key, text):
    return replace(form, values={**form.values, key: text})


@pytest.mark.parametrize("preset", PRESETS)
def test_a_form_stands_for_the_settings_it_was_made_from(preset):
    settings = PRESETS[preset]()
    assert settings_of_form(form_of(settings)) == settings


@given(
    low=st.floats(0, 3), span=st.floats(0, 3), rate=st.floats(1e-9, 1, exclude_min=True), epochs=st.integers(1, 10**6)
)
def test_numbers_come_back_to_the_last_bit(low, span, rate, epochs):
    settings = PosteriorSettings(data=PosteriorData(redshift_range=(low, low + span)))
    training = msgspec.structs.replace(settings.training, learning_rate=rate, epochs=epochs)
    settings = msgspec.structs.replace(settings, training=training)
    assert settings_of_form(form_of(settings)) == settings


def test_a_preset_has_its_own_fields_only():
    paper, posterior = ({field.key for field in form_fields(preset)} for preset in PRESETS)
    assert {"data.ebv", "data.split"} <= paper - posterior
    assert {"network.width", "data.redshift_range"} <= posterior - paper
    assert all(field.label != field.key for preset in PRESETS for field in form_fields(preset))


@pytest.mark.parametrize(
    ("form", "message"),
    [
        (changed(PAPER, "data.ebv", "0, red"), "E(B−V): each must be a number; got 'red'"),
        (changed(PAPER, "seed", ""), "Seed: a whole number from 0 to 4,294,967,295 is needed; there is none"),
        (changed(PAPER, "training.epochs", "0"), "Epochs: a whole number from 1 to 1,000,000 is needed; got 0"),
        (changed(PAPER, "training.epochs", "1e9"), "Epochs: a whole number from 1 to 1,000,000 is needed; got '1e9'"),
        (changed(PAPER, "training.epochs", "2.5"), "Epochs: a whole number from 1 to 1,000,000 is needed; got '2.5'"),
        (changed(PAPER, "training.epochs", "9" * 5000), "Epochs: a whole number from 1 to 1,000,000 is needed"),
        (changed(PAPER, "data.magnitudes", ""), "Magnitudes: one number or more is needed, e.g. 17, 19, 21; there is"),
        (changed(PAPER, "data.log_age_range", "10, 7"), "log age: 10 is above 7"),
        (changed(POSTERIOR, "data.magnitude_range", "16"), "Magnitude range: two numbers are needed, e.g. 16, 22.5"),
        (changed(POSTERIOR, "training.learning_rate", "nan"), "Learning rate: "),
        (changed(POSTERIOR, "data.redshift_range", "-1, 0"), "Redshift range: each must be from 0 to 10; got -1"),
        (changed(POSTERIOR, "data.noise", "abc"), "Noise: no noise model 'abc': choose one of mini-JPAS"),
        (changed(POSTERIOR, "data.noise", " "), "Noise: no noise model is named: choose one of mini-JPAS"),
        (replace(PAPER, libraries=()), "Libraries: none is chosen: tick one or more"),
        (replace(PAPER, libraries=(("gone.h5", ""),)), "Libraries: gone.h5: no such file or folder, and no library of"),
        (
            replace(POSTERIOR, libraries=(("popstar", "1"), ("popstar-nebular", ""))),
            "Weights: give each library a weight, or none of them",
        ),
        (replace(POSTERIOR, libraries=(("popstar", "much"),)), "Weights: each must be a number; got 'much'"),
        (replace(POSTERIOR, libraries=(("popstar", "0"),)), "Weights: each must be above 0; got 0"),
    ],
)
def test_what_cannot_be_used_is_named(form, message):
    (problem,) = form_problems(form)
    assert problem.in_form.startswith(message)
    if problem.key not in ("data.noise", "data.libraries"):
        with pytest.raises(InputError) as error:
            settings_of_form(form)
        assert str(error.value) == problem.in_form


def test_all_that_is_wrong_is_told():
    form = changed(changed(replace(PAPER, libraries=()), "seed", "x"), "training.epochs", "0")
    assert [problem.key for problem in form_problems(form)] == ["data.libraries", "seed", "training.epochs"]


@pytest.mark.parametrize("preset", PRESETS)
def test_what_differs_from_the_preset_is_marked(preset):
    form = form_of(PRESETS[preset]())
    assert changed_fields(form) == ()
    assert changed_fields(changed(form, "training.learning_rate", " 1e-3 ")) == ()  # the same in other words
    form = changed(changed(form, "training.epochs", "7"), "data.zero_point", "true")
    assert changed_fields(form) == ("data.zero_point", "training.epochs")
    assert changed_fields(changed(form, "training.epochs", "a few")) == ("data.zero_point", "training.epochs")


@pytest.mark.parametrize("field", [one for preset in PRESETS for one in form_fields(preset)], ids=lambda one: one.key)
def test_every_field_is_explained(field):
    assert field.note.meaning in field.explanation
    assert f"May be: {field.rule.allowed}" in field.explanation
    assert f"Preset: {field.rule.default_text}" in field.explanation
    assert field.key in field.explanation


def test_weights_are_those_of_the_libraries():
    form = replace(POSTERIOR, libraries=(("popstar", "2"), ("popstar-nebular", "1")))
    settings = settings_of_form(form)
    assert settings.data.weights == (2.0, 1.0)
    assert form_of(settings).libraries == form.libraries
