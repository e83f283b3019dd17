"""Parts of the window that have nothing to show say why, and offer what can be done next."""

import pytest

from jpas_gui.app import catalogue_opening
from jpas_gui.app.opening_questions import reading_text
from jpas_gui.core.example_catalogue import EXAMPLE_NAME, write_example
from jpas_gui.views.degeneracy.libraries_page import LibrariesPage
from jpas_gui.views.training.runs_panel import RunsPanel
from jpas_gui.views.widgets.next_step import NextStep


@pytest.fixture
def example(tmp_path, monkeypatch):
    """The example catalogue, not in the user's folder."""

    def make():
        write_example(tmp_path / EXAMPLE_NAME)
        return tmp_path / EXAMPLE_NAME

    monkeypatch.setattr(catalogue_opening, "example_catalogue", make)


def in_view(part):
    """The next steps that are seen in a part of the window, with all of their text."""
    steps = [step for step in part.findChildren(NextStep) if step.isVisible()]
    for step in steps:
        assert step.geometry() == step.parentWidget().rect()
        assert step.text.heightForWidth(step.text.width()) <= step.text.height()
        assert all(step.rect().contains(button.geometry()) for button in step.buttons.values())
    return steps


def test_an_example_catalogue_is_opened_where_there_is_none(window, example, qtbot, answers):
    window.resize(1366, 768)
    window.show_tab("Observed")
    observed = window.observed
    (step,) = in_view(observed)
    assert "mocks with known ages, metallicities and dust" in step.text.text()
    observed.pages.setCurrentWidget(observed.overview)
    (step,) = in_view(observed)
    step.buttons["Open example catalogue"].click()
    qtbot.waitUntil(lambda: observed.controller.catalogue is not None and not observed.is_busy, timeout=60_000)
    assert reading_text(observed.controller.catalogue) == "nanomaggy, redshift from column z_spec"
    assert observed.controller.frame().galaxy.name[0] == "mock-01"
    assert "mocks made by the program, no observed galaxies" in window.statusBar().currentMessage()
    assert answers.asked == answers.warnings == []
    (step,) = in_view(observed)
    assert set(step.buttons) == {"Predict all…", "Open predictions…"}
    step.buttons["Predict all…"].click()
    ((proposal, formats),) = answers.proposals
    assert proposal.endswith("example-mocks_predicted.fits")
    assert formats.startswith("FITS table (*.fits);;")
    observed.pages.setCurrentIndex(0)
    assert in_view(observed) == []


def test_the_menu_opens_the_example_catalogue(window, monkeypatch):
    wanted = []
    monkeypatch.setattr(window.observed.opening, "open_example", lambda: wanted.append("example"))
    window.menus.action("Open &example catalogue").trigger()
    assert wanted == ["example"]
    assert window.front is window.observed


def test_evaluation_offers_to_evaluate(window, monkeypatch):
    window.show_tab("Evaluation")
    tab, started = window.evaluation, []
    monkeypatch.setattr(tab.controller, "start", lambda models, settings: started.append(models))
    for page in (tab.recovery, tab.calibration, tab.exact, tab.libraries):
        tab.pages.setCurrentWidget(page)
        (step,) = in_view(page)
        step.buttons["Evaluate"].click()
    assert started == 4 * [("posterior-popstar",)]


def test_without_another_library_one_can_be_opened(qtbot):
    page = LibrariesPage()
    qtbot.addWidget(page)
    page.resize(560, 600)
    page.show_libraries((), "")
    page.show()
    (step,) = in_view(page)
    with qtbot.waitSignal(page.open_wanted):
        step.buttons["Open library…"].click()
    with qtbot.waitSignal(page.libraries_wanted):
        step.buttons["Libraries to download"].click()
    page.resize(400, 700)
    assert in_view(page) == [step]


def test_without_runs_one_can_be_started(qtbot):
    panel = RunsPanel()
    qtbot.addWidget(panel)
    panel.show_runs(())
    panel.show()
    (step,) = in_view(panel)
    with qtbot.waitSignal(panel.start_wanted):
        step.buttons["Start training"].click()
    with qtbot.waitSignal(panel.preview_wanted):
        step.buttons["Preview"].click()


def test_before_the_first_training_the_form_can_be_tried(window, monkeypatch):
    window.show_tab("Training")
    tab, started = window.training, []
    monkeypatch.setattr(tab.controller, "start", lambda *arguments: started.append(arguments))
    (step,) = in_view(tab)
    step.buttons["Start training"].click()
    assert [form.preset for form, *_ in started] == ["posterior"]
