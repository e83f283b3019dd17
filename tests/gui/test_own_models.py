"""Own models that have the name of a shipped one, as older versions named them: every list tells which is which."""

import json
import shutil

import pytest

from jpas_gui.app.training_runs import free_name, runs_folder
from jpas_gui.core.inference.shipped import shipped_models

NAME, OWN = "paper-popstar", "paper-popstar (yours)"


@pytest.fixture
def own(window):
    """Folder of a model that was trained under the name of a shipped one, and predicts."""
    folder = runs_folder() / NAME
    shutil.copytree(shipped_models()[NAME], folder / NAME)
    (folder / "run.json").write_text(json.dumps({"device": "cpu", "created": "2026-01-01T00:00:00+00:00"}))
    (folder / "settings.toml").write_text('preset = "paper"')
    window.opening.add_model(folder / NAME)
    return folder / NAME


def assert_both(names):
    names = list(names)
    assert (names.count(NAME), names.count(OWN)) == (1, 1)


def test_every_list_tells_which_is_which(window, own, qtbot):
    window.explore.wait_until_predicted()
    panel = window.explore.live_panel
    assert_both(tick.text() for tick in panel.ticks.values())
    assert_both(tick.accessibleName().removeprefix("Predict with ") for tick in panel.ticks.values())
    header = panel.table.horizontalHeaderItem
    assert_both(header(column).text() for column in range(panel.table.columnCount()))

    window.show_tab("Evaluation")
    models = window.evaluation.run.models
    qtbot.waitUntil(lambda: models.count() > 0)
    assert_both(models.item(row).text() for row in range(models.count()))

    window.show_tab("Observed")
    box = window.observed.predictions.model
    assert_both(box.itemText(place) for place in range(box.count()))
    assert box.itemData(box.findText(OWN)) == str(own)

    window.show_tab("Libraries")
    qtbot.waitUntil(lambda: not window.libraries.is_busy, timeout=20_000)
    table = window.libraries.table
    assert_both(table.item(row, 0).text() for row in range(table.rowCount()))


def test_a_new_model_gets_a_name_of_its_own(window):
    window.show_tab("Training")
    form = window.training.form
    form.preset.setCurrentText("paper")
    assert free_name(NAME) == "paper-popstar-2"
    form.name.setText(NAME)
    assert "Name: paper-popstar: a model that ships with the program has this name already" in form.reason.text()
    assert not form.start.isEnabled()
    form.name.setText("  ")  # as empty: made from preset and library
    assert form.start.isEnabled()
