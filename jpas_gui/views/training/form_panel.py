"""The form of a training: what is to be learned, on which device, under which name."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from jpas_gui.app.training_form import (
    LIBRARIES_EXPLAINED,
    PRESETS_EXPLAINED,
    TrainingForm,
    changed_fields,
    form_of,
    form_problems,
    noise_file,
)
from jpas_gui.app.training_runs import name_problem
from jpas_gui.app.training_text import device_text
from jpas_gui.core.inference.setting_rules import SettingProblem
from jpas_gui.core.inference.settings import PRESETS
from jpas_gui.views.theme import theme_of
from jpas_gui.views.training.field_row import FieldRow
from jpas_gui.views.training.library_list import LibraryList
from jpas_gui.views.training.plot_style import wrong_colour
from jpas_gui.views.training.preset_fields import PresetFields

DEFAULT_PRESET = "posterior"
_HELP_LINES, _FEWEST_HELP_LINES, _REASON_LINES = 5, 3, 3
_LEAST_HEIGHT = 100
_SHARE_OF_FIELDS = 6
"""Of the height that is left to the fields and what explains them, in units of the latter's."""
_START_TIP = "Train in the background, after the runs that wait"
_DEVICE_TIP = "What computes. auto: a CUDA device where there is any, else the processor."
_NAME_TIP = (
    "What the model is called, and the folder of the run: letters, digits, spaces and . _ + -. Left empty it is made "
    "from preset and library."
)


class FormPanel(QWidget):
    """The TOML file of a training as a form; it says of each field what it is, and what is wrong, while one types.

    Attributes
    ----------
    problem : str
        Why nothing can be started; empty where it can.

    Signals
    -------
    open_wanted(), save_wanted(), copy_wanted(), preview_wanted(), start_wanted()
        A button was pressed.
    noise_file_given(str)
        The noise is a file that nobody has read yet: `show_noise_file` takes what is wrong with it.
    """

    noise_file_given = Signal(str)
    open_wanted = Signal()
    save_wanted = Signal()
    copy_wanted = Signal()
    preview_wanted = Signal()
    start_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._explained: dict[QWidget, tuple[str, str]] = {}
        self._helped: FieldRow | None = None
        self._noise_files: dict[str, str] = {}
        self.problem = ""
        self.preset = QComboBox()
        self.preset.setAccessibleName("Preset")
        self.preset.addItems(list(PRESETS))
        self.libraries = LibraryList()
        self.fields = {preset: PresetFields(preset) for preset in PRESETS}
        self.pages = QStackedWidget()
        for fields in self.fields.values():
            self.pages.addWidget(fields)
        self.name = QLineEdit()
        self.name.setAccessibleName("Name of the model")
        self.name.setPlaceholderText("made from preset and library")
        self.name.setFixedHeight(self.name.sizeHint().height())
        self.device = QComboBox()
        self.device.setAccessibleName("Device")
        self.help, self.reason = QLabel(), QLabel()
        self.open = _button("Open config…", "Take the settings of a TOML file", self.open_wanted)
        self.save = _button("Save config…", "Write the settings into a TOML file", self.save_wanted)
        self.copy = _button("Copy command line", "The command that does the same without a window", self.copy_wanted)
        self.preview = _button("Preview", "Size, memory and time, from a short probe", self.preview_wanted)
        self.start = _button("Start", _START_TIP, self.start_wanted)
        self._lay_out()
        self._explain()
        self.preset.currentTextChanged.connect(self._show_preset)
        self.show_devices(())
        for preset, kind in PRESETS.items():
            self.fields[preset].show_values(form_of(kind()).values)
        self.show_form(form_of(PRESETS[DEFAULT_PRESET]()))
        for fields in self.fields.values():
            fields.edited.connect(self.check)
            fields.entered.connect(self._show_help)
        self.libraries.edited.connect(self.check)
        self.name.textChanged.connect(lambda _: self.check())
        self.check()

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
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.setSpacing(4)
        layout.addLayout(files)
        layout.addLayout(top)
        layout.addWidget(_Scrolled(self._place_of_fields(), _LEAST_HEIGHT), _SHARE_OF_FIELDS)
        layout.addLayout(bottom)
        layout.addWidget(self._place_of_help(), 1)
        layout.addWidget(self._place_of_reason())
        layout.addLayout(go)

    def _place_of_fields(self) -> QWidget:
        """Return what is scrolled: the rest of the form is always in view."""
        place = QWidget()
        layout = QVBoxLayout(place)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.libraries)
        layout.addWidget(self.pages)
        layout.addStretch(1)
        return place

    def _place_of_help(self) -> QWidget:
        """Return what holds the explanation of the field with the focus; the window alone decides on its height."""
        self.help.setAccessibleName("What the field is")
        self.help.setWordWrap(True)
        self.help.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.help.setText("Click into a field to read what it is.")
        line = self.help.fontMetrics().lineSpacing()
        place = _Scrolled(self.help, _FEWEST_HELP_LINES * line + 4)
        place.setMaximumHeight(_HELP_LINES * line + 4)
        return place

    def _place_of_reason(self) -> QWidget:
        """Return what says why nothing can be started, always of the same height."""
        self.reason.setAccessibleName("What is wrong in the form")
        self.reason.setWordWrap(True)
        self.reason.setFixedHeight(_REASON_LINES * self.reason.fontMetrics().lineSpacing())
        return self.reason

    def _explain(self) -> None:
        texts = {
            self.preset: ("Preset", PRESETS_EXPLAINED),
            self.libraries.table: ("Libraries", LIBRARIES_EXPLAINED),
            self.device: ("Device", _DEVICE_TIP),
            self.name: ("Name", _NAME_TIP),
        }
        for widget, (title, text) in texts.items():
            self._explained[widget] = title, text
            widget.setToolTip(f"<p>{escape(text)}</p>")
            widget.setAccessibleDescription(text)
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and watched in self._explained:
            self._helped = None
            self._write_help(*self._explained[watched])
            self.check()
        return super().eventFilter(watched, event)

    def _show_help(self, row: FieldRow) -> None:
        self._helped = row
        self._write_help(row.field.label, row.field.explanation)
        if row.field.key == "data.noise":
            self._noise_files.clear()  # a file may have changed meanwhile
        self.check()

    def _write_help(self, title: str, text: str) -> None:
        lines = escape(text).replace("\n", "<br>")
        self.help.setText(f"<b>{escape(title)}</b><br>{lines}")

    def check(self) -> None:
        """Mark what differs from the preset and what is wrong; what is wrong cannot be started."""
        form = self.form()
        file = noise_file(form)
        if file is not None and file not in self._noise_files:
            self._noise_files[file] = ""
            self.noise_file_given.emit(file)
        name = self.name.text().strip()
        wrong_name = name_problem(name) if name else ""
        problems = list(form_problems(form, self._noise_files))
        if wrong_name:
            problems.append(SettingProblem("name", f"Name: {wrong_name}"))
        first: dict[str, str] = {}
        for problem in problems:
            first.setdefault(problem.key, problem.text)
        self.fields[form.preset].mark(changed_fields(form), first)
        colour = wrong_colour(theme_of(self.palette()))
        style = f"QLineEdit {{ border: 1px solid {colour} }}" if wrong_name else ""
        if style != self.name.styleSheet():
            self.name.setStyleSheet(style)
        self.libraries.mark(not first.keys().isdisjoint(("data.libraries", "data.weights")))
        self._show_reason(problems)
        for button in (self.start, self.preview):
            button.setEnabled(not problems)

    def show_noise_file(self, file: str, problem: str) -> None:
        """Take what is wrong with a file of noise, if anything is."""
        self._noise_files[file] = problem
        self.check()

    def _show_reason(self, problems: Sequence[SettingProblem]) -> None:
        """Say what is wrong: of the field with the focus, else of the first that is wrong."""
        key = self._helped.field.key if self._helped else ""
        told = sorted(problems, key=lambda problem: problem.key != key)
        self.problem = told[0].in_form if told else ""
        more = f" (and {len(told) - 1} more)" if len(told) > 1 else ""
        colour = wrong_colour(theme_of(self.palette()))
        self.reason.setText(f"<span style='color:{colour}'>{escape(told[0].in_form)}{more}</span>" if told else "")
        all_of_them = "".join(f"<p>{escape(problem.in_form)}</p>" for problem in told)
        self.reason.setToolTip(all_of_them)
        self.start.setToolTip(all_of_them or _START_TIP)

    def form(self) -> TrainingForm:
        """Return what stands in the form."""
        preset = self.preset.currentText()
        return TrainingForm(preset, self.libraries.chosen(), self.fields[preset].values())

    def show_form(self, form: TrainingForm) -> None:
        """Show a form; the fields of other presets stay as they are."""
        self._noise_files.clear()
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
        self.check()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.check()


class _Scrolled(QScrollArea):
    """Shows a widget that is as wide as itself, and takes what height is left."""

    def __init__(self, content: QWidget, least_height: int) -> None:
        super().__init__()
        self._least_height = least_height
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def minimumSizeHint(self) -> QSize:
        width = self.widget().minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(width, self._least_height)

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()


def _button(text: str, tip: str, wanted: Any) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.clicked.connect(lambda: wanted.emit())
    return button
