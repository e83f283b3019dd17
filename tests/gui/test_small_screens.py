"""The window on small screens and with large texts: it fits, and what does not fit on a tab is scrolled to."""

import pytest
from made_galaxies import write_galaxies
from pyqtgraph import PlotItem
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QTabWidget,
    QWidget,
)

from jpas_gui.core.catalogues.opening import OpeningOptions
from jpas_gui.views.plots.figure import Figure

SCREENS = {
    "1366x768 at 144 dpi": (911, 512, 1.0),
    "1920x1080 at scale 2": (960, 540, 1.0),
    "1366x768 with texts of 150 %": (1366, 768, 1.5),
}
CONTROLS = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit)
_TITLE_BAR = 25


@pytest.fixture
def large_texts(qapp):
    """Return what scales all texts; they are as they were after the test."""
    before = qapp.font()

    def scale(factor):
        font = qapp.font()
        font.setPointSizeF(before.pointSizeF() * factor)
        qapp.setFont(font)

    yield scale
    qapp.setFont(before)


def settle():
    for _ in range(5):
        QApplication.processEvents()


def scrolls(widget, ancestor):
    """Return the area between a widget and its ancestor that can be scrolled to it."""
    while widget is not ancestor:
        if isinstance(widget.parent(), QAbstractScrollArea) and widget is widget.parent().viewport():
            return widget.parent()
        widget = widget.parent()
    return None


def controls_off(tab):
    """Return the controls that are shown, but not whole on the tab and not where scrolling leads to them."""
    for control in tab.findChildren(QWidget):
        if not isinstance(control, CONTROLS) or not control.isVisible():
            continue
        area = scrolls(control, tab)
        place = tab if area is None else area.widget() if hasattr(area, "widget") else None
        if place is None:  # within a table or a spin box, which looks after it itself
            continue
        rect = QRect(control.mapTo(place, QPoint(0, 0)), control.size())
        if not place.rect().contains(rect):
            yield f"{type(control).__name__} {control.accessibleName()}: {rect} on {place.rect()}"


def pages(tab):
    books = [book for book in tab.findChildren(QTabWidget) if book.isVisible()]
    turns = [(book, place) for book in books for place in range(book.count())] or [(None, 0)]
    for book, place in turns:
        if book is not None:
            book.setCurrentIndex(place)
        settle()
        yield book.tabText(place) if book is not None else ""


@pytest.mark.parametrize("screen", SCREENS)
def test_every_tab_fits_small_screens_and_no_control_is_out_of_reach(
    answers, settings, qtbot, tmp_path, large_texts, screen
):
    from jpas_gui.views.application import make_window

    width, height, scale = SCREENS[screen]
    large_texts(scale)
    window = make_window(answers, settings)
    qtbot.addWidget(window)
    window.show()
    window.show_catalogue(write_galaxies(tmp_path / "galaxies.csv"), OpeningOptions(redshift=0.0))
    faults = []
    for place in range(window.tabs.count()):
        window.tabs.setCurrentIndex(place)
        for page in pages(window.front):
            window.resize(width, height - _TITLE_BAR)
            settle()
            name = f"{window.front.title}, {page}"
            if (window.width(), window.height()) != (width, height - _TITLE_BAR):
                faults.append(f"{name}: the window cannot be smaller than {window.width()} x {window.height()}")
            faults += [f"{name}: {fault}" for fault in controls_off(window.front)]
    assert not faults, "\n".join(faults)


def outside(figure):
    """Return the plots of a figure that leave it, with their axes, and axis titles longer than the axis."""
    whole = figure.viewport().rect().adjusted(-3, -3, 3, 3)
    for item in figure.ci.items:
        if isinstance(item, PlotItem) and item.isVisible():
            if not whole.contains(item.sceneBoundingRect().toRect()):
                yield f"{figure.accessibleName()}: a plot on {item.sceneBoundingRect()} of {whole}"
            axis = item.getAxis("left")
            if axis.isVisible() and axis.label.isVisible() and axis.label.boundingRect().width() > axis.height() + 14:
                yield f"{figure.accessibleName()}: {axis.labelText} is longer than its axis"


@pytest.mark.parametrize("size", [(911, 487), (1280, 800)])
def test_plots_stay_within_their_figures_and_axis_titles_apart(window, size):
    window.resize(*size)
    for tab in ("Explore", "Degeneracies"):
        window.show_tab(tab)
        for page in pages(window.front):
            window.wait_until_idle()
            figures = [figure for figure in window.front.findChildren(Figure) if figure.isVisible()]
            assert figures
            assert not [f"{tab}, {page}: {fault}" for figure in figures for fault in outside(figure)]
