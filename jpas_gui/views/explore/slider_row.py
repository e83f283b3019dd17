"""A slider with its name, unit and number box."""

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSlider, QWidget

from jpas_gui.views.widgets.number_box import NumberBox

_WIDEST_REMARK = "0.0123 Myr"
_PAGES = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_MODIFIERS = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.ShiftModifier
    | Qt.KeyboardModifier.MetaModifier
)


class SliderRow(QWidget):
    """One parameter: dragged on the slider, typed in the box, or stepped with the arrow keys.

    It never changes its own value: it reports what the user wants, and shows what it is told.

    Signals
    -------
    moved(float)
        The user wants this value.
    released()
        The drag, the typing or the key press is over.
    """

    moved = Signal(float)
    released = Signal()

    def __init__(self, label: str, unit: str, decimals: int, step: float, page: float, tip: str) -> None:
        super().__init__()
        self._label = QLabel(f"{label}  <small>{unit}</small>" if unit else label)
        self._remark = QLabel()
        self._remark.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        # Of one size: another text must not lay out the window anew at every step of a drag.
        self._remark.setFixedSize(self._remark.fontMetrics().size(0, _WIDEST_REMARK))
        # Qt's own slider, in units of the box's last digit: superqt's slider of doubles knows no arrow keys.
        self._per_unit = 10**decimals
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.box = NumberBox()
        self.box.setDecimals(decimals)
        self.box.setSingleStep(step)
        self.box.setKeyboardTracking(False)  # a half-typed number is not a wish
        self.slider.setSingleStep(self.position_of(step))
        self.slider.setPageStep(self.position_of(page))
        self._label.setBuddy(self.box)
        for widget, kind in ((self.slider, "slider"), (self.box, "number")):
            widget.setAccessibleName(f"{label} {kind}")
            widget.setAccessibleDescription(tip)
            widget.setToolTip(tip)
            widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            widget.installEventFilter(self)

        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setVerticalSpacing(1)
        layout.addWidget(self._label, 0, 0)
        layout.addWidget(self._remark, 0, 1, 1, 2, Qt.AlignmentFlag.AlignRight)  # over the box, too
        layout.addWidget(self.slider, 1, 0, 1, 2)
        layout.addWidget(self.box, 1, 2)
        layout.setColumnStretch(0, 1)
        self.box.setMinimumWidth(86)

        self._key_is_down = False
        self.slider.valueChanged.connect(lambda position: self._move(position / self._per_unit))
        self.slider.sliderReleased.connect(self.released)
        self.box.valueChanged.connect(self._move)

    def _move(self, value: float) -> None:
        self.moved.emit(value)
        # A click beside the handle, a turn of the wheel and a typed number are over at once; drags and keys are not.
        if not (self.slider.isSliderDown() or self._key_is_down):
            self.released.emit()

    def position_of(self, value: float) -> int:
        """Return where the slider stands at a value."""
        return round(value * self._per_unit)

    def set_limits(self, low: float, high: float) -> None:
        """Set the smallest and the largest number that can be typed, and the slider's range to the same."""
        with QSignalBlocker(self.box):
            self.box.setRange(low, high)
        self.set_range(low, high)

    def set_range(self, low: float, high: float) -> None:
        """Set the slider's range, without reporting a move; what is typed may lie outside, and is then said."""
        with QSignalBlocker(self.slider):
            self.slider.setRange(self.position_of(low), self.position_of(high))

    def set_value(self, value: float, remark: str = "") -> None:
        """Show a value, without reporting a move; `remark` stands above the slider's right end."""
        with QSignalBlocker(self.slider), QSignalBlocker(self.box):
            if not self.slider.isSliderDown():
                self.slider.setValue(self.position_of(value))
            self.box.setValue(value)
        if remark != self._remark.text():
            self._remark.setText(remark)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and not watched.hasFocus():
            event.ignore()  # the wheel scrolls the panel unless the slider was chosen
            return True
        if isinstance(event, QKeyEvent) and event.key() in _PAGES and event.modifiers() & _MODIFIERS:
            event.ignore()  # they change tabs
            return True
        if event.type() == QEvent.Type.FocusOut:
            self._key_is_down = False  # the release of a Tab goes to the next widget
        if isinstance(event, QKeyEvent) and not event.isAutoRepeat():
            if event.type() == QEvent.Type.KeyPress:
                self._key_is_down = True
            elif event.type() == QEvent.Type.KeyRelease:
                self._key_is_down = False
                self.released.emit()
        return False
