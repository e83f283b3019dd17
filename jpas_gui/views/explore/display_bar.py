"""What the SED shows, and how: a row above the plot, with most choices behind one button."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QHBoxLayout, QWidget

from jpas_gui.app.state import BandColours, Frame, Quantity, ResidualUnit, ViewOptions
from jpas_gui.views.widgets.popup_button import PopupButton

CHOICES = {
    "quantity": (
        "Vertical axis",
        {Quantity.FLUX_NU: "Fν", Quantity.MAGNITUDE: "AB magnitude"},
    ),
    "frame": ("Wavelengths", {Frame.OBSERVED: "Observed λ", Frame.REST: "Rest-frame λ"}),
    "band_colours": (
        "Band colours",
        {BandColours.SURVEY: "Survey colours", BandColours.SAFE: "Safe colours"},
    ),
    "residual_unit": (
        "Unit of the residuals",
        {ResidualUnit.SIGMA: "Residuals in σ", ResidualUnit.MAGNITUDE: "Residuals in mag"},
    ),
}
"""Label and texts of the values of each option."""

_IN_THE_ROW = ("quantity", "frame")
"""What is changed most often."""

_TICKS = {
    "noisy_draw": ("Noisy draw", "What J-PAS would measure, once"),
    "error_bars": ("1σ bars", "1-sigma error bars"),
    "spectrum": ("Spectrum", "The spectrum behind the bands"),
    "broad_bands": ("Broad", "uJPAS, gSDSS, rSDSS and iSDSS"),
    "filter_curves": ("Filters", "Throughput of the bands"),
    "features": ("Features", "Labels of stellar absorption features"),
    "fan": ("Fan", "Noisy draws of this population at magnitudes 16 to 22"),
    "predictions": ("Predictions", "What trained models say of the noisy draw"),
    "predicted_seds": ("Predicted SEDs", "The library's SED at each prediction, over the data"),
    "residuals": ("Residuals", "The noisy draw minus the SED at each prediction"),
}


class DisplayBar(QWidget):
    """Shows the view options and reports what the user wants.

    Signals
    -------
    changed(str, object)
        Name of the option, and the value that the user wants.
    """

    changed = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self._view: ViewOptions | None = None
        self.more = PopupButton("Display", "What the figure shows, and how")
        self.choices = {name: self._choice(name) for name in CHOICES}
        self.ticks = {name: self._tick(name) for name in _TICKS}
        row, form = QHBoxLayout(self), QFormLayout(self.more.panel)
        row.setContentsMargins(4, 2, 4, 2)
        for name in _IN_THE_ROW:
            self.choices[name].setMinimumWidth(60)  # in a narrow window
            row.addWidget(self.choices[name])
        row.addWidget(self.more)
        row.addStretch(1)
        for tick in self.ticks.values():
            form.addRow(tick)
        for name, box in self.choices.items():
            if name not in _IN_THE_ROW:
                form.addRow(CHOICES[name][0], box)

    def _choice(self, name: str) -> QComboBox:
        label, options = CHOICES[name]
        box = QComboBox()
        box.setAccessibleName(label)
        box.setToolTip(label)
        box.addItems(list(options.values()))
        values = list(options)  # not as item data: Qt would turn the enumerations into plain text
        box.activated.connect(lambda index: self.changed.emit(name, values[index]))
        return box

    def _tick(self, name: str) -> QCheckBox:
        label, tip = _TICKS[name]
        tick = QCheckBox(label)
        tick.setAccessibleName(label)
        tick.setToolTip(tip)
        tick.clicked.connect(lambda on: self.changed.emit(name, on))
        return tick

    def show_view(self, view: ViewOptions) -> None:
        """Show what is."""
        if view == self._view:
            return
        self._view = view
        for name, box in self.choices.items():
            with QSignalBlocker(box):
                options = list(CHOICES[name][1])
                box.setCurrentIndex(options.index(getattr(view, name)))
        for name, tick in self.ticks.items():
            tick.setChecked(getattr(view, name))
        self.ticks["error_bars"].setEnabled(view.noisy_draw)
        self.choices["residual_unit"].setEnabled(view.residuals)
