"""Every page of every tab, the first time that it is looked at: plots and tables have the room that is theirs.

The rule: the plots of a figure fill it. Each view box has at least a quarter of what an even split among the rows and
the columns would give it, and 30 pixels; where its plot has a largest size, half of that is enough. A table shows three
rows, or all that it has.
"""

import pytest
from made_evaluations import made_elsewhere
from made_galaxies import write_galaxies
from pyqtgraph import ColorBarItem, PlotItem
from PySide6.QtWidgets import QApplication, QListView, QTableView, QTabWidget

from jpas_gui.core.catalogues.opening import OpeningOptions
from jpas_gui.views.plots.figure import Figure

SIZES = (1366, 768), (1600, 1000)
_LEAST_SHARE = 0.25
_LEAST_PIXELS = 30
_ROWS = 3


def settle():
    for _ in range(10):
        QApplication.processEvents()


def pages_of(tab):
    """Return the pages of a tab, as functions that turn to them."""
    books = [book for book in tab.findChildren(QTabWidget) if book.isVisible()]
    if not books:
        return {"": lambda: None}
    (book,) = books
    return {book.tabText(place): lambda place=place: book.setCurrentIndex(place) for place in range(book.count())}


def too_small(tab):
    """Return what in a tab has less room than its share, in words; and how many plots and tables were looked at."""
    figures = [figure for figure in tab.findChildren(Figure) if figure.isVisible()]
    tables = [table for kind in (QTableView, QListView) for table in tab.findChildren(kind) if table.isVisible()]
    found = [fault for figure in figures for fault in faults_of(figure)]
    found += [fault for table in tables for fault in table_faults(table)]
    return found, len(figures) + len(tables)


def faults_of(figure):
    name, whole = figure.accessibleName() or type(figure).__name__, figure.viewport().rect()
    rect = figure.ci.sceneBoundingRect()
    if abs(rect.width() - whole.width()) > 2 or abs(rect.height() - whole.height()) > 2:
        yield f"{name}: plots on {rect.width():.0f} x {rect.height():.0f} of {whole.width()} x {whole.height()} pixels"
    plots = {item: cells for item, cells in figure.ci.items.items() if is_plot(item) and item.isVisible()}
    rows = {row for cells in plots.values() for row, _ in cells}
    columns = {column for cells in plots.values() for _, column in cells}
    for plot in plots:
        box = plot.vb.sceneBoundingRect()
        for size, even, most in (
            (box.height(), rect.height() / len(rows), plot.maximumHeight()),
            (box.width(), rect.width() / len(columns), plot.maximumWidth()),
        ):
            least = min(max(_LEAST_SHARE * even, _LEAST_PIXELS), most / 2)
            if size < least:
                yield f"{name}: a view box has {box.width():.0f} x {box.height():.0f} pixels, less than {least:.0f}"


def is_plot(item):
    return isinstance(item, PlotItem) and not isinstance(item, ColorBarItem)


def table_faults(table):
    rows = table.model().rowCount() if table.model() else 0
    height = max(table.sizeHintForRow(0), 1)
    seen = table.viewport().height() / height
    if seen < min(rows, _ROWS) - 0.5 or table.viewport().width() < 100:
        yield f"{table.accessibleName()}: {seen:.1f} of {rows} rows on {table.viewport().width()} pixels"


def test_a_plot_without_anything_says_so_instead_of_inventing_axes(window, qtbot):
    seen, empty = 0, set()
    for place in range(window.tabs.count()):
        window.tabs.setCurrentIndex(place)
        settle()
        for page, turn_to in pages_of(window.tabs.currentWidget()).items():
            turn_to()
            settle()
            for figure in (one for one in window.tabs.currentWidget().findChildren(Figure) if one.isVisible()):
                for plot in (one for one in figure.all_plots if one.isVisible()):
                    seen += 1
                    where = f"{window.tabs.tabText(place)}, {page}: {figure.accessibleName()}"
                    assert figure.is_missing(plot) or plot.viewRange() != [[0, 1], [0, 1]], where
                    empty |= {where} if figure.is_missing(plot) else set()
    assert seen > 30
    assert {"Observed, Galaxy: Posteriors", "Training, Training: Course of the training"} <= empty


@pytest.mark.parametrize("size", SIZES)
def test_every_page_is_seen_whole_the_first_time(window, answers, qtbot, tmp_path, size):
    window.resize(*size)
    window.show_catalogue(write_galaxies(tmp_path / "galaxies.csv"), OpeningOptions(redshift=0.0))
    answers.yes = True  # the evaluation may be lost when the window closes
    window.evaluation.controller._elsewhere = made_elsewhere
    faults, n_seen = [], 0
    for place in range(window.tabs.count()):
        window.tabs.setCurrentIndex(place)
        settle()
        if window.tabs.currentWidget() is window.evaluation:
            window.evaluation.start()
            qtbot.waitUntil(lambda: not window.evaluation.is_busy, timeout=10_000)
        for page, turn_to in pages_of(window.tabs.currentWidget()).items():
            turn_to()
            settle()
            found, n = too_small(window.tabs.currentWidget())
            faults += [f"{window.tabs.tabText(place)}, {page}: {fault}" for fault in found]
            n_seen += n
    assert not faults, "\n".join(faults)
    assert n_seen > 20
