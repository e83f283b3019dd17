import json

import numpy as np
import pyarrow.parquet as pq
import pytest
from made_galaxies import TRUTH, write_galaxies
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit
from trained_models import trained_model

from jpas_gui.app.explorer import Explorer
from jpas_gui.app.libraries import LibraryShelf
from jpas_gui.app.opening_questions import ColumnsQuestion, Given
from jpas_gui.app.state import Frame, Quantity, ResidualUnit
from jpas_gui.core.catalogues.column_map import ColumnMap
from jpas_gui.core.catalogues.column_summary import ColumnSummary
from jpas_gui.core.catalogues.opening import OpeningOptions
from jpas_gui.core.photometry.bands import all_bands
from jpas_gui.core.ssp.readers.popstar import read_popstar
from jpas_gui.views.application import render_window
from jpas_gui.views.dialogs.column_dialog import ColumnDialog
from jpas_gui.views.observed.column_memory import SettingsMemory
from jpas_gui.views.observed.observed_tab import ObservedTab
from jpas_gui.views.observed.source_model import COLUMNS
from jpas_gui.views.plots.export import export_figure
from jpas_gui.views.theme import DARK
from jpas_gui.workers.job_queue import JobQueue

NAMES = [band.name for band in all_bands()]
REST = OpeningOptions(redshift=0.0)


@pytest.fixture
def explorer(popstar):
    return Explorer(JobQueue(), LibraryShelf(popstar))


@pytest.fixture(scope="module")
def popstar():
    return read_popstar()


@pytest.fixture
def observed(qtbot, explorer, answers, settings):
    """The tab alone; what it says goes where the window's messages go."""
    tab = ObservedTab(explorer, answers, settings)
    qtbot.addWidget(tab)
    tab.resize(1600, 900)
    tab.show()
    for part in (tab.controller, tab.opening, tab.predictions.controller):
        part.problem.connect(answers.warnings.append)
    yield tab
    tab.stop()
    explorer._background.stop()


@pytest.fixture
def catalogue(tmp_path):
    return write_galaxies(tmp_path / "galaxies.csv")


@pytest.fixture
def wait(qtbot):
    """Wait until all that is under way in a tab has arrived, and show it."""

    def until_idle(tab):
        qtbot.waitUntil(lambda: not tab.is_busy, timeout=60_000)
        tab.show_now()
        tab.show_list()

    return until_idle


@pytest.fixture
def opened(observed, catalogue, wait):
    """The tab with the catalogue open and its first galaxy answered."""
    observed.open(catalogue, REST)
    wait(observed)
    return observed


@pytest.fixture
def in_window(window, catalogue, wait):
    """The window with the catalogue open."""
    window.show_catalogue(catalogue, REST)
    wait(window.observed)
    return window


def cell(table, row, column):
    return table.model().index(row, column).data()


def listed(observed):
    """Names in the list, from top to bottom."""
    model, column = observed.model, list(COLUMNS).index("name")
    return [model.index(row, column).data() for row in range(model.rowCount())]


def write_in(box, text, qtbot):
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, text)
    qtbot.keyClick(box, Qt.Key.Key_Return)


def answer_of(observed, name):
    return next(answer for answer in observed.controller.frame().answers if answer.name == name)


def test_files_name_catalogue_galaxy_library_and_law(opened, tmp_path):
    for figure in (opened.plot, opened.corner):
        export_figure(figure, tmp_path / "figure.png")
        title = QImage(str(tmp_path / "figure.png")).text("Title")
        for words in ("galaxies.csv", "PopStar", "Calzetti", "101 (row 1)"):
            assert words in title, figure.accessibleName()
    assert "exact" in title  # whose colour is whose


# -- opening ------------------------------------------------------------------------------------------------------


def test_a_catalogue_dropped_on_the_window_shows_its_galaxies(window, catalogue, wait):
    observed = window.observed
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(catalogue))])
    window.dropEvent(
        QDropEvent(
            QPointF(9, 9), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
    )
    wait(observed)
    assert window.tabs.currentWidget() is observed
    assert listed(observed) == [str(number) for number in range(101, 107)]
    assert "6 rows" in observed.catalogue.text.text()
    assert "6 of 6 galaxies" in observed.sources.count.text()
    assert "the redshift is not known" in observed.warnings.text()


def test_a_file_that_is_no_catalogue_is_said_and_the_window_stays_as_it_was(in_window, tmp_path, wait, answers):
    bad = tmp_path / "notes.csv"
    bad.write_text("")
    in_window.open_path(bad)
    wait(in_window.observed)
    assert f"{bad}: the file is empty" in answers.warnings[0]
    assert len(listed(in_window.observed)) == 6


def test_a_file_that_may_be_observed_or_in_the_rest_frame_is_asked_about_once(observed, tmp_path, wait, answers):
    path = write_galaxies(tmp_path / "both.csv", redshift_column=True)
    observed.open(path)
    wait(observed)
    assert listed(observed) == []  # without an answer it stays closed
    (question,) = answers.asked
    assert "both.csv may be read in several ways" in question.text
    assert (question.columns[0].name, question.columns[0].text) == ("redshift", "0.05 to 0.05; first 0.05, 0.05, 0.05")
    for given, redshift, text in (
        ("redshift", 0.05, "redshift from column redshift"),
        (0.2, 0.2, "redshift 0.2 for all"),
        (0.0, 0.0, "rest frame"),
    ):
        answers.given = Given(given)
        observed.catalogue.ask.click() if listed(observed) else observed.open(path)
        wait(observed)
        assert observed.controller.frame().galaxy.redshift[0] == redshift
        assert text in observed.catalogue.text.text()
    n_asked, said = len(answers.asked), []
    observed.opening.said.connect(said.append)
    observed.open(path)
    wait(observed)
    assert len(answers.asked) == n_asked
    assert "rest frame (as last time)" in observed.catalogue.text.text()
    assert said[0].startswith("both.csv is read as last time: erg s-1 cm-2 Hz-1, rest frame; ")


def test_changes_are_kept_and_the_same_galaxy_stays(observed, catalogue, wait, answers):
    observed.open(catalogue, REST)
    wait(observed)
    observed.controller.select(3)
    wait(observed)
    answers.unit, answers.given = "nanomaggy", Given("ID")
    observed.catalogue.unit.click()
    wait(observed)
    assert answers.asked[0].text.startswith("galaxies.csv is read in erg s-1 cm-2 Hz-1. In which unit is it?")
    observed.catalogue.redshift.click()
    wait(observed)
    assert answers.asked[1].present == Given(0.0)
    assert observed.controller.row == 3
    observed.open(catalogue)
    wait(observed)
    assert observed.controller.catalogue.options == OpeningOptions(unit="nanomaggy", redshift="ID")
    assert observed.controller.row == 0


def test_answers_of_another_version_are_asked_for_again(settings, tmp_path):
    memory = SettingsMemory(settings)
    memory.keep_file("a", tmp_path / "a.csv", REST)
    assert SettingsMemory(settings).recall_file("a") == REST
    memory.forget_file("a")
    assert memory.recall_file("a") is None
    settings.setValue("catalogues", '{"a": 1}')
    assert memory.recall_file("a") is None
    memory.keep_file("b", tmp_path / "b.csv", REST)
    assert memory.recall_file("b") == REST


def test_the_columns_of_a_foreign_table_are_asked_for_once(observed, tmp_path, wait, answers):
    path = write_galaxies(tmp_path / "foreign.csv", prefix="X")
    answers.columns = ColumnMap(id=("ID",), flux="X{band}", error="Eerror_{band}", unit="erg s-1 cm-2 Hz-1", redshift=0)
    observed.open(path)
    wait(observed)
    assert len(listed(observed)) == 6
    assert "XuJAVA" in answers.names_asked
    answers.columns = None
    observed.open(path)
    wait(observed)
    assert observed.controller.catalogue.options.columns.flux == "X{band}"


def test_the_column_dialog_guesses_and_says_what_is_wrong(qtbot):
    names = ["ID", *(f"F_{name}" for name in NAMES), *(f"F_err_{name}" for name in NAMES)]
    dialog = ColumnDialog(None, ColumnsQuestion("which?", tuple(ColumnSummary(name) for name in names)))
    qtbot.addWidget(dialog)
    assert dialog.value.currentText() == "F_{band}"
    assert dialog.error.currentText() == "F_err_{band}"
    dialog.value.setCurrentText("")
    dialog.accept()
    assert "needs flux or magnitude" in dialog.problem.text()
    assert dialog.answer is None
    dialog.value.setCurrentText("F_{band}")
    dialog.redshift.setCurrentText("0.1")
    dialog.accept()
    assert dialog.answer == ColumnMap(id=("ID",), flux="F_{band}", error="F_err_{band}", redshift=0.1)


def test_redshift_and_extinction_can_be_changed(opened, wait, answers):
    before = opened.controller.frame().galaxy.flux_nu[0].copy()
    answers.given = Given(0.3)
    opened.catalogue.redshift.click()
    wait(opened)
    assert opened.controller.frame().galaxy.redshift[0] == 0.3
    assert cell(opened.answers, 0, 1) == "—"
    assert cell(opened.answers, 0, 5) == "trained at redshift 0 only: this galaxy has 0.3"
    assert "check the redshift, or take a model for such redshifts" in opened.answers.item(0, 5).toolTip()
    answers.given = Given(0.1)
    opened.catalogue.extinction.click()
    wait(opened)
    after = opened.controller.frame().galaxy.flux_nu[0]
    assert (after[:56] > before[:56]).all()
    assert "E(B−V) 0.1 removed" in opened.catalogue.text.text()


def test_extinction_of_photometry_that_is_corrected_already_is_warned_of(observed, catalogue, wait):
    header, *rows = catalogue.read_text().splitlines()
    names = [f"{name}_dered" if name != "ID" else name for name in header.split(",")]
    catalogue.write_text("\n".join([",".join(names), *rows]))
    observed.open(catalogue, OpeningOptions(redshift=0.0, extinction=0.1))
    wait(observed)
    assert "may be corrected for extinction already, as the name uJAVA_dered says" in observed.warnings.text()
    assert "may be corrected for extinction already" in observed.catalogue.text.text()
    observed.open(catalogue, REST)
    wait(observed)
    assert "corrected" not in observed.warnings.text() + observed.catalogue.text.text()


# -- one galaxy ---------------------------------------------------------------------------------------------------


def test_the_models_and_the_exact_posterior_find_the_population(opened):
    truth = TRUTH[0]
    for name in ("posterior-popstar", "exact"):
        answer = answer_of(opened, name)
        assert answer.point[0] == pytest.approx(truth.log_age, abs=0.4)
        assert answer.point[2] == pytest.approx(truth.ebv, abs=0.15)
        assert answer.remarks == ()
    names = [cell(opened.answers, row, 0) for row in range(3)]
    assert [name.removesuffix(" ⚠") for name in names] == [
        "paper-popstar",
        "posterior-popstar",
        "exact (PopStar, Calzetti 2000)",
    ]
    assert "+" in cell(opened.answers, 2, 1)
    chi2 = float(cell(opened.answers, 2, 4).split("/")[0])
    assert chi2 == pytest.approx(56, abs=30)
    shown = {sed.name: sed for sed in opened.controller.frame().seds}
    assert np.nanstd(shown["exact"].residual[:56]) == pytest.approx(1, abs=0.3)
    texts = [text for _, text in opened.plot._seds.legend.entries]
    assert [text.split("   ")[0] for text in texts] == [name.removesuffix(" ⚠") for name in names]
    assert all("χ²" in text and text.removesuffix(" ⚠").endswith("/ 56") for text in texts)
    assert opened.plot._seds.legend.heading == "SEDs: PopStar, Calzetti 2000"


def test_all_answers_can_be_read_in_a_small_window(in_window, wait):
    in_window.resize(1280, 800)
    QApplication.processEvents()
    table = in_window.observed.answers
    assert table.columnViewportPosition(table.columnCount() - 1) + 200 < table.viewport().width()
    assert table.rowViewportPosition(table.rowCount() - 1) + 20 < table.viewport().height()


def test_galaxies_are_gone_through_with_the_keyboard(in_window, qtbot, wait):
    opened = in_window.observed
    qtbot.keyClick(in_window, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    wait(opened)
    assert opened.controller.row == 1
    assert "102 (row 2)" in opened.plot._stamp._item.toPlainText()
    opened.sources.table.setFocus()
    qtbot.keyClick(opened.sources.table, Qt.Key.Key_Down)
    wait(opened)
    assert opened.controller.row == 2
    for _ in range(9):
        qtbot.keyClick(in_window, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    wait(opened)
    assert opened.controller.row == 0
    assert opened.sources.table.currentIndex().row() == 0


def test_of_many_selections_the_last_is_shown_with_its_own_answers(opened, wait):
    for row in (1, 2, 3, 4, 5):
        opened.controller.select(row)
    wait(opened)
    frame = opened.controller.frame()
    assert frame.galaxy.row[0] == 5
    assert answer_of(opened, "exact").point[0] == pytest.approx(TRUTH[5].log_age, abs=0.5)


def test_a_click_on_a_band_masks_it_and_another_uses_it_again(opened, wait):
    band = NAMES.index("J0500")
    before = answer_of(opened, "exact")
    opened.plot.band_clicked.emit(band)
    wait(opened)
    frame = opened.controller.frame()
    assert frame.masked[band]
    assert not frame.used[band]
    opened.plot.band_hovered.emit(band)
    assert "masked by hand" in opened.readout.text()
    assert opened.plot.toolTip() == ""  # which would lie over the data
    after = answer_of(opened, "exact")
    assert after.cells[-1].endswith("/ 55")
    assert before.cells[-1].endswith("/ 56")
    opened.plot.band_clicked.emit(band)
    wait(opened)
    assert opened.controller.frame().used[band]


def test_bands_that_emission_lines_reach_are_masked_in_one_click(opened, qtbot, wait):
    opened.bar.emission.click()
    wait(opened)
    frame = opened.controller.frame()
    opened.plot.band_hovered.emit(NAMES.index("J0660"))
    assert "masked: emission lines" in opened.readout.text()
    assert not frame.used[NAMES.index("J0500")]
    assert frame.used[NAMES.index("J0550")]
    opened.bar.all_bands.click()
    wait(opened)
    assert opened.controller.frame().used[:56].all()
    assert not opened.bar.emission.isChecked()


def test_strong_lines_are_warned_of(observed, tmp_path, wait):
    path = write_galaxies(tmp_path / "lines.csv")
    rows = [line.split(",") for line in path.read_text().splitlines()]
    place = rows[0].index("J0660")
    rows[1][place] = f"{1.5 * float(rows[1][place]):.6e}"
    path.write_text("\n".join(",".join(row) for row in rows) + "\n")
    observed.open(path, REST)
    wait(observed)
    assert "emission lines" in observed.warnings.text()
    assert "Hα in J0660" in observed.warnings.text()


def test_an_answer_is_sent_to_the_sliders_and_they_move_the_sed_over_the_data(opened, wait, explorer):
    opened.answers.sent.emit("exact")
    wait(opened)
    population, answer = explorer.state.model.population, answer_of(opened, "exact")
    assert population.magnitude == pytest.approx(TRUTH[0].magnitude, abs=0.05)
    assert population.ebv == pytest.approx(answer.point[2], abs=0.1)
    sliders = next(sed for sed in opened.controller.frame().seds if sed.name == "sliders")
    assert sliders.chi2 < 120
    row = opened.sliders.rows["log_age"]
    row.box.setValue(8.0)
    wait(opened)
    moved = next(sed for sed in opened.controller.frame().seds if sed.name == "sliders")
    assert moved.chi2 > 10 * sliders.chi2
    assert explorer.state.model.population.log_age == 8.0
    explorer.undo()
    assert explorer.state.model.population.log_age == population.log_age


def test_notes_and_marks_are_kept_beside_the_catalogue(opened, catalogue, qtbot, wait):
    opened.note.buttons["bad"].click()
    write_in(opened.note.text, "blended", qtbot)
    opened.controller.toggle_band(NAMES.index("J0500"))
    wait(opened)
    qtbot.waitUntil(lambda: opened.controller._notebook.is_saved)
    saved = json.loads(catalogue.with_name("galaxies.csv.notes.json").read_text())
    assert saved["notes"]["0"]["text"] == "blended"
    opened.open(catalogue, REST)
    wait(opened)
    assert opened.note.text.text() == "blended"
    assert opened.note.buttons["bad"].isChecked()
    assert cell(opened.sources.table, 0, list(COLUMNS).index("mark")) == "✘"
    assert not opened.controller.frame().used[NAMES.index("J0500")]


def test_a_note_that_is_being_written_is_kept_when_the_window_closes(in_window, catalogue, qtbot):
    opened = in_window.observed
    opened.note.text.setFocus()
    qtbot.keyClicks(opened.note.text, "late")
    in_window.close()
    assert "late" in catalogue.with_name("galaxies.csv.notes.json").read_text()


def test_another_library_gives_other_seds_and_another_exact_posterior(opened, wait, qtbot, real_data, explorer):
    before = answer_of(opened, "exact").cells
    explorer.open_library(real_data / "ssp" / "miuscat")
    qtbot.waitUntil(lambda: not explorer.is_busy, timeout=20_000)
    wait(opened)
    assert answer_of(opened, "exact").cells != before


def test_a_file_that_changed_is_said(opened, catalogue, wait, answers):
    with catalogue.open("a") as file:
        file.write("107\n")
    opened.controller.select(3)
    wait(opened)
    assert "the file has changed since it was opened" in answers.warnings[0]


# -- the list -----------------------------------------------------------------------------------------------------


def test_the_list_is_searched_filtered_and_sorted(opened, qtbot, wait):
    write_in(opened.sources.search, "105", qtbot)
    wait(opened)
    assert listed(opened) == ["105"]
    assert "1 of 6 galaxies" in opened.sources.count.text()
    opened.sources.clear.click()
    write_in(opened.sources.limits["faintest"], "18.2", qtbot)
    wait(opened)
    assert listed(opened) == ["101", "102", "104"]
    opened.sources.clear.click()
    opened.controller.select(2)
    opened.sources._sort(list(COLUMNS).index("magnitude"))
    wait(opened)
    magnitudes = [float(cell(opened.sources.table, row, list(COLUMNS).index("magnitude"))) for row in range(6)]
    assert magnitudes == sorted(magnitudes)
    assert listed(opened)[opened.sources.table.currentIndex().row()] == "103"
    assert listed(opened)[0] == "101"


def test_a_row_that_cannot_be_read_is_listed_and_says_why(observed, catalogue, wait):
    lines = catalogue.read_text().splitlines()
    lines[2] = ",".join(lines[2].split(",")[:9])
    catalogue.write_text("\n".join(lines) + "\n")
    observed.open(catalogue, REST)
    wait(observed)
    assert len(listed(observed)) == 6
    observed.controller.select(1)
    wait(observed)
    assert "line 3" in observed.warnings.text()
    observed.controller.select(2)
    wait(observed)
    assert answer_of(observed, "exact").point[0] == pytest.approx(TRUTH[2].log_age, abs=0.4)


def test_ones_own_models_are_offered_for_all_galaxies(opened, answers, tmp_path, wait):
    folder = trained_model("dusty")
    opened.predictions.controller.changed.emit()
    models = opened.predictions.model
    assert [models.itemText(place) for place in range(models.count())][-1] == "dusty"
    assert models.itemData(models.count() - 1) == str(folder)
    assert models.currentText() == "posterior-popstar"


# -- all of them --------------------------------------------------------------------------------------------------


@pytest.fixture
def predicted(opened, tmp_path, answers, wait):
    answers.path = tmp_path / "predicted.parquet"
    opened.predictions.start.click()
    wait(opened)
    return opened


def test_all_galaxies_are_predicted_into_a_file_and_shown_and_brushed(predicted, tmp_path, wait):
    assert (tmp_path / "predicted.parquet").is_file()
    assert "6 predictions" in predicted.overview.text.text()
    column = list(COLUMNS).index("log_age")
    assert not predicted.sources.table.isColumnHidden(column)
    ages = [float(cell(predicted.sources.table, row, column)) for row in range(6)]
    np.testing.assert_allclose(ages, [population.log_age for population in TRUTH], atol=0.6)
    assert predicted.figure is predicted.overview.figure
    predicted.overview.brush.click()
    wait(predicted)
    assert predicted.overview._rectangle.isVisible()
    predicted.overview._rectangle.setPos((7.0, -3.0), finish=False)
    predicted.overview._rectangle.setSize((2.2, 5.0), finish=True)
    wait(predicted)
    assert listed(predicted) == ["102", "103", "106"]
    predicted.overview.brush.click()
    wait(predicted)
    assert len(listed(predicted)) == 6


def test_what_was_masked_by_hand_is_not_used_in_the_predictions_of_all(opened, tmp_path, answers, wait):
    opened.controller.select(2)
    wait(opened)
    for band in ("J0500", "J0510"):
        opened.plot.band_clicked.emit(NAMES.index(band))
    wait(opened)
    answers.path = tmp_path / "masked.parquet"
    opened.predictions.start.click()
    wait(opened)
    table = pq.read_table(answers.path)
    assert table.column("n_bands").to_pylist() == [56, 56, 54, 56, 56, 56]
    own = answer_of(opened, "posterior-popstar").point[0]
    assert table.column("log_age").to_pylist()[2] == pytest.approx(own, abs=1e-3)
    assert "galaxies with bands masked by hand: 1" in str(table.schema.metadata)


def test_predictions_are_opened_again_and_those_of_another_catalogue_refused(predicted, tmp_path, answers, wait):
    shorter = write_galaxies(tmp_path / "shorter.csv", TRUTH[:4])
    predicted.open(shorter, REST)
    wait(predicted)
    predicted.predictions.open.click()
    wait(predicted)
    assert "6 predictions, but the catalogue has 4 rows" in answers.warnings[0]
    predicted.open(tmp_path / "galaxies.csv", REST)
    wait(predicted)
    assert predicted.sources.table.isColumnHidden(list(COLUMNS).index("log_age"))
    predicted.predictions.open.click()
    wait(predicted)
    assert "6 predictions" in predicted.overview.text.text()


# -- the window ---------------------------------------------------------------------------------------------------


def test_the_figures_are_saved_as_shown(in_window, tmp_path, answers):
    for suffix in (".png", ".svg", ".pdf"):
        answers.path = tmp_path / f"galaxy{suffix}"
        in_window.save_figure()
        assert answers.path.stat().st_size > 10_000
        answers.path = tmp_path / f"posterior{suffix}"
        in_window.save_posterior()
        assert answers.path.stat().st_size > 1000
    assert "101 (row 1)" in (tmp_path / "galaxy.svg").read_text()
    assert answers.warnings == []


def test_the_tab_follows_view_options_and_colours_and_all_in_it_has_a_name(opened, wait, explorer):
    explorer.set_view(
        quantity=Quantity.MAGNITUDE, frame=Frame.REST, residual_unit=ResidualUnit.MAGNITUDE, broad_bands=True
    )
    opened.set_theme(DARK)
    wait(opened)
    assert opened.plot.sed.getViewBox().yInverted()
    assert opened.bar.choices["quantity"].currentText() == "AB magnitude"
    QApplication.processEvents()
    for kind in (QAbstractButton, QComboBox, QLineEdit):
        for widget in opened.findChildren(kind):
            inside = isinstance(widget.parent(), QComboBox | QLineEdit) or "qt_" in widget.objectName()
            hidden = widget.metaObject().className() in ("QTableCornerButton", "CloseButton")
            assert widget.accessibleName() or widget.text() or inside or hidden, widget


def test_a_galaxy_is_drawn_into_a_file(qapp, tmp_path, catalogue):
    render_window(tmp_path / "galaxy.png", files=[catalogue], redshift=0.0, row=4)
    assert not QImage(str(tmp_path / "galaxy.png")).isNull()


def test_the_real_galaxies_are_all_answered(observed, real_data, wait):
    observed.open(real_data / "catalogues" / "sdss_galaxies_jpas_fnu.csv", REST)
    wait(observed)
    assert len(listed(observed)) == 20
    for row in (0, 11, 19):
        observed.controller.select(row)
        wait(observed)
        assert np.isfinite(answer_of(observed, "posterior-popstar").point).all()
        assert np.isfinite(answer_of(observed, "exact").point).all()


def test_the_line_under_the_mouse_is_not_that_of_the_next_galaxy(opened, wait):
    plot = opened.plot
    frame = opened.controller.frame()
    scene = plot.sed.vb.mapViewToScene(QPointF(frame.x[20], frame.series.y[20]))
    plot.scene().sigMouseMoved.emit(scene)
    assert plot._hover.isVisible()
    assert opened.readout.text().strip()
    opened.controller.step(1)
    wait(opened)
    assert not plot._hover.isVisible()
    assert not opened.readout.text().strip()
