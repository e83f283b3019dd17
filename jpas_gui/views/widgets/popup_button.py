"""A button that opens a panel of controls, which stays open while they are used."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QToolButton, QWidget


class PopupButton(QToolButton):
    """Opens its panel below itself; a click elsewhere or Esc closes it.

    Parameters
    ----------
    text, tip : str

    Attributes
    ----------
    panel : QFrame
        To be filled with a layout and controls.
    """

    def __init__(self, text: str, tip: str) -> None:
        super().__init__()
        self.setText(f"{text} ")
        self.setToolTip(tip)
        self.setAccessibleName(text)
        self.setAccessibleDescription(tip)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setArrowType(Qt.ArrowType.DownArrow)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCheckable(True)  # pressed while the panel is open
        self.panel = _Panel(self)
        self.panel.setAccessibleName(text)
        self.panel.closed.connect(lambda: self.setChecked(False))
        self.clicked.connect(self.open_panel)

    def open_panel(self) -> None:
        """Show the panel, whole on the screen."""
        panel = self.panel
        panel.adjustSize()
        corner = self.mapToGlobal(QPoint(0, self.height()))
        screen = self.screen() or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        x = max(room.left(), min(corner.x(), room.right() - panel.width()))
        y = max(room.top(), min(corner.y(), room.bottom() - panel.height()))
        panel.move(x, y)
        self.setChecked(True)
        panel.show()
        panel.focusNextChild()


class _Panel(QFrame):
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        # A press on the button closes the panel, and must not open it again.
        self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.closed.emit()
