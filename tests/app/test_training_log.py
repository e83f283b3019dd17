"""What a training told of itself, read while it is written."""

import json

import numpy as np
import pytest

from jpas_gui.app.training_curves import loss_curves, scatter_curves
from jpas_gui.app.training_log import EpochRecord, TrainingLog

MOCKS = {
    "event": "mocks",
    "truth": [[9.0, 0.0, 0.1]] * 4,
    "magnitude": [16.0, 16.0, 22.0, 22.0],
    "exact": {"magnitude": [16.0], "scatter": [[0.01, 0.02, 0.003]]},
}


def epoch(number, loss=0.5, **others):
    return {
        "event": "epoch", "epoch": number, "epochs": 9, "train_loss": loss, "validation_loss": loss,
        "learning_rate": 1e-3, "best_epoch": number, "best_validation_loss": loss, **others,
    }  # fmt: skip


@pytest.fixture
def path(tmp_path):
    return tmp_path / "events.jsonl"


@pytest.fixture
def log(path):
    return TrainingLog(path)


def tell(path, *events):
    with path.open("a") as file:
        file.writelines(json.dumps(event) + "\n" for event in events)


def test_nothing_is_told_yet(log):
    assert not log.read()
    assert (log.last, log.last_epoch, log.has_started) == ("", None, False)


def test_a_line_counts_once_it_is_whole(log, path):
    line = json.dumps(epoch(1)) + "\n"
    path.write_text(line[:30])
    assert not log.read()
    path.write_text(line)
    assert log.read()
    assert log.last_epoch.epoch == 1
    assert not log.read()


def test_an_epoch_that_a_killed_program_did_not_tell_comes_with_the_next_start(log, path):
    history = [{"epoch": n, "train_loss": 0.5, "validation_loss": 0.1 * n, "learning_rate": 1e-3} for n in (1, 2)]
    tell(path, epoch(1), {"event": "start", "epoch": 2, "epochs": 9, "history": history})
    log.read()
    assert sorted(log.epochs) == [1, 2]
    assert log.epochs[2].validation_loss == 0.2


def test_lines_that_are_no_events_are_left_out(log, path):
    path.write_bytes(b'half a li\xff\n[1]\n{"event": "epoch"}\n{"event": "done"}\n')
    log.read()
    assert log.last == "done"
    assert not log.epochs


def test_predictions_follow_the_epochs_and_a_missing_answer_is_none(log, path):
    tell(path, MOCKS, epoch(1, predicted=[[9.0, 0.0, 0.1]] * 3 + [[None] * 3]))
    log.read()
    assert np.isnan(log.watched.predicted[3]).all()
    curves = scatter_curves(log.watched)
    assert curves.magnitude.tolist() == [16.0, 22.0]
    assert curves.scatter[0].tolist() == [0, 0, 0]
    assert np.isnan(curves.scatter[1]).all()  # one answer has no scatter


def test_epochs_after_the_checkpoint_are_told_anew_by_one_that_goes_on(log, path):
    tell(path, *map(epoch, (1, 2, 3)), {"event": "launched"}, {"event": "start", "epoch": 2, "epochs": 9})
    log.read()
    assert sorted(log.epochs) == [1, 2]
    assert log.has_started
    tell(path, {"event": "paused"})
    log.read()
    assert log.is_paused
    assert log.has_started


def record(number, train, validation):
    return EpochRecord(number, train, validation, 1e-3)


def test_losses_have_a_logarithm_only_where_they_are_positive():
    assert loss_curves([record(1, 2.0, 3.0)]).is_log
    assert not loss_curves([record(1, 2.0, -3.0)]).is_log
    assert not loss_curves([]).epoch.size


def test_a_jump_does_not_flatten_the_curve():
    curves = loss_curves([record(n, 1 / n, 1e9 if n == 7 else 1 / n) for n in range(1, 40)])
    assert curves.high < 2
    assert curves.low < 1 / 39


def test_all_points_of_a_short_training_lie_within_the_axis():
    curves = loss_curves([record(n, 9.0 if n == 1 else 1 / n, 2 / n) for n in range(1, 13)])
    assert curves.high > 9
    assert curves.low < 1 / 12
