"""The metrics that a bundle keeps."""

import json

from made_answers import made_answers

from jpas_gui.core.evaluation.binning import MAGNITUDES, binned
from jpas_gui.core.evaluation.comparison import compared
from jpas_gui.core.evaluation.statistics import METRICS
from jpas_gui.core.evaluation.summary import summary


def test_every_number_is_there_and_json_keeps_it():
    answers = made_answers(30, 20, libraries=("popstar", "miuscat"))
    metrics = json.loads(json.dumps(summary(answers), allow_nan=False))
    assert (metrics["n"], metrics["libraries"]) == (390, ["popstar", "miuscat"])
    assert [entry["bin"] for entry in metrics["magnitude"]] == [one.name for one in MAGNITUDES.bins]
    faint, sample = metrics["magnitude"][-1], binned(answers, MAGNITUDES)[-1]
    for metric in METRICS:
        assert faint["ebv"][metric.name] == getattr(sample.parameters[2], metric.name)
    assert faint["ebv"]["mae_ratio"] == compared(answers)[-1][1][2].mae_ratio
    assert faint["ebv"]["exact_n"] == 20
    assert [entry["bin"] for entry in metrics["library"]] == ["popstar", "miuscat"]
    assert [(entry["low"], entry["high"]) for entry in metrics["log_age"]] == [(None, 8.0), (8.0, 9.5), (9.5, None)]
    assert sum(entry["n"] for entry in metrics["snr"]) == metrics["all"]["n"] == 390
    assert len(metrics["calibration"]["level"]) == len(metrics["calibration"]["log_age"])


def test_what_is_not_known_is_null():
    metrics = json.loads(json.dumps(summary(made_answers(1, 0, posterior=False)), allow_nan=False))
    assert metrics["calibration"] is None
    bright = metrics["magnitude"][0]["log_age"]
    assert bright["coverage_68"] is None
    assert bright["scatter"] is None
    assert bright["bias"] is not None
    assert "mae_ratio" not in bright
