"""Library against library: the same population in each, and what each would take this one for."""

from html import escape

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from jpas_gui.app.degeneracy_frame import DegeneracyFrame
from jpas_gui.app.frame import age_text
from jpas_gui.app.library_opinions import LibraryOpinion
from jpas_gui.app.limits_frame import MapFrame
from jpas_gui.core.evaluation.labels import LABELS
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.core.photometry.bands import all_bands
from jpas_gui.core.ssp.library import SSPLibrary
from jpas_gui.views.degeneracy.figure import PlainFigure
from jpas_gui.views.degeneracy.library_map_plot import LibraryMapPlot
from jpas_gui.views.plots.key import key_entry, key_line
from jpas_gui.views.theme import LIGHT, Theme, series_colour, series_symbol
from jpas_gui.views.widgets.next_step import NextStep
from jpas_gui.views.widgets.symbol_icon import symbol_icon

_COLUMNS = ("library", "would call it", *(LABELS[name].symbol for name in PARAMETERS), "χ² / bands", "remarks")
_X = np.array([band.wavelength for band in all_bands()])
_ROWS_SHOWN, _ROW_ROOM, _FRAME = 5, 10, 18
"""Of the table; the frame holds a scroll bar."""

_LEAST_LINES = 16
"""Height of each figure in lines of text, in which it can be read."""

_WAVELENGTHS = (3250.0, 10300.0)
_NO_OTHERS = "No other library is open to compare this one with"

_NEXT = (
    "No other library is open. Open one to see the same population in it, and what it would take this one for: "
    "differences between libraries are the systematic errors of ages and metallicities."
)


class LibrariesPage(QWidget):
    """A table of the other libraries, their differences per band, and a map of what one of them would say.

    Signals
    -------
    against_chosen(str)
        The library whose answers are to be mapped.
    open_wanted(), libraries_wanted()
        Another library is to be opened, or looked for.
    """

    against_chosen = Signal(str)
    open_wanted = Signal()
    libraries_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shown: MapFrame | None = None
        self.table = QTableWidget(0, len(_COLUMNS))
        self.table.setAccessibleName("Other libraries")
        self.table.setToolTip("What each other library would take this SED for: medians with 16 and 84 percentiles")
        self.table.setHorizontalHeaderLabels(_COLUMNS)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(self.fontMetrics().lineSpacing() + _ROW_ROOM)
        self._set_height(0)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.figure = DifferenceFigure()
        self.map = LibraryMapPlot("Difference", is_signed=True)
        self.parameter = self._combo("Parameter of the map", "The parameter whose difference the map shows")
        self.parameter.addItems([f"Difference in {LABELS[name].symbol}" for name in PARAMETERS])
        self.parameter.currentIndexChanged.connect(lambda _: self._show_map())
        self.against = self._combo("Library of the map", "The library that answers, for every population of this one")
        self.against.activated.connect(lambda index: self.against_chosen.emit(self.against.itemData(index)))
        row = QHBoxLayout()
        row.addWidget(self.parameter, 1)
        row.addWidget(self.against, 2)
        for figure in (self.figure, self.map):
            figure.setMinimumHeight(_LEAST_LINES * self.fontMetrics().lineSpacing())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)
        layout.addWidget(self.figure, 50)
        layout.addLayout(row)
        layout.addWidget(self.map, 40)
        actions = {"Open library…": self.open_wanted.emit, "Libraries to download": self.libraries_wanted.emit}
        self.next_step = NextStep(self, _NEXT, actions)

    def _combo(self, name: str, tip: str) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(name)
        combo.setToolTip(tip)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        return combo

    def show_libraries(self, others: tuple[SSPLibrary, ...], against: str) -> None:
        """Offer these libraries for the map."""
        self._set_height(len(others))  # and not that of the answers that have come: nothing below may move
        with QSignalBlocker(self.against):
            self.against.clear()
            self.against.addItem("no map" if others else "no other library is open", "")
            for library in others:
                self.against.addItem(f"Map what {library.title} would say", library.name)
            self.against.setCurrentIndex(max(0, self.against.findData(against)))
        self.next_step.show_if(not others)

    def show_opinions(
        self, frame: DegeneracyFrame | None, opinions: tuple[LibraryOpinion, ...], shown: MapFrame | None
    ) -> None:
        """Show what is known so far."""
        self.table.setRowCount(len(opinions))
        for row, opinion in enumerate(opinions):
            self._fill(row, opinion)
        self.figure.show_opinions(frame, opinions)
        self._shown = shown if shown is not None and shown.answering.name == self.against.currentData() else None
        self._show_map()
        if frame is not None and self._shown is not None:
            self.map.show_population(float(frame.centre[0]), float(frame.centre[1]))

    def _set_height(self, n_rows: int) -> None:
        header = self.table.horizontalHeader().sizeHint().height()
        self.table.setFixedHeight(min(n_rows, _ROWS_SHOWN) * self._row_height + header + _FRAME)

    @property
    def _row_height(self) -> int:
        return self.table.verticalHeader().defaultSectionSize()

    def _fill(self, row: int, opinion: LibraryOpinion) -> None:
        low, median, high = opinion.percentiles
        is_known = bool(np.isfinite(median).all())
        cells = [opinion.library.title, age_text(float(median[0])) if is_known else "—"]
        for number in range(len(PARAMETERS)):
            spread = f"+{high[number] - median[number]:.2f} −{median[number] - low[number]:.2f}"
            cells.append(f"{median[number]:.2f} {spread}".replace("-", "−") if is_known else "—")
        cells += [f"{opinion.chi2:.1f} / {opinion.n_bands}" if is_known else "—", "; ".join(opinion.remarks)]
        for column, cell in enumerate(cells):
            self.table.setItem(row, column, QTableWidgetItem(cell))
            self.table.item(row, column).setToolTip(cell)
        self.table.item(row, 0).setIcon(symbol_icon(series_symbol(row + 1), series_colour(row + 1)))

    def _show_map(self) -> None:
        shown = self._shown
        if shown is None or shown.grid is None:
            can_choose = self.against.count() > 1
            self.map.show_nothing(
                "choose a library to map what it would say of every population of this one"
                if can_choose
                else "Open another library (menu File) to compare this one with"
            )
            return
        label = LABELS[PARAMETERS[self.parameter.currentIndex()]]
        progress = "" if shown.is_whole else f" · {shown.grid.n_known / shown.grid.n_nodes:.0%}"
        title = (
            f"{label.symbol} in {shown.answering.title} minus {label.symbol} in {shown.scene.library.title} "
            f"({label.delta_unit}) · E(B−V) {shown.ebv:.2f} · magnitude {shown.magnitude:.2f}{progress}"
        )
        grid = shown.grid
        self.map.show_map(grid.log_age, grid.metallicity, grid.bias[..., self.parameter.currentIndex()], title)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.figure.set_theme(theme)
        self.map.set_theme(theme)


class DifferenceFigure(PlainFigure):
    """The same population in other libraries minus the present one, in magnitudes and in sigmas."""

    def __init__(self) -> None:
        super().__init__("Differences between libraries", "Other library minus present one, per band")
        self._shown: tuple[str, tuple[str, ...]] = ("", ())
        self.caption = self._caption
        self.magnitudes = self.add_plain_plot(0, left="Δ (mag)")
        self.sigmas = self.add_plain_plot(1, left="Δ (σ)", bottom="Observed wavelength (Å)")
        self.magnitudes.getAxis("bottom").setStyle(showValues=False)
        self.magnitudes.invertY(True)
        self.sigmas.setXLink(self.magnitudes)
        self.magnitudes.setXRange(*_WAVELENGTHS, padding=0)
        self._zero = [pg.InfiniteLine(pos=0, angle=0, movable=False) for _ in range(2)]
        for plot, line in zip(self.plots, self._zero, strict=True):
            plot.addItem(line, ignoreBounds=True)
        self._series: list[tuple[pg.PlotDataItem, pg.PlotDataItem]] = []
        self.setToolTip("The same age, [M/H], dust and magnitude in each other library")
        self.set_theme(LIGHT)
        self.say_nothing_to_show(_NO_OTHERS)

    def show_opinions(self, frame: DegeneracyFrame | None, opinions: tuple[LibraryOpinion, ...]) -> None:
        """Show the differences of these libraries."""
        self.say_nothing_to_show("" if opinions and frame is not None else _NO_OTHERS)
        self._shown = (frame.scene.stamp, tuple(one.library.title for one in opinions)) if frame else ("", ())
        while len(self._series) < len(opinions):
            self._series.append(self._add_series(len(self._series) + 1))
        for place, pair in enumerate(self._series):
            for item in pair:
                item.setVisible(place < len(opinions) and frame is not None)
        if frame is None:
            return
        order = np.argsort(_X)
        for plot, number in zip(self.plots, range(2), strict=True):
            largest = 0.0
            for pair, opinion in zip(self._series, opinions, strict=False):
                values = np.where(frame.scene.mask, (opinion.magnitudes, opinion.sigmas)[number], np.nan)[order]
                known = np.isfinite(values)
                pair[number].setData(_X[order][known], values[known])
                largest = max(largest, float(np.abs(values[known]).max(initial=0.0)))
            reach = 1.1 * max(largest, 0.01)
            plot.setYRange(-reach, reach, padding=0)

    def _caption(self) -> str:
        stamp, titles = self._shown
        entries = [key_entry(series_symbol(n), series_colour(n), title) for n, title in enumerate(titles, start=1)]
        return f"{escape(stamp)}<br>{key_line(entries)}"

    def _add_series(self, number: int) -> tuple[pg.PlotDataItem, pg.PlotDataItem]:
        items = []
        for plot in self.plots:
            pen = pg.mkPen(series_colour(number), width=1)
            item = pg.PlotDataItem(pen=pen, symbol=series_symbol(number), symbolSize=6, symbolPen=None)
            item.setSymbolBrush(series_colour(number))
            plot.addItem(item, ignoreBounds=True)
            items.append(item)
        return items[0], items[1]

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        super().set_theme(theme)
        for line in self._zero:
            line.setPen(pg.mkPen(theme.muted, width=1))
