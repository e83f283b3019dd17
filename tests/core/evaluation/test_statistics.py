"""The definitions of bias, scatter, outliers and coverage, against numbers worked out by hand and known samples."""

import math
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from jpas_gui.core.evaluation.statistics import (
    METRICS,
    Statistics,
    coverage,
    coverage_curve,
    is_outlier,
    mae_ratio,
    rank_histogram,
    robust_scatter,
    statistics,
)

DELTAS = arrays(float, st.integers(2, 30), elements=st.floats(-10, 10, width=32))


def test_every_number_has_a_definition():
    assert [metric.name for metric in METRICS] == [field.name for field in fields(Statistics) if field.name != "n"]
    assert all(metric.definition for metric in METRICS)


def test_numbers_worked_out_by_hand():
    delta = np.array([-1.0, 0.0, 1.0, 2.0, 98.0])
    measured = statistics(delta, np.array([0.1, 0.16, 0.5, 0.84, 0.98]))
    assert measured.n == 5
    assert measured.bias == pytest.approx(20.0)
    assert measured.median_bias == 1.0
    # deviations from the mean: -21, -20, -19, -18, 78
    assert measured.scatter == pytest.approx(math.sqrt((21**2 + 20**2 + 19**2 + 18**2 + 78**2) / 4))
    assert measured.bias_error == pytest.approx(measured.scatter / math.sqrt(5))
    # distances from the median: 2, 1, 0, 1, 97
    assert measured.robust_scatter == pytest.approx(1.4826)
    assert measured.outlier_fraction == pytest.approx(0.2)
    assert measured.outlier_fraction_error == pytest.approx(math.sqrt(0.2 * 0.8 / 5))
    assert measured.mae == pytest.approx(102 / 5)
    sizes = np.array([1, 0, 1, 2, 98])
    assert measured.mae_error == pytest.approx(math.sqrt(((sizes - 20.4) ** 2).sum() / 4 / 5))
    # 0.16 and 0.84 are the limits of the 68% interval, and belong to it
    assert measured.coverage_68 == pytest.approx(0.6)
    assert measured.coverage_95 == pytest.approx(0.8)


def test_a_gaussian_sample_has_its_parameters():
    rng = np.random.default_rng(1)
    measured = statistics(rng.normal(0.1, 0.5, 200_000), rng.uniform(size=200_000))
    for name, expected, tolerance in (
        ("bias", 0.1, 4 * measured.bias_error),
        ("median_bias", 0.1, 5 * measured.bias_error),
        ("scatter", 0.5, 4 * measured.scatter_error),
        ("robust_scatter", 0.5, 7 * measured.scatter_error),
        ("outlier_fraction", 0.0027, 5 * measured.outlier_fraction_error),
        ("mae", 0.5 * math.sqrt(2 / math.pi) * math.exp(-0.02) + 0.1 * math.erf(0.2 / math.sqrt(2)), 0.004),
        ("coverage_68", 0.68, 4 * measured.coverage_68_error),
        ("coverage_95", 0.95, 4 * measured.coverage_95_error),
    ):
        assert getattr(measured, name) == pytest.approx(expected, abs=tolerance), name
    assert measured.scatter_error == pytest.approx(0.5 / math.sqrt(400_000), rel=0.05)


def test_standard_errors_are_the_spread_of_repeated_samples():
    rng = np.random.default_rng(2)
    samples = rng.standard_t(8, size=(800, 300))  # not Gaussian: the errors do not count on it
    measured = [statistics(delta, rng.uniform(size=300)) for delta in samples]
    for name in ("bias", "scatter", "mae", "coverage_68", "coverage_95"):
        spread = np.std([getattr(one, name) for one in measured])
        claimed = np.mean([getattr(one, f"{name}_error") for one in measured])
        assert claimed == pytest.approx(spread, rel=0.12), name


@given(DELTAS, st.floats(-5, 5), st.floats(0.1, 10))
def test_what_shifting_and_stretching_do(delta: np.ndarray, shift: float, factor: float):
    before, after = statistics(delta), statistics(factor * delta + shift)
    assert after.bias == pytest.approx(factor * before.bias + shift, abs=1e-6)
    for name in ("scatter", "robust_scatter", "bias_error"):
        assert getattr(after, name) == pytest.approx(factor * getattr(before, name), abs=1e-6)
    # A pure scale, so that no mock on the limit falls to the other side by rounding
    np.testing.assert_array_equal(is_outlier(2 * delta), is_outlier(delta))


@given(DELTAS)
def test_errors_are_not_smaller_than_bias(delta: np.ndarray):
    measured = statistics(delta)
    assert measured.mae >= abs(measured.bias) - 1e-9
    assert 0 <= measured.outlier_fraction < 0.5
    assert robust_scatter(delta) >= 0


def test_a_model_that_is_off_by_the_same_everywhere_has_no_outliers():
    measured = statistics(np.full(10, 0.25))
    assert (measured.outlier_fraction, measured.robust_scatter, measured.scatter) == (0, 0, 0)
    assert measured.bias == pytest.approx(0.25)


def test_what_small_samples_do_not_tell_is_nan():
    one = statistics(np.array([0.2]))
    assert (one.bias, one.mae, one.robust_scatter) == (0.2, 0.2, 0.0)
    assert math.isnan(one.scatter)
    assert math.isnan(one.bias_error)
    assert math.isnan(one.coverage_68)
    none = statistics(np.array([]), np.array([]))
    assert none.n == 0
    assert all(math.isnan(getattr(none, metric.name)) for metric in METRICS)


def test_coverage_of_nominal_intervals():
    ranks = np.linspace(0.0005, 0.9995, 1000)
    measured, error = coverage_curve(ranks, (0.1, 0.5, 0.9))
    np.testing.assert_allclose(measured, (0.1, 0.5, 0.9))
    np.testing.assert_allclose(error, np.sqrt(measured * (1 - measured) / 1000))
    assert coverage(np.array([0.0, 1.0]), 0.95) == (0.0, 0.0)


def test_the_histogram_of_uniform_ranks_is_one():
    np.testing.assert_allclose(rank_histogram(np.linspace(0.0005, 0.9995, 1000), 10), 1)
    np.testing.assert_allclose(rank_histogram(np.array([0.0, 0.0, 1.0, 1.0]), 4), [2, 0, 0, 2])


def test_the_ratio_of_two_estimators():
    delta = np.array([1.0, -2.0, 3.0])
    assert mae_ratio(2 * delta, delta) == pytest.approx((2.0, 0.0))  # the same on each mock, so the bootstrap sees none
    assert all(math.isnan(value) for value in mae_ratio(delta, np.zeros(3)))
    assert all(math.isnan(value) for value in mae_ratio(np.array([]), np.array([])))


def test_the_error_of_the_ratio_is_the_spread_of_repeated_samples():
    rng = np.random.default_rng(3)
    exact = rng.normal(size=(300, 100))
    model = exact + 0.5 * rng.normal(size=exact.shape)
    measured = np.array([mae_ratio(*pair, n_resamples=200) for pair in zip(model, exact, strict=True)])
    assert measured[:, 1].mean() == pytest.approx(measured[:, 0].std(), rel=0.15)
    assert mae_ratio(model[0], exact[0]) == mae_ratio(model[0], exact[0])
