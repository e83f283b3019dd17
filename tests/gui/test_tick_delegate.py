"""Boxes to tick in lists, as they are painted."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QListWidget, QListWidgetItem

from jpas_gui.views.theme import Appearance, apply_appearance
from jpas_gui.views.widgets.tick_delegate import TickDelegate


@pytest.fixture(params=[Appearance.LIGHT, Appearance.DARK])
def appearance(request, qapp):
    apply_appearance(qapp, request.param)
    yield request.param
    apply_appearance(qapp, Appearance.SYSTEM)


def test_a_box_that_is_not_ticked_is_seen(appearance, qtbot):
    boxes = QListWidget()
    qtbot.addWidget(boxes)
    boxes.setItemDelegate(TickDelegate(boxes))
    item = QListWidgetItem("")
    item.setCheckState(Qt.CheckState.Unchecked)
    boxes.addItem(item)
    boxes.show()
    QApplication.processEvents()
    row = boxes.viewport().grab(boxes.visualItemRect(item)).toImage()
    shades = [row.pixelColor(x, row.height() // 2).lightness() for x in range(row.width())]
    assert max(shades) - min(shades) > 60
