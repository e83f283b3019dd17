"""`-` is standard output, or input, of every command that writes a table; nothing is ever named so."""

import gzip
import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from astropy.table import Table
from mock_galaxies import write_column_map, write_mocks

from jpas_gui.cli import main

POPULATION = ["synth", "--log-age", "9.7", "--metallicity", "0", "--ebv", "0.1"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def reading(folder: Path) -> list[str]:
    return ["--columns", str(write_column_map(folder)), "--redshift", "0", "--model", "paper-popstar"]


@pytest.fixture
def mocks(folder: Path) -> Path:
    return write_mocks(folder / "mocks.parquet", 30)


@pytest.fixture
def calibration(folder: Path) -> Path:
    bands = ("J0390", "J0400", "J0410", "J0420", "J0430")
    heads = ",".join(f"MAG_AUTO_{band},MAG_ERR_AUTO_{band}" for band in bands)
    (folder / "c.csv").write_text(f"{heads}\n" + (",".join(["20.1,0.125"] * 5) + "\n") * 6)
    return folder / "c.csv"


def feed(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


def test_synth_prints_the_csv_that_it_would_write(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*POPULATION, "-o", "sed.csv"]) == 0
    assert main([*POPULATION, "-o", "-"]) == 0
    assert capsys.readouterr() == ((folder / "sed.csv").read_text(), "")
    assert not (folder / "-").exists()


@pytest.mark.filterwarnings("ignore::astropy.units.UnitsWarning")
@pytest.mark.parametrize(("name", "reader"), [("ecsv", "ascii.ecsv"), ("vot", "votable")])
def test_other_formats_keep_units(capsys: pytest.CaptureFixture[str], name: str, reader: str) -> None:
    assert main([*POPULATION, "-o", "-", "--format", name]) == 0
    table = Table.read(io.BytesIO(capsys.readouterr().out.encode()), format=reader)
    assert len(table) == 56
    assert str(table["flux_nu"].unit) in ("nmgy", "nanomaggy")


def test_noise_goes_from_standard_input_to_standard_output(
    folder: Path, calibration: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    feed(monkeypatch, calibration.read_bytes())
    assert main(["noise", "calibrate", "-", "-o", "-"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("band,magnitude,magnitude_error,n\nJ0390,20.0,0.125,6\nJ0400,20.0,0.125,6\n")
    assert err.startswith("jpas-gui: note:")
    assert sorted(path.name for path in folder.iterdir()) == ["c.csv"]
    assert main(["noise", "calibrate", "c.csv", "-o", "-", "--format", "ecsv"]) == 0
    (folder / "noise.ecsv").write_text(capsys.readouterr().out)
    assert main([*POPULATION, "--survey", "noise.ecsv", "-o", "-"]) == 0


def test_predictions_are_all_that_is_on_standard_output(
    folder: Path, mocks: Path, reading: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["predict", str(mocks), *reading, "-o", "out.csv"]) == 0
    capsys.readouterr()
    feed(monkeypatch, mocks.read_bytes())
    before = sorted(folder.iterdir())
    assert main(["predict", "-", *reading, "-o", "-"]) == 0
    out, err = capsys.readouterr()
    table, expected = (Table.read(text, format="ascii.csv") for text in (out, (folder / "out.csv").read_text()))
    assert table.colnames == expected.colnames
    np.testing.assert_allclose(table["log_age"], expected["log_age"], rtol=1e-5)
    assert "standard output: 30 galaxies, 30 with an answer\n" in err
    assert sorted(folder.iterdir()) == before


def as_csv(folder: Path, mocks: Path) -> bytes:
    Table.read(mocks).write(folder / "m.csv", format="ascii.csv")
    return (folder / "m.csv").read_bytes()


def as_fits(folder: Path, mocks: Path) -> bytes:
    Table.read(mocks).write(folder / "m.fits")
    return (folder / "m.fits").read_bytes()


def as_packed_fits(folder: Path, mocks: Path) -> bytes:
    return gzip.compress(as_fits(folder, mocks))


def as_votable(folder: Path, mocks: Path) -> bytes:
    Table.read(mocks).write(folder / "m.vot", format="votable")
    return (folder / "m.vot").read_bytes()


@pytest.mark.parametrize("content", [as_csv, as_fits, as_packed_fits, as_votable])
def test_the_kind_of_standard_input_is_told_by_its_content(
    folder: Path,
    mocks: Path,
    reading: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    content: Callable[[Path, Path], bytes],
) -> None:
    feed(monkeypatch, content(folder, mocks))
    assert main(["predict", "-", *reading, "-o", "-", "--format", "ecsv"]) == 0
    text = capsys.readouterr().out
    table = Table.read(text, format="ascii.ecsv")
    assert list(map(int, table["NUMBER"])) == list(range(30))
    assert np.isfinite(table["log_age"]).all()
    assert "path: standard input" in text


@pytest.mark.parametrize(("name", "magic"), [("fits", b"SIMPLE  ="), ("parquet", b"PAR1")])
def test_binary_tables_go_to_other_programs(
    mocks: Path,
    reading: list[str],
    capsysbinary: pytest.CaptureFixture[bytes],
    name: str,
    magic: bytes,
) -> None:
    predict = ["predict", str(mocks), *reading, "-o", "-", "--format", name]
    assert main(predict) == 0
    assert capsysbinary.readouterr().out.startswith(magic)


def test_a_terminal_is_not_sent_a_binary_table(
    mocks: Path, reading: list[str], refusal: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    said = refusal("predict", str(mocks), *reading, "-o", "-", "--format", "fits")
    assert said == "jpas-gui: -: a terminal cannot show fits: send it to a file or another program"


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end otherwise there")
@pytest.mark.parametrize("command", [POPULATION, ["noise", "calibrate", "c.csv"]])
def test_who_reads_the_table_may_stop_reading(calibration: Path, command: list[str]) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "jpas_gui", *command, "-o", "-"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert b"Error" not in process.stderr.read()
    assert process.returncode == 141


def test_errors_from_one_command_go_to_the_next(
    calibration: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["noise", "calibrate", "c.csv", "-o", "-", "--format", "ecsv"]) == 0
    feed(monkeypatch, capsys.readouterr().out.encode())
    assert main([*POPULATION, "--survey", "-", "--magnitude", "20", "--one-magnitude", "-o", "-"]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("J0390"))
    assert float(line.split(",")[4]) == pytest.approx(0.125)


def test_one_row_of_standard_input(
    mocks: Path, reading: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    feed(monkeypatch, mocks.read_bytes())
    assert main(["predict", "-", *reading, "--row", "7", "--json"]) == 0
    assert '"NUMBER": 7' in capsys.readouterr().out


def test_what_is_wrong_with_standard_input_is_said_of_it(
    refusal: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(monkeypatch, b"")
    assert refusal("predict", "-", "-o", "-") == "jpas-gui: standard input: the file is empty"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes")
@pytest.mark.parametrize("command", [["synth", *POPULATION[1:]], ["predict", "c.csv", "--overwrite"]])
def test_a_device_or_a_pipe_is_not_replaced(folder: Path, refusal: Callable[..., str], command: list[str]) -> None:
    for name in ("pipe.csv", "pipe"):
        os.mkfifo(folder / name)
    for name in ("pipe.csv", *(["pipe"] if "predict" in command else [])):
        assert f"{name}: this is no file but a device or a pipe" in refusal(*command, "-o", name)
    assert sorted(path.name for path in folder.iterdir() if path.is_fifo()) == ["pipe", "pipe.csv"]


def test_a_hats_catalogue_cannot_go_to_standard_output(folder: Path, refusal: Callable[..., str]) -> None:
    (folder / "sky").mkdir()
    (folder / "sky" / "hats.properties").write_text("")
    assert "-: a HATS catalogue cannot go to standard output: give it a name" in refusal("predict", "sky", "-o", "-")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["predict", "c.csv", "-o", "-", "--json"], "--json prints on standard output"),
        (["predict", "c.csv", "-o", "-", "--resume"], "--resume needs files that stay"),
        (["predict", "-", "-o", "out.csv", "--dask", "tcp://x:1"], "--dask needs files that stay"),
        (["train", "t.toml", "-o", "-"], "-: the folder of a model cannot go to standard output: give it a name"),
        (["evaluate", "paper-popstar", "--figures", "-"], "-: a folder of figures cannot go to standard output"),
        (["library", "convert", "x", "-o", "-"], "-: a library cannot go to standard output"),
        (["screenshot", "-o", "-"], "-: a picture cannot go to standard output"),
        ([*POPULATION, "-o", "sed.csv", "--format", "vot"], "--format goes with '-o -'"),
        ([*POPULATION, "-o", "./-", "--format", "parquet"], "invalid choice: 'parquet'"),
    ],
)
def test_what_cannot_go_through_a_pipe(
    folder: Path, refusal: Callable[..., str], arguments: list[str], message: str
) -> None:
    assert message in refusal(*arguments)
    assert not list(folder.iterdir())
