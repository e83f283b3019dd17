"""The right button on every plot and every table of the window."""

import numpy as np
import pytest
from clicks import double_click
from made_galaxies import write_galaxies
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QListView,
    QListWidget,
    QMenu,
    QTableView,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
)

from jpas_gui.core.catalogues.opening import OpeningOptions
from jpas_gui.views.application import make_window
from jpas_gui.views.dialogs.dialogs import Dialogs
from jpas_gui.views.observed.source_model import COLUMNS
from jpas_gui.views.plots.figure import Figure
from jpas_gui.views.widgets.table_menu import offer_copies, rows_as_text, table_menu

pytestmark = pytest.mark.qt_log_ignore("does not support")  # without a display no menu is raised


class Saves(Dialogs):
    """Answers where a file is to be saved."""

    path = None

    def save_file(self, *_):
        return self.path


@pytest.fixture(scope="module")
def whole(qapp, tmp_path_factory):
    """A window whose tabs are all made, and who answers its questions: making it takes a while."""
    answers = Saves()
    settings = QSettings(str(tmp_path_factory.mktemp("settings") / "settings.ini"), QSettings.Format.IniFormat)
    window = make_window(answers, settings)
    window.resize(1600, 1000)
    window.show()
    for place in range(window.tabs.count()):
        window.tabs.setCurrentIndex(place)
        QApplication.processEvents()
    window.hide()
    yield window, answers
    window.close()


@pytest.fixture
def window_of_all(whole):
    """The window, seen only while a test needs it."""
    window, _ = whole
    window.show()
    yield window
    window.hide()


@pytest.fixture
def tabs(window_of_all):
    return [window_of_all.tabs.widget(place) for place in range(window_of_all.tabs.count())]


@pytest.fixture
def table(qtbot):
    table = QTableWidget(3, 2)
    qtbot.addWidget(table)
    for row in range(3):
        for column, text in enumerate((f"name {row}", f"−{row}.5 +0.1")):
            table.setItem(row, column, QTableWidgetItem(text))
    table.setHorizontalHeaderLabels(["galaxy", "log age\n(dex)"])
    table.verticalHeader().hide()
    offer_copies(table)
    table.show()
    return table


def copied():
    return QGuiApplication.clipboard().text()


def entries(menu):
    return {action.text().split("\t")[0]: action for action in menu.actions() if action.text()}


def is_open(view):
    return [menu for menu in view.findChildren(QMenu) if menu.isVisible()]


def test_every_plot_and_table_has_a_menu(tabs):
    figures = [figure for tab in tabs for figure in tab.findChildren(Figure)]
    tables = [view for tab in tabs for kind in (QTableView, QListView) for view in tab.findChildren(kind)]
    own = [view for view in tables if not isinstance(view.parent().parent(), QComboBox)]
    assert len(figures) > 15
    assert len(own) > 10
    for figure in figures:
        assert list(entries(figure.menu(QPointF(5, 5)))) == ["Copy value", "Copy picture", "Save figure…", "Reset zoom"]
        assert figure.receivers("2save_wanted(PyObject)") == 1
    for view in own:
        view.customContextMenuRequested.emit(QPoint(5, 5))
        (menu,) = view.findChildren(QMenu)
        assert list(entries(menu)) == ["Copy value", "Copy row", "Copy table", "Copy picture"], view.accessibleName()
        menu.close()


def test_cells_rows_and_tables_are_copied_with_tabulators(table):
    menu = entries(table_menu(table, table.model().index(1, 1)))
    menu["Copy value"].trigger()
    assert copied() == "-1.5 +0.1"
    menu["Copy row"].trigger()
    assert copied() == "galaxy\tlog age (dex)\nname 1\t-1.5 +0.1"
    menu["Copy table"].trigger()
    assert copied().splitlines()[1:] == ["name 0\t-0.5 +0.1", "name 1\t-1.5 +0.1", "name 2\t-2.5 +0.1"]
    menu["Copy picture"].trigger()
    assert QGuiApplication.clipboard().image().width() == table.width()


def test_the_rows_that_are_chosen_are_copied_together(table, qtbot):
    table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
    table.selectAll()
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert len(copied().splitlines()) == 4
    assert "Copy 3 rows" in entries(table_menu(table, table.model().index(1, 1)))
    table.clearSelection()
    assert "Copy row" in entries(table_menu(table, table.model().index(1, 1)))


def test_beside_the_cells_only_the_whole_can_be_copied(table):
    menu = entries(table_menu(table, table.indexAt(QPoint(-5, -5))))
    enabled = [text for text, action in menu.items() if action.isEnabled()]
    assert enabled == ["Copy table", "Copy picture"]


def test_names_of_rows_are_copied_where_they_are_seen_and_hidden_columns_are_not(table):
    table.verticalHeader().show()
    table.setColumnHidden(0, True)
    assert rows_as_text(table, [2]) == "\tlog age (dex)\n3\t-2.5 +0.1"


def test_lines_of_a_list_are_copied(qtbot):
    view = QListWidget()
    qtbot.addWidget(view)
    view.addItems(["first\npin", "second"])
    assert rows_as_text(view, range(2)) == "first pin\nsecond"


def test_the_galaxies_of_a_catalogue_are_copied_as_they_are_listed(window, qtbot, tmp_path):
    window.show_catalogue(write_galaxies(tmp_path / "galaxies.csv"), OpeningOptions(redshift=0.0))
    qtbot.waitUntil(lambda: not window.observed.is_busy, timeout=60_000)
    window.observed.show_list()
    view = window.observed.sources.table
    view.customContextMenuRequested.emit(view.visualRect(view.model().index(1, 1)).center())
    (menu,) = is_open(view)
    entries(menu)["Copy row"].trigger()
    menu.close()
    heads, cells = copied().split("\n")
    assert heads.split("\t")[:2] == [COLUMNS["row"][0], COLUMNS["name"][0]]
    assert cells.split("\t")[:2] == ["2", "102"]


def test_a_double_click_resets_the_zoom_in_every_tab(window_of_all, tabs):
    for place, tab in enumerate(tabs):
        window_of_all.tabs.setCurrentIndex(place)
        QApplication.processEvents()
        for figure in (figure for figure in tab.findChildren(Figure) if figure.isVisible()):
            figure.fit()
            plots = [plot for plot in figure.all_plots if plot.isVisible() and not figure.is_missing(plot)]
            for plot in (plot for plot in plots if any(plot.vb.state["mouseEnabled"])):
                before = plot.viewRange()
                with plot.vb.by_hand():
                    plot.setXRange(*(before[0][0] + part * (before[0][1] - before[0][0]) for part in (0.4, 0.5)))
                double_click(figure, plot.vb.sceneBoundingRect().center().toPoint())
                np.testing.assert_allclose(plot.viewRange(), before, err_msg=f"{tab.title}: {figure.accessibleName()}")


def test_each_tab_saves_the_figure_that_is_seen(whole, window_of_all, tabs, tmp_path):
    """Ctrl+E, page by page; where no figure is seen it does nothing."""
    (window, answers), saved = whole, {}
    for place, tab in enumerate(tabs):
        window.tabs.setCurrentIndex(place)
        books = [book for book in tab.findChildren(QTabWidget) if book.isVisible()]
        for page in range(books[0].count() if books else 1):
            if books:
                books[0].setCurrentIndex(page)
            QApplication.processEvents()
            name = f"{tab.title} {books[0].tabText(page)}" if books else tab.title
            (action,) = (one for one in window.findChildren(QAction) if one.shortcut().toString() == "Ctrl+E")
            assert action.isEnabled() is (tab.figure is not None), name
            if tab.figure is not None:
                assert tab.figure.isVisible(), name
                answers.path = tmp_path / f"{name}.svg"
                action.trigger()
                saved[name] = answers.path.is_file()
    assert all(saved.values())
    assert set(saved) >= {
        "Explore",
        "Degeneracies Twins",
        "Observed Catalogue",
        "Training Runs",
        "Evaluation Calibration",
    }
    assert not {"Libraries", "Training Preview", "Evaluation Libraries"} & set(saved)
