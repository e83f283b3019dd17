"""Rows and values that cannot be used: every row is kept, and says what is wrong with it."""

from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from astropy.table import MaskedColumn, Table
from hypothesis import given
from hypothesis import strategies as st

from jpas_gui.core.catalogues.observed import MaskReason, ObservedGalaxies
from jpas_gui.core.catalogues.opening import OpeningOptions, open_catalogue
from jpas_gui.core.magnitudes import MAGNITUDE_PER_RELATIVE_ERROR, magnitude_of_flux

BANDS = ["J0390", "J0400", "J0410", "J0420", "J0430"]
FIRST = 2
"""J0390 among all bands."""


def write_rows(path: Path, cells: list[str], value: str = "FLUX_{}", error: str = "FLUX_ERR_{}") -> Path:
    """Write one galaxy a row; the cells are value and error of J0390, all other bands are good."""
    names = [name.format(band) for band in BANDS for name in (value, error)]
    rows = [f"{row},{cell}" + ",20.0,0.5" * 4 for row, cell in enumerate(cells)]
    path.write_text("\n".join([",".join(["ID", *names]), *rows]) + "\n")
    return path


def first_band(path: Path, unit: str) -> tuple[ObservedGalaxies, list[MaskReason]]:
    found = open_catalogue(path, OpeningOptions(unit=unit)).galaxies(0, 99)
    assert found.mask[:, FIRST + 1 : FIRST + 5].all()
    assert found.problem == ("",) * len(found)
    return found, [MaskReason(reason) for reason in found.reason[:, FIRST]]


FLUXES = {
    "20.0,0.5": MaskReason.USED,
    "-3.0,4.0": MaskReason.USED,
    "0.0,4.0": MaskReason.USED,
    "99.0,4.0": MaskReason.USED,
    "3.0,4.0": MaskReason.USED,
    "0.0,0.0": MaskReason.NO_DATA,
    "0.0,": MaskReason.NO_DATA,
    "0.0,-999.0": MaskReason.NO_DATA,
    "-999.0,-999.0": MaskReason.NO_DATA,
    "-99.0,4.0": MaskReason.NO_DATA,
    "99.0,99.0": MaskReason.NO_DATA,
    "nan,1.0": MaskReason.NO_DATA,
    ",1.0": MaskReason.NO_DATA,
    "None,None": MaskReason.NO_DATA,
    "20.0,": MaskReason.NO_ERROR,
    "20.0,0.0": MaskReason.NO_ERROR,
    "20.0,-1.0": MaskReason.NO_ERROR,
    "20.0,inf": MaskReason.NO_ERROR,
    "inf,1.0": MaskReason.INFINITE,
    "-inf,1.0": MaskReason.INFINITE,
    "1e300,1.0": MaskReason.INFINITE,
    "1e999,1.0": MaskReason.INFINITE,
}


def test_fluxes_that_are_none(tmp_path: Path) -> None:
    found, reason = first_band(write_rows(tmp_path / "c.csv", list(FLUXES)), "nanomaggy")
    assert dict(zip(FLUXES, reason, strict=True)) == FLUXES
    numbers = [why in (MaskReason.USED, MaskReason.NO_ERROR) for why in reason]
    assert np.isfinite(found.flux_nu[:, FIRST]).tolist() == numbers
    np.testing.assert_array_equal(found.flux_nu_error[:, FIRST] > 0, [why == MaskReason.USED for why in reason])


RELATIVE = {
    "20.0,0.1": MaskReason.USED,
    "-20.0,-0.1": MaskReason.USED,  # the archive gives the error the sign of the flux
    "20.0,2.0": MaskReason.USED,  # a faint flux is still a measurement
    "-20.0,0.1": MaskReason.USED,  # others do not
    "20.0,-0.1": MaskReason.NO_ERROR,
    "20.0,99.0": MaskReason.NO_ERROR,
    "-20.0,-999.0": MaskReason.NO_ERROR,
    "20.0,1e20": MaskReason.NO_ERROR,
    "0.0,0.1": MaskReason.NO_DATA,
    "99.0,99.0": MaskReason.NO_DATA,
}


def test_relative_errors(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "c.csv", list(RELATIVE), error="FLUX_RELERR_{}")
    found, reason = first_band(path, "nanomaggy")
    assert dict(zip(RELATIVE, reason, strict=True)) == RELATIVE
    np.testing.assert_allclose(found.flux_nu_error[:4, FIRST], [2, 2, 40, 2])


MAGNITUDES = {
    "20.0,0.1": MaskReason.USED,
    "0.0,0.1": MaskReason.NO_DATA,
    "24.0,1.0": MaskReason.USED,
    "24.0,1.01": MaskReason.LARGE_ERROR,
    "24.718,6.981": MaskReason.LARGE_ERROR,
    "99.0,99.0": MaskReason.NO_DATA,
    "-99.0,0.1": MaskReason.NO_DATA,
    "99.0,0.1": MaskReason.NO_DATA,
    "999.0,0.1": MaskReason.NO_DATA,
    ",": MaskReason.NO_DATA,
    "20.0,99.0": MaskReason.NO_ERROR,
    "20.0,0.0": MaskReason.NO_ERROR,
    "20.0,-0.1": MaskReason.NO_ERROR,
    "20.0,nan": MaskReason.NO_ERROR,
    "inf,0.1": MaskReason.INFINITE,
    "-500,0.1": MaskReason.INFINITE,
}


def test_magnitudes_that_are_none(tmp_path: Path) -> None:
    _, reason = first_band(write_rows(tmp_path / "c.csv", list(MAGNITUDES), "MAG_{}", "MAG_ERR_{}"), "mag")
    found = dict(zip(MAGNITUDES, reason, strict=True))
    # An infinite magnitude is a flux of zero, whose error is zero, too.
    assert found.pop("inf,0.1") in (MaskReason.INFINITE, MaskReason.NO_ERROR)
    assert found == {cell: why for cell, why in MAGNITUDES.items() if cell != "inf,0.1"}


@pytest.mark.parametrize("one_per_row", [True, False])
def test_flags_of_bands_and_of_rows(tmp_path: Path, one_per_row: bool) -> None:
    shape = (4,) if one_per_row else (4, 56)
    flags, mask_flags = np.zeros(shape, dtype=np.int16), np.zeros(shape, dtype=np.int16)
    flags[1], mask_flags[2], flags[3], mask_flags[3] = 3, 1, 1, 1
    path = tmp_path / "c.fits"
    photometry = {"MAG_AUTO": np.full((4, 56), 20.0), "MAG_ERR_AUTO": np.full((4, 56), 0.1)}
    photometry["MAG_AUTO"][:, 5] = 99.0
    Table(photometry | {"FLAGS": flags, "MASK_FLAGS": mask_flags}).write(path)
    reason = open_catalogue(path).galaxies(0, 4).reason
    expected = [MaskReason.USED, MaskReason.FLAGS, MaskReason.MASK_FLAGS, MaskReason.FLAGS]
    assert reason[:, 0].tolist() == expected
    assert reason[:, 5].tolist() == [MaskReason.NO_DATA] * 4
    assert reason[:, 59].tolist() == [MaskReason.NO_BAND] * 4


def test_flags_that_are_not_known_are_not_clean(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "c.csv", ["20.0,0.5"] * 3)
    lines = path.read_text().splitlines()
    flags = ["FLAGS_J0390", "0", "None", "2"]
    path.write_text("\n".join(f"{line},{flag}" for line, flag in zip(lines, flags, strict=True)))
    reason = open_catalogue(path, OpeningOptions(unit="nanomaggy")).galaxies(0, 3).reason
    assert reason[:, FIRST].tolist() == [MaskReason.USED, MaskReason.FLAGS, MaskReason.FLAGS]
    assert (reason[:, FIRST + 1] == MaskReason.USED).all()


def test_ragged_rows_and_words_are_kept_and_said(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "c.csv", ["20.0,0.5", "20.0", "twenty,0.5", "1_0,0.5", "20.0,0.5,7", "20.0,0.5"])
    text = path.read_text().splitlines()
    text.insert(2, "")  # an empty line is no row
    path.write_text("\r\n".join(["# by hand", *text]))
    found = open_catalogue(path, OpeningOptions(unit="nanomaggy")).galaxies(0, 99)
    assert found.problem == (
        "",
        "line 5 has 10 cells, the header has 11",
        "line 6, column FLUX_J0390: 'twenty' is not a number",
        "line 7, column FLUX_J0390: '1_0' is not a number",
        "line 8 has 12 cells, the header has 11",
        "",
    )
    good = np.array([not problem for problem in found.problem])
    assert found.name.tolist() == ["0", "line 5", "2", "3", "line 8", "5"]
    assert (found.mask.any(axis=1) == good).all()
    assert np.isnan(found.flux_nu[~good]).all()
    assert set(np.unique(found.reason[~good])) == {MaskReason.NO_BAND, MaskReason.NO_DATA}
    np.testing.assert_array_equal(found.flux_nu[good, FIRST], 20.0)


def test_arrays_of_wrong_length_and_words_in_them(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    good, errors = " ".join(["20"] * 56), " ".join(["0.1"] * 56)
    rows = [good, good[3:], good.replace("20", "x", 1), "", f"[{good}]"]
    lines = [
        "#SELECT",
        "NUMBER,MAG_AUTO,MAG_ERR_AUTO,PHOTOZ",
        *(f"{i},{row},{errors},0.1" for i, row in enumerate(rows)),
    ]
    path.write_text("\n".join([*lines, f"5,{good},{errors},far"]))
    found = open_catalogue(path).galaxies(0, 6)
    assert found.problem[:1] == ("",)
    assert found.problem[1] == "line 4, column MAG_AUTO: 55 values, other rows have 56"
    assert found.problem[2].startswith("line 5, column MAG_AUTO: 'x 20 20")
    assert found.problem[3:5] == ("", "")
    assert found.problem[5] == "line 8, column PHOTOZ: 'far' is not a number"
    assert found.mask.sum(axis=1).tolist() == [56, 0, 0, 0, 56, 0]


def test_a_lost_quote_swallows_no_row(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "c.csv", ["20.0,0.5", '"20.0,0.5', "20.0,0.5", '"20.0","0.5"'])
    found = open_catalogue(path, OpeningOptions(unit="nanomaggy")).galaxies(0, 9)
    assert found.problem == ("", "line 3 has 2 cells, the header has 11", "", "")


def test_numbers_that_fits_keeps_as_others(tmp_path: Path) -> None:
    path = tmp_path / "c.fits"
    table = fits.BinTableHDU.from_columns(
        [
            fits.Column("NUMBER", "J", bzero=2**31, array=np.array([1, 2, 2**32 - 1], dtype=np.uint32)),
            fits.Column("NAME", "8A", array=np.array(["a", "bc ", ""])),
            fits.Column("MAG_AUTO", "56I", array=np.full((3, 56), 2000)),
            fits.Column("MAG_ERR_AUTO", "56E", array=np.full((3, 56), 0.1)),
            fits.Column("FLAGS", "I", null=-1, array=np.array([0, -1, 0], dtype=np.int16)),
            fits.Column("PHOTOZ", "D", array=np.array([0.1, 0.2, 0.3])),
        ]
    )
    fits.HDUList([fits.PrimaryHDU(), table]).writeto(path)
    fits.setval(path, "TSCAL3", value=0.01, ext=1)
    catalogue = open_catalogue(path)
    found = catalogue.galaxies(0, 3)
    np.testing.assert_allclose(magnitude_of_flux(found.flux_nu[:, 0]), 20.0, rtol=1e-6)
    assert found.reason[:, 0].tolist() == [MaskReason.USED, MaskReason.FLAGS, MaskReason.USED]
    assert catalogue.id_columns == ("NAME",)
    assert found.name.tolist() == ["a", "bc", ""]


@pytest.mark.parametrize("masked", ["votable", "ascii.ecsv", "fits"])
def test_masked_values(tmp_path: Path, masked: str) -> None:
    path = tmp_path / "c"
    magnitude = MaskedColumn(np.full((2, 56), 20.0), mask=np.eye(2, 56, dtype=bool))
    Table({"MAG_AUTO": magnitude, "MAG_ERR_AUTO": np.full((2, 56), 0.1)}).write(path, format=masked)
    reason = open_catalogue(path).galaxies(0, 2).reason[:, :3]
    np.testing.assert_array_equal(reason == MaskReason.NO_DATA, np.eye(2, 3, dtype=bool))


def test_arrays_of_variable_length(tmp_path: Path) -> None:
    path = tmp_path / "c.fits"
    columns = []
    for name, value in (("MAG_AUTO", 20.0), ("MAG_ERR_AUTO", 0.1)):
        rows = np.empty(3, dtype=object)
        rows[:] = [np.full(56, value), np.full(56, value), np.full(55, value)]
        columns.append(fits.Column(name, "PD()", array=rows))
    fits.HDUList([fits.PrimaryHDU(), fits.BinTableHDU.from_columns(columns)]).writeto(path)
    found = open_catalogue(path).galaxies(0, 3)
    assert found.mask.sum(axis=1).tolist() == [56, 56, 0]
    assert found.problem == ("", "", "row 3, column MAG_AUTO: 55 values, other rows have 56")
    assert found.name.tolist() == ["row 1", "row 2", "row 3"]


anything = st.one_of(st.floats(), st.sampled_from(["", "nan", "None", "abc", "1 2", "--", "99.0", "-999", '"', "1,5"]))


@given(st.lists(st.tuples(anything, anything), min_size=1, max_size=8), st.sampled_from(["nanomaggy", "mag", "uJy"]))
def test_whatever_a_cell_holds(tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[object, object]], unit: str):
    path = tmp_path_factory.mktemp("any") / "c.csv"
    write_rows(path, [f"{value},{error}" for value, error in cells], "{}", "error_{}")
    found = open_catalogue(path, OpeningOptions(unit=unit)).galaxies(0, 99)
    assert len(found) == len(cells)
    assert found.row.tolist() == list(range(len(cells)))
    used = found.mask
    assert np.isfinite(found.flux_nu[used]).all()
    assert (found.flux_nu_error[used] > 0).all()
    assert np.isfinite(found.flux_nu_error[used]).all()
    assert not used[[bool(problem) for problem in found.problem]].any()


@given(st.lists(st.tuples(st.floats(14, 24), st.floats(0.001, 0.9)), min_size=1, max_size=5))
def test_magnitudes_come_back(tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[float, float]]) -> None:
    path = tmp_path_factory.mktemp("magnitudes") / "c.csv"
    write_rows(path, [f"{magnitude!r},{error!r}" for magnitude, error in cells], "MAG_{}", "MAG_ERR_{}")
    found = open_catalogue(path).galaxies(0, 99)
    flux, error = found.flux_nu[:, FIRST], found.flux_nu_error[:, FIRST]
    np.testing.assert_allclose(magnitude_of_flux(flux), [magnitude for magnitude, _ in cells], rtol=1e-12)
    np.testing.assert_allclose(MAGNITUDE_PER_RELATIVE_ERROR * error / flux, [own for _, own in cells], rtol=1e-12)
