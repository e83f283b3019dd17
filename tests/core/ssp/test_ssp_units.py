import pytest
from astropy import units as u
from hypothesis import given
from hypothesis import strategies as st

from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.units import parse_unit


@pytest.mark.parametrize(
    ("text", "unit", "scale"),
    [
        ("A", u.AA, ""),
        ("ANGSTROMS", u.AA, ""),
        ("micron", u.um, ""),
        ("µm", u.um, ""),
        ("0.1nm", u.AA, ""),
        ("log(Angstrom)", u.AA, "log"),
        ("[log10 nm]", u.nm, "log10"),
        ("ln(lambda/A)", u.AA, "ln"),
        ("log_e(Angstrom)", u.AA, "ln"),
        ("METERS", u.m, ""),
        (r"$L_{\odot}$/\AA", u.Lsun / u.AA, ""),
        ("dex(yr)", u.yr, "log10"),
        ("log10(age/yr)", u.yr, "log10"),
        ("[GYR]", u.Gyr, ""),
        ("Lo/Mo/A", u.Lsun / u.AA / u.Msun, ""),
        ("L☉/Å/M☉", u.Lsun / u.AA / u.Msun, ""),
        ("ERG/S/ANGSTROM", u.erg / u.s / u.AA, ""),
        ("ergs sec^-1 Ang^-1 M_sun^-1", u.erg / u.s / u.AA / u.Msun, ""),
        ("10**-17 erg/s/Hz", 1e-17 * u.erg / u.s / u.Hz, ""),
        ("L_sun per Angstrom per M_sun", u.Lsun / u.AA / u.Msun, ""),
    ],
)
def test_words_of_the_field(text: str, unit: u.UnitBase, scale: str) -> None:
    parsed = parse_unit(text)
    assert parsed.scale == scale
    assert parsed.unit.to(u.Unit(unit)) == pytest.approx(1.0, rel=1e-12)


def test_a_power_of_ten_that_may_be_two_numbers_is_refused() -> None:
    with pytest.raises(InputError, match="10E-3 Lsun/A' may mean a power of ten or ten times it"):
        parse_unit("10E-3 Lsun/A")


WORDS = (
    "Lsun",
    "/",
    "A",
    "Msun",
    "log",
    "(",
    ")",
    "erg",
    "s",
    "-1",
    "**",
    "^",
    "10",
    "e",
    "nm",
    " ",
    "[",
    "]",
    "%",
    ".",
)


@given(st.one_of(st.text(max_size=30), st.lists(st.sampled_from(WORDS), max_size=8).map("".join)))
def test_any_other_text_is_a_unit_or_none(text: str) -> None:
    try:
        assert isinstance(parse_unit(text).unit, u.UnitBase)
    except InputError as error:
        assert "is no unit that is known" in str(error)  # noqa: PT017 - both outcomes are right
