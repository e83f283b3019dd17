import shutil
from dataclasses import replace

import numpy as np
import pytest

from jpas_gui.app.live_frame import N_DRAWS, _fitted
from jpas_gui.app.live_prediction import LivePrediction
from jpas_gui.app.state import DEFAULT_MODELS, Session, session_from_json
from jpas_gui.core.inference.shipped import shipped_models
from jpas_gui.core.ssp.native import write_library

PAPER, POSTERIOR = range(len(DEFAULT_MODELS))


@pytest.fixture
def live(explorer, worker):
    return LivePrediction(explorer, worker)


@pytest.fixture
def answers(explorer, live, worker):
    """Return the answers to what the explorer shows."""

    def ask():
        live.follow(explorer.frame())
        worker.run()
        return live.frame.answers

    return ask


def test_the_default_models_ship():
    assert set(DEFAULT_MODELS) <= set(shipped_models())


def test_both_models_recover_a_bright_population(explorer, answers):
    explorer.set_population(log_age=9.4, metallicity=-0.4, ebv=0.2, magnitude=17.0)
    for answer in answers():
        np.testing.assert_allclose(answer.point, [9.4, -0.4, 0.2], atol=0.15)
        assert answer.remarks == ()
        assert answer.comparison.n_bands == 56


def test_only_a_posterior_has_intervals_and_they_lie_around_its_median(answers):
    paper, posterior = answers()
    assert np.isnan(paper.percentiles).all()
    assert (np.diff(posterior.percentiles, axis=1) > 0).all()
    np.testing.assert_array_equal(posterior.percentiles[:, 1], posterior.point)


def test_the_sed_at_an_answer_is_what_the_sliders_show_there_fitted_to_the_data(explorer, answers):
    noisy, error = explorer.frame().flux_nu_noisy, explorer.frame().flux_nu_error
    answer = answers()[POSTERIOR]
    log_age, metallicity, ebv = map(float, answer.point)
    explorer.set_population(log_age=log_age, metallicity=metallicity, ebv=ebv)
    ratio = answer.flux_nu / explorer.frame().flux_nu
    np.testing.assert_allclose(ratio, ratio[0])
    sigmas = ((noisy - answer.flux_nu) / error)[:56]
    np.testing.assert_allclose(answer.comparison.sigmas[:56], sigmas)
    np.testing.assert_allclose(answer.comparison.chi2, np.sum(sigmas**2))
    assert abs(np.sum(sigmas * (answer.flux_nu / error)[:56])) < 1e-6 * np.sum((answer.flux_nu / error)[:56] ** 2)
    assert np.isnan(answer.comparison.sigmas[56:]).all()  # broad bands do not count


@pytest.mark.parametrize(("ebv", "is_said"), [(-0.004, False), (-0.02, True)])
def test_an_answer_that_is_drawn_elsewhere_is_said_where_its_digits_tell(live, answers, ebv, is_said):
    answers()
    answer = _fitted(live.frame.request, DEFAULT_MODELS[PAPER], np.array([9.4, 0.0, ebv]), np.full((3, 3), np.nan), ())
    assert answer.remarks == (("its E(B−V) -0.02 cannot be drawn: 0.00 is shown",) if is_said else ())


def test_a_redshift_that_a_model_does_not_know_is_said_and_has_no_answer(explorer, answers):
    explorer.set_population(redshift=0.3)
    paper, posterior = answers()
    assert "trained at redshift 0 only: this galaxy has 0.3" in paper.remarks
    assert np.isnan(paper.point).all()
    assert np.isnan(paper.flux_nu).all()
    assert np.isnan(paper.comparison.chi2)
    assert np.isfinite(posterior.point).all()


def test_what_a_model_has_never_seen_is_said(explorer, answers, popstar, tmp_path):
    write_library(replace(popstar, name="other", luminosity=popstar.luminosity * 1.01), tmp_path / "other.h5")
    explorer.open_library(tmp_path / "other.h5")
    explorer.set_law("ccm89")
    for answer in answers():
        assert "trained on PopStar" in answer.remarks
        assert "trained with the dust law calzetti" in answer.remarks


def test_a_model_that_is_not_there_says_so_and_the_others_answer(explorer, answers):
    explorer.set_view(models=("no-such-model", "posterior-popstar"))
    missing, posterior = answers()
    assert missing.remarks[0].startswith("no such folder, and no model of that name; there are:")
    assert np.isnan(missing.point).all()
    assert np.isfinite(posterior.point).all()


def test_bands_that_the_library_does_not_cover_are_left_out(explorer, answers, popstar, tmp_path):
    covered = popstar.wavelength > 4000
    cut = replace(
        popstar, name="cut", wavelength=popstar.wavelength[covered], luminosity=popstar.luminosity[..., covered]
    )
    write_library(cut, tmp_path / "cut.h5")
    explorer.open_library(tmp_path / "cut.h5")
    paper, posterior = answers()
    assert any(remark.startswith("needs all 56 bands, and ") for remark in paper.remarks)
    assert np.isfinite(posterior.point).all()
    assert posterior.comparison.n_bands == explorer.frame().mask[:56].sum() < 56


def test_nothing_is_asked_twice(explorer, live, worker, answers):
    answers()
    explorer.set_view(fan=True)
    explorer.pin()
    live.follow(explorer.frame())
    assert worker.waiting is None
    explorer.next_draw()
    live.follow(explorer.frame())
    assert worker.waiting is not None


def test_switched_off_models_are_not_asked(explorer, live, worker, answers):
    explorer.set_view(models=("paper-popstar",))
    assert [answer.model for answer in answers()] == ["paper-popstar"]
    explorer.set_view(models=())
    live.follow(explorer.frame())
    assert (live.frame, worker.waiting, live.is_busy) == (None, None, False)


def test_the_answers_of_a_model_that_is_gone_are_not_shown(explorer, live, worker, answers, tmp_path):
    own = tmp_path / "own"
    shutil.copytree(shipped_models()["paper-popstar"], own)
    explorer.set_view(models=("paper-popstar", str(own)))
    assert [answer.model for answer in answers()] == ["paper-popstar", str(own)]
    explorer.set_view(models=("paper-popstar",))
    assert live.frame is None
    assert [answer.model for answer in answers()] == ["paper-popstar"]


def test_with_all_its_panels_off_nothing_is_asked(explorer, live, worker):
    explorer.set_view(predictions=False, predicted_seds=False, residuals=False)
    live.follow(explorer.frame())
    assert worker.waiting is None


def test_the_cloud_grows_to_500_draws_of_which_the_first_is_shown(live, worker, answers, heard):
    shown = answers()
    live.draw_cloud()
    changes = heard(live.changed)
    sizes = []
    while live.is_drawing:
        worker.run()
        sizes.append(live.cloud.n_draws)
    assert len(changes) == len(sizes) > 2
    assert sizes == sorted(set(sizes))
    assert sizes[-1] == N_DRAWS == 500
    for answer, cloud in zip(shown, live.cloud.clouds, strict=True):
        assert cloud.points.shape == (500, 3)
        np.testing.assert_allclose(cloud.points[0], answer.point, atol=1e-4)
        delta = cloud.points - live.cloud.request.truth
        np.testing.assert_allclose(cloud.bias, delta.mean(axis=0))
        np.testing.assert_allclose(cloud.scatter, delta.std(axis=0, ddof=1))


def test_moving_on_ends_the_drawing(explorer, live, worker, answers):
    answers()
    live.draw_cloud()
    worker.run()
    part = worker.waiting  # of the cloud, already running when the slider moves
    explorer.set_population(log_age=8.0)
    live.follow(explorer.frame())
    asked, worker.waiting = worker.waiting, part
    worker.run()
    assert worker.waiting is None
    assert (live.cloud, live.is_drawing) == (None, False)
    worker.waiting = asked
    worker.run()
    assert live.frame.request.frame.state.model.population.log_age == 8.0


def test_a_cloud_without_answers_has_no_numbers(explorer, live, worker, answers):
    explorer.set_population(redshift=0.3)
    answers()
    live.draw_cloud()
    while live.is_drawing:
        worker.run()
    assert np.isnan(live.cloud.clouds[PAPER].bias).all()
    assert np.isnan(live.cloud.clouds[PAPER].scatter).all()
    assert np.isfinite(live.cloud.clouds[POSTERIOR].scatter).all()


def test_an_unexpected_error_is_raised_and_nobody_waits(explorer, live, worker):
    live.follow(explorer.frame())
    _, _, failed = worker.waiting
    with pytest.raises(ZeroDivisionError):
        failed(ZeroDivisionError())
    assert not live.is_busy


def test_a_session_from_before_there_were_predictions_opens_with_them_on():
    session = session_from_json('{"version": 1, "explorer": {"seed": 3}, "view": {"fan": true}}', "old.json")
    assert session.view.fan
    assert session.view.predictions
    assert session.view.models == DEFAULT_MODELS == Session().view.models
