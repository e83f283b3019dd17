"""Predicted and true parameters in numbers."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from jpas_gui.app.live_frame import Cloud, LiveFrame, ModelAnswer, ModelCloud
from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.inference.shipped import model_title
from jpas_gui.views.theme import model_colour, model_symbol
from jpas_gui.views.widgets.symbol_icon import symbol_icon

_ROWS = ("log age", "[M/H]", "E(B−V)", "χ² / bands", "Δ log age", "Δ [M/H]", "Δ E(B−V)")
_ROW_TIPS = (
    *("The prediction for the noisy draw; with its 16 to 84 % interval where the model has a posterior",) * 3,
    "Of the noisy draw and the library's SED at the prediction",
    *("Predicted − true over many draws of the noise: mean ± standard deviation",) * 3,
)
_DECIMALS = (2, 2, 3)
"""Of the parameters, in the order of `PARAMETERS`."""

_LINES = (2, 2, 2, 1, 2, 2, 2)
"""Of each row: a value, and its errors below."""

_TRUE, _WIDEST = "10.00", "+0.000 −0.000"
"""The widest texts of the columns."""

_STAY = "\N{NO-BREAK SPACE}"
"""Between what stays in one line of a cell."""

_FONT_PART = 0.85
_ROOM = 6
"""Pixels around the text of a cell, in all."""


class LiveTable(QTableWidget):
    """A column for each model, beside the true values; below, what many draws of the noise gave."""

    def __init__(self) -> None:
        super().__init__(len(_ROWS), 0)
        self.setAccessibleName("Predictions in numbers")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.findChild(QAbstractButton).setAccessibleName("Choose all numbers")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setVerticalHeaderLabels(_ROWS)
        for row, tip in enumerate(_ROW_TIPS):
            self.verticalHeaderItem(row).setToolTip(tip)
        self._make_small()
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        self.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideNone)  # its names are wrapped
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalScrollBar().rangeChanged.connect(lambda _, __: self._take_room())
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._take_room()
        self._models: tuple[str, ...] | None = None
        self._shown: tuple[LiveFrame | None, Cloud | None] | None = None

    def _make_small(self) -> None:
        font = self.font()
        font.setPointSizeF(_FONT_PART * font.pointSizeF())  # room for three models beside each other
        for widget in (self, self.horizontalHeader(), self.verticalHeader()):
            widget.setFont(font)

    def _take_room(self) -> None:
        """Make the table as high as its rows, and its columns at the least as wide as what they hold."""
        metrics, header = self.horizontalHeader().fontMetrics(), self.horizontalHeader()
        true, model = (metrics.horizontalAdvance(text) + 2 * _ROOM for text in (_TRUE, _WIDEST))
        model = max(model, (self.viewport().width() - true) // max(self.columnCount() - 1, 1))
        for column in range(self.columnCount()):
            self.setColumnWidth(column, model if column else true)
        for row, lines in enumerate(_LINES):
            self.setRowHeight(row, lines * metrics.lineSpacing() + _ROOM)
        header.setFixedHeight(2 * metrics.lineSpacing() + _ROOM)
        bar = self.horizontalScrollBar()
        bar_height = bar.sizeHint().height() if bar.maximum() else 0
        rows = sum(self.rowHeight(row) for row in range(len(_LINES)))
        self.setFixedHeight(header.height() + rows + 2 * self.frameWidth() + bar_height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._take_room()

    def show_answers(self, live: LiveFrame | None, cloud: Cloud | None, places: dict[str, int]) -> None:
        """Show the answers of models, and what they say of many draws; `places` tells their colours."""
        if (live, cloud) == self._shown:
            return
        self._shown = live, cloud
        models = live.request.models if live else ()
        if models != self._models:
            self._show_models(models, places)
        if live is None:
            return
        clouds: tuple[ModelCloud | None, ...] = cloud.clouds if cloud else (None,) * len(models)
        self._write(0, [_number(value, places) for value, places in zip(live.request.truth, _DECIMALS, strict=True)])
        for column, (answer, own) in enumerate(zip(live.answers, clouds, strict=True), start=1):
            self._write(column, [*_answer_texts(answer), *_cloud_texts(own)])

    def _show_models(self, models: tuple[str, ...], places: dict[str, int]) -> None:
        self._models = models
        self.setColumnCount(1 + len(models) if models else 0)
        if not models:
            return
        self.setHorizontalHeaderLabels(["true", *map(model_title, models)])
        for row in range(len(_ROWS)):
            for column in range(self.columnCount()):
                item = QTableWidgetItem()
                item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                self.setItem(row, column, item)
        for column, model in enumerate(models, start=1):
            header = self.horizontalHeaderItem(column)
            header.setIcon(symbol_icon(model_symbol(places[model]), model_colour(places[model])))
            header.setToolTip(model)
        self._take_room()

    def _write(self, column: int, texts: list[str]) -> None:
        for row, text in enumerate(texts):
            item = self.item(row, column)
            if item.text() != text:
                item.setText(text)
                item.setToolTip(text)


def _answer_texts(answer: ModelAnswer) -> list[str]:
    texts = [_with_interval(*values) for values in zip(answer.point, answer.percentiles, _DECIMALS, strict=True)]
    comparison = answer.comparison
    return [*texts, f"{comparison.chi2:.1f} / {comparison.n_bands}" if comparison.n_bands else "—"]


def _with_interval(point: float, percentiles: FloatArray, decimals: int) -> str:
    low, high = percentiles[0], percentiles[-1]
    interval = f" +{high - point:.{decimals}f}{_STAY}−{point - low:.{decimals}f}" if np.isfinite(low) else ""
    return f"{_number(point, decimals)}{interval}"


def _cloud_texts(own: ModelCloud | None) -> list[str]:
    if own is None:
        return [""] * 3
    return [
        f"{_number(bias, 3, '+')} ±{_STAY}{_number(scatter, 3)}" if np.isfinite(scatter) else "—"
        for bias, scatter in zip(own.bias, own.scatter, strict=True)
    ]


def _number(value: float, decimals: int, sign: str = "") -> str:
    if not np.isfinite(value):
        return "—"
    return f"{round(value, decimals) + 0.0:{sign}.{decimals}f}".replace("-", "−")  # + 0.0: no minus before a zero
