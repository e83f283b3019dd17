"""The errors measured from a catalogue, against a plain loop over the same numbers."""

import hashlib
import re
from pathlib import Path

import numpy as np
import pytest
from astropy.table import Table

from jpas_gui.core.catalogues.column_map import ColumnMap
from jpas_gui.core.catalogues.noise_calibration import CalibrationSettings, calibrate_catalogue
from jpas_gui.core.catalogues.opening import OpeningOptions
from jpas_gui.core.errors import InputError
from jpas_gui.core.magnitudes import flux_of_magnitude, magnitude_error_of_flux
from jpas_gui.core.photometry.bands import all_bands
from jpas_gui.core.photometry.noise_settings import NoiseSettings, noise_model

NAMES = [band.name for band in all_bands()]
N_ROWS = 400


@pytest.fixture
def columns() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(8)
    magnitude = rng.uniform(17, 21.5, (N_ROWS, 60))
    error = 0.02 * 10 ** (0.4 * (magnitude - 20)) * rng.uniform(0.5, 1.5, magnitude.shape)
    for sentinel in (99.0, -99.0, -999.0, np.nan):
        lost = rng.random(magnitude.shape) < 0.03
        magnitude[lost], error[lost] = sentinel, 99.0 if abs(sentinel) < 999 else 0.01
    error[rng.random(magnitude.shape) < 0.02] = 2.5
    error[rng.random(magnitude.shape) < 0.02] = -0.1
    error[rng.random(magnitude.shape) < 0.02] = 0.0
    flags = np.where(rng.random(magnitude.shape) < 0.1, 3, 0)
    mask_flags = np.where(rng.random(magnitude.shape) < 0.1, 1, 0)
    return {"MAG_AUTO": magnitude, "MAG_ERR_AUTO": error, "FLAGS": flags, "MASK_FLAGS": mask_flags}


def expected_rows(
    columns: dict[str, np.ndarray], width: float, min_count: int, keep_flagged: bool
) -> dict[tuple[str, float], tuple[float, int]]:
    found: dict[tuple[str, float], list[float]] = {}
    for row in range(N_ROWS):
        for band, name in enumerate(NAMES):
            magnitude, error = columns["MAG_AUTO"][row, band], columns["MAG_ERR_AUTO"][row, band]
            if not 0 < magnitude < 90 or not 0 < error <= 1:
                continue
            if not keep_flagged and (columns["FLAGS"][row, band] or columns["MASK_FLAGS"][row, band]):
                continue
            found.setdefault((name, round(float(np.floor(magnitude / width + 0.5)) * width, 6)), []).append(error)
    return {key: (float(np.mean(each)), len(each)) for key, each in found.items() if len(each) >= min_count}


@pytest.mark.parametrize(
    "settings",
    [CalibrationSettings(), CalibrationSettings(keep_flagged=True), CalibrationSettings(bin_width=0.3, min_count=20)],
)
def test_means_are_those_of_a_plain_loop(
    tmp_path: Path, columns: dict[str, np.ndarray], settings: CalibrationSettings
) -> None:
    path = tmp_path / "c.fits"
    Table(columns).write(path)
    table = calibrate_catalogue(path, settings)
    expected = expected_rows(columns, settings.bin_width, settings.min_count, settings.keep_flagged)
    assert len(table) == len(expected) > 60
    for row in table:
        mean, count = expected[row["band"], float(row["magnitude"])]
        assert row["magnitude_error"] == pytest.approx(mean, rel=1e-12)
        assert row["n"] == count
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert table.meta["catalogue"] == {"name": "c.fits", "sha256": digest, "rows": N_ROWS}


def test_the_noise_model_reads_it(tmp_path: Path, columns: dict[str, np.ndarray]) -> None:
    path, noise_file = tmp_path / "c.fits", tmp_path / "noise.ecsv"
    Table(columns).write(path)
    table = calibrate_catalogue(path)
    table.write(noise_file, format="ascii.ecsv")
    model = noise_model(NoiseSettings(survey=str(noise_file)), NAMES)
    flux = np.full(60, flux_of_magnitude(20.0))
    error = magnitude_error_of_flux(flux, model.flux_nu_error(flux))
    expected = [table["magnitude_error"][(table["band"] == name) & (table["magnitude"] == 20.0)][0] for name in NAMES]
    np.testing.assert_allclose(error, expected, rtol=1e-9)


def test_a_catalogue_without_flags_is_used_and_said(tmp_path: Path, columns: dict[str, np.ndarray]) -> None:
    path = tmp_path / "c.fits"
    Table({name: columns[name] for name in ("MAG_AUTO", "MAG_ERR_AUTO")}).write(path)
    table = calibrate_catalogue(path)
    assert "no FLAGS and no MASK_FLAGS" in table.meta["notes"][0]
    assert dict(expected_rows(columns, 0.5, 5, True)).keys() == {(row["band"], row["magnitude"]) for row in table}


def test_bands_without_sources_are_named(tmp_path: Path, columns: dict[str, np.ndarray]) -> None:
    columns["MAG_AUTO"][:, 3] = 99.0
    path = tmp_path / "c.fits"
    Table(columns).write(path)
    assert calibrate_catalogue(path).meta["notes"] == ["no bin with 5 sources in J0400"]


@pytest.mark.parametrize("width", [0.0, -0.5, 1e-300, 0.0099, 5.01, 1e30, np.inf, np.nan])
def test_bins_that_say_nothing(width: float) -> None:
    with pytest.raises(InputError, match=rf"^bins of {re.escape(f'{width:g}')} mag: the width must be 0.01 to 5 mag$"):
        CalibrationSettings(bin_width=width)


def test_flags_that_are_not_known_are_not_clean(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    heads = ",".join(f"MAG_AUTO_{band},MAG_ERR_AUTO_{band},FLAGS_{band}" for band in NAMES[1:6])
    rows = "\n".join(",".join([f"20.0,0.1,{flag}"] * 5) for flag in ["0"] * 5 + ["None"] * 3)
    path.write_text(f"{heads}\n{rows}\n")
    assert calibrate_catalogue(path)["n"].tolist() == [5] * 5


def test_every_form_that_predictions_are_made_from_gives_the_same(
    tmp_path: Path, columns: dict[str, np.ndarray]
) -> None:
    reference, portal, fluxes, mapped = (tmp_path / name for name in ("c.fits", "p.csv", "f.parquet", "m.csv"))
    good = (columns["MAG_AUTO"] > 0) & (columns["MAG_AUTO"] < 90)
    magnitude = np.where(good, columns["MAG_AUTO"], np.nan)
    error = np.where(good & (columns["MAG_ERR_AUTO"] > 0), columns["MAG_ERR_AUTO"], np.nan)
    flux = flux_of_magnitude(magnitude)
    Table({"MAG_AUTO": magnitude, "MAG_ERR_AUTO": error}).write(reference)
    each = list(zip(NAMES, magnitude.T, error.T, flux.T, strict=True))
    Table({f"mag_{b}_cor": m for b, m, _, _ in each} | {f"err_{b}_cor": e for b, _, e, _ in each}).write(portal)
    flux_error = {f"FLUX_RELERR_AUTO_{b}": e * np.log(10) / 2.5 for b, _, e, _ in each}
    Table({f"FLUX_AUTO_{b}": f for b, _, _, f in each} | flux_error, units={}).write(fluxes)
    Table({f"{b}x": m for b, m, _, _ in each} | {f"{b}y": e for b, _, e, _ in each}).write(mapped)
    expected = calibrate_catalogue(reference)
    own_columns = ColumnMap(magnitude="{band}x", error="{band}y")
    for path, options in (
        (portal, OpeningOptions()),
        (fluxes, OpeningOptions(unit="nanomaggy")),
        (mapped, OpeningOptions(own_columns)),
    ):
        table = calibrate_catalogue(path, options=options)
        assert table["band"].tolist() == expected["band"].tolist()
        assert table["n"].tolist() == expected["n"].tolist()
        np.testing.assert_allclose(table["magnitude_error"], expected["magnitude_error"], rtol=1e-6)


def test_the_aperture_of_the_recipe_comes_before_the_best(tmp_path: Path, columns: dict[str, np.ndarray]) -> None:
    path = tmp_path / "c.fits"
    both = {f"MAG_{name}": columns["MAG_AUTO"] for name in ("AUTO", "PSFCOR")}
    errors = {"MAG_ERR_AUTO": columns["MAG_ERR_AUTO"], "MAG_ERR_PSFCOR": columns["MAG_ERR_AUTO"] / 2}
    Table(both | errors).write(path)
    table = calibrate_catalogue(path)
    assert table.meta["reading"]["aperture"] == "AUTO"
    chosen = calibrate_catalogue(path, options=OpeningOptions(aperture="PSFCOR"))
    rows = [[row["magnitude_error"] for row in each if row["n"] > 20] for each in (table, chosen)]
    assert np.median(rows[0]) > 1.5 * np.median(rows[1])


def test_rows_that_cannot_be_read_are_left_out_and_said(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    heads = ",".join(f"MAG_AUTO_{band},MAG_ERR_AUTO_{band}" for band in NAMES[1:6])
    good = ",".join(["20.0,0.1"] * 5)
    path.write_text("\n".join([heads, *[good] * 5, good.replace("20.0", "bright", 1)]) + "\n")
    table = calibrate_catalogue(path)
    assert table["n"].tolist() == [5] * 5
    assert "rows that could not be read, and are left out: 1" in table.meta["notes"]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"MAG_ISO": np.zeros((2, 60)), "FLAGS": np.zeros((2, 60))}, "MAG_ISO has no errors: give MAG_ERR_ISO"),
        (
            {"MAG_AUTO": np.zeros((2, 60)), "MAG_ERR_ISO": np.zeros((2, 60))},
            "MAG_AUTO has no errors: give MAG_ERR",
        ),
        ({"MAG_AUTO": np.zeros((2, 12)), "MAG_ERR_AUTO": np.zeros((2, 12))}, "J-PLUS"),
        (
            {"MAG_AUTO": np.full((4, 60), 20.0), "MAG_ERR_AUTO": np.full((4, 60), 0.1)},
            r"no band has 5 good sources in one bin of 0.5 mag \(4 rows\)",
        ),
    ],
)
def test_catalogues_that_cannot_be_used(tmp_path: Path, columns: dict[str, np.ndarray], message: str) -> None:
    path = tmp_path / "c.fits"
    Table(columns).write(path)
    with pytest.raises(InputError, match=message) as problem:
        calibrate_catalogue(path)
    assert str(problem.value).startswith(str(path))
