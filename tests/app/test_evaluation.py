import json

import numpy as np
import pytest
from astropy.table import Table
from made_evaluations import made_elsewhere, made_evaluation

from jpas_gui.app import evaluation_result
from jpas_gui.app.evaluation import EvaluationController
from jpas_gui.app.evaluation_panels import PAPER, Kind, calibration_panels, exact_panels, magnitude_panels
from jpas_gui.app.evaluation_result import MockSettings
from jpas_gui.app.recovery import MockBrush, brush_text, brushed_rows, mock_seds, mock_text, recovery_frame
from jpas_gui.core.errors import InputError
from jpas_gui.core.evaluation.binning import MAGNITUDES, binned
from jpas_gui.core.evaluation.tables import coverage_table, exact_table

SMALL = MockSettings(20, 5)


@pytest.fixture
def controller(later):
    return EvaluationController(later, made_elsewhere)


@pytest.fixture
def done(controller, later):
    controller.start(["posterior-popstar", "paper-popstar"], SMALL)
    later.run()
    return controller


def test_models_are_evaluated_one_after_the_other(controller, later, heard):
    changes = heard(controller.changed)
    controller.start(["posterior-popstar", "paper-popstar"], SMALL)
    assert controller.is_running
    later.run()
    assert not controller.is_running
    assert len(changes) == 3
    assert [one.title for one in controller.evaluations] == ["posterior-popstar", "paper-popstar"]
    assert controller.current is controller.evaluations[1]
    assert controller.progress == ("paper-popstar: exact posterior", 1, 4)


def test_the_same_question_again_takes_the_older_answers_place(done, later):
    first, second = done.evaluations
    done.start(["posterior-popstar"], SMALL)
    later.run()
    assert done.evaluations[0] is not first
    assert done.evaluations[1] is second
    done.start(["posterior-popstar"], MockSettings(20, 5, seed=2))
    later.run()
    assert len(done.evaluations) == 3


def test_a_model_that_cannot_be_used_does_not_keep_the_others(controller, later, heard):
    problems = heard(controller.problem)
    controller.start(["broken", "posterior-popstar"], SMALL)
    later.run()
    assert problems == ["broken: no such folder, and no model of that name"]
    assert [one.model for one in controller.evaluations] == ["posterior-popstar"]


def test_what_cannot_be_started_is_said(controller, heard):
    problems = heard(controller.problem)
    controller.start([], SMALL)
    controller.start(["a"], SMALL)
    controller.start(["b"], SMALL)
    assert problems == [
        "no model is chosen: tick one",
        "models are being evaluated: stop it, or wait until it is done",
    ]


def test_stopping_drops_what_waits(controller, later):
    controller.start(["a", "b"], SMALL)
    controller.stop()
    assert not controller.is_running
    assert later.jobs == []


def test_mocks_of_other_libraries_are_told_apart():
    assert made_evaluation(settings=MockSettings(1, libraries=("/lib/e.h5",))).title == "posterior-popstar on e.h5"
    assert made_evaluation("/m/paper", MockSettings(1, split="test")).title == "paper, test sample"


def test_hiding_choosing_and_removing(done):
    first, second = done.evaluations
    done.show(first, False)
    assert done.shown == [(1, second)]
    done.choose(first)
    assert done.shown == [(0, first), (1, second)]
    done.remove(first)
    assert done.evaluations == (second,)
    assert done.current is second


@pytest.fixture
def reports(monkeypatch):
    """Stand in for figures and tables, which have tests of their own; return what they were asked for."""
    asked = []

    def write(folder, answers, provenance, progress):
        folder.mkdir(exist_ok=True)
        progress(5, 10)
        asked.append((folder, answers, provenance))

    monkeypatch.setattr(evaluation_result, "write_report", write)
    return asked


def test_the_report_of_what_is_drawn_has_its_settings(done, later, tmp_path, heard, reports):
    said = heard(done.said)
    done.show(done.evaluations[0], False)
    done.save_report(tmp_path / "report")
    later.run()
    assert said == [f"Saved: {tmp_path / 'report'}"]
    ((folder, answers, provenance),) = reports
    assert (folder, answers) == (tmp_path / "report", done.evaluations[1].answers)
    settings = json.loads((folder / "settings.json").read_text())
    assert settings == provenance
    assert (settings["model"], settings["n_per_bin"], settings["libraries"]) == ("paper-popstar", 20, ["popstar"])
    assert (folder / "models_and_libraries.ecsv").is_file()


def test_the_report_of_several_has_a_folder_for_each(tmp_path, reports):
    several = [made_evaluation(), made_evaluation(settings=MockSettings(20, libraries=("e miles",)))]
    evaluation_result.write_reports(tmp_path, [*several, several[0]], lambda *_: None)
    folders = sorted(path.name for path in tmp_path.iterdir() if path.is_dir())
    assert folders == ["posterior-popstar", "posterior-popstar-2", "posterior-popstar-on-e-miles"]
    table = Table.read(tmp_path / "models_and_libraries.ecsv", format="ascii.ecsv")
    assert len(table) == 2  # one title twice


def test_reports_are_written_one_after_the_other(done, later, tmp_path, heard, reports):
    said, problems = heard(done.said), heard(done.problem)
    for name in ("first", "second"):
        assert done.can_report
        done.save_report(tmp_path / name)
    done.start(["posterior-popstar"], SMALL)
    later.run()
    assert said == [f"Saved: {tmp_path / name}" for name in ("first", "second")]
    assert [folder.parent.name for folder, *_ in reports] == ["first", "first", "second", "second"]
    assert problems == ["a report is being written: stop it, or wait until it is done"]
    assert not done.is_running


def test_what_ending_the_program_would_lose(controller, later, tmp_path, reports):
    assert controller.losses == ""
    controller.start(["posterior-popstar", "paper-popstar"], SMALL)
    assert controller.losses == "Models are being evaluated."
    later.run()
    assert controller.losses == "2 evaluations are in no report, and kept nowhere else."
    controller.show(controller.evaluations[0], False)
    controller.save_report(tmp_path)
    assert controller.losses == "A report is being written."
    later.run()
    assert controller.losses == "One evaluation is in no report, and kept nowhere else."
    controller.remove(controller.evaluations[0])
    assert controller.losses == ""


def test_no_report_is_saved_while_models_are_evaluated(done, tmp_path):
    done.start(["posterior-popstar"], SMALL)
    assert not done.can_report
    with pytest.raises(InputError, match="models are being evaluated: save the report when that is done"):
        done.save_report(tmp_path)


def test_stopping_drops_all_reports(done, later, tmp_path, reports):
    for name in ("first", "second"):
        done.save_report(tmp_path / name)
    done.stop()
    assert later.jobs == reports == []
    assert not done.is_running


def test_the_report_tells_how_far_it_is(tmp_path, reports):
    told = []
    several = [made_evaluation(), made_evaluation("paper")]
    evaluation_result.write_reports(tmp_path, several, lambda *progress: told.append(progress))
    assert told == [("writing the report", 50, 200), ("writing the report", 150, 200)]


@pytest.mark.parametrize(
    ("name", "message"), [("file", "this is a file: choose the name of a folder"), ("none/report", "make it first")]
)
def test_a_report_that_cannot_be_written(done, tmp_path, name, message):
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=message):
        done.save_report(tmp_path / name)


def test_a_report_of_nothing(controller, tmp_path):
    with pytest.raises(InputError, match="nothing to report: evaluate a model first"):
        controller.save_report(tmp_path)


def test_the_panels_have_the_numbers_of_the_tables():
    one = made_evaluation()
    bias, scatter, _ = (row[0] for row in magnitude_panels([(0, one)]))
    samples = binned(one.answers, MAGNITUDES)
    model, paper = bias.series
    assert (paper.title, paper.x.tolist(), paper.y.tolist()) == (PAPER, [16.0, 22.0], [-0.01, -0.10])
    np.testing.assert_array_equal(model.y, [sample.parameters[0].bias for sample in samples])
    np.testing.assert_array_equal(model.error, [sample.parameters[0].bias_error for sample in samples])
    assert [series.kind for series in scatter.series] == [Kind.MODEL, Kind.ROBUST, Kind.EXACT, Kind.PAPER]
    assert scatter.series[3].y.tolist() == [0.15, 0.55]
    assert all(series.kind is not Kind.PAPER for series in magnitude_panels([(0, one)])[0][1].series)
    exact = exact_table(one.answers)
    np.testing.assert_array_equal(exact_panels([(0, one)])[1][2].series[0].y, exact["ebv_mae_ratio"])
    covered = calibration_panels([(0, one)], "")[0][1].series[0]
    np.testing.assert_array_equal(covered.y, coverage_table(one.answers)["metallicity_coverage"])


def test_a_model_without_posterior_has_no_calibration():
    paper = made_evaluation("paper-popstar", MockSettings(20))
    assert all(not panel.series for row in calibration_panels([(0, paper)], "") for panel in row)
    assert all(not panel.series for row in exact_panels([(0, paper)]) for panel in row)


def test_predicted_and_true_of_one_magnitude():
    one = made_evaluation()
    frame = recovery_frame([(2, one)], one, "log_age", "19.0")
    assert frame.place == 2
    assert np.all(MAGNITUDES.bins[6].holds(one.answers.magnitude[frame.rows]))
    np.testing.assert_array_equal(frame.truth, one.answers.truth[frame.rows, 0])
    assert frame.series[0].statistics.n == len(frame.rows)
    assert frame.series[0].statistics.bias == binned(one.answers, MAGNITUDES)[6].parameters[0].bias


def test_the_mocks_in_a_brush_and_their_seds():
    one = made_evaluation()
    frame = recovery_frame([(0, one)], one, "log_age", "")
    rows = brushed_rows(frame, MockBrush((7.0, 7.0), (8.0, 8.0)))
    truth, point = one.answers.truth[:, 0], one.answers.point[:, 0]
    inside = (truth >= 7) & (truth <= 8) & (point >= 7) & (point <= 8)
    np.testing.assert_array_equal(rows, np.flatnonzero(inside))
    seds = mock_seds(one, rows)
    assert np.isnan(seds.y[:, 3]).all()
    np.testing.assert_allclose(seds.y[:, 0], 0.5)
    assert seds.x[0, 0] == pytest.approx(3497 / 1.1, rel=0.02)
    assert brush_text(one, rows[:5]).startswith("5 mocks in the brush · AB ")
    assert brush_text(one, rows[:1]).startswith("1 mock in the brush · AB ")
    assert brush_text(one, rows).startswith(f"{len(rows)} mocks in the brush, 60 of them drawn · AB ")
    assert brush_text(one, rows[:0]) == "No mock lies in the brush"
    assert mock_text(one, 0).startswith("mock 1 of PopStar · AB 16.")
