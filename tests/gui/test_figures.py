"""What all figures can do: zoom and reset, menus, files without what belongs to the mouse."""

import re
from xml.etree import ElementTree

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QMenu

from jpas_gui.views.plots.error_bars import ErrorBars
from jpas_gui.views.plots.export import export_figure, picture_of
from jpas_gui.views.plots.figure import Figure
from jpas_gui.views.plots.stamp import Stamp


@pytest.fixture
def figure(qtbot):
    """Two plots with a common horizontal axis, and a mark that follows the mouse."""
    figure = Figure("Two plots")
    qtbot.addWidget(figure)
    figure.resize(600, 400)
    stamp = Stamp()
    figure.addItem(stamp, row=0, col=0)
    stamp.set_text("a population")
    figure.upper, figure.lower = (figure.addPlot(row=row, col=0) for row in (1, 2))
    figure.lower.setXLink(figure.upper)
    for plot in (figure.upper, figure.lower):
        plot.setMenuEnabled(False)
        plot.disableAutoRange()
        plot.getAxis("left").setWidth(50)
        plot.getAxis("bottom").setHeight(40)
        plot.plot([1.0, 2.0, 3.0], [2.0, 3.0, 2.5], pen=pg.mkPen("k", width=1), symbol="o", symbolSize=9)
    figure.lower.setLabel("bottom", "wavelength (Å)")
    figure.upper.setLabel("left", "F<sub>ν</sub>")
    figure.upper.setXRange(0, 4, padding=0)
    figure.upper.setYRange(1, 4, padding=0)
    figure.lower.setYRange(1, 4, padding=0)
    mark = pg.InfiniteLine(angle=90, pen=pg.mkPen("r", width=3))
    figure.upper.addItem(mark)
    mark.setVisible(False)
    figure.scene().sigMouseMoved.connect(lambda place: mark.setVisible(place.x() > 0))
    figure.mark = mark
    figure.setBackground("w")
    figure.show()
    qtbot.waitExposed(figure)
    QApplication.processEvents()
    return figure


def middle(plot):
    return plot.vb.sceneBoundingRect().center().toPoint()


def turn_wheel(figure, place):
    event = QWheelEvent(
        QPointF(place), QPointF(figure.mapToGlobal(place)), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(figure.viewport(), event)


def mouse(figure, kind, place, button=Qt.MouseButton.LeftButton):
    """Send an event of the mouse, which QTest would complain of where a plot lets it pass."""
    is_up = kind is QEvent.Type.MouseButtonRelease
    buttons = Qt.MouseButton.NoButton if is_up else button
    held = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else button
    globally = QPointF(figure.viewport().mapToGlobal(place))
    event = QMouseEvent(kind, QPointF(place), globally, held, buttons, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(figure.viewport(), event)


def click(figure, place, button=Qt.MouseButton.LeftButton, double=False):
    for kind in ("MouseButtonPress", "MouseButtonRelease", *(["MouseButtonDblClick", "MouseButtonRelease"] * double)):
        mouse(figure, QEvent.Type[kind], place, button)


def menu_of(figure):
    (menu,) = figure.findChildren(QMenu)
    return menu, {action.text().split("\t")[0]: action for action in menu.actions()}


@pytest.mark.parametrize("plot", ["upper", "lower"])
def test_a_double_click_shows_what_was_shown_before_the_wheel(figure, plot):
    before = [one.viewRange() for one in (figure.upper, figure.lower)]
    turn_wheel(figure, middle(getattr(figure, plot)))
    assert figure.upper.viewRange()[0] != before[0][0]
    click(figure, middle(figure.upper), double=True)
    np.testing.assert_allclose([one.viewRange() for one in (figure.upper, figure.lower)], before)


def test_what_is_shown_next_is_where_a_reset_leads(figure):
    turn_wheel(figure, middle(figure.upper))
    figure.upper.setYRange(2, 9, padding=0)
    turn_wheel(figure, middle(figure.lower))
    figure.resize(700, 500)
    QApplication.processEvents()
    figure.fit()
    np.testing.assert_allclose(figure.upper.viewRange(), [[0, 4], [2, 9]])
    np.testing.assert_allclose(figure.lower.viewRange(), [[0, 4], [1, 4]])


@pytest.mark.qt_log_ignore("does not support")  # without a display no window is raised
def test_the_right_button_offers_to_copy_to_save_and_to_reset(figure, qtbot):
    click(figure, middle(figure.upper), Qt.MouseButton.RightButton)
    menu, actions = menu_of(figure)
    assert menu.isVisible()
    assert [text for text in actions if text] == ["Copy value", "Copy picture", "Save figure…", "Reset zoom"]
    actions["Copy value"].trigger()
    assert re.fullmatch(r"2(\.\d+)?, Fν 2\.\d+", QGuiApplication.clipboard().text())
    actions["Copy picture"].trigger()
    assert QGuiApplication.clipboard().image().width() == 1200
    with qtbot.waitSignal(figure.save_wanted) as wanted:
        actions["Save figure…"].trigger()
    assert wanted.args == [figure]
    turn_wheel(figure, middle(figure.upper))
    actions["Reset zoom"].trigger()
    assert figure.upper.viewRange()[0] == [0, 4]
    menu.close()


def test_a_drag_with_the_right_button_opens_no_menu(figure):
    start, end = middle(figure.upper), middle(figure.upper) + QPoint(60, 30)
    for kind, place in (("MouseButtonPress", start), ("MouseMove", end), ("MouseButtonRelease", end)):
        mouse(figure, QEvent.Type[kind], place, Qt.MouseButton.RightButton)
    assert not figure.findChildren(QMenu)


def test_marks_of_the_mouse_go_with_it_and_are_in_no_file(figure, tmp_path):
    clean = picture_of(figure)
    figure.scene().sigMouseMoved.emit(QPointF(50, 50))
    assert figure.mark.isVisible()
    assert picture_of(figure) == clean
    figure.scene().sigMouseMoved.emit(QPointF(50, 50))
    QApplication.sendEvent(figure, QEvent(QEvent.Type.Leave))
    assert not figure.mark.isVisible()
    handle = pg.InfiniteLine(2.0)
    figure.lower.addItem(handle)
    figure.tools = [handle]
    export_figure(figure, tmp_path / "clean.png")
    assert np.array_equal(pixels(QImage(str(tmp_path / "clean.png"))), pixels(clean))
    assert handle.isVisible()


def pixels(image):
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[..., :3].astype(float)


def means(image, side):
    """Return the means of squares of pixels."""
    height, width, _ = (size // side * side for size in image.shape)
    return image[:height, :width].reshape(height // side, side, width // side, side, 3).mean(axis=(1, 3))


def test_a_picture_has_the_proportions_of_the_screen(figure):
    """Letters, symbols and lines are twice as large where there are twice as many pixels."""
    figure.upper.vb.setBorder(pg.mkPen("k", width=1))
    bars = ErrorBars()
    bars.set_data(np.array([1.5]), np.array([1.5]), np.array([3.5]))
    figure.upper.addItem(bars)
    QApplication.processEvents()
    screen, picture = pixels(figure.grab().toImage()), pixels(picture_of(figure))
    assert picture.shape == (2 * screen.shape[0], 2 * screen.shape[1], 3)
    assert np.abs(means(picture, 20) - means(screen, 10)).max() < 20
    assert np.abs(means(picture, 20) - means(screen, 10)).mean() < 1


def test_svg_and_pdf_are_drawings_with_letters_and_a_title(figure, tmp_path):
    export_figure(figure, tmp_path / "two.svg")
    export_figure(figure, tmp_path / "two.pdf")
    root = ElementTree.parse(tmp_path / "two.svg").getroot()
    name = "{http://www.w3.org/2000/svg}"
    assert root.find(f"{name}title").text == "Two plots · a population"
    assert not root.findall(f".//{name}image")
    assert not [one for one in root.iter() if "vector-effect" in one.attrib]  # lines grow with the drawing
    assert [one for one in root.iter() if "clip-path" in one.attrib]  # and end at the edges of their plots
    words = "".join("".join(text.itertext()) for text in root.iter(f"{name}text"))
    assert "a population" in words
    assert "wavelength" in words
    pdf = (tmp_path / "two.pdf").read_bytes()
    assert "Two plots · a population".encode("utf-16-be") in pdf.replace(b"\\(", b"(").replace(b"\\)", b")")
    assert b"/Subtype /Image" not in pdf
    assert b"FontFile" in pdf
    assert re.search(rb"MediaBox \[0 0 450\.0+ 300\.0+\]", pdf)  # points: 600 x 400 pixels of 1/96 inch


def test_a_plot_without_anything_says_why_and_is_in_no_file(figure):
    figure.ci.layout.setRowMinimumHeight(2, 120)
    QApplication.processEvents()
    with_both = picture_of(figure)
    figure.say_missing(figure.lower, "no model predicts")
    QApplication.processEvents()
    assert figure.is_missing(figure.lower)
    assert figure.lower.getAxis("left").opacity() == 0
    box = figure.upper.vb.sceneBoundingRect()
    alone = picture_of(figure)
    assert alone.size() == with_both.size()
    assert figure.upper.vb.sceneBoundingRect() == box  # on the screen it stays where it was
    dark_rows = np.flatnonzero((pixels(alone) < 200).any(axis=(1, 2)))
    assert dark_rows.max() > 0.8 * alone.height()  # the other plot takes the room
    figure.say_missing(figure.lower, "")
    QApplication.processEvents()
    assert picture_of(figure) == with_both


def test_a_figure_of_which_all_is_missing_is_saved_as_it_is(figure):
    for plot in (figure.upper, figure.lower):
        figure.say_missing(plot, "nothing was predicted")
    assert (pixels(picture_of(figure)) < 100).any()


def test_what_the_screen_says_beside_a_figure_stands_above_it_in_a_file(figure, tmp_path):
    figure.caption = lambda: '<span style="color:#0072b2">■</span> pin 1'
    export_figure(figure, tmp_path / "two.svg")
    root = ElementTree.parse(tmp_path / "two.svg").getroot()
    assert root.find("{http://www.w3.org/2000/svg}title").text == "Two plots · a population · ■ pin 1"
    assert picture_of(figure).height() > 2 * figure.height()
