"""The sliders and choices: library, population, dust, noise."""

from collections.abc import Mapping
from typing import TypeVar

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from jpas_gui.app.frame import age_text
from jpas_gui.app.state import MAX_SEED, ExplorerState
from jpas_gui.core.photometry.attenuation import ATTENUATION_LAWS, attenuation_law
from jpas_gui.core.photometry.noise_settings import survey_names
from jpas_gui.core.populations import LIMITS
from jpas_gui.core.ssp.library import SSPLibrary
from jpas_gui.views.explore.slider_row import SliderRow
from jpas_gui.views.widgets.long_combo import LongCombo
from jpas_gui.views.widgets.number_box import NumberBox

_LETTERS = 10
"""How wide combo boxes are at the least."""


class ParameterPanel(QWidget):
    """Shows the state and reports what the user wants; owns no value.

    Signals
    -------
    population_moved(str, float), noise_moved(str, object)
        Name of the field, and the value that the user wants.
    law_chosen(str), r_v_moved(float)
    gesture_ended()
        A drag is over.
    library_chosen(str), open_file_wanted(), open_folder_wanted(), noise_file_wanted(), seed_chosen(int),
    next_draw_wanted()
    """

    population_moved = Signal(str, float)
    law_chosen = Signal(str)
    r_v_moved = Signal(float)
    noise_moved = Signal(str, object)
    gesture_ended = Signal()
    library_chosen = Signal(str)
    open_file_wanted = Signal()
    open_folder_wanted = Signal()
    noise_file_wanted = Signal()
    seed_chosen = Signal(int)
    next_draw_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.addWidget(self._library_group())
        layout.addWidget(self._population_group())
        layout.addWidget(self._dust_group())
        layout.addWidget(self._noise_group())
        layout.addStretch(1)

    # -- its parts --------------------------------------------------------------------------------------------------

    def _library_group(self) -> QGroupBox:
        group = QGroupBox("Library")
        self.library = _named(LongCombo(_LETTERS), "Library", "Stellar population library that the spectra come from")
        self.library.activated.connect(lambda index: self.library_chosen.emit(self.library.itemData(index)))
        button = _named(QPushButton("Open"), "Open a library", "Read a library from a file, folder or archive")
        menu = QMenu(button)
        menu.addAction("File or archive…", self.open_file_wanted.emit)
        menu.addAction("Folder…", self.open_folder_wanted.emit)
        button.setMenu(menu)
        row = QHBoxLayout(group)
        row.addWidget(self.library, 1)
        row.addWidget(button)
        return group

    def _population_group(self) -> QGroupBox:
        group = QGroupBox("Population")
        layout = QVBoxLayout(group)
        self.sliders = {
            "log_age": SliderRow("log age", "yr", 2, 0.01, 0.1, "log10 of the age in years"),
            "metallicity": SliderRow("[M/H]", "dex", 2, 0.01, 0.1, "Metallicity relative to the Sun"),
            "redshift": SliderRow("Redshift", "", 3, 0.001, 0.01, "Redshift of the galaxy"),
            "magnitude": SliderRow("Magnitude", "AB", 2, 0.01, 0.5, "AB magnitude in the reference band, iSDSS"),
        }
        for name, slider in self.sliders.items():
            slider.set_limits(*LIMITS[name])
            layout.addWidget(slider)
            self._connect_slider(name, slider)
        return group

    def _connect_slider(self, name: str, slider: SliderRow) -> None:
        slider.moved.connect(lambda value: self.population_moved.emit(name, value))
        slider.released.connect(self.gesture_ended)

    def _dust_group(self) -> QGroupBox:
        group = QGroupBox("Dust screen")
        layout = QVBoxLayout(group)
        ebv = SliderRow("E(B−V)", "mag", 2, 0.01, 0.1, "Colour excess of the dust screen in front of the stars")
        ebv.set_limits(*LIMITS["ebv"])
        self.sliders["ebv"] = ebv
        self._connect_slider("ebv", ebv)
        layout.addWidget(ebv)
        self.law = _named(LongCombo(_LETTERS), "Dust law", "Attenuation law of the screen")
        for law in ATTENUATION_LAWS.values():
            self.law.addItem(law.label, law.name)
            self.law.setItemData(self.law.count() - 1, law.title, Qt.ItemDataRole.ToolTipRole)
        self.law.activated.connect(lambda index: self.law_chosen.emit(self.law.itemData(index)))
        self.r_v = _named(NumberBox(), "R_V", "Ratio of total to selective extinction, where the law has one")
        self.r_v.setSingleStep(0.1)
        self.r_v.setPrefix("R_V ")
        self.r_v.setKeyboardTracking(False)
        self.r_v.valueChanged.connect(self.r_v_moved)
        row = QHBoxLayout()
        row.addWidget(self.law, 1)
        row.addWidget(self.r_v)
        layout.addLayout(row)
        return group

    def _noise_group(self) -> QGroupBox:
        group = QGroupBox("Noise")
        form = QFormLayout(group)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self.survey = _named(
            LongCombo(_LETTERS), "Noise model", "Depths of a survey field, or errors measured in a catalogue"
        )
        for name in survey_names():
            self.survey.addItem(name, name)
        self.survey.addItem("From a file…", None)
        self.survey.activated.connect(self._survey_chosen)
        form.addRow("Depths of", self.survey)
        self.aperture = _named(
            NumberBox(), "Aperture factor", "Square root of the aperture's area over that of 3 arcsec"
        )
        self.aperture.setRange(0.5, 10.0)
        self.aperture.setSingleStep(0.1)
        self.aperture.setKeyboardTracking(False)
        self.aperture.valueChanged.connect(lambda value: self.noise_moved.emit("aperture_factor", value))
        form.addRow("Aperture factor", self.aperture)
        self.zero_point = _named(QCheckBox("Zero-point error 0.04 mag"), "Zero-point error", "Added in quadrature")
        self.zero_point.clicked.connect(lambda on: self.noise_moved.emit("zero_point", on))
        self.one_magnitude = _named(
            QCheckBox("One magnitude for all bands"),
            "One magnitude for all bands",
            "The relative error of every band is the one at the reference magnitude, as in the paper",
        )
        self.one_magnitude.clicked.connect(lambda on: self.noise_moved.emit("one_magnitude", on))
        form.addRow(self.zero_point)
        form.addRow(self.one_magnitude)
        form.addRow("Seed", self._seed_row())
        return group

    def _seed_row(self) -> QWidget:
        self.seed = _named(QSpinBox(), "Noise seed", "The same seed gives the same noise")
        self.seed.setRange(0, MAX_SEED)
        self.seed.setKeyboardTracking(False)
        self.seed.valueChanged.connect(self.seed_chosen)
        button = _named(QPushButton("Next draw"), "Next noise draw", "Draw the noise of the next seed")
        button.clicked.connect(self.next_draw_wanted)
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.seed, 1)
        layout.addWidget(button)
        return row

    def _survey_chosen(self, index: int) -> None:
        name = self.survey.itemData(index)
        if name is None:
            self.noise_file_wanted.emit()
        else:
            self.noise_moved.emit("survey", name)

    @property
    def is_being_dragged(self) -> bool:
        """Whether the user holds a slider."""
        return any(slider.slider.isSliderDown() for slider in self.sliders.values())

    # -- what it shows ----------------------------------------------------------------------------------------------

    def show_libraries(self, choices: Mapping[str, str], library: SSPLibrary) -> None:
        """Offer these libraries (titles by name), and take the ranges of the one in use."""
        self.library.clear()
        for name, title in choices.items():
            self.library.addItem(title, name)
        self.library.setCurrentIndex(self.library.findData(library.name))
        self.sliders["log_age"].set_range(float(library.log_age[0]), float(library.log_age[-1]))
        self.sliders["metallicity"].set_range(float(library.metallicity[0]), float(library.metallicity[-1]))

    def show_state(self, state: ExplorerState) -> None:
        """Show what is."""
        population, dust, noise = state.model.population, state.model.dust, state.noise
        for name, slider in self.sliders.items():
            remark = age_text(population.log_age) if name == "log_age" else ""
            slider.set_value(getattr(population, name), remark)
        law = attenuation_law(dust.law)
        with QSignalBlocker(self.r_v), QSignalBlocker(self.aperture), QSignalBlocker(self.seed):
            self.law.setCurrentIndex(self.law.findData(dust.law))
            if (
                self.r_v.minimum(),
                self.r_v.maximum(),
            ) != law.r_v_range:  # Qt lays out the window anew even for the same
                self.r_v.setRange(*law.r_v_range)
            self.r_v.setEnabled(law.has_r_v)
            self.r_v.setValue(law.r_v if dust.r_v is None else dust.r_v)
            self.aperture.setValue(noise.aperture_factor)
            self.aperture.setEnabled(noise.survey in survey_names())
            self.seed.setValue(state.seed)
        self._show_survey(noise.survey)
        self.zero_point.setChecked(noise.zero_point)
        self.one_magnitude.setChecked(noise.one_magnitude)

    def _show_survey(self, survey: str) -> None:
        index = self.survey.findData(survey)
        if index < 0:
            index = self.survey.count() - 1
            self.survey.insertItem(index, survey.rpartition("/")[2], survey)
        self.survey.setCurrentIndex(index)


Widget = TypeVar("Widget", bound=QWidget)


def _named(widget: Widget, name: str, tip: str) -> Widget:
    widget.setAccessibleName(name)
    widget.setAccessibleDescription(tip)
    widget.setToolTip(tip)
    return widget
