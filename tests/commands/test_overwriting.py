"""No command replaces what is there already, unless it is told to `--overwrite`."""

from collections.abc import Callable
from pathlib import Path

import pytest

from jpas_gui.cli import main
from jpas_gui.core.inference.shipped import shipped_models
from jpas_gui.core.ssp.catalogue import load_library
from jpas_gui.core.ssp.native import write_library

POPULATION = ["--log-age", "9.7", "--metallicity", "0", "--ebv", "0.1"]
OLD = "what someone needs"

WRITERS = {
    "synth": (["synth", *POPULATION, "-o"], "out.csv"),
    "noise calibrate": (["noise", "calibrate", "c.csv", "-o"], "out.ecsv"),
    "library convert": (["library", "convert", "mine.h5", "-o"], "out.h5"),
    "predict": (["predict", "c.csv", "-o"], "out.fits"),
    "screenshot": (["screenshot", "-o"], "out.png"),
    "evaluate": (["evaluate", "paper-popstar", "--tests", "2", "--exact", "0", "--figures"], "out"),
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    bands = ("J0390", "J0400", "J0410", "J0420", "J0430")
    heads = ",".join(f"MAG_AUTO_{band},MAG_ERR_AUTO_{band}" for band in bands)
    Path("c.csv").write_text(f"{heads}\n" + (",".join(["20.1,0.125"] * 5) + "\n") * 6)
    return tmp_path


@pytest.mark.parametrize("command", WRITERS)
def test_what_is_there_is_kept(folder: Path, refusal: Callable[..., str], command: str) -> None:
    arguments, name = WRITERS[command]
    kept = folder / name / "old.png" if command == "evaluate" else folder / name
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(OLD)
    before = sorted(folder.rglob("*"))
    said = refusal(*arguments, name)
    assert said == f"jpas-gui: {name}: exists already: choose another name, or --overwrite it"
    assert kept.read_text() == OLD
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize("command", ["synth", "noise calibrate", "library convert", "evaluate"])
def test_what_is_to_be_replaced_is_and_nothing_else(folder: Path, command: str) -> None:
    write_library(load_library("popstar"), folder / "mine.h5")
    arguments, name = WRITERS[command]
    old = folder / name / "by_magnitude.ecsv" if command == "evaluate" else folder / name
    old.parent.mkdir(exist_ok=True)
    other = old.with_name("other.txt")
    for path in (old, other):
        path.write_text(OLD)
    assert main([*arguments, name, "--overwrite"]) == 0
    assert OLD.encode() not in old.read_bytes()
    assert other.read_text() == OLD


def test_saved_metrics_are_not_replaced_either(refusal: Callable[..., str]) -> None:
    own = shipped_models()["paper-popstar"]
    said = refusal("evaluate", str(own), "--save")
    assert said == f"jpas-gui: {own}: has metrics already: --overwrite replaces them"
