"""Runs of both presets side by side, without a window around them."""

import numpy as np
import pytest

from jpas_gui.app.training_curves import loss_groups
from jpas_gui.app.training_log import EpochRecord
from jpas_gui.app.training_runs import Run, RunState
from jpas_gui.app.training_table import RunSummary
from jpas_gui.views.theme import DARK
from jpas_gui.views.training.runs_panel import RunsPanel


def summary(tmp_path, name, preset, losses):
    epochs = tuple(EpochRecord(number, loss, loss, 1e-3) for number, loss in enumerate(losses, start=1))
    run = Run(tmp_path / name, "cpu", "2026-01-01T00:00:00+00:00")
    return RunSummary(run, RunState.STOPPED, epochs, 1, min(losses, default=np.nan), {"preset": preset}, {})


@pytest.fixture
def runs(tmp_path):
    return (
        summary(tmp_path, "one", "paper", [0.9, 0.7, 0.5]),
        summary(tmp_path, "two", "posterior", [-1.0, -3.0, -4.2, -4.3]),
        summary(tmp_path, "three", "paper", [0.8, 0.4]),
        summary(tmp_path, "new", "paper", []),
    )


@pytest.fixture
def panel(qtbot):
    panel = RunsPanel()
    qtbot.addWidget(panel)
    panel.resize(1000, 700)
    panel.show()
    return panel


def test_losses_of_unlike_presets_are_not_drawn_on_one_axis(panel, runs):
    panel.show_runs(runs)
    panel.table.selectAll()
    paper, posterior = panel.plots
    assert "sum of mean absolute errors" in paper.titleLabel.text
    assert "−ln probability density" in posterior.titleLabel.text
    assert [item.name() for item in paper.listDataItems()] == ["one", "three"]
    assert [item.name() for item in posterior.listDataItems()] == ["two"]
    for plot in panel.plots:  # every point is seen, and both have room
        low, high = plot.viewRange()[1]
        values = np.concatenate([item.yData for item in plot.listDataItems()])
        assert low < values.min() < values.max() < high
        assert plot.vb.height() > 80
    assert panel.plots[0].viewRange()[0] == panel.plots[1].viewRange()[0]
    colours = [item.opts["pen"].color().name() for plot in panel.plots for item in plot.listDataItems()]
    assert len(set(colours)) == 3
    panel.set_theme(DARK)


def test_one_kind_fills_the_figure_and_nothing_has_words_in_place_of_axes(panel, runs):
    panel.show_runs(runs)
    panel.table.selectRow(1)
    (plot,) = panel.plots
    assert plot.height() > 0.8 * panel.figure.height()
    panel.table.selectRow(3)
    assert panel.plots == []
    assert panel.figure._note_of_all.toPlainText() == "No epoch is done yet"
    panel.table.clearSelection()
    assert panel.figure._note_of_all.toPlainText() == "No run is chosen"


def test_a_loss_that_is_positive_has_a_logarithmic_axis(runs):
    groups = loss_groups(runs)
    assert [(group.names, group.numbers, group.is_log) for group in groups] == [
        (("one", "three"), (1, 3), True),
        (("two",), (2,), False),
    ]
