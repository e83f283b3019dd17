"""What keys and the mouse do, tab by tab: one table, together with that of the menus."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtGui import QKeySequence

from jpas_gui.views.window.menus import Command

EVERYWHERE = "Everywhere"
TABS = ("Explore", "Degeneracies", "Observed", "Training", "Evaluation", "Libraries")
_SLIDERS = ("Explore", "Degeneracies", "Observed")


@dataclass(frozen=True)
class Key:
    """What a key, or a gesture of the mouse, does.

    Parameters
    ----------
    keys : str
        For people.
    what : str
    tabs : tuple of str
        Titles of the tabs on which it does so; empty: on all.
    """

    keys: str
    what: str
    tabs: tuple[str, ...] = ()


BESIDE_MENUS = (
    Key("Ctrl+Tab, Ctrl+Shift+Tab", "Next, previous page of the tab that has the focus, else tab"),
    Key("Tab, Shift+Tab", "Next, previous control"),
    Key("Ctrl+C", "Copy the chosen rows of a table or list, or the chosen text"),
    Key("Wheel on a figure", "Zoom; on an axis: along that axis alone"),
    Key("Drag in a figure", "Move; with the right button: zoom"),
    Key("Double click on a figure", "Reset zoom"),
    Key("Right click on a figure", "Copy values or picture, save, reset zoom"),
    Key("Right click on a table or list", "Copy value, rows, table or picture"),
    Key("Drop files on the window", "Open them"),
    Key("Click on what is being trained, in the status bar", "Show the training"),
    Key("← →", "Step the slider that has the focus", _SLIDERS),
    Key("PgUp, PgDown", "Step it ten times as far", _SLIDERS),
    Key("Home, End", "Put it at its ends", _SLIDERS),
    Key("Wheel on a slider", "Step the slider that has the focus", _SLIDERS),
    Key("Click on the coverage", "Put that age and metallicity on the sliders", ("Explore",)),
    Key("Double click on a pin", "Put it on the sliders", ("Explore",)),
    Key("Click on a band's bar", "Switch the band off or on", ("Degeneracies",)),
    Key("Click on a map of limits or libraries", "Put that age and metallicity on the sliders", ("Degeneracies",)),
    Key("Double click on a twin", "Put it on the sliders", ("Degeneracies",)),
    Key("↑ ↓ in the list", "Previous, next galaxy", ("Observed",)),
    Key("Click on a band", "Mask it, or use it again", ("Observed",)),
    Key("Double click on an answer", "Put it on the sliders", ("Observed",)),
    Key("Click on a point of the catalogue", "Show that galaxy", ("Observed",)),
    Key("Drag with Brush on", "List the galaxies within the rectangle", ("Observed",)),
    Key("Wheel on the form", "Scroll it; only the field that has the focus changes", ("Training",)),
    Key("Mouse over a mock", "Show its photometry and answer", ("Evaluation",)),
    Key("Double click on a library or model", "Use it", ("Libraries",)),
)


def keys_by_tab(commands: Iterable[Command]) -> dict[str, list[Key]]:
    """Return all keys by where they do something: everywhere, and then tab by tab.

    Parameters
    ----------
    commands : iterable of Command
        Those of the menus.
    """
    keys = [Key(_text(command.keys), command.name, command.tabs) for command in commands if command.keys]
    sections = {EVERYWHERE: [key for key in (*keys, *BESIDE_MENUS) if not key.tabs]}
    for tab in TABS:
        sections[tab] = [key for key in (*keys, *BESIDE_MENUS) if tab in key.tabs]
    return {title: found for title, found in sections.items() if found}


def _text(keys: tuple[str, ...]) -> str:
    return ", ".join(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in keys)
