"""Models are found by their names, wherever they come from."""

from pathlib import Path

import pytest
from trained_models import added_model, copy_model, trained_model

from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.bundle import find_bundle
from jpas_gui.core.inference.catalogue_model import ModelChoice
from jpas_gui.core.inference.known_models import Origin, find_model, known_models, runs_folder
from jpas_gui.core.inference.shipped import shipped_models


def test_models_that_ship_that_were_added_and_that_were_trained_have_names() -> None:
    trained, added = trained_model("dusty"), added_model("borrowed")
    (runs_folder() / "unfinished").mkdir()
    origins = {model.name: (model.origin, model.folder, model.is_named) for model in known_models()}
    assert set(origins) == {*shipped_models(), "borrowed", "dusty"}
    assert origins["dusty"] == (Origin.TRAINED, trained, True)
    assert origins["borrowed"] == (Origin.ADDED, added, True)
    assert find_model("dusty") == trained
    assert find_bundle("dusty").name == "dusty"


def test_a_name_means_the_model_that_ships_before_any_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = trained_model("paper-popstar")
    assert find_model("paper-popstar") == shipped_models()["paper-popstar"]
    assert find_model(str(own)) == own
    (twin,) = [model for model in known_models() if model.folder == own]
    assert not twin.is_named
    monkeypatch.chdir(tmp_path)
    here = copy_model(tmp_path / "posterior-popstar")
    assert find_model("posterior-popstar") == shipped_models()["posterior-popstar"]
    assert find_model("./posterior-popstar").resolve() == here


def test_who_mistypes_is_shown_near_names_and_all() -> None:
    trained_model("dusty")
    with pytest.raises(InputError) as error:
        find_model("dutsy")
    assert str(error.value) == (
        "dutsy: no such folder, and no model of that name; did you mean dusty? there are: paper-popstar, "
        "posterior-mixture, posterior-popstar, dusty"
    )


def test_workers_elsewhere_are_told_the_folder() -> None:
    folder = trained_model("dusty")
    assert ModelChoice("dusty").for_workers().name == str(folder.resolve())
    assert ModelChoice("paper-popstar").for_workers().name == "paper-popstar"
