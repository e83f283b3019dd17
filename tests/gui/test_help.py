"""Help lists every key by tab, and opens the guide."""

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAction, QKeySequence, QShortcut, QTextDocument
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QSlider

from jpas_gui.views.window.keys import EVERYWHERE, TABS, keys_by_tab

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def sections(window):
    return keys_by_tab(window.menus.actions.values())


def test_every_key_of_the_window_is_in_the_help(window, sections):
    tabs = [getattr(window, title.lower()) for title in TABS]
    assert [tab.title for tab in tabs] == list(TABS)
    listed = {key.strip() for keys in sections.values() for one in keys for key in one.keys.split(",")}
    found = [key for action in window.findChildren(QAction) for key in action.shortcuts()]
    found += [shortcut.key() for shortcut in window.findChildren(QShortcut)]
    found += [button.shortcut() for button in window.findChildren(QAbstractButton)]
    texts = {key.toString(QKeySequence.SequenceFormat.NativeText) for key in found if not key.isEmpty()}
    assert {text for text in texts if not text.startswith("Alt+") and text not in ("Copy", "Ctrl+Ins")} <= listed
    window.wait_until_idle()


def test_keys_stand_with_the_tab_on_which_they_do_something(sections):
    assert list(sections) == [EVERYWHERE, *TABS]
    where = {title: {key.keys: key.what for key in keys} for title, keys in sections.items()}
    assert where[EVERYWHERE]["Ctrl+Z"] == "Undo"
    assert where[EVERYWHERE]["Ctrl+PgDown"] == "Next tab"
    assert where["Explore"]["P"] == "Pin this SED"
    assert where["Observed"]["Ctrl+1"] == "Mark as good"
    assert where["Observed"]["Ctrl+Down"] == where["Degeneracies"]["Ctrl+Down"] == "Next galaxy"
    assert "P" not in where["Observed"]


def test_help_begins_with_the_tab_in_front(window, qtbot):
    window.show_tab("observed")
    qtbot.keyClick(window, Qt.Key.Key_F1)
    reader = window.help.reader
    assert reader.isVisible()
    text = reader.text.toPlainText()
    QApplication.processEvents()
    assert text.index("Everywhere") < text.index("Explore") < text.index("Send to sliders")
    heading = reader.text.cursorRect(reader.text.document().find("Observed"))
    assert reader.text.viewport().rect().contains(heading)
    assert reader.text.verticalScrollBar().value() > 0


def test_the_guide_is_read_beside_the_window(window):
    window.menus.action("User &guide").trigger()
    reader = window.help.reader
    assert "Sliders" in reader.text.toPlainText()
    assert not reader.isModal()
    image = reader.text.document().resource(QTextDocument.ResourceType.ImageResource.value, QUrl("images/window.png"))
    assert 0 < image.width() <= reader.text.viewport().width()
    reader.text.setSource(reader.text.source().resolved(QUrl("catalogues.md")))
    assert reader.back.isEnabled()
    reader.back.click()
    assert reader.text.source().fileName() == "guide.md"
    window.close()
    assert not [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]


def test_ctrl_page_keys_change_the_tab_and_leave_the_slider(window, qtbot):
    row = window.explore.parameters.sliders["log_age"]
    row.slider.setFocus()
    before = window.explorer.state
    qtbot.keyClick(row.slider, Qt.Key.Key_PageDown, CONTROL)
    assert window.front is window.degeneracies
    window.show_tab("explore")
    qtbot.keyClick(row.slider, Qt.Key.Key_PageUp, CONTROL)
    assert window.front is window.libraries
    assert window.explorer.state is before
    window.wait_until_idle()


def test_ctrl_page_keys_change_the_tab_from_a_number_too(window, qtbot):
    box = window.explore.parameters.sliders["log_age"].box
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_PageDown, CONTROL)
    assert window.front is window.degeneracies
    slider = window.degeneracies.findChild(QSlider)
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_PageDown, CONTROL)
    assert window.front is window.observed
    assert window.explorer.last_step is None
