from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.readers.metallicities import metallicities, metallicity, metallicity_name
from jpas_gui.core.ssp.readers.stated import Stated

SOLAR = 0.02


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["AGE", "Z"], "Z"),
        (["Z", "MH"], "MH"),  # Z may be a redshift
        (["[Z/H]"], "[Z/H]"),
        (["METALLICITY"], "METALLICITY"),
        (["Z", "FEH"], "FEH"),
        (["ZEROPT", "MAG", "CDELT1"], None),
    ],
)
def test_names(names: list[str], expected: str | None) -> None:
    assert metallicity_name(names) == expected


@pytest.mark.parametrize(
    ("name", "value", "said", "expected"),
    [
        ("Z", 0.008, "", -0.3979),
        ("Z", 0.008, "BC03 metallicity (Z)", -0.3979),
        ("Z", 0.008, "metallicity, solar is 0.02", -0.3979),
        ("METAL", 0.008, "mass fraction", -0.3979),
        ("Z", 0.008, "metallicity, [M/H] = -0.4", -0.3979),
        ("Z", 0.8, "per cent", -0.3979),
        ("Z", 0.8, "[%]", -0.3979),
        ("Z", 40.0, "% solar", -0.3979),
        ("Z", 40.0, "per cent of the solar metallicity", -0.3979),
        ("Z", 0.4, "Z/Zsun", -0.3979),
        ("Z", 0.4, "Z/Zo", -0.3979),
        ("Z", -0.4, "log Z/Zo", -0.4),
        ("Z", -0.4, "log10 Z in solar units", -0.4),
        ("Z", 0.4, "[Zsun]", -0.3979),
        ("Z", 0.4, "in solar units", -0.3979),
        ("Z", -2.09691, "log10(Z)", -0.3979),
        ("LOGZ", -0.4, "log10(Z/Zsun)", -0.4),
        ("Z", -0.4, "[M/H]", -0.4),
        ("Z", -0.4, "[Z/H]", -0.4),
        ("Z", 0.02, "dex", 0.02),
        ("MH", 0.22, "", 0.22),
        ("[Z/H]", -2.25, "", -2.25),
        ("LOGZSOL", -0.4, "", -0.4),
    ],
)
def test_mass_fractions_and_logarithms(name: str, value: float, said: str, expected: float) -> None:
    assert metallicity(Stated(name, value, said), SOLAR) == (pytest.approx(expected, abs=1e-4), "")


@pytest.mark.parametrize(
    ("name", "value", "said", "message"),
    [
        ("Z", 0.7, "", "its Z = 0.7 is no mass fraction of metals"),
        ("Z", -0.4, "", "its Z = -0.4 is no mass fraction of metals"),
        ("Z", 0.0, "", "its Z = 0 is no mass fraction of metals"),
        ("METAL", 0.02, "", "its METAL = 0.02 may be Z or [M/H]: call it Z (mass fraction) or MH ([M/H])"),
        ("LOGZ", -1.7, "", "its LOGZ = -1.7 may be Z or [M/H]"),
        ("Z", 0.02, "[erg]", "has the unit '[erg]', which is none of metallicity"),
        ("MH", 2.25, "", "its MH = 2.25 is no metallicity of stars"),
    ],
)
def test_what_is_refused(name: str, value: float, said: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        metallicity(Stated(name, value, said), SOLAR)
    assert message in str(error.value)


@example("Z", 309.0, "log Z")
@given(st.sampled_from(("Z", "MH", "METAL", "LOGZ")), st.floats(), st.text(max_size=30))
def test_any_other_comment_is_a_message_or_a_metallicity(name: str, value: float, said: str) -> None:
    with suppress(InputError):
        assert -6 <= metallicity(Stated(name, value, said), SOLAR)[0] <= 1.5


def test_iron_is_taken_for_all_metals_with_a_word() -> None:
    assert metallicity(Stated("FEH", -0.4), SOLAR) == (-0.4, "[M/H] is taken to be [Fe/H]")


@pytest.mark.parametrize(
    ("values", "expected", "assumed"),
    [
        ((-0.4, 0.02), [-0.4, 0.02], "metals is [M/H] (no unit)"),
        ((0.008, 0.02), [-0.3979, 0.0], "metals is mass fraction (no unit)"),
    ],
)
def test_a_column_without_unit_is_known_by_all_its_numbers(
    values: tuple[float, ...], expected: list[float], assumed: str
) -> None:
    found = metallicities([Stated("metals", value) for value in values], SOLAR)
    assert found == (pytest.approx(expected, abs=1e-4), assumed)
    with pytest.raises(InputError, match="may be Z or"):
        metallicities([Stated("metals", 0.02)] * 2, SOLAR)
