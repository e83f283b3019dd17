"""What the degeneracy explorer looks at, and how it would be observed."""

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QGroupBox,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from jpas_gui.app.band_sets import REMARKS, BandSet, band_set_of, names_of
from jpas_gui.app.degeneracy_options import EXPOSURES, DegeneracyOptions, Source
from jpas_gui.app.state import ExplorerState
from jpas_gui.core.populations import LIMITS
from jpas_gui.core.ssp.library import SSPLibrary
from jpas_gui.views.observed.slider_panel import SliderPanel
from jpas_gui.views.widgets.long_combo import LongCombo
from jpas_gui.views.widgets.number_box import NumberBox

_OWN = "Your choice"
_EXPOSURE_TIP = (
    "What if the exposure were this many times as long? Errors from sky and photons fall as its square root; the "
    "zero-point error of the noise stays. For an observed galaxy all errors fall so, and its fluxes stay."
)


class OptionPanel(QWidget):
    """Sliders of the population, and the options.

    Signals
    -------
    changed(object)
        A dictionary of fields of `DegeneracyOptions`.
    """

    changed = Signal(object)  # Qt would take a dict apart: its tuples and enumerations would come back as others

    def __init__(self) -> None:
        super().__init__()
        self.sliders = SliderPanel(tuple(LIMITS))
        layout = QVBoxLayout(self)
        population, observation = QGroupBox("Population"), QGroupBox("Observation")
        QVBoxLayout(population).addWidget(self.sliders)
        self._make_options(QFormLayout(observation))
        layout.addWidget(population)
        layout.addWidget(observation)
        layout.addStretch(1)

    def _make_options(self, form: QFormLayout) -> None:
        self.source = self._combo("Photometry", "Whose photometry is looked at", [source.value for source in Source])
        self.source.activated.connect(lambda index: self.changed.emit({"source": list(Source)[index]}))
        self.bands = self._combo("Bands", "Sets of bands; a click on a band's bar switches it off or on", [*BandSet])
        self.bands.activated.connect(self._choose_bands)
        self.exposure = NumberBox()
        self.exposure.setRange(*EXPOSURES)
        self.exposure.setStepType(NumberBox.StepType.AdaptiveDecimalStepType)
        self.exposure.setSuffix(" ×")
        self.exposure.setKeyboardTracking(False)
        self.exposure.setAccessibleName("Exposure time")
        self.exposure.setToolTip(_EXPOSURE_TIP)
        self.exposure.valueChanged.connect(lambda value: self.changed.emit({"exposure": value}))
        self.network = QCheckBox("Network's posterior")
        self.network.setAccessibleName("Network's posterior")
        self.network.setToolTip("Lay the posterior of the trained network over the exact one")
        self.network.clicked.connect(lambda on: self.changed.emit({"network": on}))
        self.remark = QLabel()  # below all controls: they stay where they are
        self.remark.setWordWrap(True)
        self.remark.setAccessibleName("What the set of bands is not")
        reset = QPushButton("As J-PAS observes")
        reset.setToolTip("All 56 bands of the survey, and the present exposure time")
        reset.clicked.connect(lambda: self.changed.emit({"bands": names_of(BandSet.SURVEY), "exposure": 1.0}))
        form.addRow("Photometry", self.source)
        form.addRow("Bands", self.bands)
        form.addRow("Exposure", self.exposure)
        form.addRow(self.network)
        form.addRow(reset)
        form.addRow(self.remark)

    def _combo(self, name: str, tip: str, entries: list[str]) -> LongCombo:
        combo = LongCombo(12)
        combo.setAccessibleName(name)
        combo.setToolTip(tip)
        combo.addItems(entries)
        return combo

    def _choose_bands(self, index: int) -> None:
        if index < len(BandSet):
            self.changed.emit({"bands": names_of(list(BandSet)[index])})

    def connect_sliders(self, moved: Callable[[str, float], None], released: Callable[[], None]) -> None:
        """Report what the sliders want."""
        self.sliders.moved.connect(moved)
        self.sliders.released.connect(released)

    def show_options(self, options: DegeneracyOptions) -> None:
        """Show the options."""
        chosen = band_set_of(options.bands)
        is_galaxy = options.source is Source.GALAXY
        self.source.setCurrentIndex(list(Source).index(options.source))
        if chosen is None and self.bands.count() == len(BandSet):
            self.bands.addItem(_OWN)
        if chosen is not None and self.bands.count() > len(BandSet):
            self.bands.removeItem(len(BandSet))
        self.bands.setCurrentIndex(len(BandSet) if chosen is None else list(BandSet).index(chosen))
        self.remark.setText(REMARKS.get(chosen, "") if chosen else f"{len(options.bands)} bands")
        with QSignalBlocker(self.exposure):
            self.exposure.setValue(options.exposure)
        self.sliders.setEnabled(not is_galaxy)
        self.network.setChecked(options.network)

    def show_state(self, state: ExplorerState, library: SSPLibrary) -> None:
        """Show what the sliders say."""
        self.sliders.show_state(state, library)
