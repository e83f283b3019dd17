"""Colours of the window and its plots, light and dark, readable for the colour-blind."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from cmap import Colormap
from PySide6.QtCore import QSettings
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from jpas_gui.app.state import BandColours
from jpas_gui.core.photometry.bands import Band


class Appearance(StrEnum):
    """Which colours a user wants."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


def appearance_of(settings: QSettings) -> Appearance:
    """Return the appearance that was kept; that of the system where none was, or an unknown one."""
    kept = str(settings.value("appearance"))
    return Appearance(kept) if kept in list(Appearance) else Appearance.SYSTEM


@dataclass(frozen=True)
class Theme:
    """Colours, ``"#RRGGBB"``: of plots, of `warning` texts, and of what frames controls and the focus."""

    background: str
    foreground: str
    muted: str
    faint: str
    spectrum: str
    accent: str
    window: str
    button: str
    warning: str
    outline: str
    focus: str


LIGHT = Theme(
    background="#ffffff",
    foreground="#1b1f24",
    muted="#59636e",
    faint="#d7dce1",
    spectrum="#87919b",
    accent="#d55e00",
    window="#f3f5f7",
    button="#e7eaee",
    warning="#a8400a",
    outline="#6f7780",
    focus="#0b57d0",
)
DARK = Theme(
    background="#14181d",
    foreground="#e6e9ec",
    muted="#9aa4ae",
    faint="#323a43",
    spectrum="#6d7884",
    accent="#e69f00",
    window="#1d2228",
    button="#2a3038",
    warning="#ff9e57",
    outline="#737d88",
    focus="#7cc4ff",
)

_HIGHLIGHT, _HIGHLIGHTED_TEXT = "#33709b", "#ffffff"
LEAST_CONTRAST, LEAST_TEXT_CONTRAST = 3.0, 4.5
"""Of marks and of texts against their ground, after WCAG 2.1 (1.4.3 and 1.4.11)."""

SERIES_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#c0508f", "#b57d00", "#3a93c9")
"""Okabe & Ito's hues without black and yellow, as light as can be seen on both themes' grounds; with `SERIES_SYMBOLS`
no series is told by colour alone."""

SERIES_SYMBOLS = ("s", "t", "d", "star", "p", "h")


MODEL_COLOURS = ("#b5478a", "#4477aa", "#228833", "#997700", "#777777")
"""After Tol's bright and medium-contrast schemes; with `MODEL_SYMBOLS` no model is told by colour alone."""

_OUTLINED = ("QCheckBox", "QRadioButton", "QLineEdit", "QAbstractSpinBox", "QComboBox", "QSlider")
_FUSION_DARKER = 140
"""Per cent: Fusion draws outlines so much darker than windows."""

MODEL_SYMBOLS = ("d", "t", "s", "p", "h")


def theme_of(palette: QPalette) -> Theme:
    """Return the theme that goes with a palette."""
    return DARK if palette.color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


def series_colour(number: int) -> str:
    """Return the colour of the series with this number, 1, 2, 3 ..."""
    return SERIES_COLOURS[(number - 1) % len(SERIES_COLOURS)]


def series_symbol(number: int) -> str:
    """Return the symbol of the series with this number."""
    return SERIES_SYMBOLS[(number - 1) % len(SERIES_SYMBOLS)]


def model_colour(index: int) -> str:
    """Return the colour of the model at this place, 0, 1, 2 ..., among those that can be chosen."""
    return MODEL_COLOURS[index % len(MODEL_COLOURS)]


def model_symbol(index: int) -> str:
    """Return the symbol of the model at this place."""
    return MODEL_SYMBOLS[index % len(MODEL_SYMBOLS)]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21, as WCAG 2.1 defines it."""
    low, high = sorted(_luminance(QColor(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: QColor) -> float:
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def readable(colour: QColor, theme: Theme) -> QColor:
    """Return a colour as it is where it can be seen on a theme's ground, else so much nearer to its foreground."""
    end = QColor(theme.foreground)
    for part in np.linspace(0.0, 1.0, 21):
        ends = zip(colour.getRgbF()[:3], end.getRgbF()[:3], strict=True)
        mixed = QColor.fromRgbF(*((1 - part) * a + part * b for a, b in ends))
        if contrast(mixed.name(), theme.background) >= LEAST_CONTRAST:
            return mixed
    return end


def fan_colours(n: int, theme: Theme) -> list[str]:
    """Return `n` colours from bright to faint magnitudes: the part of a perceptual map that is seen on the theme."""
    whole = [Colormap("plasma")(value).hex for value in np.linspace(0.0, 1.0, 101)]
    seen = [colour for colour in whole if contrast(colour, theme.background) >= LEAST_CONTRAST]
    return [seen[round(place)] for place in np.linspace(0, len(seen) - 1, n)]


def band_colours(bands: tuple[Band, ...], scheme: BandColours) -> list[QColor]:
    """Return the colour of each band: the survey's own, or cividis by wavelength."""
    if scheme is BandColours.SURVEY:
        return [QColor(band.colour) for band in bands]
    blue, red = bands[0].wavelength, max(band.wavelength for band in bands)
    cividis = Colormap("cividis")
    return [QColor(cividis((band.wavelength - blue) / (red - blue)).hex) for band in bands]


def apply_appearance(application: QApplication, appearance: Appearance) -> None:
    """Give all windows the colours that the user wants."""
    if application.style().objectName() != "fusion":
        application.setStyle("Fusion")
    if appearance is Appearance.SYSTEM:
        theme = theme_of(application.style().standardPalette())
    else:
        theme = DARK if appearance is Appearance.DARK else LIGHT
    palette = _palette(theme)
    application.setPalette(palette)
    # Fusion outlines controls in a darker shade of their windows, which is hardly seen.
    palette.setColor(QPalette.ColorRole.Window, QColor(theme.outline).lighter(_FUSION_DARKER))
    for kind in _OUTLINED:
        application.setPalette(palette, kind)


def _palette(theme: Theme) -> QPalette:
    window = QColor(theme.window)
    palette = QPalette(QColor(theme.button), window)
    roles = QPalette.ColorRole
    text = QColor(theme.foreground)
    for role in (roles.WindowText, roles.Text, roles.ButtonText, roles.ToolTipText):
        palette.setColor(role, text)
    palette.setColor(roles.Base, QColor(theme.background))
    palette.setColor(roles.AlternateBase, window)
    palette.setColor(roles.ToolTipBase, QColor(theme.background))
    palette.setColor(roles.PlaceholderText, QColor(theme.muted))
    palette.setColor(roles.Highlight, QColor(_HIGHLIGHT))
    palette.setColor(roles.HighlightedText, QColor(_HIGHLIGHTED_TEXT))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.muted))
    return palette
