"""Observed catalogues of every dialect, opened as a user would: the same galaxies in nanomaggies."""

import gzip
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from astropy.table import Table
from mock_catalogues import (
    DIALECTS,
    NAMES,
    OLD_NAMES,
    PIVOT,
    Galaxies,
    make_galaxies,
    write_flattened_csv,
    write_pairs_csv,
    write_parquet_columns,
    write_portal_fits,
)

from jpas_gui.core.catalogues.observed import MaskReason, ObservedGalaxies
from jpas_gui.core.catalogues.opening import (
    ColumnsNeeded,
    ObservedCatalogue,
    OpeningOptions,
    RedshiftNeeded,
    UnitNeeded,
    open_catalogue,
)
from jpas_gui.core.errors import InputError
from jpas_gui.core.magnitudes import magnitude_of_flux
from jpas_gui.core.photometry.attenuation import attenuation_law

SINGLE = 3e-6
"""Magnitudes in single precision have steps of 2e-6."""


@pytest.fixture(scope="module")
def galaxies() -> Galaxies:
    return make_galaxies()


def assert_same(found: ObservedGalaxies, expected: Galaxies, tolerance: float = SINGLE) -> None:
    flux, error = (np.where(expected.lost, np.nan, values) for values in (expected.flux, expected.error))
    np.testing.assert_allclose(found.flux_nu, flux, rtol=tolerance)
    np.testing.assert_allclose(found.flux_nu_error, error, rtol=10 * tolerance)
    reason = np.where(expected.lost, MaskReason.NO_DATA, np.where(expected.flagged, MaskReason.FLAGS, MaskReason.USED))
    np.testing.assert_array_equal(found.reason, reason)
    np.testing.assert_array_equal(found.mask, ~(expected.lost | expected.flagged))
    np.testing.assert_allclose(found.redshift, expected.redshift, rtol=1e-9)
    assert found.problem == ("",) * len(expected.flux)


@pytest.mark.parametrize("name", DIALECTS)
def test_every_dialect_gives_the_same_galaxies(tmp_path: Path, galaxies: Galaxies, name: str) -> None:
    catalogue = open_catalogue(DIALECTS[name](tmp_path / name, galaxies))
    assert catalogue.n_rows == len(galaxies.flux)
    assert catalogue.bands == tuple(NAMES)
    found = catalogue.galaxies(0, catalogue.n_rows)
    assert_same(found, galaxies)
    assert found.name.tolist() == [f"2470-{number}" for number in galaxies.number]
    assert found.row.tolist() == list(range(len(galaxies.flux)))
    ids = catalogue.ids(1, 3)
    assert [name.upper() for name in ids] == ["TILE_ID", "NUMBER"]
    assert [[str(value) for value in values] for values in ids.values()] == [["2470", "2470"], ["2", "3"]]


@pytest.mark.parametrize("name", DIALECTS)
def test_any_part_is_that_of_the_whole(tmp_path: Path, galaxies: Galaxies, name: str) -> None:
    catalogue = open_catalogue(DIALECTS[name](tmp_path / name, galaxies))
    whole = catalogue.galaxies(0, 99)
    parts = [catalogue.galaxies(2, 4), *catalogue.chunks(2), *catalogue.chunks(3, start=4), catalogue.galaxies(4, 4)]
    assert [part.row.tolist() for part in parts] == [[2, 3], [0, 1], [2, 3], [4], [4], []]
    for part in parts:
        assert part.name.tolist() == whole.name[part.row].tolist()
        np.testing.assert_allclose(part.flux_nu, whole.flux_nu[part.row], rtol=1e-12)
        np.testing.assert_array_equal(part.reason, whole.reason[part.row])
        np.testing.assert_allclose(part.flux_nu, whole.rows(part.row).flux_nu, rtol=1e-12)


@pytest.mark.parametrize(
    ("name", "dialect", "aperture", "unit"),
    [
        ("portal.fits", "FITS, arrays of the archive", "PSFCOR", "1e-19 erg s-1 cm-2 A-1"),
        ("tap.vot", "VOTable, arrays of the archive", "APER_COR_3_0", "mag"),
        ("portal.csv", "CSV, arrays of the archive", "AUTO", "1e-30 erg s-1 cm-2 Hz-1"),
        ("aliases.csv", "CSV, one column per band", "COR", "mag"),
        ("flattened.csv", "CSV, flattened early data release", "APER_COR_3_0", "1e-19 erg s-1 cm-2 A-1"),
        ("columns.parquet", "Parquet, one column per band", "", "nanomaggy"),
        ("lists.parquet", "Parquet, arrays of the archive", "AUTO", "uJy"),
    ],
)
def test_what_was_found_is_said(
    tmp_path: Path, galaxies: Galaxies, name: str, dialect: str, aperture: str, unit: str
) -> None:
    catalogue = open_catalogue(DIALECTS[name](tmp_path / name, galaxies))
    assert (catalogue.dialect, catalogue.aperture, catalogue.unit) == (dialect, aperture, unit)
    assert any("redshift from the column" in note for note in catalogue.notes)


@pytest.mark.parametrize("names", [NAMES, OLD_NAMES])
def test_pairs_need_to_know_the_frame(tmp_path: Path, galaxies: Galaxies, names: list[str]) -> None:
    path = write_pairs_csv(tmp_path / "pairs.csv", galaxies, names)
    with pytest.raises(RedshiftNeeded, match="does not say whether its photometry is observed or in the rest") as need:
        open_catalogue(path)
    assert need.value.columns == ("redshift",)
    expected = Galaxies(**(vars(galaxies) | {"flagged": np.zeros_like(galaxies.lost)}))
    observed = open_catalogue(path, OpeningOptions(redshift="redshift"))
    assert_same(observed.galaxies(0, 9), expected)
    assert "fluxes of this size are taken to be in erg s-1 cm-2 Hz-1" in observed.notes[0]
    assert observed.galaxies(0, 9).name.tolist() == ["1", "2", "3", "4", "5"]
    rest = open_catalogue(path, OpeningOptions(redshift=0)).galaxies(0, 9)
    assert rest.redshift.tolist() == [0.0] * 5
    np.testing.assert_allclose(rest.flux_nu, observed.galaxies(0, 9).flux_nu, rtol=1e-12)


def test_real_galaxies_in_the_rest_frame(real_data: Path) -> None:
    catalogue = open_catalogue(real_data / "catalogues" / "sdss_galaxies_jpas_fnu.csv", OpeningOptions(redshift=0))
    found = catalogue.galaxies(0, 20)
    missing = {"uJAVA", "J0910", "J1007"} | {"J0890", "J0900"}  # the latter are cut wherever they are there
    assert found.mask[:, :56].sum(axis=1).min() >= 47
    # The spectrum of the fourth ends at 8856 A: in J0880 and J0890 is a part of the light.
    cut = [NAMES[i] for i in np.flatnonzero(found.reason[3] == MaskReason.CUT)]
    assert cut == ["J0880", "J0890"]
    assert {NAMES[band] for band in range(56) if not found.mask[:, band].any()} == missing
    assert found.reason[0, NAMES.index("uJAVA")] == MaskReason.NO_DATA
    assert found.reason[0, NAMES.index("J1007")] == MaskReason.NO_BAND
    assert found.reason[0, NAMES.index("J0890")] == MaskReason.NO_DATA  # 0.0, with -999 for the error
    # -2.5 log10(4.7e-27) - 48.6 in J0770
    assert found.magnitude[0] == pytest.approx(17.258, abs=0.002)
    assert ((found.snr > 20) & (found.snr < 160)).all()


@pytest.mark.parametrize(("length", "bands"), [(56, NAMES[:56]), (57, [*NAMES[:56], "iSDSS"])])
def test_arrays_of_other_lengths(tmp_path: Path, galaxies: Galaxies, length: int, bands: list[str]) -> None:
    # With 57 values the last is iSDSS: the column of uJPAS is taken for it, on both sides.
    catalogue = open_catalogue(write_portal_fits(tmp_path / "c.fits", galaxies, length))
    assert catalogue.bands == tuple(bands)
    found = catalogue.galaxies(0, 9)
    place = [NAMES.index(band) for band in bands]
    scale = (PIVOT[place] / PIVOT[:length]) ** 2
    expected = np.where(galaxies.lost, np.nan, galaxies.flux)[:, :length] * scale
    np.testing.assert_allclose(found.flux_nu[:, place], expected, rtol=SINGLE)
    others = [band for band in range(60) if band not in place]
    assert (found.reason[:, others] == MaskReason.NO_BAND).all()


def test_magnitude_and_signal_to_noise(galaxies: Galaxies, tmp_path: Path) -> None:
    found = open_catalogue(write_parquet_columns(tmp_path / "c.parquet", galaxies)).galaxies(0, 9)
    mask = ~(galaxies.lost | galaxies.flagged)
    reference, other = NAMES.index("iSDSS"), NAMES.index("J0770")
    for row in range(len(found)):
        band = reference if mask[row, reference] else other
        expected = magnitude_of_flux(galaxies.flux[row, band]) if mask[row, band] else np.nan
        assert found.magnitude[row] == pytest.approx(expected, abs=1e-5, nan_ok=True)
        ratio = (galaxies.flux / galaxies.error)[row, :56][mask[row, :56]]
        assert found.snr[row] == pytest.approx(np.median(ratio), rel=1e-5)


def write_two_apertures(path: Path) -> Path:
    columns = {"NUMBER": np.arange(2)}
    for aperture, magnitude in (("AUTO", 20.0), ("APER_3_0", 21.0), ("PSFCOR", 22.0)):
        columns |= {f"MAG_{aperture}": np.full((2, 60), magnitude), f"MAG_ERR_{aperture}": np.full((2, 60), 0.1)}
    Table(columns | {"MAG_ISO": np.full((2, 60), 23.0)}).write(path)
    return path


def test_the_aperture_is_a_choice(tmp_path: Path) -> None:
    path = write_two_apertures(tmp_path / "c.fits")
    catalogue = open_catalogue(path)
    assert catalogue.apertures == ("PSFCOR", "AUTO", "APER_3_0")  # MAG_ISO has no errors
    for wanted, magnitude in ((None, 22.0), ("auto", 20.0), ("APER_3_0", 21.0)):
        found = open_catalogue(path, OpeningOptions(aperture=wanted)).galaxies(0, 2)
        np.testing.assert_allclose(found.magnitude, magnitude)
    with pytest.raises(InputError, match=r"c\.fits: no aperture ISO: it has PSFCOR, AUTO, APER_3_0"):
        open_catalogue(path, OpeningOptions(aperture="ISO"))


def test_flagged_bands_can_be_kept(tmp_path: Path, galaxies: Galaxies) -> None:
    path = write_flattened_csv(tmp_path / "c.csv", galaxies)
    found = open_catalogue(path, OpeningOptions(keep_flagged=True)).galaxies(0, 9)
    np.testing.assert_array_equal(found.mask, ~galaxies.lost)


def test_extinction_is_removed_at_the_pivots(tmp_path: Path, galaxies: Galaxies) -> None:
    path = tmp_path / "c.fits"
    ebv = np.array([0.0, 0.02, 0.1, np.nan, -0.1])
    Table({"FLUX": galaxies.flux, "ERR": galaxies.error, "MW.EBV": ebv}).write(path)
    plain = open_catalogue(path, OpeningOptions(unit="nanomaggy")).galaxies(0, 5)
    bare = open_catalogue(path, OpeningOptions(unit="nanomaggy", extinction="ebv"))
    found = bare.galaxies(0, 5)
    k = attenuation_law("fitzpatrick99").k(PIVOT, 3.1)
    factor = 10 ** (0.4 * k * ebv[:3, np.newaxis])
    np.testing.assert_allclose(found.flux_nu[:3], plain.flux_nu[:3] * factor)
    np.testing.assert_allclose(found.flux_nu_error[:3], plain.flux_nu_error[:3] * factor)
    assert found.problem[3:] == ("row 4, column MW.EBV: no E(B-V)", "row 5, column MW.EBV: no E(B-V)")
    assert not found.mask[3:].any()
    assert "extinction by the Milky Way removed: fitzpatrick99, R_V = 3.1" in bare.notes
    same = open_catalogue(path, OpeningOptions(unit="nanomaggy", extinction=0.1)).galaxies(2, 3)
    np.testing.assert_allclose(same.flux_nu, found.flux_nu[2:3])


@pytest.mark.parametrize(
    ("columns", "given", "expected"),
    [
        ({"PHOTOZ": [0.1, 0.0, -1.0, np.nan]}, None, [0.1, np.nan, np.nan, np.nan]),
        ({"PHOTOZ": [0.1] * 4, "zsp": [0.2, 0.0, -9.0, 0.3]}, None, [0.1] * 4),
        ({"PHOTOZ": [0.1] * 4, "zsp": [0.2, 0.0, -9.0, 0.3]}, "ZSP", [0.2, np.nan, np.nan, 0.3]),
        ({"REDSHIFT": [0.2, 0.0, -99.0, 1e9]}, None, [0.2, 0.0, np.nan, np.nan]),
        ({"PHOTOZ": [0.1] * 4}, "0.03", [0.03] * 4),
        ({"PHOTOZ": [0.1] * 4}, 0.03, [0.03] * 4),
        ({}, None, [np.nan] * 4),
    ],
)
def test_redshifts(
    tmp_path: Path, columns: dict[str, list[float]], given: str | float | None, expected: list[float]
) -> None:
    photometry = {"MAG_AUTO": np.full((4, 56), 20.0), "MAG_ERR_AUTO": np.full((4, 56), 0.1)}
    path = tmp_path / "c.fits"
    Table(photometry | columns).write(path)
    catalogue = open_catalogue(path, OpeningOptions(redshift=given))
    np.testing.assert_array_equal(catalogue.galaxies(0, 4).redshift, expected)
    assert any("the file has no redshift" in note for note in catalogue.notes) == (not columns)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"redshift": "Z_BEST"}, "no column Z_BEST for redshift, and it is no number"),
        ({"redshift": -0.1}, r"redshift -0.1: it must be 0 to 20"),
        ({"redshift": float("nan")}, "redshift nan: it must be"),
        ({"extinction": "EBV"}, r"no column EBV for E\(B-V\), and it is no number"),
        ({"extinction": 99}, r"E\(B-V\) 99: it must be 0 to 10"),
        ({"unit": "furlong"}, "'furlong' is no unit of flux density or magnitude: nanomaggy, mag"),
        ({"unit": "Jy"}, "MAG_PSFCOR holds no values in Jy"),
    ],
)
def test_options_that_do_not_fit(tmp_path: Path, options: dict[str, str | float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        open_catalogue(write_two_apertures(tmp_path / "c.fits"), OpeningOptions(**options))


def test_two_spectroscopic_redshifts(tmp_path: Path) -> None:
    path = tmp_path / "c.fits"
    photometry = {"MAG_AUTO": np.full((4, 56), 20.0), "MAG_ERR_AUTO": np.full((4, 56), 0.1)}
    Table(photometry | {"z_spec": [0.1] * 4, "zsp": [0.2] * 4}).write(path)
    with pytest.raises(RedshiftNeeded, match="it has z_spec and zsp: say which of them is the redshift") as need:
        open_catalogue(path)
    assert need.value.columns == ("z_spec", "zsp")


def fluxes(path: Path, unit: str | None = None, **names: np.ndarray) -> Path:
    table = Table(names)
    for column in table.columns.values():
        column.unit = unit
    table.write(path)
    return path


def test_a_unit_that_is_not_said(tmp_path: Path, galaxies: Galaxies) -> None:
    path = fluxes(tmp_path / "c.fits", FLUX_AUTO=galaxies.flux, FLUX_ERR_AUTO=galaxies.error)
    with pytest.raises(UnitNeeded, match="does not say in which unit FLUX_AUTO is: give one of nanomaggy, mag") as need:
        open_catalogue(path)
    assert "1e-19 erg s-1 cm-2 A-1" in need.value.choices
    found = open_catalogue(path, OpeningOptions(unit="nJy")).galaxies(0, 5)
    np.testing.assert_allclose(found.flux_nu, galaxies.flux / 3631, rtol=1e-12)


def test_fluxes_without_a_unit_leave_the_magnitudes(tmp_path: Path, galaxies: Galaxies) -> None:
    magnitude, error = galaxies.magnitude
    columns = {
        "FLUX_AUTO": galaxies.flux,
        "FLUX_ERR_AUTO": galaxies.error,
        "MAG_AUTO": magnitude,
        "MAG_ERR_AUTO": error,
    }
    path = fluxes(tmp_path / "c.fits", **columns)
    catalogue = open_catalogue(path)
    assert catalogue.unit == "mag"
    np.testing.assert_allclose(catalogue.galaxies(0, 5).flux_nu, galaxies.flux, rtol=1e-9)
    assert open_catalogue(path, OpeningOptions(unit="nanomaggy")).unit == "nanomaggy"


def test_the_users_unit_overrules_the_files(tmp_path: Path, galaxies: Galaxies) -> None:
    path = fluxes(tmp_path / "c.fits", "K", FLUX=galaxies.flux, ERR=galaxies.error)
    with pytest.raises(InputError, match="column FLUX: 'K' is no unit of flux density or magnitude"):
        open_catalogue(path)
    catalogue = open_catalogue(path, OpeningOptions(unit="nanomaggy"))
    np.testing.assert_allclose(catalogue.galaxies(0, 5).flux_nu, galaxies.flux)
    assert "read in nanomaggy, though the file says K" in catalogue.notes


def test_a_file_that_changes_while_it_is_read(tmp_path: Path, galaxies: Galaxies) -> None:
    catalogues: list[ObservedCatalogue] = []
    for name, write in DIALECTS.items():
        catalogues.append(open_catalogue(write(tmp_path / name, galaxies)))
        os.truncate(tmp_path / name, 3000)
    for catalogue in catalogues:
        reads = (catalogue.check_unchanged, partial(catalogue.galaxies, 0, 5), partial(list, catalogue.chunks(2)))
        for read in reads:
            with pytest.raises(InputError, match="has changed since it was opened") as problem:
                read()
            assert str(catalogue.path) in str(problem.value)
        catalogue.path.unlink()
        with pytest.raises(InputError, match="cannot be read"):
            catalogue.check_unchanged()


def test_packed_files(tmp_path: Path, galaxies: Galaxies) -> None:
    for name in ("portal.fits", "portal.csv"):
        path = DIALECTS[name](tmp_path / name, galaxies)
        packed = path.with_name(f"{name}.gz")
        packed.write_bytes(gzip.compress(path.read_bytes()))
        assert_same(open_catalogue(packed).galaxies(0, 5), galaxies)


def test_no_photometry_at_all(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("RA,DEC,f0,f1\n1,2,3,4\n")
    with pytest.raises(ColumnsNeeded, match=r"no photometry of J-PAS with its errors.*it has RA, DEC, f0, f1") as need:
        open_catalogue(path)
    assert need.value.names == ("RA", "DEC", "f0", "f1")


def test_photometry_without_errors(tmp_path: Path) -> None:
    path = fluxes(tmp_path / "c.fits", "mag", MAG_AUTO=np.full((2, 60), 20.0))
    with pytest.raises(ColumnsNeeded, match="with its errors"):
        open_catalogue(path)


def test_flags_of_other_bands(tmp_path: Path) -> None:
    photometry = {"MAG_AUTO": np.full((2, 60), 20.0), "MAG_ERR_AUTO": np.full((2, 60), 0.1)}
    path = fluxes(tmp_path / "c.fits", **photometry, FLAGS=np.zeros((2, 5)))
    with pytest.raises(InputError, match="column FLAGS has 5 values per row; J-PAS has 56, 57 or 60"):
        open_catalogue(path)


SPLUS_BANDS = ["u", "J0378", "J0395", "J0410", "J0430", "g", "J0515", "r", "J0660", "i", "J0861", "z"]


@pytest.mark.parametrize(
    "columns",
    [
        {"MAG_AUTO": np.full((2, 12), 20.0), "MAG_ERR_AUTO": np.full((2, 12), 0.1)},
        {f"{prefix}{band}_auto": np.full(2, 20.0) for band in SPLUS_BANDS for prefix in ("", "e_")},
        {f"{prefix}{band}_PStotal": np.full(2, 20.0) for band in SPLUS_BANDS for prefix in ("", "e_")},
    ],
)
def test_other_surveys_are_refused_by_name(tmp_path: Path, columns: dict[str, np.ndarray]) -> None:
    path = fluxes(tmp_path / "c.fits", "mag", **columns)
    with pytest.raises(InputError, match="this is photometry of J-PLUS or S-PLUS, not of J-PAS") as problem:
        open_catalogue(path)
    assert not isinstance(problem.value, ColumnsNeeded)


def _doubled_fits(path: Path) -> None:
    fluxes(path, MAG_AUTO=np.ones(2), MAG_AUTX=np.ones(2))
    path.write_bytes(path.read_bytes().replace(b"MAG_AUTX", b"MAG_AUTO"))


def _doubled_votable(path: Path) -> None:
    Table({"MAG_AUTO": np.ones(2), "MAG_AUTX": np.ones(2)}).write(path, format="votable")
    path.write_text(path.read_text().replace("MAG_AUTX", "MAG_AUTO"))


def _doubled_parquet(path: Path) -> None:
    pq.write_table(pa.Table.from_arrays([pa.array([1])] * 2, names=["MAG_AUTO", "MAG_AUTO"]), path)


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("c.csv", lambda path: path.write_text("ID,MAG_AUTO,MAG_AUTO\n1,2,3\n")),
        ("c.ecsv", lambda path: path.write_text("# %ECSV 1.0\n# ---\n# datatype: []\nMAG_AUTO MAG_AUTO\n1 2\n")),
        ("c.fits", _doubled_fits),
        ("c.vot", _doubled_votable),
        ("c.parquet", _doubled_parquet),
    ],
)
def test_columns_of_one_name(tmp_path: Path, name: str, write: Callable[[Path], object]) -> None:
    path = tmp_path / name
    write(path)
    with pytest.raises(InputError, match=rf"{name}: two columns are named MAG_AUTO|ECSV file is damaged"):
        open_catalogue(path)


@pytest.mark.parametrize("doubled", ["FLambdaDualObj.FLUX_AUTO", "flux_auto"])
def test_columns_of_one_meaning(tmp_path: Path, galaxies: Galaxies, doubled: str) -> None:
    columns = {"FNuDualObj.FLUX_AUTO": galaxies.flux, doubled: galaxies.flux, "FLUX_RELERR_AUTO": galaxies.error}
    path = fluxes(tmp_path / "c.parquet", **columns)
    with pytest.raises(InputError, match=f"FNuDualObj.FLUX_AUTO and {doubled} are of one quantity"):
        open_catalogue(path)


def test_damaged_parquet(tmp_path: Path, galaxies: Galaxies) -> None:
    path = write_parquet_columns(tmp_path / "c.parquet", galaxies)
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(InputError, match=r"c\.parquet: this Parquet file is damaged or cut short"):
        open_catalogue(path)
