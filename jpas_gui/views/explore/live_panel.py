"""What trained models say of the noisy draw: which models, plots, numbers, and a cloud on demand."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton, QVBoxLayout
from superqt import QFlowLayout

from jpas_gui.app.live_frame import N_DRAWS
from jpas_gui.app.live_prediction import LivePrediction
from jpas_gui.core.inference.shipped import model_title
from jpas_gui.views.explore.live_table import LiveTable
from jpas_gui.views.explore.parameter_plots import ParameterPlots
from jpas_gui.views.theme import Theme, model_colour, model_symbol
from jpas_gui.views.widgets.scroll_column import WrappingPanel
from jpas_gui.views.widgets.symbol_icon import symbol_icon

_DRAW = f"Draw the noise {N_DRAWS} times"


class LivePanel(WrappingPanel):
    """Shows the answers of the models that are switched on, and reports what the user wants.

    Signals
    -------
    model_switched(str, bool)
        Name of a model, and whether it is to predict.
    draws_wanted()
        The cloud of many draws of the noise is wanted.
    """

    model_switched = Signal(str, bool)
    draws_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.plots = ParameterPlots()
        self.table = LiveTable()
        self.remarks = QLabel()
        self.remarks.setAccessibleName("Remarks on the predictions")
        self.remarks.setWordWrap(True)
        self.draw = QPushButton(_DRAW)
        self.draw.setToolTip("Predict this population with other draws of its noise: how far off is each model here?")
        self.draw.clicked.connect(self.draws_wanted)
        self.ticks: dict[str, QCheckBox] = {}
        self._switches = QFlowLayout()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addLayout(self._switches)
        layout.addWidget(self.plots, 1)
        layout.addWidget(self.table)
        layout.addWidget(self.draw)
        layout.addWidget(self.remarks)

    def show_models(self, models: tuple[str, ...], chosen: tuple[str, ...]) -> None:
        """Offer these models, of which some are chosen."""
        for place, model in enumerate(models):
            if model not in self.ticks:
                self._add_switch(place, model)
        for model, tick in self.ticks.items():
            tick.setChecked(model in chosen)
            tick.setVisible(model in models)

    def _add_switch(self, place: int, model: str) -> None:
        tick = QCheckBox(model_title(model))
        tick.setIcon(symbol_icon(model_symbol(place), model_colour(place)))
        tick.setAccessibleName(f"Predict with {model_title(model)}")
        tick.setToolTip(model)
        tick.clicked.connect(lambda on: self.model_switched.emit(model, on))
        self.ticks[model] = tick
        self._switches.addWidget(tick)

    def show_live(self, live: LivePrediction) -> None:
        """Show what the models said last."""
        places = {model: place for place, model in enumerate(live.models)}
        self.table.show_answers(live.frame, live.cloud, places)
        if live.frame is None:
            self.plots.show_nothing()
        else:
            self.plots.show_answers(live.frame, live.cloud, places)
        drawn = live.cloud.n_draws if live.is_drawing and live.cloud else 0
        self._show_text(self.draw, f"Drawing: {drawn} of {N_DRAWS}" if live.is_drawing else _DRAW)
        self.draw.setEnabled(live.is_answered and not live.is_drawing)
        answers = live.frame.answers if live.frame else ()
        remarks = [
            f"⚠ {model_title(answer.model)}: {'; '.join(answer.remarks)}" for answer in answers if answer.remarks
        ]
        self._show_text(self.remarks, "\n".join(remarks))

    def _show_text(self, widget: QLabel | QPushButton, text: str) -> None:
        if text != widget.text():
            widget.setText(text)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.plots.set_theme(theme)
