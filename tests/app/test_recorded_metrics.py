"""What models carry of their own evaluation."""

import json
import os

import numpy as np
import pytest

from jpas_gui.app.recorded_metrics import recorded_metrics
from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.shipped import shipped_models


@pytest.fixture
def content():
    return json.loads((shipped_models()["posterior-popstar"] / "model.json").read_text())


def left_in(folder, text):
    (folder / "model.json").write_text(text)
    return folder


def test_the_numbers_are_those_of_the_model_and_are_read_once(content):
    folder = shipped_models()["posterior-popstar"]
    one = recorded_metrics(folder)
    entry = content["metrics"]["magnitude"][0]
    assert (one.title, one.detail) == ("posterior-popstar", f"{content['metrics']['n']:,} mocks")
    assert one.by_magnitude[0].parameters[2].scatter == entry["ebv"]["scatter"]
    assert recorded_metrics(folder) is one


def test_what_is_not_known_is_not_a_number(content, tmp_path):
    content["metrics"]["magnitude"][0]["ebv"]["coverage_68"] = None
    one = recorded_metrics(left_in(tmp_path, json.dumps(content)))
    assert np.isnan(one.by_magnitude[0].parameters[2].coverage_68)


def test_a_model_that_is_written_anew_is_read_anew(content, tmp_path):
    left_in(tmp_path, json.dumps(content))
    assert recorded_metrics(tmp_path).detail == f"{content['metrics']['n']:,} mocks"
    content["metrics"]["n"] = 7
    left_in(tmp_path, json.dumps(content))
    os.utime(tmp_path / "model.json", ns=(1, 1))
    assert recorded_metrics(tmp_path).detail == "7 mocks"


@pytest.mark.parametrize("metrics", [{}, {"metrics": None}, {"metrics": {"n": 3}}])
def test_a_model_that_was_not_measured(tmp_path, metrics):
    assert recorded_metrics(left_in(tmp_path, json.dumps(metrics))) is None


@pytest.mark.parametrize(
    "text",
    [
        "{half",
        "[1]",
        "\x00",
        '{"metrics": {"magnitude": 3}}',
        '{"metrics": {"n": 1, "magnitude": [{"bin": "16.0"}]}}',
        '{"metrics": {"magnitude": []',
    ],
)
def test_a_damaged_description_is_one_clear_line(tmp_path, text):
    with pytest.raises(InputError) as caught:
        recorded_metrics(left_in(tmp_path, text))
    path = tmp_path / "model.json"
    assert str(caught.value) == f"{path}: damaged: the metrics of the model cannot be read: get the model again"


def test_words_where_a_number_should_be_are_damage(content, tmp_path):
    content["metrics"]["magnitude"][0]["ebv"]["scatter"] = "small"
    with pytest.raises(InputError, match="damaged"):
        recorded_metrics(left_in(tmp_path, json.dumps(content)))


def test_a_description_that_is_gone(tmp_path):
    with pytest.raises(InputError, match=r"model\.json: cannot be read \(No such file or directory\)"):
        recorded_metrics(tmp_path)
