"""A column of a tab that scrolls where the window is low."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

_LEAST_HEIGHT = 120


class ScrollColumn(QScrollArea):
    """Shows a widget as wide as the column and as high as it needs to be at the least; it never scrolls sideways.

    Parameters
    ----------
    content : QWidget
    """

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what has the focus is scrolled to
        self.setWidget(_Content(content))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._width_of(self.widget().minimumSizeHint()), _LEAST_HEIGHT)

    def sizeHint(self) -> QSize:
        hint = self.widget().sizeHint()
        return QSize(self._width_of(hint), hint.height())

    def _width_of(self, content: QSize) -> int:
        return content.width() + self.verticalScrollBar().sizeHint().width()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)


def _with_its_lines(widget: QWidget, hint: QSize) -> QSize:
    """Return how small a widget can be at its width; Qt itself would ask what height it prefers."""
    layout = widget.layout()
    if layout is None or not layout.hasHeightForWidth():
        return hint
    return QSize(hint.width(), max(hint.height(), layout.minimumHeightForWidth(widget.width())))


class _Content(QWidget):
    """Is all of its child: a layout between them would ask for the height that the child prefers."""

    def __init__(self, child: QWidget) -> None:
        super().__init__()
        self._child = child
        child.setParent(self)

    def sizeHint(self) -> QSize:
        return self._child.sizeHint()

    def minimumSizeHint(self) -> QSize:
        child = self._child
        return _with_its_lines(child, child.minimumSizeHint().expandedTo(child.minimumSize()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._child.setGeometry(self.rect())
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)


class WrappingPanel(QWidget):
    """A panel that is never lower than its lines need at its width; Qt's splitters ask for a width alone."""

    def minimumSizeHint(self) -> QSize:
        return _with_its_lines(self, super().minimumSizeHint())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()
