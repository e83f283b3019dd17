import re

import pytest

from jpas_gui.core.photometry.bands import N_SURVEY_BANDS, REFERENCE_BANDS, all_bands, find_band


def test_the_bands_stand_in_the_order_of_their_filter_ids():
    bands = all_bands()
    assert [band.filter_id for band in bands] == list(range(1, 61))
    names = [band.name for band in bands]
    assert names[:3] == ["uJAVA", "J0378", "J0390"]
    assert names[54:] == ["J0910", "J1007", "uJPAS", "gSDSS", "rSDSS", "iSDSS"]
    assert [band.is_broad for band in bands] == [False] * N_SURVEY_BANDS + [True] * 4


def test_narrow_bands_run_from_blue_to_red_in_steps_of_100_angstrom():
    narrow = all_bands()[2:55]
    assert [band.name for band in narrow] == [f"J{nominal:04d}" for nominal in range(390, 911, 10)]
    for band in narrow:
        assert abs(band.wavelength - 10 * int(band.name[1:])) < 30
        assert 120 < band.width < 180


def test_names_and_aliases_each_mean_one_band():
    names = [name.lower() for band in all_bands() for name in {band.name, *band.aliases}]
    # An alias may repeat a name in another case (uJava), never that of another band.
    for band in all_bands():
        for name in (band.name, *band.aliases):
            assert find_band(name) is band
    assert len(set(names)) >= 60


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("J0348", "uJAVA"),
        ("JPAS3518", "uJAVA"),
        ("Jv0915_3495", "uJAVA"),
        ("uJava", "uJAVA"),
        ("JPAS3785", "J0378"),
        ("Jv0915_4301", "J0430"),
        ("JPAS10069_1900", "J1007"),
        ("g_JPAS", "gSDSS"),
        (" isdss ", "iSDSS"),
    ],
)
def test_older_names_are_understood(name, expected):
    assert find_band(name).name == expected


def test_an_unknown_band_is_none():
    assert find_band("J9999") is None


def test_colours_are_valid_and_tell_the_survey_bands_apart():
    colours = [band.colour for band in all_bands()]
    assert all(re.fullmatch(r"#[0-9A-F]{6}", colour) for colour in colours)
    assert len(set(colours[:N_SURVEY_BANDS])) == N_SURVEY_BANDS


def test_the_table_equals_the_survey_s_own(real_data):
    lines = (real_data / "minijpas" / "minijpas.Filter.csv").read_text().splitlines()[2:]
    rows = {int(line.split(",")[0]): line.split(",") for line in lines}
    assert set(rows) == set(range(1, 61))
    for band in all_bands():
        _, name, wavelength, width, _, colour = rows[band.filter_id]
        assert (band.name, band.wavelength, band.width, band.colour) == (
            name.strip('"'),
            float(wavelength),
            float(width),
            colour.strip('"'),
        )


def test_the_reference_bands_exist():
    assert [find_band(name).name for name in REFERENCE_BANDS] == ["iSDSS", "J0770"]
