"""The populations farthest away that look the same: a table, their SEDs, and their differences per band."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from jpas_gui.app.degeneracy_frame import DegeneracyFrame
from jpas_gui.app.degeneracy_words import telling_words, twin_title, twin_words
from jpas_gui.app.frame import age_text
from jpas_gui.core.arrays import BoolArray
from jpas_gui.core.evaluation.labels import LABELS
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.core.inference.twins import Twin
from jpas_gui.core.photometry.bands import all_bands
from jpas_gui.views.degeneracy.figure import PlainFigure
from jpas_gui.views.plots.error_bars import ErrorBars
from jpas_gui.views.plots.key import key_entry, key_line
from jpas_gui.views.plots.stamp import Stamp
from jpas_gui.views.theme import LIGHT, Theme, series_colour, series_symbol
from jpas_gui.views.widgets.row_table import choose_rows
from jpas_gui.views.widgets.symbol_icon import symbol_icon

_N_TWINS = 2 * len(PARAMETERS)
_COLUMNS = ("twin", "age", *(LABELS[name].symbol for name in PARAMETERS[1:]), "Δχ²", "differs most in")
_X = np.array([band.wavelength for band in all_bands()])
_IS_BROAD = np.array([band.is_broad for band in all_bands()])
_WAVELENGTHS = (3250.0, 10300.0)
_LEAST_REACH = 1.1
_ROW_ROOM, _LEAST_ROWS, _LEAST_LINES = 10, 3, 28
"""Pixels around the text of a row; rows of the table, and lines of text for the figure, that are always seen."""


class TwinsPage(QWidget):
    """Lists and draws twins; the row that is chosen is drawn alone, together they all are.

    Signals
    -------
    taken(int)
        A double click wants this twin on the sliders.
    """

    taken = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._frame: DegeneracyFrame | None = None
        self.table = QTableWidget(0, len(_COLUMNS))
        self.table.setAccessibleName("Twins")
        self.table.setToolTip("Choose a row to see that twin alone; a double click puts it on the sliders")
        self.table.setHorizontalHeaderLabels(_COLUMNS)
        choose_rows(self.table)
        self.table.horizontalHeader().setStretchLastSection(True)
        self._take_room()
        self.table.itemSelectionChanged.connect(self._show_chosen)
        self.table.cellDoubleClicked.connect(lambda row, _: self.taken.emit(row))
        self.figure = TwinsFigure()
        self.figure.setMinimumHeight(_LEAST_LINES * self.fontMetrics().lineSpacing())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table, 2)
        layout.addWidget(self.figure, 3)

    def _take_room(self) -> None:
        """Let the table be as high as all twins; in a low window three of them, for the sake of the figure."""
        row, header = self.fontMetrics().lineSpacing() + _ROW_ROOM, self.table.horizontalHeader().sizeHint().height()
        self.table.verticalHeader().setDefaultSectionSize(row)
        frame = self.table.horizontalScrollBar().sizeHint().height() + 2 * self.table.frameWidth()
        self.table.setMinimumHeight(header + _LEAST_ROWS * row + frame)
        self.table.setMaximumHeight(header + _N_TWINS * row + frame)

    def show_frame(self, frame: DegeneracyFrame | None) -> None:
        """Show the twins of a frame. During a drag those of before stay."""
        if frame is not None and not frame.is_sharp:
            return
        self._frame = frame
        twins = frame.twins if frame else ()
        with QSignalBlocker(self.table):
            self.table.setRowCount(len(twins))
            for row in range(len(twins)):
                self._fill(row)
        self._show_chosen()

    def _fill(self, row: int) -> None:
        frame = self._frame
        assert frame is not None
        twin = frame.twins[row]
        log_age, metallicity, ebv = twin.parameters
        cells = (
            twin_title(twin),
            f"{age_text(float(log_age))} ({log_age:.3f})",
            f"{metallicity:+.3f}".replace("-", "−"),
            f"{ebv:.3f}",
            f"{twin.delta_chi2:.2f}",
            telling_words(twin, all_bands()),
        )
        tip = f"Looks the same: {twin_words(twin, frame.centre)}; differs most in {cells[-1]}"
        for column, cell in enumerate(cells):
            item = QTableWidgetItem(cell)
            item.setToolTip(tip)
            self.table.setItem(row, column, item)
        self.table.item(row, 0).setIcon(symbol_icon(series_symbol(row + 1), series_colour(row + 1)))

    def _show_chosen(self) -> None:
        chosen = {index.row() for index in self.table.selectedIndexes()}
        self.figure.show_twins(self._frame, chosen or set(range(_N_TWINS)))

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.figure.set_theme(theme)


class TwinsFigure(PlainFigure):
    """The SEDs of twins over the data, and their differences from them in sigmas."""

    def __init__(self) -> None:
        super().__init__("SEDs of twins", "SEDs of the twins over the present one, and their differences in sigmas")
        self._frame: DegeneracyFrame | None = None
        self._chosen: set[int] = set()
        self.caption = self._caption
        self._stamp = Stamp()
        self.addItem(self._stamp, row=0, col=0)
        self.sed = self.add_plain_plot(1, left="F<sub>ν</sub> (nanomaggy)")
        self.differences = self.add_plain_plot(2, left="twin − present (σ)", bottom="Observed wavelength (Å)")
        self.sed.getAxis("bottom").setStyle(showValues=False)
        self.ci.layout.setRowStretchFactor(1, 50)
        self.ci.layout.setRowStretchFactor(2, 50)
        self.differences.setXLink(self.sed)
        self.sed.setXRange(*_WAVELENGTHS, padding=0)
        self._errors = ErrorBars()
        self._points = pg.ScatterPlotItem(symbol="o", size=7, pxMode=True)
        self._levels = [pg.InfiniteLine(pos=level, angle=0, movable=False) for level in (-1.0, 0.0, 1.0)]
        for item in (self._errors, self._points):
            self.sed.addItem(item, ignoreBounds=True)
        for line in self._levels:
            self.differences.addItem(line, ignoreBounds=True)
        self._curves, self._marks = [], []
        for number in range(1, _N_TWINS + 1):
            pen, symbol = pg.mkPen(series_colour(number), width=1), series_symbol(number)
            self._curves.append(pg.PlotCurveItem(pen=pen))
            self._marks.append(pg.PlotDataItem(pen=pen, symbol=symbol, symbolSize=6, symbolPen=None))
            self._marks[-1].setSymbolBrush(series_colour(number))
            self.sed.addItem(self._curves[-1], ignoreBounds=True)
            self.differences.addItem(self._marks[-1], ignoreBounds=True)
        self.set_theme(LIGHT)
        self.show_twins(None, set())

    def _caption(self) -> str:
        frame = self._frame
        return key_line(
            key_entry(series_symbol(place + 1), series_colour(place + 1), _words(frame.twins[place], frame))
            for place in sorted(self._chosen)
            if frame and place < len(frame.twins)
        )

    def show_twins(self, frame: DegeneracyFrame | None, chosen: set[int]) -> None:
        """Show those of a frame's twins that are chosen, by their places."""
        self._frame, self._chosen = frame, chosen
        self._stamp.set_text(frame.scene.stamp if frame else "")
        self.say_nothing_to_show("" if frame else "There is no posterior")
        twins = frame.twins if frame else ()
        for place, (curve, marks) in enumerate(zip(self._curves, self._marks, strict=True)):
            is_shown = place < len(twins) and place in chosen
            curve.setVisible(is_shown)
            marks.setVisible(is_shown)
        if frame is None:
            self._points.setData([], [])
            self._errors.setData([], [])
            return
        used, order, shown = frame.scene.mask, np.argsort(_X), _shown(frame)
        flux, error = frame.scene.flux_nu, frame.scene.flux_nu_error
        self._points.setData(x=_X[used], y=flux[used])
        self._errors.set_data(_X[used], (flux - error)[used], (flux + error)[used])
        for place in chosen & set(range(len(twins))):
            x, twin = _X[order], twins[place]
            self._curves[place].setData(x, twin.flux_nu[order], connect="finite")
            difference = np.where(shown, twin.difference, np.nan)[order]
            known = np.isfinite(difference)
            self._marks[place].setData(x[known], difference[known])
        self._fit(frame)

    def _fit(self, frame: DegeneracyFrame) -> None:
        shown = _shown(frame)
        flux = frame.scene.flux_nu[shown]
        low, high = float(flux.min()), float(flux.max())
        margin = 0.12 * (high - low) or 1.0
        self.sed.setYRange(low - margin, high + margin, padding=0)
        differences = np.concatenate([np.empty(0), *(np.abs(twin.difference[shown]) for twin in frame.twins)])
        reach = max(_LEAST_REACH, 1.1 * float(np.nanmax(differences, initial=0.0)))
        self.differences.setYRange(-reach, reach, padding=0)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        super().set_theme(theme)
        self._stamp.set_colour(theme.foreground)
        self._points.setPen(pg.mkPen(theme.foreground, width=1))
        self._points.setBrush(pg.mkBrush(theme.foreground))
        self._errors.set_colour(theme.muted)
        for line in self._levels:
            line.setPen(pg.mkPen(theme.foreground if line.value() == 0 else theme.faint, width=1))


def _words(twin: Twin, frame: DegeneracyFrame) -> str:
    return f"{twin_title(twin)}: {twin_words(twin, frame.centre)}"


def _shown(frame: DegeneracyFrame) -> BoolArray:
    """Return the bands whose differences are drawn: those in use, and the narrow ones that would break the tie."""
    return frame.scene.mask | (frame.scene.usable & ~_IS_BROAD)
