"""The training tab through its widgets, with small trainings in programs of their own."""

import json
import os
import shutil
import signal
from dataclasses import replace

import pytest
import torch
from PySide6.QtCore import QLocale, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit
from safetensors.torch import load_file

from jpas_gui.app.training_form import settings_of_form
from jpas_gui.app.training_runs import RunState, add_run, all_runs, run_queue
from jpas_gui.cli import main
from jpas_gui.core.inference.settings import read_settings
from jpas_gui.core.inference.shipped import shipped_models
from jpas_gui.core.ssp.catalogue import add_library, load_library
from jpas_gui.views.application import make_window
from jpas_gui.views.theme import DARK, theme_of
from jpas_gui.views.training.plot_style import wrong_colour
from jpas_gui.views.training.running_sign import RunningSign
from jpas_gui.views.training.training_tab import LEAVE, STOP

CONFIG = """
preset = "paper"
seed = 3
[data]
libraries = ["popstar"]
log_age_range = [8.0, 9.3]
ebv = [0.0, 0.5]
magnitudes = [17.0, 20.0]
[training]
epochs = 8
batch_size = 32
threads = 1
"""
LONG = CONFIG.replace("epochs = 8", "epochs = 100000")
PATIENCE = 300_000


@pytest.fixture
def tab(window):
    return window.training


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text(CONFIG)
    return path


@pytest.fixture(autouse=True)
def _nothing_goes_on():
    """End what a test that failed has left going: it would train for days."""
    yield
    left = [process for run in all_runs() if (process := run.process)]
    if left:
        run_queue().hold()
    for process in left:
        os.kill(process, signal.SIGKILL)


@pytest.fixture
def same_threads():
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)


def has_colour(image: QImage, colour: str) -> bool:
    points = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return any(image.pixelColor(x, y).name() == QColor(colour).name() for x, y in points)


def reach(qtbot, tab, *states):
    qtbot.waitUntil(lambda: tab.controller.state in states, timeout=PATIENCE)


def see_epochs(qtbot, tab, n):
    qtbot.waitUntil(lambda: tab.controller.log is not None and len(tab.controller.log.epochs) >= n, timeout=PATIENCE)


def wait(qtbot, tab):
    qtbot.waitUntil(lambda: not tab.is_busy, timeout=PATIENCE)


def open_config(tab, answers, config, text=CONFIG):
    config.write_text(text)
    answers.path = config
    tab.form.open.click()


def sign_of(window):
    (sign,) = window.findChildren(RunningSign)
    return sign


# -- a whole training -----------------------------------------------------------------------------------------------


@pytest.mark.bit_exact
def test_from_an_empty_profile_to_a_model_that_predicts(window, tab, config, answers, qtbot, tmp_path, same_threads):
    open_config(tab, answers, config)
    assert tab.form.name.text() == "small"
    tab.form.device.setCurrentIndex(tab.form.device.findData("cpu"))
    tab.form.start.click()
    assert tab.run_panel.stop.isEnabled()
    see_epochs(qtbot, tab, 2)
    tab.run_panel.pause.click()
    assert tab.controller.state is RunState.PAUSED
    os.kill(tab.controller.run.process, signal.SIGKILL)
    reach(qtbot, tab, RunState.CRASHED)
    assert "Its best model is kept. Resume goes on from epoch" in tab.run_panel.state.text()
    folder = tab.controller.run.model_folder
    (folder / "model.json").unlink()
    tab.run_panel.resume.click()
    tab.run_panel.stop.click()  # while it prepares itself
    reach(qtbot, tab, RunState.STOPPED)
    assert "The best model is kept; Resume goes on from epoch" in tab.run_panel.state.text()
    assert (folder / "model.json").is_file()
    tab.run_panel.resume.click()
    reach(qtbot, tab, RunState.DONE)

    assert main(["train", str(config), "-o", str(tmp_path / "small"), "--device", "cpu"]) == 0
    assert_same(folder, tmp_path / "small")

    log = tab.controller.log
    assert tab.run_panel.losses.train.getData()[0].tolist() == list(range(1, 9))
    assert len(tab.run_panel.recovery.points[0].data) == len(log.watched.truth) > 30
    assert len(tab.run_panel.scatter.paper.data) == 2
    assert str(folder) in window.explorer.view.models
    window.explorer.set_population(redshift=0.0)
    window.explore.wait_until_predicted()
    answer = next(one for one in window.explore.live.frame.answers if one.model == str(folder))
    assert 6 < answer.point[0] < 11


def assert_same(one, other):
    weights, expected = (load_file(folder / "weights.safetensors") for folder in (one, other))
    assert all(torch.equal(tensor, expected[name]) for name, tensor in weights.items())
    histories = [json.loads((folder / "model.json").read_text())["training"]["history"] for folder in (one, other)]
    assert histories[0] == histories[1]


def test_a_run_is_left_going_found_again_and_stopped(window, tab, config, answers, settings, qtbot, monkeypatch):
    open_config(tab, answers, config, LONG)
    window.show_tab("Training")
    sign, place = sign_of(window), window.tabs.tabBar().tabRect(window.tabs.indexOf(tab))
    assert not sign.isVisible()
    height = window.tabs.height()
    tab.form.start.click()
    see_epochs(qtbot, tab, 1)
    window.show_tab("Explore")
    assert sign.isVisible()
    assert sign.toolTip().startswith("Training small: epoch ")
    assert " of 100000, " in sign.toolTip()
    corner = QRect(place.right() - 12, place.top(), 12, 14)
    assert has_colour(window.tabs.tabBar().grab(corner).toImage(), theme_of(window.palette()).accent)
    assert "small: epoch" in window.tabs.tabToolTip(window.tabs.indexOf(tab))
    assert window.tabs.tabBar().tabRect(window.tabs.indexOf(tab)).x() == place.x()
    assert window.tabs.tabBar().tabRect(window.tabs.indexOf(tab)).width() == place.width()
    assert window.tabs.height() == height
    answers.choice = None
    window.close()
    assert window.isVisible()
    answers.choice = LEAVE
    window.close()
    assert not window.isVisible()
    assert "is being trained" in answers.questions[-1]

    again = make_window(answers, settings)
    qtbot.addWidget(again)
    answers.questions.clear()
    again.close()
    assert "small is being trained" in answers.questions[-1]  # found at the start, before its tab is looked at

    again = make_window(answers, settings)
    qtbot.addWidget(again)
    again.show()
    assert again.tabs.currentWidget() is again.explore
    assert sign_of(again).isVisible()  # though nobody looked at the tab yet
    sign_of(again).click()
    assert again.tabs.currentWidget() is again.training
    assert again.training.controller.run.name == "small"
    see_epochs(qtbot, again.training, 2)
    monkeypatch.setattr("jpas_gui.app.training.GRACE", -1)  # as if the epoch did not answer: it is killed
    again.training.run_panel.stop.click()
    assert "stopping" in again.training.run_panel.state.text()
    reach(qtbot, again.training, RunState.STOPPED)
    assert again.training.run_panel.use.isEnabled()
    assert again.training.run_panel.resume.isEnabled()
    assert not sign_of(again).isVisible()
    assert again.tabs.tabToolTip(again.tabs.indexOf(again.training)) == ""
    again.close()


def test_closing_can_stop_and_discarding_removes(window, tab, config, answers, settings, qtbot):
    open_config(tab, answers, config, LONG)
    tab.form.start.click()
    tab.form.start.click()
    assert [tab.run_panel.queue.item(row).text() for row in range(tab.run_panel.queue.count())] == ["small-2"]
    first = tab.controller.run
    tab.run_panel.discard.click()
    assert first.folder.is_dir()  # the question was answered with no
    answers.yes = True
    tab.run_panel.discard.click()
    qtbot.waitUntil(lambda: tab.controller.run is not None and tab.controller.run.name == "small-2", timeout=PATIENCE)
    assert not first.folder.exists()
    tab.form.name.setText("third")
    tab.form.start.click()
    answers.choice = STOP
    window.close()
    assert not window.isVisible()
    assert "After it wait: third. Left going, they are trained one after the other" in answers.questions[-1]
    left = all_runs()
    assert [run.name for run in left] == ["small-2", "third"]
    assert [run.process for run in left] == [None, None]

    again = make_window(answers, settings)  # in which the queue goes on
    qtbot.addWidget(again)
    tab, words = again.training, []
    tab.controller.said.connect(words.append)
    assert (tab.controller.run, tab.controller.state) == (left[1], RunState.PREPARING)
    qtbot.waitUntil(lambda: words == ["What waited is trained now: third"], timeout=PATIENCE)
    tab.run_panel.stop.click()
    reach(qtbot, tab, RunState.STOPPED)
    assert "Nothing is learned yet; Resume begins anew" in tab.run_panel.state.text()
    again.close()


# -- the form -------------------------------------------------------------------------------------------------------


def test_the_form_is_the_toml_file(tab, config, answers, tmp_path):
    open_config(tab, answers, config)
    answers.path = tmp_path / "saved"
    tab.form.save.click()
    assert read_settings(tmp_path / "saved.toml") == read_settings(config)
    epochs = tab.form.fields["paper"].editor("training.epochs")
    epochs.setText("9")
    answers.path = tmp_path / "nine.toml"
    tab.form.copy.click()
    assert read_settings(tmp_path / "nine.toml").training.epochs == 9
    command = QGuiApplication.clipboard().text()
    assert command == f"jpas-gui train {tmp_path / 'nine.toml'} -o small --device auto"


def test_libraries_are_ticked_and_weighted(tab, answers, tmp_path):
    tab.form.preset.setCurrentText("posterior")
    table = tab.form.libraries.table
    assert table.isColumnHidden(1)  # one library has no weight
    table.item(1, 0).setCheckState(Qt.CheckState.Checked)
    assert not table.isColumnHidden(1)
    assert table.itemDelegateForColumn(1).displayText(table.item(0, 1).text(), QLocale()) == "equal"
    table.item(0, 1).setText("2")
    tab.form.save.click()
    assert answers.warnings == ["Weights: give each library a weight, or none of them"]
    table.item(1, 1).setText("1")
    answers.path = tmp_path / "more.h5"
    tab.form.libraries.file.click()
    assert [name for name, _ in tab.form.form().libraries] == ["popstar", "popstar-nebular", str(answers.path)]
    tab.form.preset.setCurrentText("paper")
    assert table.isColumnHidden(1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("epochs = many", "not TOML"),
        (CONFIG.replace("epochs", "epoch"), "unknown key training.epoch"),
        (CONFIG.replace('"paper"', '"best"'), "preset must be one of paper, posterior"),
    ],
)
def test_a_config_edited_into_nonsense_is_said_and_the_form_stays(tab, config, answers, text, message):
    before = tab.form.form()
    open_config(tab, answers, config, text)
    assert message in answers.warnings[0]
    assert tab.form.form() == before


def test_a_bad_field_starts_nothing(tab, answers):
    fields = tab.form.fields["posterior"]
    fields.editor("training.epochs").setText("a few")
    for button in (tab.form.start, tab.form.preview, tab.form.save, tab.form.copy):
        button.click()
    problem = "Epochs: a whole number from 1 to 1,000,000 is needed; got 'a few'"
    assert answers.warnings == [problem] * 2  # of those that write a file; the others cannot be pressed
    assert not tab.form.start.isEnabled()
    assert not tab.form.preview.isEnabled()
    assert problem.split("; ")[0] in tab.form.reason.text()
    assert all_runs() == ()
    fields.editor("training.epochs").setText("7")
    assert tab.form.start.isEnabled()
    assert tab.form.reason.text() == ""


@pytest.fixture
def in_front(window, tab, qtbot):
    """The tab, seen and with the keyboard."""
    window.resize(1280, 800)
    window.show_tab("Training")
    window.activateWindow()
    qtbot.waitUntil(tab.isVisible)
    return tab


def test_a_field_is_explained_and_marked_where_it_stands_and_nothing_moves(in_front, qtbot):
    form, fields = in_front.form, in_front.form.fields["posterior"]
    epochs, row = fields.editor("training.epochs"), fields.rows["training.epochs"]
    places = [editor.mapTo(form, editor.rect().topLeft()) for editor in (epochs, form.help, form.reason, form.start)]
    sizes = [editor.size() for editor in (epochs, row.label, form.start)]
    epochs.setFocus()
    assert "How often the training goes through its mocks" in form.help.text()
    assert "Preset: 100. Source: Dominguez Sanchez et al. 2025" in form.help.text()
    assert row.field.note.meaning in epochs.toolTip()
    assert not row.reset.isVisible()

    epochs.selectAll()
    qtbot.keyClicks(epochs, "1e9")
    assert row.label.font().bold()
    assert row.reset.isVisible()
    frame = epochs.parentWidget().grab().toImage().pixelColor(0, epochs.height() // 2)
    assert frame.name() == wrong_colour(theme_of(form.palette()))
    assert "got &#x27;1e9&#x27;" in form.reason.text()
    assert "got '1e9'" in epochs.accessibleDescription()
    assert [
        editor.mapTo(form, editor.rect().topLeft()) for editor in (epochs, form.help, form.reason, form.start)
    ] == places
    assert [editor.size() for editor in (epochs, row.label, form.start)] == sizes

    row.reset.click()
    assert epochs.text() == "100"
    assert not row.label.font().bold()
    assert form.start.isEnabled()
    form.name.setFocus()
    assert "the folder of the run" in form.help.text()


@pytest.mark.parametrize("size", [(1280, 800), (911, 512)])
def test_what_is_wrong_and_start_are_seen_at_every_size(window, in_front, config, answers, size):
    """The fields scroll; nothing is cut off from the sides, and the longest reason has its place."""
    window.resize(*size)
    open_config(in_front, answers, config, CONFIG.replace("[data]", '[data]\nnoise = "abc"'))
    QApplication.processEvents()
    form = in_front.form
    for editor in (row.right for row in form.fields["paper"].rows.values()):
        assert editor.mapTo(form, editor.rect().topRight()).x() < form.width(), editor
    assert form.reason.heightForWidth(form.reason.width()) <= form.reason.height()
    bottom = form.start.mapTo(window, form.start.rect().bottomLeft()).y()
    assert bottom < window.statusBar().y()
    fields = form.fields["paper"].rows
    assert sum(row.editor.visibleRegion().boundingRect() == row.editor.rect() for row in fields.values()) >= 2
    in_view = form.help.visibleRegion().boundingRect().height()
    assert in_view >= min(3 * form.help.fontMetrics().lineSpacing(), form.help.height())


def test_the_wheel_scrolls_the_form_and_changes_nothing(in_front, qtbot):
    box = in_front.form.fields["posterior"].editor("training.schedule")
    place = QPointF(box.rect().center())
    for _ in range(3):
        no_buttons = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
        wheel = QWheelEvent(place, QPointF(box.mapToGlobal(place)), QPoint(), QPoint(0, -120), *no_buttons, False)
        QApplication.sendEvent(box, wheel)
    assert box.currentText() == "cosine"


def test_a_library_or_noise_that_is_not_there_is_told_at_once_and_starts_nothing(window, tab, config, answers, qtbot):
    open_config(tab, answers, config, CONFIG.replace('"popstar"', '"gone.h5", "popstar"'))
    form = tab.form
    assert "Libraries: gone.h5: no such file or folder, and no library of that name" in form.reason.text()
    assert "Libraries: gone.h5: no such file" in window.statusBar().currentMessage()
    assert not form.start.isEnabled()
    form.start.click()
    rows = {form.libraries.table.item(row, 0).text(): row for row in range(form.libraries.table.rowCount())}
    assert "gone.h5: cannot be used" in rows
    gone = form.libraries.table.item(rows["gone.h5: cannot be used"], 0)
    assert "untick it" in gone.toolTip()
    gone.setCheckState(Qt.CheckState.Unchecked)
    assert form.start.isEnabled()

    noise = form.fields["paper"].editor("data.noise")
    for text in ("abc", "", str(config.parent)):
        noise.setCurrentText(text)
        assert "Noise: no noise model" in form.reason.text()
        assert not form.start.isEnabled()
    noise.setCurrentText(str(config))  # a file, but not one of errors
    qtbot.waitUntil(lambda: "not an ECSV table" in form.reason.text())
    assert not form.start.isEnabled()
    noise.setCurrentText("J-NEP")
    assert form.start.isEnabled()
    form.fields["paper"].editor("data.log_age_range").setText("10.5, 10.6")
    assert "log age: PopStar has models of log age 5.00 to 10.18 only" in form.reason.text()
    assert all_runs() == ()
    assert answers.warnings == []


# -- preview and runs -----------------------------------------------------------------------------------------------


def test_a_preview_shows_size_and_time_and_examples(window, tab, config, answers, qtbot):
    window.show_tab("Training")
    open_config(tab, answers, config)
    tab.form.preview.click()
    wait(qtbot, tab)
    assert "mocks" in tab.preview.text.text()
    assert "an epoch" in tab.preview.text.text()
    assert tab.preview.figure.isVisible()
    assert tab.form.device.findData("cpu") > 0
    tab.form.fields["paper"].editor("data.log_age_range").setText("10.0001, 10.0002")
    tab.form.preview.click()
    wait(qtbot, tab)
    assert "popstar has no model of log age 10.0001 to 10.0002" in tab.preview.text.text()


def test_runs_are_compared_renamed_and_deleted(tab, answers, qtbot):
    for name, epochs in (("one", "5"), ("two", "6")):
        tab.form.fields["posterior"].editor("training.epochs").setText(epochs)
        make_run(tab, name)
    tab.pages.setCurrentWidget(tab.runs)
    wait(qtbot, tab)
    tab.runs.table.selectAll()
    table = tab.runs.comparison
    bold = [table.item(row, 0).text() for row in range(table.rowCount()) if table.item(row, 1).font().bold()]
    assert bold == ["training.epochs"]
    tab.runs.table.selectRow(0)
    answers.text = "best"
    tab.runs.rename.click()
    wait(qtbot, tab)
    assert sorted(run.name for run in all_runs()) == ["best", "one"]
    tab.runs.table.selectRow(0)
    answers.yes = True
    tab.runs.delete.click()
    wait(qtbot, tab)
    assert len(all_runs()) == 1
    tab.runs.table.selectRow(0)
    tab.runs.settings.click()
    assert tab.form.fields["posterior"].editor("training.epochs").text() in ("5", "6")
    assert not tab.runs.use.isEnabled()


def test_a_model_in_use_is_followed_when_its_run_is_renamed_and_left_when_it_is_deleted(window, tab, answers, qtbot):
    make_run(tab, "one")
    (run,) = all_runs()
    shutil.copytree(shipped_models()["paper-popstar"], run.model_folder)
    tab.pages.setCurrentWidget(tab.runs)
    wait(qtbot, tab)
    tab.runs.table.selectRow(0)
    tab.runs.use.click()
    before = window.explorer.view.models
    assert before[-1] == str(run.model_folder)
    answers.text = "best"
    tab.runs.rename.click()
    wait(qtbot, tab)
    (run,) = all_runs()
    assert window.explorer.view.models == (*before[:-1], str(run.model_folder))
    tab.runs.table.selectRow(0)
    answers.yes = True
    tab.runs.delete.click()
    wait(qtbot, tab)
    assert window.explorer.view.models == before[:-1]


def make_run(tab, name):
    add_run(name, settings_of_form(tab.form.form()), "cpu")


def test_the_figure_is_saved_and_a_new_library_is_offered(window, tab, answers, tmp_path):
    window.tabs.setCurrentWidget(tab)
    answers.path = tmp_path / "course.png"
    window.save_figure()
    assert answers.path.stat().st_size > 1000
    add_library(replace(load_library("popstar"), name="mine"))
    tab.form.libraries.refresh()
    assert tab.form.libraries.table.rowCount() == 3
    assert tab.form.form().libraries == (("popstar", ""),)


def test_everything_that_can_be_used_has_a_name(tab):
    tab.set_theme(DARK)
    for kind in (QAbstractButton, QComboBox, QLineEdit):
        for widget in tab.findChildren(kind):
            inside = isinstance(widget.parent(), QComboBox | QLineEdit) or "qt_" in widget.objectName()
            hidden = widget.metaObject().className() in ("QTableCornerButton", "CloseButton")
            assert widget.accessibleName() or widget.text() or inside or hidden, widget


def test_nothing_is_asked_about_a_run_that_is_in_use(tab, answers, monkeypatch):
    monkeypatch.setattr(tab.controller, "may_change", lambda run: False)
    for wanted in (tab.runs.rename_wanted, tab.runs.delete_wanted):
        wanted.emit(object())
    assert answers.questions == []
