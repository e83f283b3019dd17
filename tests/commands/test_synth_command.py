"""The table of `synth`, against the functions that the window uses and plain formulas."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from astropy.table import Table

from jpas_gui.cli import main
from jpas_gui.core.photometry.attenuation import attenuation_law
from jpas_gui.core.photometry.filter_files import embedded_filters
from jpas_gui.core.photometry.noise import draw_noise
from jpas_gui.core.photometry.noise_settings import NoiseSettings, noise_model
from jpas_gui.core.photometry.synthesis import synthesize
from jpas_gui.core.populations import StellarPopulation
from jpas_gui.core.ssp.catalogue import load_library
from jpas_gui.core.ssp.native import write_library

POPULATION = ["--log-age", "9.7", "--metallicity", "0", "--ebv", "0.1"]


def synth(output: Path, *arguments: str) -> Table:
    assert main(["synth", *POPULATION, *arguments, "-o", str(output), "--overwrite"]) == 0
    return Table.read(output, format="ascii.ecsv")


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "sed.ecsv"


def test_columns_and_values(output: Path) -> None:
    table = synth(output)
    design = ["band", "wavelength", "flux_nu", "magnitude", "magnitude_error"]
    assert table.colnames == [*design, "flux_nu_error", "mask"]
    assert len(table) == 56
    assert table["band"].tolist() == list(embedded_filters().names[:56])
    sed = synthesize(StellarPopulation(9.7, 0.0, 0.1, 0.0, 19.0), load_library("popstar"), embedded_filters())
    np.testing.assert_allclose(table["flux_nu"], sed.flux_nu[:56])
    np.testing.assert_allclose(table["magnitude"], 22.5 - 2.5 * np.log10(sed.flux_nu[:56]))
    np.testing.assert_allclose(
        table["magnitude_error"], 2.5 / np.log(10) * table["flux_nu_error"] / table["flux_nu"], rtol=1e-9
    )
    assert {name: str(table[name].unit) for name in design[1:]} == {
        "wavelength": "Angstrom",
        "flux_nu": "nmgy",
        "magnitude": "mag",
        "magnitude_error": "mag",
    }
    assert all(table[name].description for name in table.colnames[1:])


def test_noise_has_a_seed(output: Path) -> None:
    table = synth(output, "--noise", "--seed", "5")
    assert table.colnames[:6] == ["band", "wavelength", "flux_nu", "magnitude", "magnitude_error", "magnitude_noisy"]
    expected = draw_noise(np.array(table["flux_nu"]), np.array(table["flux_nu_error"]), 5)
    np.testing.assert_allclose(table["flux_nu_noisy"], expected)
    np.testing.assert_allclose(table["magnitude_noisy"], 22.5 - 2.5 * np.log10(expected))
    assert table.meta["noise"]["seed"] == 5
    assert not np.allclose(synth(output, "--noise", "--seed", "6")["flux_nu_noisy"], expected)


def test_noise_does_not_depend_on_the_bands_shown(output: Path) -> None:
    few, all_bands = synth(output, "--noise"), synth(output, "--noise", "--all-bands")
    assert all_bands["band"].tolist()[56:] == ["uJPAS", "gSDSS", "rSDSS", "iSDSS"]
    assert all_bands["magnitude"][59] == pytest.approx(19.0)
    np.testing.assert_allclose(few["flux_nu_noisy"], all_bands["flux_nu_noisy"][:56], rtol=1e-12)


def test_every_setting_arrives(output: Path) -> None:
    table = synth(
        output, "--redshift", "0.3", "--magnitude", "20.5", "--library", "popstar-nebular", "--law", "ccm89",
        "--r-v", "4", "--survey", "J-NEP", "--aperture-factor", "2", "--zero-point", "--one-magnitude",
    )  # fmt: skip
    population = StellarPopulation(9.7, 0.0, 0.1, 0.3, 20.5)
    filters = embedded_filters()
    sed = synthesize(population, load_library("popstar-nebular"), filters, attenuation_law("ccm89"), 4.0)
    error = noise_model(NoiseSettings("J-NEP", 2.0, True, True), filters.names).flux_nu_error(sed.flux_nu, 20.5)
    np.testing.assert_allclose(table["flux_nu"], sed.flux_nu[:56])
    np.testing.assert_allclose(table["flux_nu_error"], error[:56])
    meta = table.meta
    assert meta["population"] == {
        "log_age": 9.7, "metallicity": 0.0, "ebv": 0.1, "redshift": 0.3, "magnitude": 20.5,
    }  # fmt: skip
    assert (meta["dust"]["law"], meta["dust"]["r_v"]) == ("ccm89", 4.0)
    assert meta["noise"]["aperture_factor"] == 2
    assert meta["noise"]["zero_point"]
    assert meta["noise"]["one_magnitude"]
    assert meta["library"]["name"] == "popstar-nebular"


def test_provenance(output: Path) -> None:
    meta = synth(output).meta
    source = load_library("popstar").source
    assert meta["library"]["sha256"] == source.files[0].sha256
    assert meta["library"]["citation"] == source.citation
    assert meta["library"]["licence"]
    assert "CEFCA 2017-03-16" in meta["filters"]
    assert meta["dust"] == {"law": "calzetti", "r_v": 4.05}
    assert meta["command"] == f"jpas-gui synth {' '.join(POPULATION)} -o {output} --overwrite"
    assert meta["program"].startswith("jpas-gui ")


def test_a_library_in_a_file(output: Path, tmp_path: Path) -> None:
    library = load_library("popstar-nebular")
    write_library(library, tmp_path / "mine.h5")
    table = synth(output, "--library", str(tmp_path / "mine.h5"))
    embedded = synth(output, "--library", "popstar", "--variant", "total")
    np.testing.assert_allclose(table["flux_nu"], embedded["flux_nu"], rtol=1e-6)


def test_filters_of_ones_own(output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "curves").mkdir()
    (tmp_path / "curves" / "mine_J0390.dat").write_text("3850 0\n3860 1\n3990 1\n4000 0\n")
    (tmp_path / "curves" / "notes.txt").write_text("")
    table = synth(output, "--filters", str(tmp_path / "curves"))
    assert len(table) == 56
    assert table["wavelength"][2] == pytest.approx(3925, abs=1)
    assert str(tmp_path / "curves") in table.meta["filters"]
    assert capsys.readouterr().err.splitlines() == [f"jpas-gui: note: {note}" for note in table.meta["notes"]]
    passed_over, mixed = table.meta["notes"]
    assert passed_over.endswith("passed over, named after no band: notes.txt")
    assert "curves: J0390; the official ones: uJAVA, J0378, J0400" in mixed


def test_filters_of_another_survey(tmp_path: Path, refusal: Callable[..., str]) -> None:
    for name in ("J0378", "J0395", "J0410"):
        (tmp_path / f"{name}.tab").write_text("3850 0\n3860 1\n3990 1\n4000 0\n")
    said = refusal("synth", *POPULATION, "--filters", str(tmp_path), "-o", str(tmp_path / "sed.csv"))
    assert "curves of another survey than J-PAS (J0395.tab)" in said
    assert not (tmp_path / "sed.csv").exists()


def test_bands_outside_the_library(output: Path, real_data: Path) -> None:
    table = synth(output, "--library", str(real_data / "ssp" / "miuscat"), "--redshift", "0.5")
    outside = ~np.array(table["mask"])
    assert 5 < outside.sum() < 20
    assert np.isnan(np.array(table["flux_nu"])[outside]).all()
    assert table.meta["library"]["files"] == 200


def test_what_was_clipped_is_said(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["synth", "--log-age", "11", "--metallicity", "-4", "--ebv", "0", "-o", str(output)]) == 0
    assert capsys.readouterr().err.splitlines() == [
        "jpas-gui: note: log age 11.00 is outside the library: 10.18 is shown",
        "jpas-gui: note: [M/H] -4.00 is outside the library: -2.30 is shown",
    ]
    assert len(Table.read(output, format="ascii.ecsv").meta["notes"]) == 2


def test_the_calibrated_noise_of_a_catalogue(output: Path, tmp_path: Path) -> None:
    noise = Table({"band": ["J0390"], "magnitude": [20.0], "magnitude_error": [0.1]})
    noise.write(tmp_path / "noise.ecsv")
    table = synth(output, "--survey", str(tmp_path / "noise.ecsv"))
    assert np.isfinite(table["magnitude_error"]).tolist() == [name == "J0390" for name in table["band"]]
    assert table.meta["noise"]["survey"] == str(tmp_path / "noise.ecsv")


@pytest.mark.filterwarnings("ignore:.*nanomaggy")  # FITS has no such unit
@pytest.mark.parametrize("suffix", [".fits", ".csv"])
def test_other_formats(tmp_path: Path, suffix: str) -> None:
    output = tmp_path / f"sed{suffix}"
    assert main(["synth", *POPULATION, "-o", str(output)]) == 0
    table = Table.read(output)
    assert len(table) == 56
    if suffix == ".fits":
        assert "library.name: popstar" in list(fits.getheader(output, 1)["COMMENT"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--redshift", "2"], "redshift 2 is outside 0 to 1.5"),
        (["--ebv", "-1"], "E(B-V) -1 is outside 0 to 2"),
        (["--law", "smc"], "unknown dust law 'smc': choose one of calzetti, ccm89"),
        (["--r-v", "3"], "R_V = 3 is outside the law calzetti: it must be 4.05"),
        (["--library", "nothing"], "nothing: no such file or folder, and no library of that name; there are: popstar"),
        (["--variant", "gas"], "popstar: no variant 'gas'; there are: stellar, total"),
        (["--survey", "SDSS"], "no noise model 'SDSS': choose one of mini-JPAS"),
        (["--filters", "none"], "none: no such file or folder"),
        (["-o", "sed.xlsx"], "sed.xlsx: give it a name that ends in .ecsv"),
        (["-o", "none/sed.ecsv"], "none/sed.ecsv: the folder none does not exist: make it first"),
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
    assert refusal("synth", *POPULATION, "-o", "sed.ecsv", *arguments).startswith(f"jpas-gui: {message}")
    assert not Path("sed.ecsv").exists()


def test_the_program_from_any_folder(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-m", "jpas_gui", "synth", *POPULATION, "--noise", "-o", "sed.vot"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert b"<VOTABLE" in (tmp_path / "sed.vot").read_bytes()


def test_an_aperture_factor_for_measured_errors_is_refused(output: Path, tmp_path: Path, refusal) -> None:
    noise = tmp_path / "noise.ecsv"
    Table({"band": ["J0390"], "magnitude": [20.0], "magnitude_error": [0.1]}).write(noise)
    arguments = ["synth", *POPULATION, "--survey", str(noise), "--aperture-factor", "2", "-o", str(output)]
    assert "--aperture-factor goes with survey depths" in refusal(*arguments)
