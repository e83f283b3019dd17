"""What `evaluate` prints and writes, with a model whose answers are made up."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from astropy.table import Table

from jpas_gui.cli import main
from jpas_gui.core.errors import InputError
from jpas_gui.core.evaluation import answers as evaluation
from jpas_gui.core.inference.shipped import shipped_models


def made_answers(n: int = 40, posterior: bool = True) -> evaluation.TestAnswers:
    """Return answers to mocks of magnitude 16 and 22; the model is off by 0.1 at 22."""
    rng = np.random.default_rng(1)
    truth = rng.uniform((8, -1, 0), (9, 0, 1), size=(n, 3))
    magnitude = np.where(np.arange(n) % 2, 22.0, 16.0)
    noise = 0.01 * rng.standard_normal((n, 3))
    point = truth + noise + np.where(magnitude == 22, 0.1, 0)[:, None]
    exact = evaluation.ExactAnswers(np.arange(n), truth + noise, rng.uniform(size=(n, 3)), np.ones((n, 3)))
    return evaluation.TestAnswers(
        truth,
        point,
        np.stack([point - 0.1, point, point + 0.1], axis=2) if posterior else None,
        rng.uniform(size=(n, 3)) if posterior else None,
        magnitude,
        np.where(magnitude == 22, 5.0, 1700.0),
        np.zeros(n, dtype=int),
        ("popstar",),
        exact if posterior else None,
    )


DESCRIPTION = {
    "name": "my-model",
    "preset": "paper",
    "created_by": "jpas-gui",
    "weights_sha256": "0",
    "libraries": [],
    "noise": {"noise": "mini-JPAS"},
    "domain": {},
    "citations": [],
    "metrics": {},
}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Stand in for the model, and return what it was asked for."""
    calls: list[dict[str, Any]] = []

    def answer_mocks(**settings: Any) -> evaluation.TestAnswers:
        calls.append(settings)
        return made_answers(posterior=settings["model"].name != "paper-popstar")

    monkeypatch.setitem(sys.modules, "jpas_gui.core.inference.testing", SimpleNamespace(answer_mocks=answer_mocks))
    return calls


@pytest.fixture
def saved(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, dict[str, Any]]]:
    """Stand in for the bundle, and return what was saved into it."""
    calls: list[tuple[Path, dict[str, Any]]] = []
    bundle = SimpleNamespace(save_metrics=lambda folder, metrics: calls.append((folder, metrics)))
    monkeypatch.setitem(sys.modules, "jpas_gui.core.inference.bundle", bundle)
    return calls


def test_a_table_for_each_parameter(asked: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "posterior-popstar"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "posterior-popstar: 40 mocks of popstar"
    assert [line for line in lines if line.endswith(("(dex)", "(mag)"))] == [
        "log_age (dex)",
        "metallicity (dex)",
        "ebv (mag)",
    ]
    head, bright, faint, whole = (line.split() for line in lines[3:7])
    assert head == [
        "magnitude", "n", "S/N", "bias", "scatter", "robust", "outliers", "MAE", "68%", "95%", "MAE/exact", "+-",
    ]  # fmt: skip
    assert [row[0] for row in (bright, faint, whole)] == ["16.0", "22.0", "all"]
    assert bright[:3] == ["16.0", "20", "1700"]
    assert float(bright[head.index("MAE/exact")]) == 1
    assert float(faint[head.index("MAE/exact")]) > 5
    assert float(faint[head.index("bias")]) == pytest.approx(0.1, abs=0.01)
    assert len({len(line) for line in lines[4:6]}) == 1
    assert max(map(len, lines)) <= 120


def test_a_dash_stands_for_what_is_not_known(asked: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "paper-popstar"]) == 0
    assert capsys.readouterr().out.splitlines()[4].split()[-4:] == ["-", "-", "-", "-"]


def test_json(asked: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "posterior-popstar", "--json"]) == 0
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    metrics = json.loads(printed)
    assert metrics["model"] == "posterior-popstar"
    assert metrics["program"].startswith("jpas-gui ")
    assert [entry["bin"] for entry in metrics["magnitude"]] == ["16.0", "22.0"]
    assert metrics["magnitude"][1]["ebv"]["mae_ratio"] > 5


def test_the_defaults(asked: list[dict[str, Any]]) -> None:
    assert main(["evaluate", "posterior-popstar"]) == 0
    assert asked == [
        {
            "model": shipped_models()["posterior-popstar"],
            "n_per_bin": 1000,
            "n_exact": 200,
            "seed": 1,
            "libraries": None,
            "split": "fresh",
        }
    ]


def test_every_option_arrives(asked: list[dict[str, Any]], tmp_path: Path) -> None:
    arguments = ["--tests", "50", "--exact", "70", "--seed", "3", "--library", "popstar", "own.h5", "--split", "test"]
    assert main(["evaluate", str(tmp_path), *arguments]) == 0
    assert asked == [
        {
            "model": tmp_path,
            "n_per_bin": 50,
            "n_exact": 50,  # no more than there are mocks
            "seed": 3,
            "libraries": ("popstar", "own.h5"),
            "split": "test",
        }
    ]


def test_figures_and_tables_in_a_folder(asked: list[dict[str, Any]], tmp_path: Path) -> None:
    folder = tmp_path / "figures"
    assert main(["evaluate", "posterior-popstar", "--figures", str(folder), "--seed", "4"]) == 0
    assert {"predicted_and_true.png", "errors_by_magnitude.pdf", "exact_posterior.ecsv"} <= {
        file.name for file in folder.iterdir()
    }
    meta = Table.read(folder / "by_magnitude.ecsv", format="ascii.ecsv").meta
    assert (meta["model"], meta["seed"], meta["tests_per_bin"]) == ("posterior-popstar", 4, 1000)
    assert meta["command"] == f"jpas-gui evaluate posterior-popstar --figures {folder} --seed 4"


def test_saving_the_metrics_with_the_model(
    asked: list[dict[str, Any]], saved: list[tuple[Path, dict[str, Any]]], tmp_path: Path
) -> None:
    (tmp_path / "my-model").mkdir()
    (tmp_path / "my-model" / "model.json").write_text(json.dumps(DESCRIPTION))
    assert main(["evaluate", str(tmp_path / "my-model"), "--save"]) == 0
    ((folder, metrics),) = saved
    assert folder == tmp_path / "my-model"
    assert (metrics["model"], metrics["n"], metrics["seed"]) == ("my-model", 40, 1)
    json.dumps(metrics, allow_nan=False)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--save"], "jpas-gui: paper-popstar: ships with the program: --save is for models of your own"),
        (["--figures", "none/here"], "jpas-gui: none/here: the folder none does not exist: make it first"),
        (["--figures", "file"], "jpas-gui: file: this is a file: choose the name of a folder"),
        (["--tests", "0"], "jpas-gui evaluate: error: argument --tests: one mock is the least"),
        (["--tests", "x"], "jpas-gui evaluate: error: argument --tests: 'x' is not a whole number"),
        (["--split", "train"], "jpas-gui evaluate: error: argument --split: invalid choice: 'train'"),
    ],
)
def test_bad_input_is_found_before_the_work(
    asked: list[dict[str, Any]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    refusal: Callable[..., str],
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    assert refusal("evaluate", "paper-popstar", *arguments).startswith(message)
    assert asked == []


def test_what_the_model_refuses_is_said(monkeypatch: pytest.MonkeyPatch, refusal: Callable[..., str]) -> None:
    def refuse(**_: Any) -> None:
        raise InputError("weights.safetensors: damaged")

    monkeypatch.setitem(sys.modules, "jpas_gui.core.inference.testing", SimpleNamespace(answer_mocks=refuse))
    assert refusal("evaluate", "paper-popstar") == "jpas-gui: weights.safetensors: damaged"


def test_a_library_of_the_model_that_is_not_there(refusal: Callable[..., str]) -> None:
    said = refusal("evaluate", "posterior-mixture")
    assert said.startswith("jpas-gui: posterior-mixture was trained on MIUSCAT Padova00 un1.30 (200 files; ")
    assert " and BC03 (40 files; it is to be had at https://www.bruzual.org/" in said
    assert said.endswith("add what is missing, or say which libraries to test on (--library)")


def test_a_library_whose_numbers_have_changed(monkeypatch: pytest.MonkeyPatch, refusal: Callable[..., str]) -> None:
    monkeypatch.setattr(
        "jpas_gui.core.inference.model_libraries.load_library", lambda _: SimpleNamespace(numbers_sha256="another")
    )
    said = "posterior-popstar was trained on another version of popstar (SHA-256 of the numbers differs)"
    assert refusal("evaluate", "posterior-popstar").startswith(f"jpas-gui: {said}: say which libraries to test on")
