"""The tab Evaluation through its widgets; the last test asks a real model in a real process."""

from dataclasses import replace

import numpy as np
import pytest
from made_evaluations import made_elsewhere
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QSpinBox

from jpas_gui.app.evaluation_panels import Kind, exact_panels
from jpas_gui.app.explorer import Explorer
from jpas_gui.app.libraries import LibraryShelf
from jpas_gui.app.recovery import MockBrush
from jpas_gui.core.ssp.readers.popstar import read_popstar
from jpas_gui.views.evaluation.evaluation_tab import EvaluationTab
from jpas_gui.views.theme import DARK
from jpas_gui.workers.child_process import run_in_child
from jpas_gui.workers.job_queue import JobQueue


@pytest.fixture(scope="module")
def popstar():
    return read_popstar()


@pytest.fixture
def new_tab(qtbot, popstar, answers):
    """Make the tab alone; what it says goes where the window's messages go."""
    tabs = []

    def make(elsewhere):
        explorer = Explorer(JobQueue(), LibraryShelf(popstar))
        tab = EvaluationTab(explorer, answers, elsewhere)
        qtbot.addWidget(tab)
        tab.resize(1400, 900)
        tab.show()
        tab.controller.problem.connect(answers.warnings.append)
        tab.controller.said.connect(answers.told.append)
        tabs.append(tab)
        return tab

    yield make
    for tab in tabs:
        tab.stop()


@pytest.fixture
def tab(new_tab):
    return new_tab(made_elsewhere)


@pytest.fixture
def evaluated(qtbot, tab):
    """The tab with an evaluation of a network without and one with a posterior."""
    tick(tab, "paper-popstar", "posterior-popstar")
    named(tab, QSpinBox, "Mocks per magnitude").setValue(20)
    named(tab, QSpinBox, "Exact posteriors per magnitude").setValue(5)
    click(qtbot, tab, "Evaluate")
    qtbot.waitUntil(lambda: not tab.is_busy, timeout=10_000)
    return tab


def named(parent, kind, name):
    (found,) = (widget for widget in parent.findChildren(kind) if widget.accessibleName() == name)
    return found


def click(qtbot, tab, name):
    qtbot.mouseClick(named(tab, QPushButton, name), Qt.MouseButton.LeftButton)


def tick(tab, *names):
    for row in range(tab.run.models.count()):
        item = tab.run.models.item(row)
        item.setCheckState(Qt.CheckState.Checked if item.text() in names else Qt.CheckState.Unchecked)


def show_page(tab, page):
    tab.pages.setCurrentWidget(page)
    QApplication.processEvents()


def choose(box, text):
    box.setCurrentIndex(box.findText(text))
    box.activated.emit(box.currentIndex())


def test_several_models_lie_over_each_other(evaluated):
    tab = evaluated
    assert [one.title for one in tab.controller.evaluations] == ["paper-popstar", "posterior-popstar"]
    assert [tab.results.list.item(row).text().split("\n")[0] for row in range(2)] == [
        "paper-popstar",
        "posterior-popstar",
    ]
    numbers = named(tab, QLabel, "Bias and scatter").text().splitlines()
    assert [line.split(":")[0] for line in numbers] == ["paper-popstar", "posterior-popstar"]
    assert "% of truths in the 68 % intervals" in numbers[1]
    tab.results.list.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert named(tab, QLabel, "Bias and scatter").text().startswith("posterior-popstar: n = 260, ")


def test_parameter_and_magnitude_are_chosen(evaluated):
    tab = evaluated
    choose(named(tab, QComboBox, "Parameter"), "E(B−V) (mag)")
    choose(named(tab, QComboBox, "Magnitude"), "magnitude 22.0")
    one = tab.controller.current
    faint = one.answers.magnitude >= 21.75
    x, y = tab.recovery.plot._points[0].getData()
    np.testing.assert_allclose(x, one.answers.truth[faint, 2])
    np.testing.assert_allclose(y, one.answers.point[faint, 2])
    show_page(tab, tab.calibration)
    key = "▼ posterior-popstar 260 mocks of PopStar · 65 exact posteriors · seed 1   magnitude 22.0"
    assert words(tab.calibration) == key


def test_the_seds_of_what_is_brushed_are_drawn(evaluated):
    tab = evaluated
    tab.recovery.plot.set_brush(MockBrush((7.0, 6.5), (7.5, 8.0)))
    rows = tab.recovery.brushed
    truth = tab.controller.current.answers.truth[rows, 0]
    assert rows.size > 3
    assert truth.min() >= 7
    assert truth.max() <= 7.5
    assert named(tab, QLabel, "Mocks in the brush").text().startswith(f"{rows.size} mocks in the brush")
    _, y = tab.recovery.seds._lines.getData()
    assert len(y) == 57 * rows.size
    tab.recovery.plot.set_brush(MockBrush((11.0, 11.0), (12.0, 12.0)))
    assert named(tab, QLabel, "Mocks in the brush").text() == "No mock lies in the brush"


def test_the_mouse_reads_a_mock_and_its_sed(evaluated):
    tab = evaluated
    frame, box = tab.recovery._frame, tab.recovery.plot.plane.vb
    tab.recovery.plot._hover(box.mapViewToScene(QPointF(frame.truth[7], frame.point[7])))
    assert named(tab, QLabel, "Values of the evaluation under the mouse").text().startswith("mock ")
    assert len(tab.recovery.seds._points.getData()[0]) == 55
    tab.recovery.plot._hover(box.mapViewToScene(QPointF(frame.low, frame.high)))
    assert named(tab, QLabel, "Values of the evaluation under the mouse").text() == ""


def test_the_mouse_reads_the_numbers_of_figure_4_and_zooms(evaluated):
    tab = evaluated
    show_page(tab, tab.magnitudes)
    own = tab.magnitudes.plots[0][0]
    series = own.panel.series[1]
    tab.magnitudes._hover(own.plot.vb.mapViewToScene(QPointF(series.x[4], series.y[4])))
    text = named(tab, QLabel, "Values of the evaluation under the mouse").text()
    assert "magnitude in iSDSS (AB) 18 · bias of log age (dex)" in text
    own.plot.setXRange(17, 18)
    tab.magnitudes.fit()
    assert own.plot.viewRange()[0][1] > 22


def words(figure):
    """Return what stands above a figure."""
    return figure._stamp._item.toPlainText().replace("\xa0", " ")


def test_a_figure_without_anything_to_draw_says_why(qtbot, tab):
    for page, figure in (
        (tab.recovery, tab.recovery.plot),
        (tab.calibration, tab.calibration),
        (tab.exact, tab.exact),
    ):
        show_page(tab, page)
        assert words(figure).startswith("Tick models and press “Evaluate”")
    tick(tab, "paper-popstar")
    named(tab, QSpinBox, "Mocks per magnitude").setValue(20)
    click(qtbot, tab, "Evaluate")
    qtbot.waitUntil(lambda: not tab.is_busy, timeout=10_000)
    assert words(tab.exact).startswith("No exact posterior was computed")
    show_page(tab, tab.calibration)
    assert words(tab.calibration).startswith("No model that is drawn gives a posterior")
    tab.results.list.item(0).setCheckState(Qt.CheckState.Unchecked)
    show_page(tab, tab.recovery)
    assert words(tab.recovery.plot) == "Tick what is to be drawn, in the list on the left"
    assert not tab.recovery.plot.plane.isVisible()


def test_a_page_that_is_looked_at_again_keeps_its_zoom(evaluated):
    tab = evaluated
    show_page(tab, tab.magnitudes)
    plot = tab.magnitudes.plots[0][0].plot
    plot.setXRange(17, 18, padding=0)
    show_page(tab, tab.calibration)
    show_page(tab, tab.magnitudes)
    assert plot.viewRange()[0] == [17, 18]
    tab.results.list.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert plot.viewRange()[0][1] > 22


def test_ratios_of_very_different_models_are_drawn_on_a_logarithmic_axis(evaluated):
    tab, one = evaluated, evaluated.controller.current
    (magnitude, (age, *others)), *rest = one.compared
    far_off = replace(one, compared=((magnitude, (replace(age, mae_ratio=30.0), *others)), *rest))
    show_page(tab, tab.exact)
    tab.exact.show_panels(exact_panels([(0, far_off)]), "")
    QApplication.processEvents()
    own = tab.exact.plots[1][0]
    assert not tab.exact.plots[1][2].panel.is_log
    assert own.plot.getAxis("left").logMode
    (series,) = own.panel.series
    np.testing.assert_allclose(own.items[0].line.getData()[1], np.log10(series.y))
    tab.exact._hover(own.plot.vb.mapViewToScene(QPointF(series.x[4], np.log10(series.y[4]))))
    text = named(tab, QLabel, "Values of the evaluation under the mouse").text()
    assert f"log age: |Δ|, model / exact {series.y[4]:.4g}" in text


def test_what_ticked_models_carry_is_figure_4_before_any_run(qtbot, tab):
    show_page(tab, tab.magnitudes)
    assert drawn_titles(tab) == {"posterior-popstar"}
    tick(tab)
    assert words(tab.magnitudes).startswith("Tick models and press “Evaluate”")
    tick(tab, "paper-popstar", "posterior-popstar")
    assert drawn_titles(tab) == {"paper-popstar", "posterior-popstar"}
    assert "◆ paper-popstar 14,352 mocks" in words(tab.magnitudes)
    series = tab.magnitudes.plots[1][0].panel.series
    (own,) = (one for one in series if one.title == "posterior-popstar")
    assert len(own.y) == 13
    assert own.y[-1] > own.y[0] > 0  # faint galaxies scatter more
    tick(tab, "paper-popstar")
    click(qtbot, tab, "Evaluate")
    qtbot.waitUntil(lambda: not tab.is_busy, timeout=10_000)
    assert drawn_titles(tab) == {"paper-popstar"}


def drawn_titles(tab):
    return {one.title for one in tab.magnitudes.plots[1][0].panel.series if one.kind is Kind.MODEL}


def test_a_damaged_model_is_said_and_the_others_are_drawn(tab, answers, tmp_path):
    (tmp_path / "model.json").write_text('{"metrics": {"magnitude": [{"bin": "16.0"}]}}')
    answers.path = tmp_path
    tab.run.folder.click()
    show_page(tab, tab.magnitudes)
    assert answers.told[-1].endswith(
        "model.json: damaged: the metrics of the model cannot be read: get the model again"
    )
    assert drawn_titles(tab) == {"posterior-popstar"}


def test_every_page_is_drawn_in_both_themes(evaluated):
    tab = evaluated
    for page in (tab.magnitudes, tab.calibration, tab.exact):
        show_page(tab, page)
        assert tab.figure is page
        assert any(own.panel.series for row in page.plots for own in row)
    tab.set_theme(DARK)
    show_page(tab, tab.libraries)
    assert [tab.libraries.item(row, 0).text() for row in range(2)] == ["paper-popstar", "posterior-popstar"]
    assert tab.libraries.item(0, 6).text() == "—"  # no posterior, no coverage
    assert tab.libraries.item(1, 6).text().startswith("0.")


def test_evaluations_are_removed_one_by_one(qtbot, evaluated):
    for _ in range(2):
        click(qtbot, evaluated, "Remove the evaluation")
    assert evaluated.results.list.count() == 0
    assert not evaluated.results.report.isEnabled()
    assert evaluated.recovery.brushed is None


def test_a_report_goes_into_a_folder(qtbot, evaluated, answers, tmp_path, monkeypatch):
    from jpas_gui.app import evaluation_result

    monkeypatch.setattr(evaluation_result, "write_report", lambda folder, *_: folder.mkdir())
    answers.path = tmp_path
    click(qtbot, evaluated, "Save report")
    qtbot.waitUntil(lambda: not evaluated.is_busy)
    assert answers.told[-1] == f"Saved: {tmp_path}"
    assert {path.name for path in tmp_path.iterdir()} >= {"paper-popstar", "models_and_libraries.ecsv"}
    answers.path = tmp_path / "models_and_libraries.ecsv"
    click(qtbot, evaluated, "Save report")
    assert answers.warnings[-1].endswith("this is a file: choose the name of a folder")


def test_the_window_stays_where_evaluations_would_be_lost_unless_the_user_lets_them_go(evaluated, answers):
    assert not evaluated.may_close()
    assert "2 evaluations are in no report" in answers.questions[-1]
    answers.yes = True
    assert evaluated.may_close()
    for _ in range(2):
        evaluated.controller.remove(evaluated.controller.evaluations[0])
    answers.yes = False
    assert evaluated.may_close()


def test_what_is_wrong_is_said(qtbot, tab, answers, tmp_path):
    tick(tab)
    click(qtbot, tab, "Evaluate")
    assert answers.warnings == ["no model is chosen: tick one"]
    answers.path = tmp_path
    click(qtbot, tab, "Add a model's folder")
    assert tab.run.chosen_models == (str(tmp_path),)
    answers.path = tmp_path / "library.h5"
    choose(named(tab, QComboBox, "Mocks of"), "a library's file…")
    assert tab.run.settings.libraries == (str(tmp_path / "library.h5"),)
    choose(named(tab, QComboBox, "Mocks of"), "its test sample (preset paper)")
    assert tab.run.settings.split == "test"


def test_a_real_model_answers_in_a_process_of_its_own(qtbot, new_tab, answers):
    tab = new_tab(run_in_child)
    tick(tab, "paper-popstar")
    named(tab, QSpinBox, "Mocks per magnitude").setValue(20_000)
    click(qtbot, tab, "Evaluate")
    qtbot.waitUntil(lambda: "making mocks" in tab.controller.progress[0], timeout=60_000)
    assert tab.run.progress.isVisible()
    click(qtbot, tab, "Stop")
    assert answers.told == ["Stopped"]
    assert not tab.run.progress.isVisible()
    named(tab, QSpinBox, "Mocks per magnitude").setValue(2)
    click(qtbot, tab, "Evaluate")
    qtbot.waitUntil(lambda: not tab.is_busy, timeout=60_000)
    assert answers.warnings == []
    assert len(tab.controller.current.answers) == 26
