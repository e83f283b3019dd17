"""Observed galaxies: time from the selection of one until all of it is on screen."""

import os
import time

import numpy as np
import pytest
from made_galaxies import TRUTH, write_galaxies
from PySide6.QtCore import QEventLoop, QSettings
from PySide6.QtWidgets import QApplication

from jpas_gui.core.catalogues.opening import OpeningOptions
from jpas_gui.views.application import make_window
from jpas_gui.views.dialogs import Dialogs

os.environ["QT_QPA_PLATFORM"] = "offscreen"

N_SELECTIONS = 60
ANSWERS = (2, 3)
"""SEDs over the galaxy: of the two networks, and of the exact posterior, too."""

NETWORKS, EXACT = 50, 150
"""ms within which answers of networks, and the exact posterior, are on screen."""


@pytest.fixture
def window(qtbot, tmp_path):
    window = make_window(Dialogs(), QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    qtbot.addWidget(window)
    window.resize(1600, 1000)
    window.show()
    window.show_catalogue(write_galaxies(tmp_path / "galaxies.csv", TRUTH * 4), OpeningOptions(redshift=0.0))
    window.wait_until_idle()
    return window


def selection(window, row: int) -> tuple[float, float]:
    """Select a galaxy; return the ms until the networks' answers, and the exact posterior, were painted."""
    observed, application = window.observed, QApplication.instance()
    times: dict[int, float] = {}
    start = time.perf_counter()
    observed.controller.select(row)
    while len(times) < len(ANSWERS):
        application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        frame = observed._frame
        n_shown = len(frame.seds) if frame is not None and frame.galaxy.row[0] == row else 0
        if n_shown and n_shown not in times:
            application.processEvents()  # it is painted
            times |= {number: 1e3 * (time.perf_counter() - start) for number in ANSWERS if number <= n_shown}
    return times[ANSWERS[0]], times[ANSWERS[1]]


def test_a_galaxy_is_on_screen_soon_after_it_was_selected(window) -> None:
    rows = [(7 * number + 1) % 24 for number in range(N_SELECTIONS)]
    for row in rows[:5]:
        selection(window, row)
    times = np.array([selection(window, row) for row in rows[5:]])
    (networks, exact), (late_networks, late_exact) = np.percentile(times, [50, 99], axis=0)
    print(
        f"\none galaxy on screen, {window.width()}x{window.height()}: networks {networks:.0f} ms (99th percentile "
        f"{late_networks:.0f}), exact posterior {exact:.0f} ms (99th percentile {late_exact:.0f})"
    )
    assert networks < NETWORKS
    assert exact < EXACT
