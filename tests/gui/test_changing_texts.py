"""Texts that change move nothing; what is cut is said in a tooltip; labels and legends lie over nothing."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QCheckBox, QComboBox, QPushButton, QTabBar

from jpas_gui.app.band_sets import BandSet, names_of
from jpas_gui.app.degeneracy_options import Page
from jpas_gui.app.frame import age_text
from jpas_gui.core.populations import LIMITS
from jpas_gui.views.explore.live_table import LiveTable
from jpas_gui.views.explore.slider_row import SliderRow
from jpas_gui.views.plots.edge_marks import FeatureMarks
from jpas_gui.views.widgets.lines_label import LinesLabel
from jpas_gui.views.widgets.long_combo import LongCombo


def settle():
    for _ in range(5):
        QApplication.processEvents()


def places(tab):
    kinds = (QAbstractSpinBox, QCheckBox, QComboBox, QPushButton, QTabBar)
    return {
        (kind.__name__, number): control.mapTo(tab, QPoint(0, 0)).toTuple()
        for kind in kinds
        for number, control in enumerate(tab.options.findChildren(kind) + tab.pages.findChildren(QTabBar))
    }


@pytest.mark.parametrize("size", [(1366, 768), (1600, 1000)])
def test_tabs_and_controls_of_degeneracies_stay_whatever_is_said(window, size):
    window.resize(*size)
    tab = window.degeneracies
    window.show_tab("Degeneracies")
    settle()
    before, maps = places(tab), tab.maps.geometry()
    for page in Page:
        tab.pages.setCurrentIndex(list(Page).index(page))
        for bands in BandSet:
            tab._set_options({"bands": names_of(bands)})
            for words in ("one line", "\n".join(["a long line " * 20] * 9)):
                tab.words.setText(words)
                settle()
                assert places(tab) == before, (page, bands)
                assert tab.maps.geometry() == maps


def test_notes_and_read_outs_of_the_explorer_move_nothing(window):
    explore = window.explore
    settle()
    before = explore.sed_plot.geometry()
    for text in ("", "⚠ " + "outside the library; " * 40):
        explore.notes.setText(text)
        explore.readout.setText(text)
        settle()
        assert explore.sed_plot.geometry() == before
    assert explore.notes.shown_lines()[0].endswith("…")
    assert explore.notes.toolTip() == explore.notes.text()


class Layouts(QObject):
    """Counts how often a widget was asked to lay out what is in it."""

    count = 0

    def eventFilter(self, watched, event):  # noqa: N802
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


@pytest.mark.parametrize("title", ["Explore", "Degeneracies"])
def test_a_drag_lays_out_nothing_anew(window, title):
    window.show_tab(title)
    tab, layouts = window.front, Layouts()
    tab.settle()
    settle()
    tab.installEventFilter(layouts)
    for log_age in (8.3, 9.1, 10.1):
        window.explorer.set_population(gesture="log_age", log_age=log_age)
        tab.catch_up()
        settle()
    tab.removeEventFilter(layouts)
    assert layouts.count == 0


@pytest.mark.parametrize("log_age", np.linspace(*LIMITS["log_age"], 15))
def test_ages_have_room_beside_their_slider(qtbot, log_age):
    row = SliderRow("log age", "yr", 2, 0.01, 0.1, "")
    qtbot.addWidget(row)
    row.set_value(log_age, age_text(log_age))
    label = row._remark
    assert label.fontMetrics().horizontalAdvance(label.text()) <= label.width()


def test_a_label_of_lines_wraps_then_cuts(qtbot):
    label = LinesLabel(2)
    qtbot.addWidget(label)
    label.resize(200, label.sizeHint().height())
    label.setText("short")
    assert (label.shown_lines(), label.toolTip()) == (["short"], "")
    label.setText("many words " * 20)
    first, second = label.shown_lines()
    assert (first[:10], second[-1]) == ("many words", "…")
    assert label.toolTip() == label.text()


@pytest.mark.qt_log_ignore("does not support")  # offscreen there is no keyboard to grab
def test_what_can_be_shown_is_behind_one_button_that_stays_open(window, qtbot):
    display = window.explore.display
    assert not display.ticks["fan"].isVisible()
    display.more.click()
    assert display.more.panel.isVisible()
    for name in ("fan", "broad_bands", "fan"):
        qtbot.mouseClick(display.ticks[name], Qt.MouseButton.LeftButton, pos=QPoint(6, 8))
        assert display.more.panel.isVisible()
    window.explore.show_now()
    assert (window.explorer.view.fan, window.explorer.view.broad_bands) == (False, True)
    qtbot.keyClick(display.more.panel, Qt.Key.Key_Escape)
    assert not display.more.panel.isVisible()
    assert not display.more.isChecked()


@pytest.mark.qt_log_ignore("does not support")  # offscreen there is no keyboard to grab
def test_a_long_entry_is_cut_in_its_middle_and_its_list_is_as_wide_as_the_longest(qtbot):
    combo = LongCombo(8)
    qtbot.addWidget(combo)
    combo.setToolTip("Library")
    combo.addItems(["PopStar", "MIUSCAT Padova00 un1.30 with a long name"])
    combo.resize(combo.sizeHint())
    combo.show()
    assert (combo.shown_text, combo.toolTip()) == ("PopStar", "Library")
    combo.setCurrentIndex(1)
    assert (combo.shown_text[:3], combo.shown_text[-2:]) == ("MIU", "me")
    assert "…" in combo.shown_text
    assert combo.toolTip() == "MIUSCAT Padova00 un1.30 with a long name\nLibrary"
    combo.showPopup()
    assert combo.view().minimumWidth() > combo.fontMetrics().horizontalAdvance(combo.currentText())
    combo.hidePopup()


@pytest.mark.parametrize("size", [(1280, 800), (1600, 1000)])
def test_the_answers_of_three_models_are_read_whole(window, size):
    explore = window.explore
    window.resize(*size)
    window.explorer.set_view(models=("paper-popstar", "posterior-mixture", "posterior-popstar"))
    explore.wait_until_predicted()
    settle()
    table = explore.live_panel.table
    assert isinstance(table, LiveTable)
    assert table.columnCount() == 4
    assert table.horizontalScrollBar().maximum() == table.verticalScrollBar().maximum() == 0
    metrics = QFontMetricsF(table.font())
    for row in range(table.rowCount()):
        for column in range(table.columnCount()):
            rect = table.visualItemRect(table.item(row, column))
            assert table.viewport().rect().contains(rect)
            parts = table.item(row, column).text().split(" ")
            assert max(map(metrics.horizontalAdvance, parts)) < rect.width() - 4
            assert len(parts) * metrics.height() <= rect.height() or metrics.horizontalAdvance(" ".join(parts)) < (
                rect.width() - 4
            )


def test_labels_of_features_never_overlap():
    from PySide6.QtGui import QFontMetrics

    labels = [f"feature {number}" for number in range(12)]
    marks, metrics = FeatureMarks(labels), QFontMetrics(QApplication.font())
    columns = [10.0 * number for number in range(12)]
    for height in (60.0, 200.0, 500.0):
        rows = marks._rows(columns, metrics, height)
        ends = [
            (row, x - metrics.horizontalAdvance(text) / 2, x + metrics.horizontalAdvance(text) / 2)
            for row, x, text in zip(rows, columns, labels, strict=True)
            if row is not None
        ]
        assert ends
        for number, (row, left, _) in enumerate(ends):
            assert all(right < left for other, _, right in ends[:number] if other == row)
        assert max(row for row, _, _ in ends) * 13 < height


def test_the_key_of_the_fan_stands_above_the_figure_in_the_colours_of_its_points(window):
    window.explorer.set_view(fan=True)
    window.explore.show_now()
    plot = window.explore.sed_plot
    assert plot.sed.legend is None
    shown = plot._stamp._item.toHtml()
    for magnitude, points in zip(("16", "22"), (plot._fan._points[0], plot._fan._points[-1]), strict=True):
        assert magnitude in plot._stamp._item.toPlainText()
        assert points.opts["pen"].color().name() in shown
