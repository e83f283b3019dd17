"""What has the keyboard's focus is framed, whatever it is, in both themes."""

import pytest
from made_galaxies import write_galaxies
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QScrollArea, QTabWidget, QWidget

from jpas_gui.core.catalogues.opening import OpeningOptions
from jpas_gui.views.theme import LEAST_CONTRAST, Appearance, apply_appearance, contrast

_LEAST_PIXELS = 12
"""Of the frame of the smallest control, that change."""


@pytest.fixture(params=[Appearance.LIGHT, Appearance.DARK])
def appearance(qapp, request):
    apply_appearance(qapp, request.param)
    yield request.param
    apply_appearance(qapp, Appearance.LIGHT)


def focusable(tab):
    """Return controls that the Tab key reaches: of each kind the first and the last."""
    by_kind = {}
    for control in tab.findChildren(QWidget):
        is_used = control.isVisible() and control.isEnabled() and control.focusProxy() is None
        if is_used and control.focusPolicy() & Qt.FocusPolicy.TabFocus:
            by_kind.setdefault(type(control), []).append(control)
    return {control for controls in by_kind.values() for control in (controls[0], controls[-1])}


def scroll_to(control):
    """Bring a control into view, as the Tab key does."""
    ancestor = control.parentWidget()
    while ancestor is not None:
        if isinstance(ancestor, QScrollArea):
            ancestor.ensureWidgetVisible(control)
        ancestor = ancestor.parentWidget()


def picture(window, control):
    corner = control.mapTo(window, QPoint(0, 0)) - QPoint(2, 2)
    rect = QRect(corner, control.size()).adjusted(0, 0, 4, 4) & window.rect()
    image = window.grab(rect).toImage()
    return {(x, y): image.pixelColor(x, y).name() for x, y in edge(image.width(), image.height())}


def edge(width, height):
    """Return every third pixel within four pixels of the edge."""
    rows = [(x, y) for x in range(0, width, 3) for y in (*range(4), *range(height - 4, height)) if 0 <= y < height]
    columns = [(x, y) for y in range(0, height, 3) for x in (*range(4), *range(width - 4, width)) if 0 <= x < width]
    return {*rows, *columns}


def test_every_control_shows_that_it_has_the_focus(window, appearance, tmp_path):
    window.show_catalogue(write_galaxies(tmp_path / "galaxies.csv"), OpeningOptions(redshift=0.0))
    window.activateWindow()
    unseen, kinds = [], set()
    for place in range(window.tabs.count()):
        window.tabs.setCurrentIndex(place)
        window.wait_until_idle()
        for book in window.front.findChildren(QTabWidget):
            book.setCurrentIndex(0)
        QApplication.processEvents()
        for control in focusable(window.front):
            window.menuBar().setFocus()
            scroll_to(control)
            QApplication.processEvents()
            before = picture(window, control)
            control.setFocus(Qt.FocusReason.TabFocusReason)
            QApplication.processEvents()
            assert control.hasFocus()
            after = picture(window, control)
            changed = [p for p in before if p in after and contrast(before[p], after[p]) >= LEAST_CONTRAST]
            kinds.add(type(control).__name__)
            if len(changed) < _LEAST_PIXELS:
                unseen.append(f"{window.front.title}: {type(control).__name__} {control.accessibleName()}")
    assert not unseen, "\n".join(unseen)
    assert {"QSlider", "QCheckBox", "QPushButton", "QComboBox", "QTabBar", "SedPlot"} <= kinds
