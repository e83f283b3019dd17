"""A frame around what has the keyboard's focus, the same for every kind of control."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import (
    QApplication,
    QFocusFrame,
    QProxyStyle,
    QStyle,
    QStyleHintReturn,
    QStyleOption,
    QTabBar,
    QWidget,
)
from shiboken6 import isValid

from jpas_gui.views.theme import theme_of

_WIDTH, _MARGIN = 2, 1
"""Of the frame, and how far it lies outside, in pixels."""


class FocusFrames(QObject):
    """Frames the control that has the focus, in the window or in its dialogs.

    Parameters
    ----------
    window : QWidget
        The frames go with it.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._style = _AboveControls("Fusion")
        self._frame: _Frame | None = None
        QApplication.instance().focusChanged.connect(self._follow)

    def _follow(self, _: QWidget | None, widget: QWidget | None) -> None:
        if widget is not None and widget.isWindow():
            widget = None
        if self._frame is None or not isValid(self._frame):  # it goes with the window in which it was
            if widget is None:
                return
            self._frame = _Frame(self._style)
        self._frame.setWidget(widget)  # type: ignore[arg-type]  # None hides it


class _AboveControls(QProxyStyle):
    """Lets the frame lie above controls, not below them in their layout: a splitter would make it a pane."""

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returnData: QStyleHintReturn | None = None,  # noqa: N803
    ) -> int:
        if hint is QStyle.StyleHint.SH_FocusFrame_AboveWidget:
            return 1
        if hint is QStyle.StyleHint.SH_FocusFrame_Mask:
            return 0  # it would be as narrow as the margin
        return super().styleHint(hint, option, widget, returnData)

    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        if metric in (QStyle.PixelMetric.PM_FocusFrameHMargin, QStyle.PixelMetric.PM_FocusFrameVMargin):
            return _MARGIN
        return super().pixelMetric(metric, option, widget)


class _Frame(QFocusFrame):
    def __init__(self, style: QStyle) -> None:
        super().__init__()
        self.setStyle(style)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect, framed = self.rect(), self.widget()
        if isinstance(framed, QTabBar):  # is as wide as the window: its tab in front says enough
            rect = framed.tabRect(framed.currentIndex()).adjusted(0, 0, 2 * _MARGIN, 2 * _MARGIN)
        painter.setClipRegion(QRegion(rect) - QRegion(rect.adjusted(_WIDTH, _WIDTH, -_WIDTH, -_WIDTH)))
        painter.fillRect(self.rect(), QColor(theme_of(self.palette()).focus))
        painter.end()
