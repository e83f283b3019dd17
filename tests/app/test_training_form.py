"""The form of a training: the TOML file as texts, and back."""

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jpas_gui.app.training_form import PRESETS, form_fields, form_of, settings_of_form
from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.settings import PosteriorData, PosteriorSettings

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
        (changed(PAPER, "data.ebv", "0, red"), "the form: E(B−V) (mag): 'red' is no number"),
        (changed(PAPER, "seed", ""), "the form: Seed: empty"),
        (changed(PAPER, "training.epochs", "0"), "the form: training.epochs: Expected int >= 1"),
        (changed(PAPER, "training.epochs", "2.5"), "the form: training.epochs: Expected int"),
        (changed(PAPER, "data.magnitudes", ""), "the form: data.magnitudes: Expected array of length >= 1"),
        (changed(PAPER, "data.log_age_range", "10, 7"), "the form: data.log_age_range: 10 is above 7"),
        (changed(POSTERIOR, "training.learning_rate", "nan"), "the form: training.learning_rate: "),
        (changed(POSTERIOR, "data.redshift_range", "-1, 0"), "the form: data.redshift_range"),
        (replace(PAPER, libraries=()), "the form: no library is chosen: tick one or more"),
        (
            replace(POSTERIOR, libraries=(("popstar", "1"), ("popstar-nebular", ""))),
            "the form: give each library a weight, or none of them",
        ),
        (replace(POSTERIOR, libraries=(("popstar", "much"),)), "the form: weight of popstar: 'much' is no number"),
    ],
)
def test_what_cannot_be_used_is_named(form, message):
    with pytest.raises(InputError) as error:
        settings_of_form(form)
    assert str(error.value).startswith(message)


def test_weights_are_those_of_the_libraries():
    form = replace(POSTERIOR, libraries=(("popstar", "2"), ("popstar-nebular", "1")))
    settings = settings_of_form(form)
    assert settings.data.weights == (2.0, 1.0)
    assert form_of(settings).libraries == form.libraries
