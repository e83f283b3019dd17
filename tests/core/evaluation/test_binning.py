"""Which mocks are evaluated together."""

from dataclasses import asdict, replace

import numpy as np
import pytest
from made_answers import made_answers

from jpas_gui.core.evaluation.binning import AGES, MAGNITUDES, SIGNAL_TO_NOISE, binned, by_library, overall
from jpas_gui.core.evaluation.comparison import compared
from jpas_gui.core.evaluation.statistics import mae_ratio, statistics


def test_magnitude_bins_lie_around_the_papers_magnitudes():
    assert [one.name for one in MAGNITUDES.bins][:2] == ["16.0", "16.5"]
    np.testing.assert_allclose([one.centre for one in MAGNITUDES.bins], np.arange(16, 22.25, 0.5))
    assert all(one.high == following.low for one, following in zip(MAGNITUDES.bins, MAGNITUDES.bins[1:], strict=False))


def test_a_mock_on_the_limit_is_in_the_upper_bin():
    middle = AGES.bins[1]
    assert middle.holds(np.array([7.99, 8.0, 9.49, 9.5])).tolist() == [False, True, True, False]


def test_the_statistics_of_a_bin_are_those_of_its_mocks():
    answers = made_answers(40, 0)
    samples = binned(answers, MAGNITUDES)
    assert [one.n for one in samples] == [40] * 13
    chosen = MAGNITUDES.bins[5].holds(answers.magnitude)
    expected = statistics(answers.delta[chosen, 2], answers.ranks[chosen, 2])
    assert asdict(samples[5].parameters[2]) == pytest.approx(asdict(expected), rel=1e-12)
    assert samples[5].snr == pytest.approx(np.median(answers.snr[chosen]), rel=1e-12)


def test_bins_without_mocks_are_left_out():
    answers = made_answers(10, 0)
    bright = replace(answers, magnitude=np.full(130, 16.1), snr=np.full(130, 700.0))
    assert [one.bin.name for one in binned(bright, MAGNITUDES)] == ["16.0"]
    assert [one.bin.name for one in binned(bright, SIGNAL_TO_NOISE)] == ["500 to 1000"]
    assert binned(replace(answers, magnitude=np.full(130, 12.0)), MAGNITUDES) == ()


def test_ages_and_libraries():
    answers = made_answers(20, 0, libraries=("popstar", "miuscat"))
    ages = binned(answers, AGES)
    assert [one.bin.name for one in ages] == ["young", "intermediate", "old"]
    assert sum(one.n for one in ages) == 260
    assert ages[0].n == (answers.truth[:, 0] < 8).sum()
    assert [(one.bin.name, one.n) for one in by_library(answers)] == [("popstar", 130), ("miuscat", 130)]
    assert overall(answers).n == 260


def test_the_model_beside_the_exact_posterior():
    answers = made_answers(300, 200)
    rows = compared(answers)
    assert [one.name for one, _ in rows] == [one.name for one in MAGNITUDES.bins]
    bin_, (age, *_) = rows[7]
    which = np.flatnonzero(bin_.holds(answers.magnitude[answers.exact.rows]))
    mocks = answers.exact.rows[which]
    exact_delta = answers.exact.median[which, 0] - answers.truth[mocks, 0]
    assert age.exact.mae == pytest.approx(np.abs(exact_delta).mean(), rel=1e-12)
    assert age.model.mae == pytest.approx(np.abs(answers.delta[mocks, 0]).mean(), rel=1e-12)
    expected = mae_ratio(answers.delta[mocks, 0], exact_delta)
    assert (age.mae_ratio, age.mae_ratio_error) == pytest.approx(expected, rel=1e-12)
    # The model adds 0.2 of the noise in quadrature, and does not know it.
    assert np.mean([each[0].mae_ratio for _, each in rows]) == pytest.approx(np.sqrt(1 + 0.2**2), abs=0.015)
    assert np.mean([each[0].width_ratio for _, each in rows]) == pytest.approx(1, abs=0.02)


def test_a_model_without_a_posterior_is_compared_by_its_points():
    rows = compared(made_answers(20, 10, posterior=False))
    assert all(np.isnan(one.width_ratio) and np.isnan(one.model.coverage_68) for _, each in rows for one in each)
    assert all(one.mae_ratio > 0 for _, each in rows for one in each)
    assert compared(made_answers(20, 0)) == ()
    assert asdict(rows[0][1][0])["exact"]["n"] == 10
