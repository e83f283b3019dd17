"""Observed galaxies: time from the selection of one until all of it is on screen."""

import os
import time

import numpy as np
import pytest
from made_galaxies import TRUTH, write_galaxies
from pyqtgraph import GraphicsView
from PySide6.QtCore import QEventLoop, QSettings
from PySide6.QtWidgets import QApplication

from jpas_gui.core.catalogues.opening import OpeningOptions
from jpas_gui.views.application import make_window
from jpas_gui.views.dialogs.dialogs import Dialogs
from jpas_gui.views.observed.corner_plot import CornerPlot
from jpas_gui.views.observed.galaxy_plot import GalaxyPlot

os.environ["QT_QPA_PLATFORM"] = "offscreen"

N_SELECTIONS = 60
ANSWERS = (2, 3)
"""SEDs over the galaxy: of the two networks, and of the exact posterior, too."""

NETWORKS, EXACT = 50, 150
"""ms within which answers of networks, and the exact posterior, are on screen."""


class Paintings:
    """When each of the two figures was last painted for the first time with so many SEDs over the galaxy of a row."""

    def __init__(self) -> None:
        self.observed, self.row, self.at = None, -1, {}

    def note(self, view) -> None:
        frame = self.observed._frame if self.observed else None
        if frame is not None and frame.galaxy.row[0] == self.row:
            self.at.setdefault((type(view), len(frame.seds)), time.perf_counter())

    def when(self, n_seds: int) -> float | None:
        """Return when both figures had been painted with at least so many SEDs; None when they have not."""
        times = [
            min((at for (kind, n), at in self.at.items() if kind is figure and n >= n_seds), default=None)
            for figure in (GalaxyPlot, CornerPlot)
        ]
        return None if None in times else max(times)


@pytest.fixture
def paintings(monkeypatch):
    """What is painted is noted from the first painting on: Qt asks only once what a class paints with."""
    paintings, paint = Paintings(), GraphicsView.paintEvent

    def painted(view, event):
        paint(view, event)
        paintings.note(view)

    monkeypatch.setattr(GraphicsView, "paintEvent", painted)
    return paintings


@pytest.fixture
def window(qtbot, tmp_path, paintings):
    window = make_window(Dialogs(), QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    qtbot.addWidget(window)
    window.resize(1600, 1000)
    window.show()
    window.show_catalogue(write_galaxies(tmp_path / "galaxies.csv", TRUTH * 4), OpeningOptions(redshift=0.0))
    window.wait_until_idle()
    paintings.observed = window.observed
    return window


def selection(window, paintings: Paintings, row: int) -> list[float]:
    """Select a galaxy; return the ms until the networks' answers, and the exact posterior, were painted."""
    application, start = QApplication.instance(), time.perf_counter()
    paintings.row, paintings.at = row, {}
    window.observed.controller.select(row)
    while paintings.when(ANSWERS[-1]) is None:
        application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    return [1e3 * (paintings.when(n_seds) - start) for n_seds in ANSWERS]


def test_a_galaxy_is_on_screen_soon_after_it_was_selected(window, paintings) -> None:
    rows = [(7 * number + 1) % 24 for number in range(N_SELECTIONS)]
    times = np.array([selection(window, paintings, row) for row in rows])[5:]
    (networks, exact), (late_networks, late_exact) = np.percentile(times, [50, 99], axis=0)
    print(
        f"\none galaxy on screen, {window.width()}x{window.height()}: networks {networks:.0f} ms (99th percentile "
        f"{late_networks:.0f}), exact posterior {exact:.0f} ms (99th percentile {late_exact:.0f})"
    )
    assert networks < NETWORKS
    assert exact < EXACT
