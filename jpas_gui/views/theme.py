"""Colours of the window and its plots, light and dark, readable for the colour-blind."""

from dataclasses import dataclass
from enum import StrEnum

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
    """Colours of plots, ``"#RRGGBB"`` or ``"#AARRGGBB"``."""

    background: str
    foreground: str
    muted: str
    faint: str
    spectrum: str
    accent: str


LIGHT = Theme("#ffffff", "#1b1f24", "#59636e", "#d7dce1", "#9aa4ae", "#d55e00")
DARK = Theme("#14181d", "#e6e9ec", "#9aa4ae", "#323a43", "#6d7884", "#e69f00")

SERIES_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
"""Okabe & Ito's palette without black and yellow; with `SERIES_SYMBOLS` no series is told by colour alone."""

SERIES_SYMBOLS = ("s", "t", "d", "star", "p", "h")


MODEL_COLOURS = ("#aa3377", "#4477aa", "#228833", "#997700", "#777777")
"""After Tol's bright and medium-contrast schemes; with `MODEL_SYMBOLS` no model is told by colour alone."""

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


def fan_colours(n: int) -> list[str]:
    """Return `n` colours from bright to faint magnitudes."""
    return [Colormap("viridis")(0.15 + 0.75 * i / max(n - 1, 1)).hex for i in range(n)]


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
        application.setPalette(application.style().standardPalette())
    else:
        application.setPalette(_palette(DARK if appearance is Appearance.DARK else LIGHT))


def _palette(theme: Theme) -> QPalette:
    dark = theme is DARK
    window = QColor("#1d2228" if dark else "#f3f5f7")
    palette = QPalette(QColor("#2a3038" if dark else "#e7eaee"), window)
    roles = QPalette.ColorRole
    text = QColor(theme.foreground)
    for role in (roles.WindowText, roles.Text, roles.ButtonText, roles.ToolTipText):
        palette.setColor(role, text)
    palette.setColor(roles.Base, QColor(theme.background))
    palette.setColor(roles.AlternateBase, window)
    palette.setColor(roles.ToolTipBase, QColor(theme.background))
    palette.setColor(roles.PlaceholderText, QColor(theme.muted))
    palette.setColor(roles.Highlight, QColor("#3d7eaa"))
    palette.setColor(roles.HighlightedText, QColor("#ffffff"))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.muted))
    return palette
