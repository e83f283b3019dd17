"""What is done with the galaxy, and how it is shown: a row above the plot, with the view options behind one button."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QPushButton, QToolButton, QWidget
from superqt import QFlowLayout

from jpas_gui.app.notes import Note
from jpas_gui.app.state import ViewOptions
from jpas_gui.views.explore.display_bar import CHOICES
from jpas_gui.views.widgets.popup_button import PopupButton

_TICKS = {
    "error_bars": ("1σ bars", "1-sigma error bars"),
    "spectrum": ("Spectra", "The spectra behind the SEDs of the answers"),
    "broad_bands": ("Broad bands", "uJPAS, gSDSS, rSDSS and iSDSS; no answer uses them"),
    "features": ("Lines", "Labels of strong emission lines at the redshift of the galaxy"),
}


class GalaxyBar(QWidget):
    """Shows the view options and reports what the user wants.

    Signals
    -------
    view_changed(str, object)
        Name of the option, and the value that the user wants.
    stepped(int), emission_masked(bool), all_bands_wanted(), sliders_shown(bool)
    """

    view_changed = Signal(str, object)
    stepped = Signal(int)
    emission_masked = Signal(bool)
    all_bands_wanted = Signal()
    sliders_shown = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        layout = QFlowLayout(self)
        layout.setContentsMargins(4, 2, 4, 2)
        self.more = PopupButton("Display", "What the figure shows, and how")
        for text, step, tip in (("◀", -1, "Previous galaxy (Ctrl+Up)"), ("▶", 1, "Next galaxy (Ctrl+Down)")):
            button = QToolButton()
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleName(tip)
            button.clicked.connect(lambda _, step=step: self.stepped.emit(step))
            layout.addWidget(button)
        self.emission = QPushButton("Mask emission lines")
        self.emission.setCheckable(True)
        self.emission.setToolTip("Leave out the bands that strong emission lines reach (L); a click on a band masks it")
        self.emission.clicked.connect(self.emission_masked)
        self.all_bands = QPushButton("Use all bands")
        self.all_bands.setToolTip("Use all bands again that were masked here")
        self.all_bands.clicked.connect(self.all_bands_wanted)
        self.sliders = QCheckBox("Sliders")
        self.sliders.setToolTip("Show the population on the sliders over the galaxy")
        self.sliders.clicked.connect(self.sliders_shown)
        for widget in (self.emission, self.all_bands, self.sliders):
            widget.setAccessibleName(widget.text())
            layout.addWidget(widget)
        self.choices = {
            name: self._choice(name, label, list(options.items())) for name, (label, options) in CHOICES.items()
        }
        self.ticks = {name: self._tick(name, label, tip) for name, (label, tip) in _TICKS.items()}
        form = QFormLayout(self.more.panel)
        for tick in self.ticks.values():
            form.addRow(tick)
        for name, box in self.choices.items():
            form.addRow(CHOICES[name][0], box)
        layout.addWidget(self.more)

    def _choice(self, name: str, label: str, options: list[tuple[object, str]]) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(label)
        box.setToolTip(label)
        box.addItems([text for _, text in options])
        box.activated.connect(lambda index: self.view_changed.emit(name, options[index][0]))
        return box

    def _tick(self, name: str, label: str, tip: str) -> QCheckBox:
        tick = QCheckBox(label)
        tick.setAccessibleName(label)
        tick.setToolTip(tip)
        tick.clicked.connect(lambda on: self.view_changed.emit(name, on))
        return tick

    def show_view(self, view: ViewOptions) -> None:
        """Show the view options."""
        for name, box in self.choices.items():
            with QSignalBlocker(box):
                box.setCurrentIndex(list(CHOICES[name][1]).index(getattr(view, name)))
        for name, tick in self.ticks.items():
            tick.setChecked(getattr(view, name))

    def show_galaxy(self, note: Note | None, shows_sliders: bool) -> None:
        """Show what is masked of a galaxy; None: there is none."""
        self.emission.setChecked(bool(note and note.emission))
        self.emission.setEnabled(note is not None)
        self.all_bands.setEnabled(bool(note and (note.emission or note.masked)))
        self.sliders.setChecked(shows_sliders)
