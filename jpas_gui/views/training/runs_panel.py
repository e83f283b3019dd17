"""The runs that were made: a table, and those that are chosen side by side."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QItemSelectionModel, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QLabel,
    QPushButton,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)
from superqt import QFlowLayout

from jpas_gui.app.training_curves import LossGroup, loss_groups
from jpas_gui.app.training_runs import RunState
from jpas_gui.app.training_table import RunSummary, compared, loss_text
from jpas_gui.views.plots.figure import Figure
from jpas_gui.views.theme import LIGHT, Theme, series_colour, series_symbol
from jpas_gui.views.training.plot_style import colour_axes, prepare
from jpas_gui.views.widgets.next_step import NextStep
from jpas_gui.views.widgets.row_table import only_show

_COLUMNS = ("Run", "State", "Preset", "Libraries", "Epochs", "Validation loss", "Made (UTC)")

_NO_RUNS = (
    "No model was trained here yet. The form on the left says what is trained: look at a preview of it, or start. "
    "Runs that are under way and finished are listed here, and can be compared."
)


class RunsPanel(QWidget):
    """Lists runs, compares those that are chosen, and reports what is to be done with them.

    Signals
    -------
    rename_wanted, delete_wanted, export_wanted, resume_wanted, use_wanted, settings_wanted : object
        A `Run` and what the user wants of it.
    preview_wanted(), start_wanted()
        What can be done where there are no runs.
    """

    rename_wanted = Signal(object)
    delete_wanted = Signal(object)
    export_wanted = Signal(object)
    resume_wanted = Signal(object)
    use_wanted = Signal(object)
    settings_wanted = Signal(object)
    preview_wanted = Signal()
    start_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._summaries: tuple[RunSummary, ...] = ()
        self.table = QTableWidget(0, len(_COLUMNS))
        self.table.setAccessibleName("Runs")
        self.table.setHorizontalHeaderLabels(_COLUMNS)
        self.table.itemSelectionChanged.connect(self._show_chosen)
        self.comparison = QTableWidget()
        self.comparison.setAccessibleName("Chosen runs side by side")
        for table in (self.table, self.comparison):
            only_show(table)
            table.horizontalHeader().setStretchLastSection(True)
        self.figure = Figure("Validation losses of the chosen runs")
        self.plots: list[pg.PlotItem] = []
        self._make_buttons()
        self._lay_out()
        actions = {"Preview": self.preview_wanted.emit, "Start training": self.start_wanted.emit}
        self.next_step = NextStep(self, _NO_RUNS, actions)
        self._show_chosen()

    def _make_buttons(self) -> None:
        self.use = self._button("Use for predictions", self.use_wanted)
        self.resume = self._button("Resume", self.resume_wanted)
        self.settings = self._button("Settings into the form", self.settings_wanted)
        self.rename = self._button("Rename…", self.rename_wanted)
        self.export = self._button("Export…", self.export_wanted)
        self.delete = self._button("Delete…", self.delete_wanted)

    def _button(self, text: str, wanted: object) -> QPushButton:
        button = QPushButton(text)
        button.clicked.connect(lambda: [wanted.emit(summary.run) for summary in self.chosen()[:1]])
        return button

    def _lay_out(self) -> None:
        buttons = QFlowLayout()
        buttons.setHorizontalSpacing(6)
        buttons.setVerticalSpacing(4)
        for button in (self.use, self.resume, self.settings, self.rename, self.export, self.delete):
            buttons.addWidget(button)
        buttons.addWidget(QLabel("Ctrl+click compares runs"))
        below = QSplitter(Qt.Orientation.Horizontal)
        both = QSplitter(Qt.Orientation.Vertical)
        for splitter, parts in ((below, (self.comparison, self.figure)), (both, (self.table, below))):
            for part in parts:
                splitter.addWidget(part)
        below.setSizes([560, 440])
        both.setSizes([240, 560])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addLayout(buttons)
        layout.addWidget(both, 1)

    def show_runs(self, summaries: Sequence[RunSummary]) -> None:
        """Show these runs; the choice stays with the runs that had it."""
        chosen = {summary.run for summary in self.chosen()}
        self._summaries = tuple(summaries)
        self.next_step.show_if(not summaries)
        with QSignalBlocker(self.table):
            self.table.setRowCount(len(summaries))
            for row, summary in enumerate(summaries):
                for column, text in enumerate(_cells(summary)):
                    self.table.setItem(row, column, QTableWidgetItem(text))
            self.table.clearSelection()
            for row, summary in enumerate(summaries):
                if summary.run in chosen:
                    self._choose(row)
        self._show_chosen()

    def _choose(self, row: int) -> None:
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        self.table.selectionModel().select(self.table.model().index(row, 0), flags)

    def chosen(self) -> tuple[RunSummary, ...]:
        """Return the runs that are chosen, from top to bottom."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return tuple(self._summaries[row] for row in rows if row < len(self._summaries))

    def _show_chosen(self) -> None:
        chosen = self.chosen()
        one = chosen[0] if len(chosen) == 1 else None
        ended = one is not None and one.state is not RunState.TRAINING
        for button in (self.rename, self.delete):
            button.setEnabled(ended)
        self.settings.setEnabled(one is not None)
        self.resume.setEnabled(one is not None and ended and one.run.can_resume)
        for button in (self.use, self.export):
            button.setEnabled(one is not None and one.run.has_model)
        self._compare(chosen)
        self._draw(chosen)

    def _compare(self, chosen: Sequence[RunSummary]) -> None:
        rows = compared(chosen) if chosen else ()
        self.comparison.setColumnCount(1 + len(chosen))
        self.comparison.setHorizontalHeaderLabels(["", *(summary.run.name for summary in chosen)])
        self.comparison.setRowCount(len(rows))
        for number, row in enumerate(rows):
            for column, text in enumerate((row.label, *row.values)):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                font = item.font()
                font.setBold(row.differs)
                item.setFont(font)
                if row.differs and column:
                    item.setForeground(pg.mkColor(self._theme.accent))
                self.comparison.setItem(number, column, item)

    def _draw(self, chosen: Sequence[RunSummary]) -> None:
        """Draw losses of a kind together: a plot for each kind, its epochs below each other."""
        groups = loss_groups(chosen)
        self.figure.clear()
        self.plots = [self._add_plot(row, group) for row, group in enumerate(groups)]
        last = max((float(epochs[-1]) for group in groups for epochs in group.epochs), default=1.0)
        for plot in self.plots:
            plot.setXRange(0.5, max(last, 2.0) + 0.5, padding=0)
        why = "No epoch is done yet" if chosen else "No run is chosen"
        self.figure.say_nothing_to_show("" if groups else why)

    def _add_plot(self, row: int, group: LossGroup) -> pg.PlotItem:
        plot = self.figure.addPlot(row=row, col=0)
        prepare(plot)
        plot.setLabel("bottom", "epoch")
        plot.setLabel("left", "validation loss")
        plot.setTitle(group.title, size="9pt")
        plot.addLegend(offset=(-8, 8))
        scaled = np.log10 if group.is_log else np.asarray
        plot.getAxis("left").setLogMode(group.is_log)
        for name, number, epoch, loss in zip(group.names, group.numbers, group.epochs, group.losses, strict=True):
            colour = series_colour(number)
            symbols = {"symbol": series_symbol(number), "symbolSize": 6, "symbolBrush": colour, "symbolPen": None}
            plot.plot(epoch, scaled(loss), name=name, pen=pg.mkPen(colour, width=2), **symbols)
        plot.setYRange(*scaled(np.array([group.low, group.high])).tolist(), padding=0)
        colour_axes(plot, self._theme)
        return plot

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.figure.set_theme(theme)
        for plot in self.plots:
            colour_axes(plot, theme)
        self._compare(self.chosen())


def _cells(summary: RunSummary) -> tuple[str, ...]:
    settings = summary.settings
    return (
        summary.run.name,
        str(summary.state),
        settings.get("preset", ""),
        settings.get("data.libraries", ""),
        f"{len(summary.epochs)} of {settings.get('training.epochs', '?')}",
        loss_text(summary.best_loss),
        summary.run.created[:16].replace("T", " "),
    )
