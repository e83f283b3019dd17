import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.readers.ages import is_age, log_age
from jpas_gui.core.ssp.readers.stated import Stated


@pytest.mark.parametrize("name", ["AGE", "Age", "LOGAGE", "log_age", "LGAGE", "AGE_GYR", "AGEMYR", "age (yr)"])
def test_names_of_ages(name: str) -> None:
    assert is_age(name)


@pytest.mark.parametrize("name", ["IMAGE", "STAGE", "AGENT", "PAGE", "Z", "AGE_ERR", ""])
def test_other_names(name: str) -> None:
    assert not is_age(name)


@pytest.mark.parametrize(
    ("name", "value", "said", "expected"),
    [
        ("AGE", 1.0, "[Gyr]", 9),
        ("AGE", 1.0, "BC03 Age (Gyr)", 9),
        ("AGE", 1.0, "Age in Gyr", 9),
        ("AGE", 1.0, "age in 10^9 years (Gyr)", 9),
        ("AGE", 1.0, "Gyr, of 10^6 Msun", 9),
        ("AGE", 1.0, "age in units of 1e9 yr", 9),
        ("AGE", 1.0, "in billion years", 9),
        ("AGE", 1.0, "[10 Gyr]", 10),
        ("AGE", 500.0, "[Myr] age", math.log10(5e8)),
        ("AGE", 500.0, "million years", math.log10(5e8)),
        ("AGE", 1e9, "yr", 9),
        ("AGE", 3.15576e16, "[s]", 9),
        ("AGE", 8.699, "log10(age/yr)", 8.699),
        ("AGE", 8.699, "[log yr]", 8.699),
        ("AGE", 8.699, "[dex(yr)] age", 8.699),
        ("AGE", 8.699, "log age [yr]", 8.699),
        ("AGE", 8.699, "log10 of the age in years", 8.699),
        ("AGE", -0.301, "log10 Gyr", 8.699),
        ("AGE", 0.301, "logarithm of the age in Gyr", 9.301),
        ("AGE", 8.699, "logarithmic age (yr)", 8.699),
        ("AGE", math.log(2), "ln(age/Gyr)", math.log10(2e9)),
        ("AGE", math.log(2), "[ln Gyr]", math.log10(2e9)),
        ("AGE", math.log(2e9), "natural logarithm of the age in yr", math.log10(2e9)),
        ("LNAGE", math.log(2e9), "[yr]", math.log10(2e9)),
        ("AGE", 12_000.0, "millions of years", math.log10(12e9)),
        ("LOGAGE", 8.699, "[yr]", 8.699),
        ("age_log_yr", 8.699, "", 8.699),
        ("AGE_MYR", 500.0, "", math.log10(5e8)),
        # A word that says something else.
        ("AGE", 1.0, "[Gyr] log-spaced", 9),
        ("AGE", 1.0, "Gyr, one of a log grid", 9),
        ("AGE", 1.0, "Gyr (see the log)", 9),
    ],
)
def test_units_of_keywords_and_comments(name: str, value: float, said: str, expected: float) -> None:
    found, assumed = log_age(Stated(name, value, said))
    assert found == pytest.approx(expected, abs=1e-5)
    assert assumed == ""


@pytest.mark.parametrize(
    ("name", "value", "said", "expected", "assumed"),
    [
        ("AGE", 1.0, "", 9, "AGE is in Gyr (no unit)"),
        ("AGE", 1.0, "of a galaxy in a cluster", 9, "AGE is in Gyr (no unit)"),
        ("LOGAGE", 9.0, "", 9, "LOGAGE is log10 of yr (no unit)"),
        ("AGE", -1.0, "log", 8, "AGE is log10 of Gyr (no unit)"),
    ],
)
def test_what_is_assumed_is_said(name: str, value: float, said: str, expected: float, assumed: str) -> None:
    assert log_age(Stated(name, value, said)) == (expected, assumed)


@pytest.mark.parametrize(
    ("name", "value", "said", "message"),
    [
        ("AGE", 1e9, "", "its AGE = 1e+09 has no unit and is no age in Gyr: write its unit in brackets"),
        ("AGE", 0.0, "[Gyr]", "its AGE = 0 ([Gyr]): an age must be a positive number"),
        ("AGE", math.nan, "[Gyr]", "an age must be a positive number"),
        ("AGE", 1.0, "[kg]", "its age has the unit kg"),
        ("AGE", 1.0, "[foo]", "'[foo]' is no unit of age"),
        ("AGE", 1.0, "Gyr or Myr", "'Gyr or Myr' names several units of age: name one"),
        ("AGE_GYR", 1.0, "[Myr]", "its AGE_GYR = 1 ([Myr]) gives two units of age: mend one of them"),
        ("LOGAGE", 8.9e8, "", "its LOGAGE = 8.9e+08 is no age of stars"),
        ("AGE", 1e9, "[Gyr]", "is no age of stars"),
        ("AGE", 5.0, "ln(yr)", "is no age of stars"),
    ],
)  # fmt: skip
def test_what_is_refused(name: str, value: float, said: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        log_age(Stated(name, value, said))
    assert message in str(error.value)


@given(st.text(max_size=40), st.floats())
def test_any_other_comment_is_a_message_or_an_age(said: str, value: float) -> None:
    try:
        found, _ = log_age(Stated("AGE", value, said))
    except InputError:
        return
    assert 4 <= found <= 10.4
