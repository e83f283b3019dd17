"""The list of pinned SEDs."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout

from jpas_gui.app.frame import PinnedSED
from jpas_gui.views.theme import series_colour, series_symbol
from jpas_gui.views.widgets.scroll_column import WrappingPanel
from jpas_gui.views.widgets.symbol_icon import symbol_icon

_NUMBER = Qt.ItemDataRole.UserRole


class PinsPanel(WrappingPanel):
    """Names of the pinned SEDs with their colours; buttons to pin, recall and remove.

    Signals
    -------
    pin_wanted(), unpin_wanted(int), recall_wanted(int)
    """

    pin_wanted = Signal()
    unpin_wanted = Signal(int)
    recall_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.list = QListWidget()
        self.list.setAccessibleName("Pinned SEDs")
        self.list.setToolTip("SEDs kept to compare with; a double click puts one back on the sliders")
        self.list.setWordWrap(True)
        self.list.setMinimumHeight(3 * self.fontMetrics().lineSpacing())
        self.list.itemDoubleClicked.connect(lambda item: self.recall_wanted.emit(item.data(_NUMBER)))
        self.list.currentRowChanged.connect(self._enable)
        self._hint = QLabel("Pinned SEDs: none yet. Pin (P) keeps the present one to compare with.")
        self._hint.setWordWrap(True)
        pin = QPushButton("Pin")
        pin.setToolTip("Keep the present SED to compare with (P)")
        pin.clicked.connect(self.pin_wanted)
        self.recall = QPushButton("To sliders")
        self.recall.setToolTip("Put the chosen SED back on the sliders")
        self.recall.clicked.connect(lambda: self.recall_wanted.emit(self._chosen()))
        self.remove = QPushButton("Remove")
        self.remove.setToolTip("Remove the chosen SED")
        self.remove.clicked.connect(lambda: self.unpin_wanted.emit(self._chosen()))
        buttons = QHBoxLayout()
        for button in (pin, self.recall, self.remove):
            button.setAccessibleName(button.toolTip())
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self._hint)
        layout.addWidget(self.list)
        layout.addLayout(buttons)
        self._labels: tuple[tuple[int, str], ...] = ()
        self._enable(-1)

    def show_pins(self, pins: tuple[PinnedSED, ...]) -> None:
        """Show these pins; nothing is done while they stay the same."""
        labels = tuple((pin.pin.number, pin.label) for pin in pins)
        if labels == self._labels:
            return
        self._labels = labels
        self._hint.setVisible(not labels)
        self.list.clear()
        for number, label in labels:
            item = QListWidgetItem(symbol_icon(series_symbol(number), series_colour(number)), label)
            item.setData(_NUMBER, number)
            item.setToolTip(label)
            self.list.addItem(item)
        self._enable(self.list.currentRow())

    def _chosen(self) -> int:
        return int(self.list.currentItem().data(_NUMBER))

    def _enable(self, row: int) -> None:
        for button in (self.recall, self.remove):
            button.setEnabled(row >= 0)
