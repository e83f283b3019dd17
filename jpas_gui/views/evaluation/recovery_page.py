"""The page of figure 3: which parameter and magnitude, the plot, and the SEDs of what is brushed."""

from html import escape

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from jpas_gui.app.evaluation_panels import Shown
from jpas_gui.app.evaluation_result import Evaluation
from jpas_gui.app.recovery import (
    MAX_SEDS,
    RecoveryFrame,
    brush_text,
    brushed_rows,
    mock_seds,
    mock_text,
    recovery_frame,
    series_text,
)
from jpas_gui.core.arrays import IndexArray
from jpas_gui.core.evaluation.binning import MAGNITUDES
from jpas_gui.core.evaluation.labels import LABELS
from jpas_gui.views.evaluation.mock_sed_plot import MockSEDPlot
from jpas_gui.views.evaluation.recovery_plot import RecoveryPlot
from jpas_gui.views.theme import Theme


class RecoveryPage(QWidget):
    """Shows predicted against true of the current evaluation's mocks.

    Signals
    -------
    magnitude_chosen(str)
        Name of a bin, "" for all.
    hovered(str)
        The mock under the mouse, in words.
    """

    magnitude_chosen = Signal(str)
    hovered = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._shown: Shown = ()
        self._current: Evaluation | None = None
        self._frame: RecoveryFrame | None = None
        self._key = ""
        self.parameter = self._box("Parameter", [(label.axis, name) for name, label in LABELS.items()])
        bins = [("all magnitudes", ""), *((f"magnitude {one.name}", one.name) for one in MAGNITUDES.bins)]
        self.magnitude = self._box("Magnitude", bins)
        self.numbers, self.brush_text = QLabel(), QLabel()
        self.numbers.setAccessibleName("Bias and scatter")
        self.brush_text.setAccessibleName("Mocks in the brush")
        for text in (self.numbers, self.brush_text):
            text.setWordWrap(True)
        self.plot, self.seds = RecoveryPlot(), MockSEDPlot()
        self.seds.caption = lambda: f"{self._key}<br>{escape(self.brush_text.text())}"
        self._lay_out()
        self.parameter.activated.connect(lambda _: self._show())
        self.magnitude.activated.connect(lambda _: self.magnitude_chosen.emit(self.magnitude.currentData()))
        self.plot.brushed.connect(lambda _: self._show_brush())
        self.plot.hovered.connect(self._hover)

    def _box(self, name: str, choices: list[tuple[str, str]]) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.setToolTip(name)
        for title, value in choices:
            box.addItem(title, value)
        return box

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        for widget in (self.parameter, self.magnitude):
            row.addWidget(widget)
        row.addStretch(1)
        self.side = QWidget()
        column = QVBoxLayout(self.side)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.seds, 1)
        column.addWidget(self.brush_text)
        both = QSplitter(Qt.Orientation.Horizontal)
        for widget, width in ((self.plot, 640), (self.side, 520)):
            both.addWidget(widget)
            both.setStretchFactor(both.count() - 1, width)
        both.setSizes([640, 520])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.addLayout(row)
        layout.addWidget(both, 1)
        layout.addWidget(self.numbers)

    def show_evaluations(self, shown: Shown, current: Evaluation | None, magnitude: str, key: str) -> None:
        """Show these evaluations, the mocks of the current one as points, and rich text above them.

        Where the current one is not among them, the text says why there is nothing to be seen.
        """
        self._shown, self._current, self._key = shown, current, key
        with QSignalBlocker(self.magnitude):
            self.magnitude.setCurrentIndex(self.magnitude.findData(magnitude))
        self._show()

    def _show(self) -> None:
        current = self._current
        parameter, magnitude = self.parameter.currentData(), self.magnitude.currentData()
        self._frame = recovery_frame(self._shown, current, parameter, magnitude) if current else None
        if self._frame is None:
            is_drawn = any(one is current for _, one in self._shown)
            self.plot.show_nothing("No mocks of this magnitude" if is_drawn else self._key)
        else:
            self.plot.show_frame(self._frame, self._key)
        self.side.setVisible(self._frame is not None)
        self.numbers.setText(series_text(self._frame.series) if self._frame else "")
        self._show_brush()

    @property
    def brushed(self) -> IndexArray | None:
        """Rows of the mocks in the brush; None where nothing is shown."""
        return None if self._frame is None else brushed_rows(self._frame, self.plot.brush)

    def _show_brush(self) -> None:
        rows, current = self.brushed, self._current
        if rows is None or current is None:
            self.seds.show_seds(None)
            self.brush_text.setText("")
        else:
            self.seds.show_seds(mock_seds(current, rows[:MAX_SEDS]))
            self.brush_text.setText(brush_text(current, rows))

    def _hover(self, row: int) -> None:
        current = self._current
        if row < 0 or current is None:
            self.seds.show_one(None)
            self.hovered.emit("")
        else:
            seds = mock_seds(current, self._row(row))
            self.seds.show_one(seds)
            self.hovered.emit(mock_text(current, row))

    def _row(self, row: int) -> IndexArray:
        assert self._frame is not None
        return self._frame.rows[self._frame.rows == row]

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.plot.set_theme(theme)
        self.seds.set_theme(theme)
