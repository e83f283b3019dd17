import numpy as np
import pytest
from made_galaxies import TRUTH, write_galaxies

from jpas_gui.app.observed import ObservedController, Workers
from jpas_gui.app.observed_frame import readout
from jpas_gui.core.catalogues.opening import OpeningOptions, open_catalogue
from jpas_gui.core.photometry.bands import all_bands

NAMES = [band.name for band in all_bands()]


class Held:
    """A worker that keeps only the last job until it is told to run."""

    def __init__(self, now):
        self.now, self.job = now, None

    def submit(self, job, done, failed, *, keep_running=False):
        if self.now:
            self._run(job, done, failed)
        else:
            self.job = (job, done, failed)

    def cancel(self):
        self.job = None

    def run(self):
        job, self.job = self.job, None
        self._run(*job)

    def _run(self, job, done, failed):
        try:
            answer = job()
        except Exception as error:
            failed(error)
        else:
            done(answer)


@pytest.fixture
def catalogue(tmp_path):
    return open_catalogue(write_galaxies(tmp_path / "galaxies.csv"), OpeningOptions(redshift=0.0))


@pytest.fixture
def workers():
    return Workers(Held(True), Held(True), Held(False), Held(False), Held(True))


@pytest.fixture
def controller(explorer, workers, tmp_path):
    return ObservedController(explorer, workers, tmp_path / "notes")


def test_a_galaxy_is_shown_before_any_model_has_answered(controller, workers, catalogue):
    controller.show(catalogue)
    frame = controller.frame()
    assert frame.used.sum() == 56
    assert [answer.cells[0] for answer in frame.answers] == ["…", "…", "…"]
    assert controller.pending == ("paper-popstar", "posterior-popstar", "exact")
    workers.models.run()
    assert controller.pending == ("exact",)
    workers.exact.run()
    assert not controller.is_busy
    point = controller.frame().answers[-1].point
    assert point[0] == pytest.approx(TRUTH[0].log_age, abs=0.4)


def test_an_answer_to_an_older_selection_is_not_shown(controller, workers, catalogue):
    controller.show(catalogue)
    late = workers.models.job
    controller.select(2)
    job, done, _ = late
    done(job())  # it was under way when the selection moved
    assert controller.pending == ("paper-popstar", "posterior-popstar", "exact")
    assert controller.frame().galaxy.row[0] == 2


def test_a_model_that_cannot_be_loaded_says_so_alone(controller, workers, catalogue, explorer, tmp_path):
    explorer.set_view(models=(str(tmp_path), "posterior-popstar"))
    controller.show(catalogue)
    workers.models.run()
    broken, whole = controller.frame().answers[:2]
    assert "no model there" in broken.remarks[0]
    assert np.isfinite(whole.point).all()


def test_the_readout_says_values_reason_and_lines(controller, workers, catalogue):
    controller.show(catalogue)
    workers.models.run()
    band = NAMES.index("J0660")
    assert "S/N 3" in readout(controller.frame(), band)
    assert "reached by [N II], Hα" in readout(controller.frame(), band)
    controller.toggle_band(band)
    assert "masked: masked by hand" in readout(controller.frame(), band)


def test_a_band_that_the_file_masks_cannot_be_used(controller, catalogue, heard):
    said = heard(controller.said)
    controller.show(catalogue)
    controller.toggle_band(NAMES.index("iSDSS"))
    assert said == ["iSDSS is masked in the file: not in the file"]


def test_notes_that_cannot_be_read_keep_the_catalogue_closed(controller, catalogue, heard):
    problems = heard(controller.problem)
    catalogue.path.with_name("galaxies.csv.notes.json").write_text("{")
    controller.show(catalogue)
    assert "the notes on this catalogue cannot be read" in problems[0]
    assert controller.catalogue is None


def test_the_neighbours_are_those_of_the_list(controller, catalogue):
    controller.show(catalogue)
    controller.sources.set_options(sort_by="magnitude", descending=True)
    controller.step(1)
    assert controller.row == 0  # the brightest is the last
    controller.step(-1)
    assert controller.row == 3
