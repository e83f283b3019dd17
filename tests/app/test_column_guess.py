from jpas_gui.app.column_guess import guess, templates
from jpas_gui.core.photometry.bands import all_bands

NAMES = [band.name for band in all_bands()]


def test_patterns_are_found_with_todays_names_and_older_ones():
    assert templates([f"flux_{name}" for name in NAMES])[0] == "flux_{band}"
    assert templates([f"m_{band.aliases[0]}_auto" for band in all_bands() if band.aliases])[0] == "m_{band}_auto"
    assert templates(["ra", "dec"]) == ()


def test_values_errors_and_names_are_told_apart():
    names = ["ID", *(f"MAG_{name}" for name in NAMES), *(f"MAG_ERR_{name}" for name in NAMES)]
    assert guess(names) == {"kind": "magnitude", "value": "MAG_{band}", "error": "MAG_ERR_{band}", "id": "ID"}


def test_a_table_without_bands_gives_no_guess():
    assert guess(["a", "b"]) == {"kind": "flux"}
