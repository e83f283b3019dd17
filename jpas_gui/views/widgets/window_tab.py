"""What the window asks of a tab."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSplitter, QTabWidget, QWidget

from jpas_gui.app.history import Undoable
from jpas_gui.views.plots.figure import Figure
from jpas_gui.views.theme import Theme


@dataclass(frozen=True)
class SavedData:
    """Values that a tab can save: the beginning of the file's name, and what writes the file."""

    stem: str
    write: Callable[[Path], None]


class WindowTab(QWidget):
    """A tab of the window; as it stands here, one that has nothing to undo, to save or to wait for.

    Signals
    -------
    offers_changed()
        What can be undone, saved or fitted here is other than before.
    """

    title = ""
    """What the tab is called, in the window and on the command line."""

    offers_changed = Signal()

    @property
    def speakers(self) -> tuple[Any, ...]:
        """The parts of it whose signals `problem` and `said` the window shows."""
        return ()

    pages: QTabWidget | None = None
    """Its pages, where it has any."""

    @property
    def panes(self) -> tuple[tuple[int, ...], ...]:
        """Sizes of the panes of each splitter."""
        return tuple(tuple(splitter.sizes()) for splitter in self.findChildren(QSplitter))

    def show_panes(self, panes: Sequence[Sequence[int]]) -> None:
        """Divide the room as it was, if the tab still has the same splitters."""
        splitters = self.findChildren(QSplitter)
        if [splitter.count() for splitter in splitters] == [len(sizes) for sizes in panes]:
            for splitter, sizes in zip(splitters, panes, strict=True):
                if any(sizes):  # else it was never seen
                    splitter.setSizes(sizes)

    @property
    def page(self) -> str:
        """Title of the page in front; empty where there are none."""
        return self.pages.tabText(self.pages.currentIndex()) if self.pages is not None else ""

    def show_page(self, title: str) -> None:
        """Show the page of this title, if there is one."""
        if self.pages is not None:
            titles = [self.pages.tabText(index) for index in range(self.pages.count())]
            if title in titles:
                self.pages.setCurrentIndex(titles.index(title))

    @property
    def history(self) -> Undoable | None:
        """What undo and redo go through while this tab is in front."""
        return None

    @property
    def figure(self) -> Figure | None:
        """The figure that is in view, to be saved."""
        return None

    @property
    def figure_stem(self) -> str:
        """What the file of a figure is called unless the user says otherwise."""
        return self.title.lower()

    @property
    def data(self) -> SavedData | None:
        """The values that are in view, to be saved."""
        return None

    @property
    def fit(self) -> Callable[[], None] | None:
        """What shows all of the figures in view; None where no figure is."""
        return self._fit_figures if self.figure is not None else None

    def _fit_figures(self) -> None:
        for figure in self.findChildren(Figure):
            if figure.isVisible():
                figure.fit()

    @property
    def is_busy(self) -> bool:
        """Whether something that belongs here is still to come."""
        return False

    def catch_up(self) -> None:
        """Show at once what waits to be shown."""

    def settle(self) -> None:
        """Go on only when all that is in view has been computed and is shown whole: a picture is taken."""

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""

    def may_close(self) -> bool:
        """Return whether the window may close, having asked where something would be lost."""
        return True

    def stop(self) -> None:
        """Show nothing more, and let the workers end what they do: the window closes."""
