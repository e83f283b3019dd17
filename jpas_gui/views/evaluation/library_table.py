"""Every evaluation on every library: the cross-library table."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTableWidget, QTableWidgetItem

from jpas_gui.app.evaluation_panels import Shown
from jpas_gui.core.evaluation.binning import Sample
from jpas_gui.core.evaluation.labels import LABELS
from jpas_gui.core.evaluation.statistics import METRICS, Statistics
from jpas_gui.core.ssp.catalogue import library_title
from jpas_gui.views.widgets.row_table import only_show

_MEASURED = {"bias": "μ", "scatter": "σ", "outlier_fraction": "outliers", "coverage_68": "in 68 %"}
_METRICS = {metric.name: metric for metric in METRICS}


class CrossLibraryTable(QTableWidget):
    """A row for each evaluation and each library of its mocks, over all magnitudes."""

    def __init__(self) -> None:
        super().__init__(0, 3 + len(LABELS) * len(_MEASURED))
        self.setAccessibleName("Models and libraries")
        only_show(self)
        for column, text in enumerate(["model", "mocks of", "n"]):
            self.setHorizontalHeaderItem(column, QTableWidgetItem(text))
        heads = [(label, metric) for label in LABELS.values() for metric in _MEASURED]
        for column, (label, metric) in enumerate(heads, start=3):
            unit = f" ({label.delta_unit})" if _METRICS[metric].has_unit else ""
            item = QTableWidgetItem(f"{label.symbol}\n{_MEASURED[metric]}{unit}")
            item.setToolTip(_METRICS[metric].definition)
            self.setHorizontalHeaderItem(column, item)

    def show_evaluations(self, shown: Shown) -> None:
        """Show these evaluations."""
        rows = [(one.title, sample) for _, one in shown for sample in one.by_library]
        self.setRowCount(len(rows))
        for row, (title, sample) in enumerate(rows):
            for column, text in enumerate([title, library_title(sample.bin.name), f"{sample.n:,}", *_numbers(sample)]):
                item = QTableWidgetItem(text)
                if column > 1:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.setItem(row, column, item)


def _numbers(sample: Sample) -> Iterator[str]:
    for one in sample.parameters:
        for metric in _MEASURED:
            yield _text(one, metric)


def _text(one: Statistics, metric: str) -> str:
    value = getattr(one, metric)
    if value != value:  # not a number
        return "—"
    return f"{value:+.3f}" if metric == "bias" else f"{value:.3f}"
