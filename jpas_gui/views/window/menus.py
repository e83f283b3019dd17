"""The menus: a table of what can be done, with which key, and on which tabs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import qtawesome
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from jpas_gui.views.theme import Appearance


@dataclass(frozen=True)
class Command:
    """Something that can be done from a menu.

    Parameters
    ----------
    text : str
        As menus show it, with its mnemonic.
    do : callable
    keys : tuple of str
        Each of them does it.
    icon : str
        Name in qtawesome.
    tip : str
        For the status bar.
    tabs : tuple of str
        Titles of the tabs on which it can be done; empty: on all.
    when : callable, optional
        Whether it can be done now, on such a tab.
    """

    text: str
    do: Callable[[], object]
    keys: tuple[str, ...] = ()
    icon: str = ""
    tip: str = ""
    tabs: tuple[str, ...] = ()
    when: Callable[[], bool] | None = None

    @property
    def name(self) -> str:
        """What it is called where there are no mnemonics."""
        return self.text.replace("&", "").rstrip("…")


class Menus:
    """The menus of the window, whose actions are enabled where they act on what is seen.

    Parameters
    ----------
    window : QMainWindow
    """

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self.menus: dict[str, QMenu] = {}
        self.actions: dict[QAction, Command] = {}

    def add(self, title: str, commands: Sequence[Command | None]) -> None:
        """Add a menu of these commands; None separates them."""
        menu = self.menus[title] = self._window.menuBar().addMenu(title)
        for command in commands:
            if command is None:
                menu.addSeparator()
            else:
                menu.addAction(self._action(command))

    def action(self, text: str) -> QAction:
        """Return the action of the command with this text."""
        return next(action for action, command in self.actions.items() if command.text == text)

    def _action(self, command: Command) -> QAction:
        action = QAction(command.text, self._window)
        action.setShortcuts([QKeySequence(key) for key in command.keys])
        if command.tip:
            action.setStatusTip(command.tip)
        action.triggered.connect(lambda: command.do())
        self.actions[action] = command
        return action

    def enable(self, title: str) -> None:
        """Enable what can be done now on the tab of this title, which is in front."""
        for action, command in self.actions.items():
            is_here = not command.tabs or title in command.tabs
            action.setEnabled(is_here and (command.when is None or command.when()))

    def show_icons(self) -> None:
        """Draw the icons in the colour of the text."""
        colour = self._window.palette().windowText().color()
        for action, command in self.actions.items():
            action.setIcon(qtawesome.icon(command.icon, color=colour))


def appearance_menu(window: QMainWindow, chosen: Appearance, choose: Callable[[Appearance], None]) -> QMenu:
    """Return the menu of light and dark colours."""
    menu = QMenu("&Appearance", window)
    group = QActionGroup(window)
    for appearance in Appearance:
        action = group.addAction(appearance.value.capitalize())
        action.setCheckable(True)
        action.setChecked(appearance is chosen)
        action.triggered.connect(lambda _, appearance=appearance: choose(appearance))
        menu.addAction(action)
    return menu
