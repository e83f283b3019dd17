import numpy as np
import pytest
from made_galaxies import TRUTH, write_galaxies

from jpas_gui.app.catalogue_prediction import CataloguePrediction, progress_text
from jpas_gui.core.catalogues.opening import OpeningOptions, open_catalogue
from jpas_gui.core.catalogues.predictions.parts import parts_folder
from jpas_gui.core.inference.catalogue_run import Progress


@pytest.fixture
def catalogue(tmp_path):
    return open_catalogue(write_galaxies(tmp_path / "galaxies.csv"), OpeningOptions(redshift=0.0))


def test_a_run_that_is_stopped_goes_on_later(later, catalogue, tmp_path, heard):
    prediction, output = CataloguePrediction(later), tmp_path / "predicted.fits"
    said, predicted = heard(prediction.said), heard(prediction.predicted)
    prediction.start(catalogue, "posterior-popstar", output)
    assert prediction.is_running
    prediction.stop()
    later.run()
    assert "Stopped: predict into" in said[0]
    assert not output.exists()
    prediction.start(catalogue, "posterior-popstar", output)
    later.run()
    (shown, rows), *_ = predicted
    assert shown is catalogue
    np.testing.assert_allclose(rows.point[:, 0], [population.log_age for population in TRUTH], atol=0.6)
    assert not prediction.is_running


def test_a_run_that_is_to_replace_an_older_output_goes_on_later_too(later, catalogue, tmp_path, heard):
    prediction, output = CataloguePrediction(later), tmp_path / "predicted.csv"
    output.write_text("older")
    prediction.start(catalogue, "posterior-popstar", output)
    prediction.stop()
    later.run()
    assert output.read_text() == "older"
    left = {path: path.stat().st_mtime_ns for path in parts_folder(output).iterdir()}
    prediction.start(catalogue, "posterior-popstar", output)
    prediction.stop()
    later.run()
    assert left.items() <= {path: path.stat().st_mtime_ns for path in parts_folder(output).iterdir()}.items()
    prediction.start(catalogue, "posterior-popstar", output)
    later.run()
    assert output.read_text() != "older"


def test_one_catalogue_is_predicted_at_a_time(later, catalogue, tmp_path, heard):
    prediction = CataloguePrediction(later)
    problems = heard(prediction.problem)
    prediction.start(catalogue, "posterior-popstar", tmp_path / "a.csv")
    prediction.start(catalogue, "posterior-popstar", tmp_path / "b.csv")
    assert "a catalogue is being predicted" in problems[0]
    assert len(later.jobs) == 1


def test_an_output_that_cannot_be_written_is_said(later, catalogue, tmp_path, heard):
    prediction = CataloguePrediction(later)
    problems = heard(prediction.problem)
    prediction.start(catalogue, "posterior-popstar", tmp_path / "nowhere" / "a.csv")
    later.run()
    assert "nowhere" in problems[0]
    assert not prediction.is_running


def test_progress_is_said_with_its_rate_and_the_time_that_is_left():
    assert progress_text(None) == "Loading the model …"
    text = progress_text(Progress("predict", 50_000, 1_000_000, 52_000.0, 18.3))
    assert text == "50,000 of 1,000,000 · 52,000 per second · 18 s left"
    assert progress_text(Progress("predict", 1, 9, 1.0, 7200.0)).endswith("2.0 h left")
    assert progress_text(Progress("write", 9, 9, 1.0, 0.0)) == "Writing …"
