import numpy as np
import pytest

from jpas_gui.app.source_list import Brush, ListOptions, PredictedRows, SourceTable, Which, arrange
from jpas_gui.core.catalogues.observed import MaskReason, ObservedGalaxies

NAMES = ["2241-7", "2241-12", "AEGIS-3", "aegis-33", "2406-1"]
MAGNITUDES = [18.0, 21.0, np.nan, 17.0, 19.0]


@pytest.fixture
def table():
    """Five galaxies that arrive in two parts; the third has no usable band."""
    table = SourceTable(len(NAMES))
    flux = np.repeat(10 ** (-0.4 * (np.nan_to_num(np.array(MAGNITUDES), nan=20) - 22.5))[:, np.newaxis], 60, axis=1)
    reason = np.zeros(flux.shape, dtype=np.uint8)
    reason[2] = MaskReason.NO_DATA
    snr = np.array([100.0, 10.0, 1.0, 300.0, 50.0])
    galaxies = ObservedGalaxies(
        np.arange(5), np.array(NAMES), flux, flux / snr[:, np.newaxis], reason, np.zeros(5), ("", "", "line 4", "", "")
    )
    table.add(galaxies.rows(slice(0, 2)))
    table.add(galaxies.rows(slice(2, 5)))
    return table


def predict(table):
    point = np.column_stack([[9.0, 9.5, np.nan, 8.0, 10.0], np.zeros(5), np.full(5, 0.1)])
    table.add_predictions(0, PredictedRows(point, np.ones(5), np.array([0, 4, 1, 0, 8])))


def test_the_catalogue_is_listed_in_its_own_order(table):
    assert arrange(table, ListOptions()).tolist() == [0, 1, 2, 3, 4]
    assert arrange(table, ListOptions(descending=True)).tolist() == [4, 3, 2, 1, 0]
    assert table.n_bands.tolist() == [56, 56, 0, 56, 56]


@pytest.mark.parametrize(("text", "rows"), [("2241", [0, 1]), ("aegis", [2, 3]), ("AEGIS-33", [3]), ("-1", [1, 4])])
def test_names_are_searched_in_any_case(table, text, rows):
    assert arrange(table, ListOptions(search=text)).tolist() == rows


def test_a_long_name_is_not_cut_off(table):
    assert table.name.tolist() == NAMES


@pytest.mark.parametrize("descending", [False, True])
def test_unknown_values_come_last(table, descending):
    rows = arrange(table, ListOptions(sort_by="magnitude", descending=descending)).tolist()
    assert rows[-1] == 2
    assert rows[:-1] == ([1, 4, 0, 3] if descending else [3, 0, 4, 1])


def test_rows_are_filtered_by_magnitude_and_snr(table):
    assert arrange(table, ListOptions(brightest=17.5, faintest=19.5)).tolist() == [0, 4]
    assert arrange(table, ListOptions(min_snr=60)).tolist() == [0, 3]


def test_rows_are_filtered_by_what_is_known_of_them(table):
    predict(table)

    def rows(which, noted=()):
        return arrange(table, ListOptions(which=which), noted).tolist()

    assert rows(Which.UNREADABLE) == [2]
    assert rows(Which.UNFLAGGED) == [0, 3]
    assert rows(Which.FLAGGED) == [1, 2, 4]
    assert rows(Which.PREDICTED) == [0, 1, 3, 4]
    assert rows(Which.NOTED, noted=(3, 99)) == [3]


def test_a_brush_lists_what_lies_in_it(table):
    predict(table)
    brush = Brush(("log_age", "magnitude"), (8.5, 17.5), (10.5, 20.0))
    assert arrange(table, ListOptions(brush=brush, sort_by="log_age", descending=True)).tolist() == [4, 0]


def test_only_rows_that_are_known_are_listed(table):
    table.n_read = 2
    assert arrange(table, ListOptions(sort_by="snr")).tolist() == [1, 0]
