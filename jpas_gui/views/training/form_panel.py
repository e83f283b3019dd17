"""The form of a training: what is to be learned, on which device, under which name."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from jpas_gui.app.training_form import PRESETS, TrainingForm, form_of
from jpas_gui.app.training_text import device_text
from jpas_gui.views.training.library_list import LibraryList
from jpas_gui.views.training.preset_fields import PresetFields

DEFAULT_PRESET = "posterior"


class FormPanel(QWidget):
    """The TOML file of a training as a form.

    Signals
    -------
    open_wanted(), save_wanted(), copy_wanted(), preview_wanted(), start_wanted()
        A button was pressed.
    """

    open_wanted = Signal()
    save_wanted = Signal()
    copy_wanted = Signal()
    preview_wanted = Signal()
    start_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.preset = QComboBox()
        self.preset.setAccessibleName("Preset")
        self.preset.setToolTip("paper: point estimates at redshift 0; posterior: the joint posterior, any redshift")
        self.preset.addItems(list(PRESETS))
        self.libraries = LibraryList()
        self.fields = {preset: PresetFields(preset) for preset in PRESETS}
        self.pages = QStackedWidget()
        for fields in self.fields.values():
            self.pages.addWidget(fields)
        self.name = QLineEdit()
        self.name.setAccessibleName("Name of the model")
        self.name.setPlaceholderText("made from preset and library")
        self.device = QComboBox()
        self.device.setAccessibleName("Device")
        self.device.setToolTip("auto: a CUDA device where there is any, else the processor")
        self.open = _button("Open config…", "Take the settings of a TOML file", self.open_wanted)
        self.save = _button("Save config…", "Write the settings into a TOML file", self.save_wanted)
        self.copy = _button("Copy command line", "The command that does the same without a window", self.copy_wanted)
        self.preview = _button("Preview", "Size, memory and time, from a short probe", self.preview_wanted)
        self.start = _button("Start", "Train in the background, after the runs that wait", self.start_wanted)
        self._lay_out()
        self.preset.currentTextChanged.connect(self._show_preset)
        self.show_devices(())
        for preset, kind in PRESETS.items():
            self.fields[preset].show_values(form_of(kind()).values)
        self.show_form(form_of(PRESETS[DEFAULT_PRESET]()))

    def _lay_out(self) -> None:
        files, go = QHBoxLayout(), QHBoxLayout()
        for row, buttons in ((files, (self.open, self.save, self.copy)), (go, (self.preview, self.start))):
            row.setSpacing(4)
            for button in buttons:
                row.addWidget(button)
        top, bottom = QFormLayout(), QFormLayout()
        top.addRow("Preset", self.preset)
        bottom.addRow("Device", self.device)
        bottom.addRow("Name", self.name)
        scroll = QScrollArea()
        scroll.setWidget(self.pages)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.setSpacing(4)
        layout.addLayout(files)
        layout.addLayout(top)
        layout.addWidget(self.libraries)
        layout.addWidget(scroll, 1)
        layout.addLayout(bottom)
        layout.addLayout(go)

    def form(self) -> TrainingForm:
        """Return what stands in the form."""
        preset = self.preset.currentText()
        return TrainingForm(preset, self.libraries.chosen(), self.fields[preset].values())

    def show_form(self, form: TrainingForm) -> None:
        """Show a form; the fields of other presets stay as they are."""
        self.preset.setCurrentText(form.preset)
        self._show_preset(form.preset)
        self.libraries.show_libraries(form.libraries)
        self.fields[form.preset].show_values(form.values)

    def show_devices(self, devices: Sequence[Mapping[str, Any]]) -> None:
        """Offer these devices, as ``jpas-gui devices --json`` lists them."""
        chosen = self.device.currentData()
        self.device.clear()
        self.device.addItem("auto", "auto")
        for device in devices or ({"name": "cpu", "title": "Processor", "free": None},):
            self.device.addItem(device_text(device), device["name"])
        self.device.setCurrentIndex(max(0, self.device.findData(chosen)))

    def _show_preset(self, preset: str) -> None:
        self.pages.setCurrentWidget(self.fields[preset])
        self.libraries.set_weighted(preset == "posterior")


def _button(text: str, tip: str, wanted: Any) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.clicked.connect(lambda: wanted.emit())
    return button
