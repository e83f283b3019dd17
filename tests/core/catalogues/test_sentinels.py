"""Numbers that stand for no data, told from fluxes and magnitudes that were measured."""

from pathlib import Path

import numpy as np
import pytest
from astropy.table import Table
from hypothesis import given, settings
from hypothesis import strategies as st
from mock_catalogues import NAMES

from jpas_gui.core.catalogues.observed import MaskReason, ObservedGalaxies
from jpas_gui.core.catalogues.opening import OpeningOptions, open_catalogue

BAND = 10
NEGATIVE = (
    *(-99.0, -999.0, -9999.0, -99999.0, -999999.0, -32768.0),
    *(-9.0, -9.99, -99.9, -99.99, -999.9, -999.25),
    *(-10.0, -100.0, -1000.0),
)
POSITIVE = (99.0, 99.9, 99.99, 999.0, 9999.0, 99999.0)
HUGE = (1e20, -1e20, 1e30, -1e30, 1e31, 1e36, 1e38, -1.6375e30, np.inf, -np.inf)


def opened(
    folder: Path, values: np.ndarray, errors: np.ndarray, names: tuple[str, str], dtype: str
) -> ObservedGalaxies:
    path = folder / "c.fits"
    columns = dict(zip(names, (values.astype(dtype), errors.astype(dtype)), strict=True))
    Table(columns).write(path, overwrite=True)
    unit = None if names[0].startswith("MAG") else "nanomaggy"
    return open_catalogue(path, OpeningOptions(unit=unit)).galaxies(0, len(values))


def reasons(
    folder: Path, value: float, error: float, names: tuple[str, str], others: tuple[float, float], dtype: str = "f8"
) -> list[MaskReason]:
    """Return why the band is masked where it has these numbers, all other bands being good."""
    values, errors = (np.full((1, 56), other) for other in others)
    values[0, BAND], errors[0, BAND] = value, error
    found = opened(folder, values, errors, names, dtype)
    assert found.mask[0].sum() >= 55
    return [MaskReason(found.reason[0, BAND])]


NINES = {"9" * whole + "." * (behind > 0) + "9" * behind for whole in range(1, 10) for behind in range(3)}
FLUX, MAGNITUDE = ("FLUX_AUTO", "FLUX_ERR_AUTO"), ("MAG_AUTO", "MAG_ERR_AUTO")


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("value", [*NEGATIVE, *POSITIVE, *HUGE])
def test_a_flux_that_stands_for_none(tmp_path: Path, value: float, dtype: str) -> None:
    (reason,) = reasons(tmp_path, value, 1.0, FLUX, (3.6, 0.1), dtype)
    assert reason == (MaskReason.INFINITE if np.isinf(value) else MaskReason.NO_DATA)


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("value", [*(v for v in NEGATIVE if v not in (-9.0, -9.99)), *HUGE, 99.0, 99.99, 999, 9999])
def test_a_magnitude_that_stands_for_none(tmp_path: Path, value: float, dtype: str) -> None:
    (reason,) = reasons(tmp_path, value, 0.1, MAGNITUDE, (20.0, 0.1), dtype)
    assert reason in (MaskReason.NO_DATA, MaskReason.INFINITE, MaskReason.NO_ERROR)
    is_known = not np.isinf(value) and value not in (-100.0, -1000.0)
    assert reason == MaskReason.NO_DATA or not is_known  # the others are brighter than any source


@pytest.mark.parametrize("value", [-9.99, -9.9, -9.0, -1.0, -10.0, -32768.0])
def test_a_magnitude_below_zero_that_stands_for_none(tmp_path: Path, value: float) -> None:
    assert reasons(tmp_path, value, 0.1, MAGNITUDE, (20.0, 0.1)) == [MaskReason.NO_DATA]


@pytest.mark.parametrize("error", [-99.0, -9999.0, 9.99, 99.0, 99.99, 999.0, 9999.0, 1e20, -1e30, 0.0, np.inf, np.nan])
def test_an_error_of_a_magnitude_that_stands_for_none(tmp_path: Path, error: float) -> None:
    assert reasons(tmp_path, 20.0, error, MAGNITUDE, (20.0, 0.1)) == [MaskReason.NO_ERROR]


@pytest.mark.parametrize("error", [-99.0, -9999.0, 99.99, 999.0, 9999.0, 1e20, 1e30, -1e30, 0.0, np.inf, np.nan])
@pytest.mark.parametrize("names", [FLUX, ("FLUX_AUTO", "FLUX_RELERR_AUTO")])
def test_an_error_of_a_flux_that_stands_for_none(tmp_path: Path, error: float, names: tuple[str, str]) -> None:
    assert reasons(tmp_path, 20.0, error, names, (20.0, 0.1)) == [MaskReason.NO_ERROR]


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (-9.99, 4.0),
        (-99.9, 60.0),
        (-9.0, 9.0),
        (9.99, 0.1),
        (99.0, 1.0),
        (99.99, 1.0),
        (-100.5, 1.0),
        (-100.0, 30.0),
        (-1.0, 0.5),
        (9999.5, 1.0),
        (1e14, 1.0),
        (30000.0, 999.0),
    ],
)
def test_a_flux_that_was_measured(tmp_path: Path, value: float, error: float) -> None:
    assert reasons(tmp_path, value, error, FLUX, (25.0, 0.5)) == [MaskReason.USED]


def test_a_bright_galaxy_may_have_nines(tmp_path: Path) -> None:
    for value in (99.0, 999.0, 9999.0, 99999.0):
        assert reasons(tmp_path, value, value / 50, FLUX, (0.7 * value, value / 50)) == [MaskReason.USED]


@pytest.mark.parametrize("flux", [1.0, 10.0, 100.0, 1000.0])
def test_powers_of_ten_are_fluxes_beside_which_nines_are_measured(tmp_path: Path, flux: float) -> None:
    assert reasons(tmp_path, flux - 0.01, flux / 50, FLUX, (flux, flux / 50)) == [MaskReason.USED]
    assert reasons(tmp_path, flux, flux / 50, FLUX, (flux, flux / 50)) == [MaskReason.USED]
    assert reasons(tmp_path, 99.0, 2.0, FLUX, (100.0, 2.0)) == [MaskReason.USED]


@pytest.mark.parametrize("value", [99.0, 99.99, 999.0, 9999.0])
def test_nines_are_told_from_the_bands_beside_them(tmp_path: Path, value: float) -> None:
    """A red galaxy: somewhere in it there is such a flux, where there is none it stands out."""
    smooth = np.geomspace(0.5, 60000.0, 56)[np.newaxis]
    for band in (0, 3, 20, 40, 54, 55):
        values, errors = smooth.copy(), 0.02 * smooth
        values[0, band], errors[0, band] = value, 0.1
        used = opened(tmp_path, values, errors, FLUX, "f8").mask[0, :56]
        ratio = value / smooth[0, band]
        assert used.sum() == 55 + used[band]
        if not 0.1 < ratio < 10:
            assert not used[band]
        if 0.5 < ratio < 2:
            assert used[band]


def test_nines_within_the_noise_are_measured(tmp_path: Path) -> None:
    assert reasons(tmp_path, 99.0, 50.0, FLUX, (10.0, 50.0)) == [MaskReason.USED]


def test_a_row_of_sentinels_has_no_data(tmp_path: Path) -> None:
    for value in (9999.0, -9999.0, -999.25, 99.99, 1e20):
        found = opened(tmp_path, np.full((1, 56), value), np.full((1, 56), 1.0), FLUX, "f8")
        assert set(found.reason[0, :56]) == {MaskReason.NO_DATA}


@settings(deadline=None)  # a file is written and read each time
@given(st.lists(st.tuples(st.floats(-3, 5), st.floats(0.5, 500)), min_size=56, max_size=56), st.integers(-6, 9))
def test_no_measured_flux_is_lost(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[tuple[float, float]], power: int
) -> None:
    """Fluxes of any size, down to 3 sigma below zero, as numbers with two decimals, which may come to -9.99."""
    significance, error = np.array(numbers).T
    errors = np.round(np.maximum(error * 10.0**power, 0.01), 2)
    values = np.round(significance * errors, 2)
    pairs = zip(values, errors, strict=True)
    found = opened(tmp_path_factory.mktemp("any"), values[np.newaxis], errors[np.newaxis], FLUX, "f8")
    lost = found.reason[0, :56] != MaskReason.USED
    # Whole numbers of nines are the exception that is written down.
    nines = [bool({f"{abs(number):.2f}".rstrip("0").rstrip(".") for number in pair} & NINES) for pair in pairs]
    assert not (lost & ~np.array(nines)).any()


@pytest.mark.parametrize("value", [-9999.0, -99.0, -9.0, 9.99, 99.0, 999.0, 1e20, -1e30, np.inf])
def test_redshifts_and_reddening_that_stand_for_none(tmp_path: Path, value: float) -> None:
    path = tmp_path / "c.fits"
    columns = {"MAG_AUTO": np.full((1, 56), 20.0), "MAG_ERR_AUTO": np.full((1, 56), 0.1)}
    Table(columns | {"zspec": [value], "EBV": [value]}).write(path)
    found = open_catalogue(path, OpeningOptions(redshift="zspec", extinction="EBV")).galaxies(0, 1)
    assert np.isnan(found.redshift).all()
    assert found.problem == ("row 1, column EBV: no E(B-V)",)


def test_sentinels_are_told_in_the_files_own_numbers(tmp_path: Path) -> None:
    values, errors = np.full((1, 56), 4e-27), np.full((1, 56), 1e-28)
    values[0, BAND], values[0, BAND + 1] = -99.0, 9999.0
    path = tmp_path / "c.fits"
    Table({"FLUX_AUTO": values, "FLUX_ERR_AUTO": errors}, units=["erg s-1 cm-2 Hz-1"] * 2).write(path)
    found = open_catalogue(path).galaxies(0, 1)
    assert [NAMES[band] for band in np.flatnonzero(~found.mask[0, :56])] == [NAMES[BAND], NAMES[BAND + 1]]
    assert found.reason[0, BAND] == MaskReason.NO_DATA
