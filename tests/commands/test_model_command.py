"""`model` and `runs`: what is known by name, and that every command knows it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from mock_galaxies import write_column_map, write_mocks
from trained_models import copy_model, trained_model

from jpas_gui.cli import main
from jpas_gui.core.inference.known_models import models_folder
from jpas_gui.core.inference.shipped import DESCRIPTION, shipped_models


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_models_are_listed_with_where_they_come_from(capsys: pytest.CaptureFixture[str]) -> None:
    folder = trained_model("dusty")
    twin = trained_model("paper-popstar")
    lines = printed(capsys, "model", "list").splitlines()
    assert any(line.split() == ["paper-popstar", *["with", "the", "program", "paper:", "PopStar"]] for line in lines)
    assert any(line.split() == ["dusty", *["trained", "here", "paper:", "PopStar"]] for line in lines)
    assert any(line.endswith(f"; its name is taken: {twin}") for line in lines)
    models = json.loads(printed(capsys, "model", "list", "--json"))["models"]
    (dusty,) = [model for model in models if model["name"] == "dusty"]
    assert dusty["folder"] == str(folder)
    assert (dusty["preset"], dusty["libraries"], dusty["problem"]) == ("paper", ["PopStar"], "")


def test_a_damaged_model_is_listed_with_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    (trained_model("dusty") / DESCRIPTION).write_text("{")
    assert "dusty/model.json: not the description of a jpas-gui model" in printed(capsys, "model", "list")


def test_what_a_model_is(capsys: pytest.CaptureFixture[str]) -> None:
    folder = trained_model("dusty")
    lines = printed(capsys, "model", "info", "dusty").splitlines()
    facts = {line.split(":", 1)[0]: line.split(":", 1)[1].strip() for line in lines}
    assert facts["folder"] == str(folder)
    assert facts["libraries"] == "PopStar"
    assert facts["valid magnitude"] == "16 to 22"
    assert facts["is evaluated"] == "no"
    assert json.loads(printed(capsys, "model", "info", str(folder), "--json"))["domain"]["magnitude"] == [16, 22]
    assert printed(capsys, "model", "path", "dusty") == f"{folder}\n"


def test_where_the_libraries_of_a_model_are_to_be_had(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "model", "info", "posterior-mixture")
    (line,) = [line for line in text.splitlines() if line.startswith("where to get:")]
    assert "MIUSCAT Padova00 un1.30: it is to be had at https://miles.iac.es/; BC03: it is to be had at " in line
    assert "where to get:         -\n" in printed(capsys, "model", "info", "posterior-popstar")


def test_a_model_of_someone_else_gets_a_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], refusal: Callable[..., str]
) -> None:
    folder = copy_model(tmp_path / "borrowed")
    assert printed(capsys, "model", "import", str(folder)) == f"borrowed: in {models_folder()}\n"
    own = models_folder() / "borrowed"
    assert printed(capsys, "model", "path", "borrowed") == f"{own}\n"
    (own / "note").write_text("mine")
    assert f"{own}: exists already: choose another name, or --overwrite it" in refusal("model", "import", str(folder))
    assert (own / "note").exists()
    printed(capsys, "model", "import", str(folder), "--overwrite")
    assert sorted(path.name for path in own.iterdir()) == sorted(path.name for path in folder.iterdir())


def test_own_models_predict_and_are_evaluated_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = trained_model("dusty")
    mocks = str(write_mocks(tmp_path / "mocks.parquet", 3))
    reading = ["--columns", str(write_column_map(tmp_path)), "--redshift", "0"]
    printed(capsys, "predict", mocks, *reading, "--model", "dusty", "--row", "1")
    metrics = json.loads(
        printed(capsys, "evaluate", "dusty", "--tests", "2", "--exact", "0", "--save", "--json", "--library", "popstar")
    )
    assert metrics["model"] == "dusty"
    assert json.loads((folder / DESCRIPTION).read_text())["metrics"]["model"] == "dusty"


def test_a_folder_here_with_the_name_of_a_known_model_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    copy_model(tmp_path / "paper-popstar")
    monkeypatch.chdir(tmp_path)
    known = shipped_models()["paper-popstar"]
    assert main(["model", "path", "paper-popstar"]) == 0
    note = f"jpas-gui: note: paper-popstar is the model in {known}; ./paper-popstar is the one here\n"
    assert capsys.readouterr() == (f"{known}\n", note)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            "model info paper-popsta",
            "no model of that name; did you mean paper-popstar or posterior-popstar? there are",
        ),
        ("predict c.csv -o x.csv --model papr-popstar", "did you mean paper-popstar"),
        ("evaluate none", "none: no such folder, and no model of that name; there are: paper-popstar"),
        ("evaluate paper-popstar --save", "paper-popstar: ships with the program: --save is for models of your own"),
        ("predict c.csv -o x.csv --model popstar", "popstar: this is a library, not a model: --model exact --library"),
        ("library info paper-popstar", "this is a trained model, not a library: 'jpas-gui model info paper-popstar'"),
        ("library info popstr", "no library of that name; did you mean popstar? there are: popstar, popstar-nebular"),
        ("library info ppxf-xsl", "no library of that name; 'jpas-gui library get ppxf-xsl' fetches it"),
        ("synth --log-age 9 --metallicity 0 --ebv 0 -o x.csv --library miuscat", "to be had at https://miles.iac.es/"),
    ],
)
def test_names_that_are_not_what_was_asked_for(refusal: Callable[..., str], arguments: str, message: str) -> None:
    assert message in refusal(*arguments.split())


def test_trainings_are_listed_with_their_state(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, "runs", "list").startswith("trainings of the window lie in: ")
    run = trained_model("dusty").parent
    losses = {"train_loss": 1.0, "validation_loss": 0.5, "learning_rate": 1e-3, "best_validation_loss": 0.5}
    epoch = {"event": "epoch", "epoch": 2, "best_epoch": 2} | losses
    events = ({"event": "start", "epoch": 0, "epochs": 9}, epoch, {"event": "stopped"})
    (run / "events.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events))
    (line, _) = printed(capsys, "runs", "list").splitlines()
    assert line.split(maxsplit=2) == ["dusty", "stopped", "2 of 9 epochs, best validation loss 0.5, has a model"]
    (described,) = json.loads(printed(capsys, "runs", "list", "--json"))["runs"]
    assert described | {"state": "stopped", "epochs": 2, "best_loss": 0.5, "folder": str(run)} == described
