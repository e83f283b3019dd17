import numpy as np

from jpas_gui.app import overview as module
from jpas_gui.app.overview import overview
from jpas_gui.app.source_list import PredictedRows, SourceTable

N = 500


def predicted(n=N):
    table, random = SourceTable(n), np.random.default_rng(1)
    table.n_read = n
    point = np.column_stack([random.uniform(7, 10, n), random.uniform(-2, 0.4, n), random.uniform(0, 1, n)])
    point[:10] = np.nan
    table.add_predictions(0, PredictedRows(point, np.ones(n), np.where(np.arange(n) < 10, 1, 0)))
    return table


def test_without_predictions_there_is_nothing_to_show():
    assert overview(SourceTable(3), np.arange(3), ("log_age", "ebv")) is None


def test_all_galaxies_and_the_listed_ones_are_counted():
    found = overview(predicted(), np.arange(100), ("log_age", "metallicity"))
    assert (found.n_predicted, found.n_flagged) == (N - 10, 10)
    for counts in found.counts:
        assert counts.of_all.sum() >= N - 12  # but for the wildest
        assert 80 < counts.of_listed.sum() <= 90
    assert found.plane.row.size == N - 10
    assert found.plane.is_listed.sum() == 90


def test_many_galaxies_are_drawn_as_a_density(monkeypatch):
    monkeypatch.setattr(module, "MAX_POINTS", 50)
    table = predicted()
    many = overview(table, np.arange(N), ("log_age", "ebv")).plane
    few = overview(table, np.arange(40), ("log_age", "ebv")).plane
    assert many.row.size == 0
    assert (10**many.density - 1).sum() >= N - 14
    assert few.row.tolist() == list(range(10, 40))
