"""`noise calibrate`, from a catalogue to the errors of `synth`."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from astropy.table import Table

from jpas_gui.cli import main

HEADS = ",".join(f"MAG_AUTO_{band},MAG_ERR_AUTO_{band}" for band in ("J0390", "J0400", "J0410", "J0420", "J0430"))


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    rng = np.random.default_rng(3)
    magnitude = rng.uniform(17, 22, (300, 57))
    error = 0.05 * 10 ** (0.4 * (magnitude - 20))
    flags = np.zeros((300, 57), dtype=int)
    flags[:50] = 1
    error[:50] *= 3
    path = tmp_path / "catalogue.fits"
    Table({"MAG_AUTO": magnitude, "MAG_ERR_AUTO": error, "FLAGS": flags}).write(path)
    return path


def test_calibrate_and_use(catalogue: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    noise, sed = tmp_path / "noise.ecsv", tmp_path / "sed.ecsv"
    assert main(["noise", "calibrate", str(catalogue), "-o", str(noise)]) == 0
    assert capsys.readouterr() == ("", "")
    table = Table.read(noise, format="ascii.ecsv")
    assert table.colnames == ["band", "magnitude", "magnitude_error", "n"]
    assert [str(table[name].unit) for name in table.colnames[1:3]] == ["mag", "mag"]
    assert table.meta["command"] == f"jpas-gui noise calibrate {catalogue} -o {noise}"
    assert table.meta["settings"] == {"bin_width": 0.5, "min_count": 5, "keep_flagged": False}
    assert len(table.meta["catalogue"]["sha256"]) == 64
    population = ["--log-age", "9.7", "--metallicity", "0", "--ebv", "0", "--magnitude", "19"]
    assert main(["synth", *population, "--survey", str(noise), "-o", str(sed)]) == 0
    result = Table.read(sed, format="ascii.ecsv")
    expected = 0.05 * 10 ** (0.4 * (result["magnitude"] - 20))
    np.testing.assert_allclose(result["magnitude_error"], expected, rtol=0.15)


def test_settings_arrive(catalogue: Path, tmp_path: Path) -> None:
    noise = tmp_path / "noise.ecsv"
    arguments = ["noise", "calibrate", str(catalogue), "-o", str(noise)]
    assert main([*arguments, "--bin", "1", "--min-count", "40", "--keep-flagged"]) == 0
    table = Table.read(noise, format="ascii.ecsv")
    assert table.meta["settings"] == {"bin_width": 1.0, "min_count": 40, "keep_flagged": True}
    assert set(table["magnitude"]) <= {17.0, 18.0, 19.0, 20.0, 21.0, 22.0}
    assert min(table["n"]) >= 40
    assert sum(table["n"]) > 250 * 57 * 0.8


def test_what_a_user_should_know_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "c.csv"
    path.write_text(f"{HEADS}\n" + (",".join(["20.1,0.1"] * 5) + "\n") * 6)
    assert main(["noise", "calibrate", str(path), "-o", str(tmp_path / "noise.ecsv")]) == 0
    assert capsys.readouterr().err == (
        "jpas-gui: note: the file has no FLAGS and no MASK_FLAGS: flagged photometry could not be left out\n"
    )


def test_a_column_map_and_a_unit_are_taken(tmp_path: Path) -> None:
    table, columns = tmp_path / "c.csv", tmp_path / "map.toml"
    bands = [f"J0{number}" for number in range(400, 500, 10)]
    table.write_text(",".join(f"f{band},e{band}" for band in bands) + "\n" + (",".join(["10,1"] * 10) + "\n") * 5)
    columns.write_text('flux = "f{band}"\nerror = "e{band}"\n')
    arguments = ["--columns", str(columns), "--unit", "nanomaggy"]
    assert main(["noise", "calibrate", str(table), *arguments, "-o", str(tmp_path / "noise.ecsv")]) == 0
    measured = Table.read(tmp_path / "noise.ecsv", format="ascii.ecsv")
    assert measured["band"].tolist() == bands
    np.testing.assert_allclose(measured["magnitude"], 20)
    np.testing.assert_allclose(measured["magnitude_error"], 0.1 * 2.5 / np.log(10), rtol=1e-6)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.fits", "-o", "n.ecsv"], "none.fits: cannot be read (No such file or directory)"),
        (["c.csv", "-o", "n.ecsv"], "c.csv: no photometry of J-PAS with its errors: FLUX_AUTO has no errors"),
        (["c.csv", "-o", "n.fits"], "n.fits: give it a name that ends in .ecsv"),
        (["c.csv", "-o", "n.ecsv", "--bin", "1e-300"], "bins of 1e-300 mag: the width must be 0.01 to 5 mag"),
        (["c.csv", "-o", "n.ecsv", "--bin", "1e30"], "bins of 1e+30 mag: the width must be 0.01 to 5 mag"),
        (["c.csv", "-o", "none/n.ecsv"], "none/n.ecsv: the folder none does not exist: make it first"),
    ],
)
def test_bad_input(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    refusal: Callable[..., str],
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("c.csv").write_text("NUMBER,FLUX_AUTO\n1,2\n")
    assert refusal("noise", "calibrate", *arguments).startswith(f"jpas-gui: {message}")
    assert not Path("n.ecsv").exists()
