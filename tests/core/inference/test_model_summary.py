"""What models say of themselves, without torch."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.known_models import models_folder
from jpas_gui.core.inference.model_summary import add_model, summarise_model
from jpas_gui.core.inference.shipped import model_title, shipped_models


def test_every_shipped_model_says_what_it_is() -> None:
    for folder in shipped_models().values():
        summary = summarise_model(folder)
        assert summary.name
        assert summary.libraries[0] == "PopStar"
        assert len(summary.weights_sha256) == 64
        assert summary.size > 1e6
        assert any("Dominguez Sanchez" in text for text in summary.citations)


def test_a_model_of_your_own_is_told_from_a_shipped_one_of_its_name(tmp_path: Path) -> None:
    assert model_title("paper-popstar") == "paper-popstar"
    assert model_title(tmp_path / "paper-popstar") == "paper-popstar (yours)"
    assert model_title(str(tmp_path / "mine")) == "mine"


def test_it_needs_no_torch() -> None:
    code = "import sys; import jpas_gui.core.inference.model_summary; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, r"no model there \(no model\.json\)"),
        ("{", "not the description of a jpas-gui model: get the model again"),
        ("[]", "not the description of a jpas-gui model"),
        (json.dumps({"name": "mine"}), "not the description of a jpas-gui model"),
    ],
)
def test_what_is_no_model_is_named(tmp_path: Path, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / "model.json").write_text(content)
    with pytest.raises(InputError, match=message):
        summarise_model(tmp_path)


def test_a_model_is_copied_once() -> None:
    folder = shipped_models()["paper-popstar"]
    own = add_model(folder)
    assert own == models_folder() / "paper-popstar"
    assert {path.name for path in own.iterdir()} == {path.name for path in folder.iterdir()}
    with pytest.raises(InputError, match=r"a model 'paper-popstar' is in .* already: remove it first"):
        add_model(folder)
    assert [path.name for path in models_folder().iterdir()] == ["paper-popstar"]
