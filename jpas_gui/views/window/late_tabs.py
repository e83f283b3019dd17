"""Tabs that are made when they are first needed."""

from collections.abc import Callable
from typing import Generic, TypeVar

import qtawesome
from PySide6.QtCore import QSignalBlocker, QSize, Qt
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QTabWidget, QWidget

from jpas_gui.views.theme import theme_of

_DOT = 10
"""Pixels."""

Tab = TypeVar("Tab", bound=QWidget)


class LateTab(Generic[Tab]):
    """A tab that is made when it is first looked at or asked for; `LateTabs.add_late` makes this.

    Attributes
    ----------
    made : QWidget, optional
        The tab, if it is made already.
    """

    def __init__(self, make: Callable[[], Tab], put: Callable[[Tab], None]) -> None:
        self._make, self._put = make, put
        self.made: Tab | None = None

    @property
    def tab(self) -> Tab:
        """The tab, made now where it is not yet."""
        if self.made is None:
            self.made = self._make()
            self._put(self.made)
        return self.made


def _blank() -> QIcon:
    picture = QPixmap(_DOT, _DOT)
    picture.fill(Qt.GlobalColor.transparent)
    return QIcon(picture)


class LateTabs(QTabWidget):
    """Tabs, most of which nobody looks at in the first second: they would take more than half of it."""

    def __init__(self) -> None:
        super().__init__()
        self._late: dict[QWidget, LateTab[QWidget]] = {}
        self.setIconSize(QSize(_DOT, _DOT))
        self.currentChanged.connect(lambda _: self._make_current())

    def add_late(self, title: str, make: Callable[[], Tab]) -> LateTab[Tab]:
        """Add a tab that `make` returns when it is needed."""
        place = QWidget()
        late = LateTab(make, lambda tab: self._replace(place, tab, title))
        self._late[place] = late
        self.addTab(place, title)
        return late

    def mark(self, title: str, why: str) -> None:
        """Put a dot on the tab of this title, and say why in its tooltip; an empty text takes it away again."""
        index = next(index for index in range(self.count()) if self.tabText(index) == title)
        # A blank keeps the place: the tabs beside it do not move when the dot comes.
        self.setTabIcon(
            index, qtawesome.icon("mdi6.circle", color=theme_of(self.palette()).accent) if why else _blank()
        )
        self.setTabToolTip(index, why)
        self.tabBar().setAccessibleTabName(index, f"{title}: {why}" if why else title)

    def _make_current(self) -> None:
        late = self._late.get(self.currentWidget())
        if late is not None:
            _ = late.tab

    def _replace(self, place: QWidget, tab: QWidget, title: str) -> None:
        del self._late[place]
        index, is_current = self.indexOf(place), place is self.currentWidget()
        with QSignalBlocker(self):  # for the user it is the same tab
            self.insertTab(index, tab, self.tabIcon(index), title)
            self.setTabToolTip(index, self.tabToolTip(index + 1))
            if is_current:
                self.setCurrentWidget(tab)
            self.removeTab(index + 1)
        place.deleteLater()
