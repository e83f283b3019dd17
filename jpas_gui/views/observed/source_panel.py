"""The source list: search, filters, and the galaxies in their order."""

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from jpas_gui.app.source_browser import SourceBrowser
from jpas_gui.app.source_list import ListOptions, Which
from jpas_gui.views.observed.source_model import COLUMNS, PREDICTED, SourceModel
from jpas_gui.views.text_size import with_text
from jpas_gui.views.theme import theme_of

_TYPING_TIME = 200
"""ms without a key after which a search begins."""

_LIMITS = {
    "min_snr": ("S/N ≥", "Smallest S/N"),
    "brightest": ("AB ≥", "Brightest magnitude"),
    "faintest": ("AB ≤", "Faintest magnitude"),
}


class SourcePanel(QWidget):
    """Shows the list and reports what the user wants.

    Signals
    -------
    selected(int)
        Row of the catalogue.
    options_changed(dict)
        Fields of `ListOptions`.
    """

    selected = Signal(int)
    options_changed = Signal(dict)

    def __init__(self, model: SourceModel) -> None:
        super().__init__()
        self.model = model
        self._is_showing = False
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search a name")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("Search")
        self.which = QComboBox()
        self.which.addItems([which.value for which in Which])
        self.which.setAccessibleName("Which galaxies")
        self.which.activated.connect(lambda index: self.options_changed.emit({"which": list(Which)[index]}))
        self.limits = {name: self._limit(label, tip) for name, (label, tip) in _LIMITS.items()}
        self.clear = QPushButton("Clear")
        self.clear.setToolTip("Take away search, filters and brush")
        self.clear.setAccessibleName("Clear filters")
        self.clear.clicked.connect(self._clear)
        self.count = QLabel()
        self.count.setAccessibleName("Number of galaxies")
        # Typing ends before a search begins: one in a million rows takes a moment.
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_TIME)
        self._typing.timeout.connect(self.apply)
        for box in (self.search, *self.limits.values()):
            box.textEdited.connect(lambda _: self._typing.start())
            box.returnPressed.connect(self.apply)
        self._make_table()
        self._lay_out()

    def _limit(self, label: str, tip: str) -> QLineEdit:
        box = QLineEdit()
        box.setPlaceholderText(label)
        box.setToolTip(tip)
        box.setAccessibleName(tip)
        return box

    def _make_table(self) -> None:
        self.table = QTableView()
        self.table.setAccessibleName("Galaxies")
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.setWordWrap(False)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # names differ at either end
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.verticalHeader().setDefaultSectionSize(with_text(22))
        header = self.table.horizontalHeader()
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.sectionClicked.connect(self._sort)
        for place, (name, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
            self.table.setColumnWidth(place, with_text(width))
            self.table.setColumnHidden(place, name in PREDICTED)
        self.table.selectionModel().currentRowChanged.connect(self._current_changed)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        first, second = QHBoxLayout(), QHBoxLayout()
        first.addWidget(self.search, 1)
        first.addWidget(self.which)
        for box in self.limits.values():
            second.addWidget(box, 1)
        second.addWidget(self.clear)
        layout.addLayout(first)
        layout.addLayout(second)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.count)

    # -- what the user does -----------------------------------------------------------------------------------------

    def apply(self) -> None:
        """Report what is written in the boxes."""
        self._typing.stop()
        limits = {name: _number(box.text()) for name, box in self.limits.items()}
        for name, box in self.limits.items():
            wrong = bool(box.text().strip()) and limits[name] is None
            box.setStyleSheet(f"color: {theme_of(self.palette()).warning}" if wrong else "")
        self.options_changed.emit({"search": self.search.text().strip(), **limits})

    def _clear(self) -> None:
        for box in (self.search, *self.limits.values()):
            box.clear()  # at once: what is written next must not bring the old text back
        self._typing.stop()
        self.options_changed.emit(_NO_FILTERS)

    def _sort(self, column: int) -> None:
        name = list(COLUMNS)[column]
        if name == "mark":
            return
        header = self.table.horizontalHeader()
        descending = header.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder
        self.options_changed.emit({"sort_by": name, "descending": descending})

    def _current_changed(self, current: QModelIndex, _: QModelIndex) -> None:
        if current.isValid() and not self._is_showing:
            self.selected.emit(int(self.model.order[current.row()]))

    # -- what is shown ----------------------------------------------------------------------------------------------

    def show_list(self, sources: SourceBrowser, row: int | None) -> None:
        """Show the list, with this row of the catalogue as the current one."""
        self._is_showing = True
        self.model.show(sources.table, sources.order)
        self._is_showing = False
        self.show_row(row)
        self._show_options(sources.options)
        for place, name in enumerate(COLUMNS):
            if name in PREDICTED and self.table.isColumnHidden(place) is (sources.overview is not None):
                self.table.setColumnHidden(place, sources.overview is None)
        listed, read, total = sources.order.size, sources.table.n_read, sources.table.n_rows
        reading = f", {read / total:.0%} read" if read < total else ""
        self.count.setText(f"{listed:,} of {total:,} galaxies{reading}")

    def show_row(self, row: int | None) -> None:
        """Make a row of the catalogue the current one, and report nothing."""
        place = -1 if row is None else self.model.place_of(row)
        if place == self.table.currentIndex().row():
            return
        self._is_showing = True
        if place < 0:
            self.table.clearSelection()
            self.table.setCurrentIndex(QModelIndex())
        else:
            self.table.setCurrentIndex(self.model.index(place, 0))  # scrolls there
        self._is_showing = False

    def _show_options(self, options: ListOptions) -> None:
        self.which.setCurrentIndex(list(Which).index(options.which))
        if self._typing.isActive():
            return  # the user is writing
        if self.search.text().strip() != options.search:
            self.search.setText(options.search)
        for name, box in self.limits.items():
            value = getattr(options, name)
            if _number(box.text()) != value:
                box.setText("" if value is None else f"{value:g}")
        order = Qt.SortOrder.DescendingOrder if options.descending else Qt.SortOrder.AscendingOrder
        header = self.table.horizontalHeader()
        with QSignalBlocker(header):
            header.setSortIndicator(list(COLUMNS).index(options.sort_by), order)

    def stop(self) -> None:
        """Report nothing more."""
        self._typing.stop()


_WIDTHS = (40, 88, 20, 48, 46, 54, 48, 54, 54, 70, 48, 52)
_NO_FILTERS = {"search": "", "which": Which.ALL, "brush": None, "min_snr": None, "brightest": None, "faintest": None}


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
