"""Tables have units, descriptions, and the numbers of the statistics."""

import numpy as np
import pytest
from made_answers import made_answers

from jpas_gui.core.evaluation.binning import AGES, MAGNITUDES, SIGNAL_TO_NOISE, binned
from jpas_gui.core.evaluation.statistics import METRICS, coverage_curve
from jpas_gui.core.evaluation.tables import (
    LEVELS,
    RANK_BINS,
    binned_table,
    coverage_table,
    exact_table,
    library_table,
    rank_table,
)
from jpas_gui.core.inference.parameters import PARAMETERS


@pytest.mark.parametrize("binning", [MAGNITUDES, SIGNAL_TO_NOISE, AGES])
def test_one_row_per_bin(binning):
    answers = made_answers(20, 0)
    table = binned_table(answers, binning)
    samples = binned(answers, binning)
    assert table["bin"].tolist() == [one.bin.name for one in samples]
    assert table[f"{binning.quantity}_low"].tolist() == [one.bin.low for one in samples]
    assert table["n"].sum() == len(answers)
    for number, parameter in enumerate(PARAMETERS):
        for metric in METRICS:
            expected = [getattr(one.parameters[number], metric.name) for one in samples]
            np.testing.assert_array_equal(table[f"{parameter}_{metric.name}"], expected)
    assert all(column.description for column in table.columns.values())


def test_units_of_differences():
    table = binned_table(made_answers(5, 0), MAGNITUDES)
    assert str(table["log_age_bias"].unit) == "dex"
    assert str(table["ebv_scatter"].unit) == "mag"
    assert table["ebv_outlier_fraction"].unit is None
    assert str(table["magnitude_low"].unit) == "mag"


def test_models_across_libraries():
    one, other = made_answers(10, 0, libraries=("popstar", "miuscat")), made_answers(12, 0)
    table = library_table({"mixture": one, "popstar-only": other})
    assert table["model"].tolist() == ["mixture", "mixture", "popstar-only"]
    assert table["library"].tolist() == ["popstar", "miuscat", "popstar"]
    assert table["n"].tolist() == [65, 65, 156]
    own = one.library == 1
    assert table["ebv_mae"][1] == pytest.approx(np.abs(one.delta[own, 2]).mean(), rel=1e-12)


def test_calibration():
    answers = made_answers(50, 0)
    table = coverage_table(answers)
    assert table["nominal"].tolist() == list(LEVELS)
    measured, error = coverage_curve(answers.ranks[:, 1], LEVELS)
    np.testing.assert_array_equal(table["metallicity_coverage"], measured)
    np.testing.assert_array_equal(table["metallicity_coverage_error"], error)
    ranks = rank_table(answers)
    assert len(ranks) == RANK_BINS
    assert ranks["log_age_density"].mean() == pytest.approx(1)


def test_no_calibration_without_a_posterior():
    for table in (coverage_table, rank_table):
        with pytest.raises(ValueError, match="the model gives no posterior"):
            table(made_answers(5, 0, posterior=False))


def test_comparison_with_the_exact_posterior():
    table = exact_table(made_answers(20, 10))
    assert table["n"].tolist() == [10] * 13
    np.testing.assert_allclose(table["ebv_mae_ratio"], table["ebv_mae"] / table["ebv_exact_mae"])
    assert str(table["log_age_exact_mae"].unit) == "dex"
    assert len(exact_table(made_answers(20, 0))) == 0
