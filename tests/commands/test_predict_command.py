"""What `predict` writes and prints, on mocks of PopStar."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from astropy.table import Table
from mock_galaxies import assert_same_rows, write_column_map, write_mocks

from jpas_gui.app.notes import Notebook
from jpas_gui.cli import main
from jpas_gui.core.catalogues.column_map import read_column_map
from jpas_gui.core.catalogues.opening import OpeningOptions, open_catalogue
from jpas_gui.core.catalogues.predictions.arrow import provenance_of
from jpas_gui.core.inference.exact.predictor import ExactPredictor
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.core.photometry.bands import N_SURVEY_BANDS

N = 300


@pytest.fixture
def mocks(tmp_path: Path) -> list[str]:
    """Return the arguments that name 300 galaxies and say how to read them."""
    path = write_mocks(tmp_path / "mocks.parquet", N)
    return [str(path), "--columns", str(write_column_map(tmp_path)), "--redshift", "0", "--model", "paper-popstar"]


def test_a_catalogue_becomes_a_table_of_predictions(
    tmp_path: Path, mocks: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.fits"
    assert main(["predict", *mocks, "-o", str(out), "--chunk", "100", "--threads", "2"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"{out}: 300 galaxies, 300 with an answer"
    table = Table.read(out, format="fits")
    assert len(table) == N
    assert table.colnames[:3] == ["TILE_ID", "NUMBER", "redshift"]
    assert any(line.startswith("command: jpas-gui predict") for line in table.meta["comments"])


def test_bands_masked_by_hand_in_the_window_are_not_used(
    tmp_path: Path, mocks: list[str], refusal: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    notes, out = tmp_path / "notes.json", tmp_path / "out.parquet"
    notebook = Notebook(Path(mocks[0]))
    name = str(open_catalogue(Path(mocks[0]), OpeningOptions(read_column_map(Path(mocks[2])))).galaxies(7, 8).name[0])
    notebook.change(7, name, masked=("J0500",))
    notebook.save()
    Path(f"{mocks[0]}.notes.json").rename(notes)
    posterior = [*mocks[:-1], "posterior-popstar"]
    assert main(["predict", *posterior, "--notes", str(notes), "-o", str(out)]) == 0
    n_bands = pq.read_table(out).column("n_bands").to_pylist()
    assert n_bands[7] == n_bands[6] - 1
    capsys.readouterr()
    assert main(["predict", *posterior, "--notes", str(notes), "--row", "7", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["n_bands"] == n_bands[7]
    notes.write_text("{")
    assert "notes.json: the notes on this catalogue cannot be read" in refusal(
        "predict", *posterior, "--notes", str(notes), "-o", str(out)
    )
    folder = ["predict", str(tmp_path), *posterior[1:]]
    assert "--notes goes with a catalogue in one file" in refusal(*folder, "--notes", str(notes), "--row", "1")


def test_extinction_of_photometry_that_is_corrected_already_is_warned_of(
    tmp_path: Path, mocks: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    table, columns = pq.read_table(mocks[0]), Path(mocks[2])
    names = [name.replace("FLUX_", "FLUX_dered_") for name in table.column_names]
    pq.write_table(table.rename_columns(names), mocks[0])
    columns.write_text(columns.read_text().replace("FLUX_", "FLUX_dered_"))
    for arguments in (["-o", str(tmp_path / "out.csv")], ["--row", "3"]):
        assert main(["predict", *mocks, *arguments, "--extinction", "0.1"]) == 0
        said = capsys.readouterr().err
        assert f"jpas-gui: warning: {mocks[0]}: the photometry may be corrected for extinction already" in said
        assert main(["predict", *mocks, *arguments, "--overwrite"]) == 0
        assert "warning" not in capsys.readouterr().err


def test_json_lines_tell_of_progress_and_of_the_end(
    tmp_path: Path, mocks: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.csv"
    assert main(["predict", *mocks, "-o", str(out), "--chunk", "100", "--threads", "1", "--json"]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [event["event"] for event in events] == ["predict"] * 4 + ["write", "done"]
    assert [event["done"] for event in events[:4]] == [0, 100, 200, 300]
    assert events[0]["remaining"] is None
    assert events[-1]["answered"] == N


def test_one_row_is_printed(tmp_path: Path, mocks: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", *mocks[:-2], "--row", "7", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["NUMBER"] == 7
    assert answer["log_age_p16"] < answer["log_age"] < answer["log_age_p84"]
    assert main(["predict", *mocks, "--row", "7"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["NUMBER", "7"] in lines
    assert ["chi2", "-"] in lines
    assert [line[0] for line in lines if line][-3:] == ["log_age", "metallicity", "ebv"]
    assert lines[-1][2:] == ["-", "-", "-"]


def wait_for_a_part(process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if json.loads(line)["done"]:
            return
    raise AssertionError("it ended before a part was finished")


def start(arguments: list[str]) -> "subprocess.Popen[str]":
    code = "import sys; from jpas_gui.cli import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.Popen(
        [sys.executable, "-c", code, "predict", *arguments, "--json", "--chunk", "10", "--threads", "1"],
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.bit_exact
def test_a_run_that_is_killed_goes_on_to_the_same_result(
    tmp_path: Path, mocks: list[str], refusal: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    whole, cut = str(tmp_path / "whole.parquet"), str(tmp_path / "cut.parquet")
    assert main(["predict", *mocks, "-o", whole, "--chunk", "10"]) == 0
    process = start([*mocks, "-o", cut])
    wait_for_a_part(process)
    process.kill()
    process.communicate()
    assert not Path(cut).exists()
    assert "cut.parquet.parts: an unfinished run: --resume goes on" in refusal("predict", *mocks, "-o", cut)
    assert "had another chunk" in refusal("predict", *mocks, "-o", cut, "--resume", "--chunk", "20")
    capsys.readouterr()
    assert main(["predict", *mocks, "-o", cut, "--resume", "--chunk", "10", "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[0])["done"] >= 10
    assert_same_rows(pq.read_table(whole), pq.read_table(cut))


def test_ctrl_c_keeps_what_is_finished(tmp_path: Path, mocks: list[str]) -> None:
    out = tmp_path / "out.parquet"
    process = start([*mocks, "-o", str(out)])
    wait_for_a_part(process)
    os.kill(process.pid, signal.SIGINT)
    rest, _ = process.communicate()
    if process.returncode == 0:
        pytest.skip("it was done before the signal came")
    assert process.returncode == 130
    assert json.loads(rest.splitlines()[-1])["event"] == "stopped"
    assert list((tmp_path / "out.parquet.parts").glob("part-*"))


def test_what_cannot_be_done_is_said_in_one_line(tmp_path: Path, mocks: list[str], refusal: Callable[..., str]) -> None:
    out = str(tmp_path / "out.fits")
    assert "no such folder, and no model of that name" in refusal("predict", *mocks[:-1], "nothing", "-o", out)
    assert "give it a name that ends in .fits or" in refusal("predict", *mocks, "-o", str(tmp_path / "out.txt"))
    assert "the folder" in refusal("predict", *mocks, "-o", str(tmp_path / "nowhere" / "out.fits"))
    assert "give either -o OUT" in refusal("predict", *mocks)
    assert "give either -o OUT" in refusal("predict", *mocks, "-o", out, "--row", "1")
    assert "no row 300: the last is 299" in refusal("predict", *mocks, "--row", "300")
    assert "one is the least" in refusal("predict", *mocks, "-o", out, "--chunk", "0")
    assert "not allowed with" in refusal("predict", *mocks, "-o", out, "--resume", "--overwrite")
    assert "in which unit" in refusal("predict", mocks[0], "-o", out)
    assert "nothing.csv: cannot be read" in refusal("predict", str(tmp_path / "nothing.csv"), "-o", out)
    (tmp_path / "out.fits").write_text("older")
    assert "exists already" in refusal("predict", *mocks, "-o", out)
    assert (tmp_path / "out.fits").read_text() == "older"
    assert not (tmp_path / "out.fits.parts").exists()


def test_a_scheduler_that_does_not_answer(
    tmp_path: Path, mocks: list[str], refusal: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed: pip install 'jpas-gui[scale]'")
    monkeypatch.setattr("jpas_gui.core.inference.scale_out._PATIENCE", 1)
    said = refusal("predict", *mocks, "-o", str(tmp_path / "out.fits"), "--dask", "tcp://127.0.0.1:1")
    assert said.startswith("jpas-gui: tcp://127.0.0.1:1: no Dask scheduler answers there")
    assert not (tmp_path / "out.fits.parts").exists()


def test_the_real_galaxies_each_get_a_prediction(
    tmp_path: Path, real_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.ecsv"
    catalogue = real_data / "catalogues" / "sdss_galaxies_jpas_fnu.csv"
    assert main(["predict", str(catalogue), "--redshift", "0", "--unit", "erg s-1 cm-2 Hz-1", "-o", str(out)]) == 0
    table = Table.read(out, format="ascii.ecsv")
    assert len(table) == 20
    assert all(table["n_bands"] >= 40)
    assert all(table["log_age_p16"] < table["log_age_p84"])
    said = capsys.readouterr().out
    assert (
        "flagged 8: no single stellar population fits the photometry: the errors of the answer mean nothing; look for"
        in said
    )


def exact_of(mocks: list[str], *more: str) -> list[str]:
    return [*mocks[:-1], "exact", *more]


def test_the_exact_posterior_predicts_as_models_do(
    tmp_path: Path, mocks: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    few = write_mocks(tmp_path / "few.parquet", 5)
    arguments = [str(few), *exact_of(mocks)[1:]]
    out, named = tmp_path / "out.csv", tmp_path / "named.parquet"
    assert main(["predict", *arguments, "-o", str(out)]) == 0
    assert capsys.readouterr().out.splitlines()[0] == f"{out}: 5 galaxies, 5 with an answer"
    table = Table.read(out, format="ascii.csv")
    assert table.colnames[:3] == ["TILE_ID", "NUMBER", "redshift"]
    assert list(table["NUMBER"]) == list(range(5))
    assert all(table["log_age_p16"] < table["log_age"])
    model = json.loads(Path(f"{out}.json").read_text())["model"]
    assert model["library"]["name"] == "popstar"
    assert main(["predict", *arguments, "--library", "popstar-nebular", "-o", str(named)]) == 0
    assert provenance_of(pq.read_schema(named))["model"]["library"]["variant"] == "total"
    capsys.readouterr()
    assert main(["predict", *arguments, "--row", "3", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["distance"] is None
    for name in ("NUMBER", "log_age", "log_age_p16", "metallicity_p84", "ebv", "chi2", "n_bands", "flag"):
        assert answer[name] == pytest.approx(table[name][3], rel=1e-5)
    assert main(["predict", *arguments, "-o", "-"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 6


def test_what_the_exact_posterior_cannot_do_is_said_in_one_line(
    tmp_path: Path, mocks: list[str], refusal: Callable[..., str]
) -> None:
    out = str(tmp_path / "out.fits")
    said = refusal("predict", *mocks, "--library", "popstar", "-o", out)
    assert said.startswith("jpas-gui: --library popstar: paper-popstar was trained on its own libraries")
    said = refusal("predict", *exact_of(mocks, "--library", "nothing"), "-o", out)
    assert said.startswith("jpas-gui: nothing: no such file or folder, and no library of that name; there are: popstar")
    said = refusal("predict", *exact_of(mocks, "--redshift", "1.7"), "-o", out)
    assert "1.7" in said
    table = pq.read_table(mocks[0])
    pq.write_table(table.select(["TILE_ID", "NUMBER", "FLUX_J0500", "ERR_J0500"]), tmp_path / "one.parquet")
    said = refusal("predict", str(tmp_path / "one.parquet"), *exact_of(mocks)[1:], "-o", out)
    assert said == "jpas-gui: exact (popstar) needs 2 of the survey's bands or more; there are 1"
    assert not Path(out).exists()
    assert not (tmp_path / "out.fits.parts").exists()


@pytest.mark.parametrize("library", ["popstar", "miuscat"])
def test_the_real_galaxies_each_get_an_exact_posterior(
    tmp_path: Path, real_data: Path, library: str, capsys: pytest.CaptureFixture[str]
) -> None:
    catalogue = real_data / "catalogues" / "sdss_galaxies_jpas_fnu.csv"
    own = library if library == "popstar" else str(real_data / "ssp" / library)
    out, model = tmp_path / "out.parquet", ["--model", "exact", "--library", own]
    reading = ["--redshift", "0", "--unit", "erg s-1 cm-2 Hz-1"]
    assert main(["predict", str(catalogue), *model, *reading, "-o", str(out)]) == 0
    table = pq.read_table(out)
    assert table.num_rows == 20
    exact = ExactPredictor.load(own)
    galaxies = open_catalogue(catalogue, OpeningOptions(redshift=0.0, unit=reading[-1])).galaxies(0, 20)
    for row in (0, 7, 19):
        asked = (values[row, :N_SURVEY_BANDS] for values in (galaxies.flux_nu, galaxies.flux_nu_error, galaxies.mask))
        posterior = exact.posterior(*asked, 0.0)
        assert table["chi2"][row].as_py() == pytest.approx(posterior.chi2, rel=1e-4)
        assert table["n_bands"][row].as_py() == posterior.n_bands
        for number, level in enumerate((16, 50, 84)):
            answer = [table[f"{name}_p{level}"][row].as_py() for name in PARAMETERS]
            assert answer == pytest.approx(posterior.percentiles()[number], rel=1e-4, abs=1e-4)
