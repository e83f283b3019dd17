import pytest
from hypothesis import given
from hypothesis import strategies as st

from jpas_gui.core.ssp.readers.miles_names import parse_miles_name, variant_labels


@pytest.mark.parametrize(
    ("name", "age", "metallicity", "label", "library"),
    [
        ("Eku1.30Zp0.06T10.0000_iTp0.00_baseFe.fits", 10, 0.06, "BaSTI ku1.30", "emiles-basti-ku1.30"),
        ("Iun1.30Zm0.40T00.0631.fits", 0.0631, -0.4, "Padova00 un1.30", "miuscat-padova00-un1.30"),
        ("Mbi0.80Zm2.32T17.7828_iPp0.00_baseFe.fits", 17.7828, -2.32, "Padova00 bi0.80", "miles-padova00-bi0.80"),
        ("Mku1.30Zp0.26T14.0000_iTp0.40_Ep0.40.fits", 14, 0.26, "BaSTI ku1.30 alpha+0.40",
         "miles-basti-ku1.30-alpha+0.40"),
        ("Mch1.30Zp0.06T05.0000_iTp0.00_Em0.20.fits", 5, 0.06, "BaSTI ch1.30 alpha-0.20",
         "miles-basti-ch1.30-alpha-0.20"),
        ("Ekb1.30Zm0.25T01.2500_iTp0.00_baseFe_linear_FWHM_2.51.fits", 1.25, -0.25, "BaSTI kb1.30 FWHM 2.51",
         "emiles-basti-kb1.30-fwhm-2.51"),
        ("Ekb1.30Zm0.25T01.2500_iTp0.00_baseFe_linear_FWHM_variable.fits", 1.25, -0.25, "BaSTI kb1.30 FWHM variable",
         "emiles-basti-kb1.30-fwhm-variable"),
    ],
)  # fmt: skip
def test_published_names(name: str, age: float, metallicity: float, label: str, library: str) -> None:
    parsed = parse_miles_name(name)
    assert parsed is not None
    assert (parsed.age, parsed.metallicity) == (age, metallicity)
    assert parsed.variant.label == label
    assert parsed.variant.library_name == library


@given(
    family=st.sampled_from("EIM"),
    imf=st.sampled_from(("ch", "ku", "kb", "un", "bi")),
    slope=st.integers(30, 350),
    metallicity=st.integers(-232, 40),
    age=st.integers(1, 199999),
    isochrones=st.sampled_from("PT"),
    alpha=st.sampled_from(("baseFe", "Ep0.00", "Ep0.40", "Em0.20")),
    tail=st.sampled_from(("", "_linear_FWHM_2.51", "_linear_FWHM_variable")),
)
def test_names_say_what_was_put_in(family, imf, slope, metallicity, age, isochrones, alpha, tail) -> None:
    sign = "m" if metallicity < 0 else "p"
    name = (
        f"{family}{imf}{slope / 100:.2f}Z{sign}{abs(metallicity) / 100:.2f}T{age / 1e4:07.4f}"
        f"_i{isochrones}p0.00_{alpha}{tail}.fits"
    )
    parsed = parse_miles_name(name)
    assert parsed is not None
    assert parsed.age == pytest.approx(age / 1e4, abs=1e-9)
    assert parsed.metallicity == pytest.approx(metallicity / 100, abs=1e-9)
    assert parsed.variant.imf == imf
    assert parsed.variant.slope == pytest.approx(slope / 100)
    assert parsed.variant.isochrones == {"P": "Padova00", "T": "BaSTI"}[isochrones]
    assert (parsed.variant.alpha is None) == (alpha == "baseFe")


@given(st.text(max_size=60))
def test_any_other_text_is_no_name_or_a_usable_one(text: str) -> None:
    parsed = parse_miles_name(text)
    assert parsed is None or parsed.age > 0


def test_both_zeros_of_metallicity_are_one() -> None:
    names = [parse_miles_name(f"Mun1.30Z{sign}0.00T01.0000.fits") for sign in "mp"]
    assert names[0] == names[1]
    assert str(names[0].metallicity) == "0.0"


def test_age_zero_is_no_model() -> None:
    assert parse_miles_name("Mun1.30Zp0.00T00.0000.fits") is None


def test_labels_name_the_family_only_where_there_are_several() -> None:
    variants = [parse_miles_name(f"{f}un1.30Zp0.00T01.0000.fits").variant for f in "EM"]
    assert set(variant_labels(variants[:1]).values()) == {"Padova00 un1.30"}
    assert set(variant_labels(variants).values()) == {"E-MILES Padova00 un1.30", "MILES Padova00 un1.30"}


def test_models_of_1999_have_names_of_their_own() -> None:
    parsed = parse_miles_name("Rbi1.30z-0.68t10.00.fits")
    assert parsed is not None
    assert (parsed.age, parsed.metallicity) == (10, -0.68)
    assert parsed.variant.title == "Vazdekis (1999) Padova94 bi1.30"
    assert "513, 224" in parsed.variant.source("x", "x", ()).citation


@pytest.mark.parametrize(
    ("name", "cited"),
    [
        ("Mkb1.30Zp0.06T05.0000_iTp0.00_Ep0.00.fits", "449, 1177"),
        ("Mku1.30Zp0.26T14.0000_iTp0.40_Ep0.40.fits", "449, 1177"),
        ("Mch1.30Zp0.06T05.0000_iTp0.00_Em0.20.fits", "523, 3450"),
        ("Mku1.30Zp0.06T14.0000_iTp0.00_baseFe.fits", "404, 1639"),
        ("Eku1.30Zp0.06T14.0000_iTp0.00_baseFe.fits", "463, 3409"),
    ],
)
def test_models_of_given_alpha_have_a_paper_of_their_own(name: str, cited: str) -> None:
    parsed = parse_miles_name(name)
    assert parsed is not None
    assert cited in parsed.variant.source("x", "x", ()).citation
