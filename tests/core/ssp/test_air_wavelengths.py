import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jpas_gui.core.ssp.wavelengths import vacuum_of_air


@pytest.mark.parametrize(
    ("air", "vacuum"),
    [
        # https://classic.sdss.org/dr7/products/spectra/vacwavelength.html and its table of lines; Na D1 from NIST
        (6562.80, 6564.61),
        (4861.325, 4862.683),
        (5006.843, 5008.240),
        (3933.663, 3934.777),
        (5895.924, 5897.558),
        (8498.02, 8500.36),
        (8542.09, 8544.44),
        (8662.14, 8664.52),
    ],
)
def test_published_lines(air: float, vacuum: float) -> None:
    assert vacuum_of_air(np.array([air]))[0] == pytest.approx(vacuum, abs=0.015)


@given(st.floats(2000.0, 20000.0))
def test_vacuum_is_longer_by_the_refraction_of_air(air: float) -> None:
    ratio = vacuum_of_air(np.array([air]))[0] / air
    assert 1.00027 < ratio < 1.00033


def test_below_2000_wavelengths_are_in_vacuum_already() -> None:
    assert vacuum_of_air(np.array([1215.67]))[0] == 1215.67


def test_stays_increasing_where_air_begins() -> None:
    assert (np.diff(vacuum_of_air(np.arange(1990.0, 2010.0, 0.5))) > 0).all()
