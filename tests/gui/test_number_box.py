"""Numbers are typed and shown with a point, whatever the language of the desktop."""

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QDoubleSpinBox

from jpas_gui.views.application import make_window


@pytest.fixture(params=["de_DE", "fr_FR", "en_US"])
def language(request):
    before = QLocale()
    QLocale.setDefault(QLocale(request.param))
    yield request.param
    QLocale.setDefault(before)


@pytest.mark.parametrize("typed", ["0.55", "0,55"])
def test_every_box_takes_a_point_and_a_comma(qtbot, answers, settings, language, typed):
    window = make_window(answers, settings)
    qtbot.addWidget(window)
    window.show()
    _ = window.degeneracies
    boxes = [box for box in window.findChildren(QDoubleSpinBox) if box.isEnabled()]
    assert len(boxes) >= 11
    for box in boxes:
        low, high = box.minimum(), box.maximum()
        if not low <= 0.55 <= high or box.decimals() < 2:
            continue
        box.selectAll()
        qtbot.keyClicks(box, typed)
        qtbot.keyClick(box, Qt.Key.Key_Return)
        assert box.value() == pytest.approx(0.55), box.accessibleName()
        assert "," not in box.text()
