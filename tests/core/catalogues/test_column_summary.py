"""What a user is shown of columns and units to choose one."""

import numpy as np
import pytest
from astropy.table import Table

from jpas_gui.core.catalogues.column_summary import column_summaries
from jpas_gui.core.catalogues.opening import ColumnsNeeded, OpeningOptions, UnitNeeded, open_catalogue
from jpas_gui.core.catalogues.unit_sample import magnitude_in, unit_sample
from jpas_gui.core.errors import InputError
from jpas_gui.core.near_names import near_names
from jpas_gui.core.photometry.bands import all_bands

N = 12


@pytest.fixture
def table(tmp_path):
    """Pairs of band and error without a unit, among other columns."""
    table = Table({"name": [f"NGC {n}" for n in range(N)]})
    for band in all_bands()[:10]:
        table[band.name] = np.full(N, 100.0)
        table[f"error_{band.name}"] = np.full(N, 1.0)
    table["J0430"][0] = -99.0
    table["zphot"] = np.linspace(0.0, 1.1, N)
    table.write(tmp_path / "table.csv")
    return tmp_path / "table.csv"


def needed(path, options=None):
    with pytest.raises((UnitNeeded, ColumnsNeeded)) as need:
        open_catalogue(path, options)
    return need.value


def test_columns_with_one_number_per_row_come_first_with_range_and_first_values(table):
    first, *_, last = column_summaries(needed(table).table)
    assert (first.name, first.text) == ("zphot", "0 to 1.1; first 0, 0.1, 0.2")
    assert (last.name, last.text, last.is_number) == ("name", "NGC 0, NGC 1, NGC 2", False)


def test_an_open_catalogue_shows_its_columns_and_values_too(table):
    catalogue = open_catalogue(table, OpeningOptions(unit="nanomaggy", redshift=0.0))
    assert catalogue.column_summaries()[0].name == "zphot"
    assert catalogue.unit_sample().median == 100.0
    assert catalogue.redshift == 0.0
    assert open_catalogue(table, OpeningOptions(unit="nanomaggy", redshift="zphot")).redshift == "zphot"


def test_values_of_the_band_nearest_to_r_are_shown_without_numbers_that_stand_for_none(table):
    need = needed(table)
    sample = unit_sample(need.table, need.layout)
    assert sample.band == all_bands()[9].name
    assert (sample.first, sample.median) == (100.0, 100.0)


def test_each_unit_gives_its_magnitude():
    assert magnitude_in("nanomaggy", 100.0, "rSDSS") == pytest.approx(17.5)
    assert magnitude_in("mmag", 17500.0, "rSDSS") == pytest.approx(17.5)
    assert magnitude_in("uJy", 3.631, "rSDSS") == pytest.approx(22.5)
    assert np.isnan(magnitude_in("uJy", -1.0, "rSDSS"))
    with pytest.raises(InputError, match="'lumps' is no unit of flux density"):
        magnitude_in("lumps", 1.0, "rSDSS")


@pytest.mark.parametrize(
    ("name", "names", "expected"),
    [
        ("zspec", ("ID", "z_spec", "zsp", "RA"), ("z_spec", "zsp")),
        ("ebv", ("EBV", "ID"), ("EBV",)),
        ("redshift", ("best_redshift_of_all", "ID"), ("best_redshift_of_all",)),
        ("flux", ("ID", "RA"), ()),
        ("", ("ID",), ()),
    ],
)
def test_names_near_a_wrong_one_are_found(name, names, expected):
    assert near_names(name, names) == expected


def test_a_wrong_column_is_said_with_those_near_it(table):
    with pytest.raises(InputError, match=r"no column z_phot2 for redshift, and it is no number; it has zphot"):
        open_catalogue(table, OpeningOptions(unit="nanomaggy", redshift="z_phot2"))
