from dataclasses import replace

import numpy as np
import pytest

from jpas_gui.app.coverage import coverage_of


def test_every_model_is_a_point_and_counted_once(popstar):
    coverage = coverage_of(popstar)
    assert coverage.nodes.shape == (636, 2)
    for histogram, values in ((coverage.log_age, coverage.nodes[:, 0]), (coverage.metallicity, coverage.nodes[:, 1])):
        assert histogram.edges[0] <= values.min()
        assert histogram.edges[-1] >= values.max()
        counts, _ = np.histogram(values, histogram.edges)
        assert counts.sum() == 636
        np.testing.assert_allclose(histogram.part, counts / counts.max())


def test_a_library_of_one_model_has_one_full_bin(popstar):
    one = replace(
        popstar, log_age=popstar.log_age[:1], metallicity=popstar.metallicity[:1], luminosity=popstar.luminosity[:1, :1]
    )
    coverage = coverage_of(one)
    assert coverage.log_age.part.max() == 1
    assert coverage.title == "PopStar (1)"
    assert coverage.log_age.edges[0] == pytest.approx(4.875)
