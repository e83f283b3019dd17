"""The evaluations that were made: which are drawn, and whose mocks are shown."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from jpas_gui.app.evaluation import EvaluationController
from jpas_gui.app.evaluation_result import Evaluation
from jpas_gui.views.theme import model_colour, model_symbol
from jpas_gui.views.widgets.symbol_icon import symbol_icon
from jpas_gui.views.widgets.tick_delegate import TickDelegate


class ResultList(QWidget):
    """Lists evaluations in their colours, and reports what the user wants with them.

    Signals
    -------
    shown(object, bool)
        An `Evaluation`, and whether it is to be drawn.
    chosen(object), removed(object)
        An `Evaluation`.
    report_wanted()
    """

    shown = Signal(object, bool)
    chosen = Signal(object)
    removed = Signal(object)
    report_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._evaluations: tuple[Evaluation, ...] = ()
        self.list = QListWidget()
        self.list.setItemDelegate(TickDelegate(self.list))
        self.list.setAccessibleName("Evaluations")
        self.list.setWordWrap(True)
        self.list.itemChanged.connect(self._ticked)
        self.list.currentRowChanged.connect(self._chosen)
        self.remove = QPushButton("Remove")
        self.remove.setAccessibleName("Remove the evaluation")
        self.remove.setToolTip("Forget the chosen evaluation")
        self.remove.clicked.connect(self._remove)
        self.report = QPushButton("Save report…")
        self.report.setAccessibleName("Save report")
        self.report.setToolTip("Write figures (PDF, PNG), tables (ECSV) and settings of what is drawn into a folder")
        self.report.clicked.connect(self.report_wanted)
        row = QHBoxLayout()
        row.addWidget(self.remove)
        row.addWidget(self.report)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.list, 1)
        layout.addLayout(row)

    def show_evaluations(self, controller: EvaluationController) -> None:
        """Show what there is."""
        self._evaluations = controller.evaluations
        with QSignalBlocker(self.list):
            self.list.clear()
            for place, one in enumerate(controller.evaluations):
                icon = symbol_icon(model_symbol(place), model_colour(place))
                item = QListWidgetItem(icon, f"{one.title}\n{one.detail}")
                item.setToolTip(one.model)
                ticked = controller.is_shown(one)
                item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
                self.list.addItem(item)
                if one is controller.current:
                    self.list.setCurrentItem(item)
        self.remove.setEnabled(bool(controller.evaluations) and not controller.is_running)
        self.report.setEnabled(controller.can_report)

    def _ticked(self, item: QListWidgetItem) -> None:
        self.shown.emit(self._evaluations[self.list.row(item)], item.checkState() == Qt.CheckState.Checked)

    def _chosen(self, row: int) -> None:
        if row >= 0:
            self.chosen.emit(self._evaluations[row])

    def _remove(self) -> None:
        if self.list.currentRow() >= 0:
            self.removed.emit(self._evaluations[self.list.currentRow()])
