import pytest

from jpas_gui.app.column_guess import guess, templates
from jpas_gui.core.photometry.bands import all_bands

NAMES = [band.name for band in all_bands()]


def test_patterns_are_found_with_todays_names_and_older_ones():
    assert templates([f"flux_{name}" for name in NAMES])[0] == "flux_{band}"
    assert templates([f"m_{band.aliases[0]}_auto" for band in all_bands() if band.aliases])[0] == "m_{band}_auto"
    assert templates(["ra", "dec"]) == ()


def test_values_errors_and_names_are_told_apart():
    names = ["ID", *(f"MAG_{name}" for name in NAMES), *(f"MAG_ERR_{name}" for name in NAMES)]
    guessed = {"kind": "magnitude", "error_kind": "error"}
    assert guess(names) == guessed | {"value": "MAG_{band}", "error": "MAG_ERR_{band}", "id": "ID"}


@pytest.mark.parametrize(
    ("error", "kind"),
    [("F_ivar_{}", "inverse_variance"), ("INVVAR_{}", "inverse_variance"), ("F_RELERR_{}", "relative_error")],
)
def test_what_errors_are_is_guessed_from_their_names(error: str, kind: str) -> None:
    names = [form.format(band) for band in ("J0390", "J0400") for form in ("F_{}", error)]
    guessed = guess(names)
    assert (guessed["error"], guessed["error_kind"]) == (error.format("{band}"), kind)


def test_a_table_without_bands_gives_no_guess():
    assert guess(["a", "b"]) == {"kind": "flux", "error_kind": "error"}
