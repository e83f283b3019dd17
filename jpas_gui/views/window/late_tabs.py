"""Tabs that are made when they are first needed."""

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QPointF, QSignalBlocker, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QTabBar, QTabWidget, QWidget

from jpas_gui.views.theme import theme_of

_DOT_RADIUS, _DOT_INSET = 3, 7
"""Pixels: of the dot, and from the corner of the tab to its centre."""

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


class _DottedTabBar(QTabBar):
    """Draws a dot into the corner of some tabs: beside their titles, so that none needs a place for it.

    Attributes
    ----------
    dotted : set of str
        Titles of the tabs.
    """

    def __init__(self) -> None:
        super().__init__()
        self.dotted: set[str] = set()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme_of(self.palette()).accent))
        for index in range(self.count()):
            if self.tabText(index) in self.dotted:
                corner = QPointF(self.tabRect(index).topRight())
                painter.drawEllipse(corner + QPointF(-_DOT_INSET, _DOT_INSET), _DOT_RADIUS, _DOT_RADIUS)
        painter.end()


class LateTabs(QTabWidget):
    """Tabs, most of which nobody looks at in the first second: they would take more than half of it."""

    def __init__(self) -> None:
        super().__init__()
        self._late: dict[QWidget, LateTab[QWidget]] = {}
        self._bar = _DottedTabBar()
        self.setTabBar(self._bar)
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
        (self._bar.dotted.add if why else self._bar.dotted.discard)(title)
        self._bar.update()
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
            self.insertTab(index, tab, title)
            self.setTabToolTip(index, self.tabToolTip(index + 1))
            if is_current:
                self.setCurrentWidget(tab)
            self.removeTab(index + 1)
        place.deleteLater()
