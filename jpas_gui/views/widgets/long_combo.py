"""A combo box whose entries may be longer than it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter

_TEXT_MARGIN = 4


class LongCombo(QComboBox):
    """Cuts an entry in its middle where it is too long and says all in its tooltip; opens as wide as the longest.

    Parameters
    ----------
    n_letters : int
        Its longest entry must not decide how wide the panel is: this does.
    """

    def __init__(self, n_letters: int) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(n_letters)
        self._tip = ""
        self.shown_text = ""
        """What can be read of the entry that is chosen."""

        self.currentTextChanged.connect(lambda _: self._cut())

    def setToolTip(self, tip: str) -> None:
        self._tip = tip
        self._cut()

    def _cut(self) -> None:
        option, field = QStyleOptionComboBox(), QStyle.SubControl.SC_ComboBoxEditField
        self.initStyleOption(option)
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self)
        text, width = self.currentText(), room.width() - _TEXT_MARGIN
        self.shown_text = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, width)
        super().setToolTip(self._tip if self.shown_text == text else f"{text}\n{self._tip}")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        option.currentText = self.shown_text  # type: ignore[attr-defined]
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._cut()

    def showPopup(self) -> None:
        view = self.view()
        longest = max((self.fontMetrics().horizontalAdvance(self.itemText(i)) for i in range(self.count())), default=0)
        view.setMinimumWidth(longest + 2 * view.verticalScrollBar().sizeHint().width())
        super().showPopup()
