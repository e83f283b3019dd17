"""What is written and drawn can be read on its ground, in both themes."""

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from jpas_gui.app.state import BandColours
from jpas_gui.core.photometry.bands import all_bands
from jpas_gui.views import theme as themes
from jpas_gui.views.theme import (
    DARK,
    LEAST_CONTRAST,
    LEAST_TEXT_CONTRAST,
    LIGHT,
    Appearance,
    apply_appearance,
    band_colours,
    contrast,
    fan_colours,
    readable,
)

ROLES = QPalette.ColorRole
TEXTS = {
    ROLES.WindowText: ROLES.Window,
    ROLES.Text: ROLES.Base,
    ROLES.ButtonText: ROLES.Button,  # table headers, too
    ROLES.ToolTipText: ROLES.ToolTipBase,
    ROLES.PlaceholderText: ROLES.Base,
    ROLES.HighlightedText: ROLES.Highlight,
}


@pytest.fixture(params=[LIGHT, DARK], ids=["light", "dark"])
def theme(qapp, request):
    apply_appearance(qapp, Appearance.DARK if request.param is DARK else Appearance.LIGHT)
    yield request.param
    apply_appearance(qapp, Appearance.LIGHT)


@pytest.mark.parametrize("text", TEXTS)
def test_texts_of_the_palette(theme, qapp, text):
    palette = qapp.palette()
    assert contrast(palette.color(text).name(), palette.color(TEXTS[text]).name()) >= LEAST_TEXT_CONTRAST
    if TEXTS[text] is ROLES.Base:
        assert contrast(palette.color(text).name(), palette.color(ROLES.AlternateBase).name()) >= LEAST_TEXT_CONTRAST


def test_texts_of_plots_and_warnings(theme):
    for text in (theme.foreground, theme.muted, theme.warning):
        for ground in (theme.background, theme.window):
            assert contrast(text, ground) >= LEAST_TEXT_CONTRAST, (text, ground)


def test_marks(theme):
    marks = (*themes.SERIES_COLOURS, *themes.MODEL_COLOURS, theme.accent, theme.focus, theme.outline, theme.muted)
    for mark in marks:
        for ground in (theme.background, theme.window):
            assert contrast(mark, ground) >= LEAST_CONTRAST, (mark, ground)
    assert contrast(theme.spectrum, theme.background) >= LEAST_CONTRAST
    assert all(contrast(colour, theme.background) >= LEAST_CONTRAST for colour in fan_colours(7, theme))
    assert len(set(fan_colours(7, theme))) == 7


@pytest.mark.parametrize("scheme", BandColours)
def test_bars_of_all_bands_are_seen_and_change_no_more_than_they_must(theme, scheme):
    for colour in band_colours(all_bands(), scheme):
        shown = readable(colour, theme)
        assert contrast(shown.name(), theme.background) >= LEAST_CONTRAST - 0.05
        if contrast(colour.name(), theme.background) >= LEAST_CONTRAST:
            assert shown.name() == colour.name()


def test_the_frame_of_a_box_that_is_not_ticked(theme, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    box = QCheckBox("Fan")
    QVBoxLayout(window).addWidget(box)
    window.show()
    image = box.grab().toImage()
    y = image.height() // 2
    across = [image.pixelColor(x, y).name() for x in range(20)]
    assert max(contrast(pixel, theme.window) for pixel in across[:6]) >= LEAST_CONTRAST
    assert QColor(across[8]).name() == theme.background
