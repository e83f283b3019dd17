"""The catalogue that is open, and how it is read: a row above the tab."""

from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QPushButton, QWidget

from jpas_gui.app.opening_questions import reading_text
from jpas_gui.core.catalogues.opening import ObservedCatalogue
from jpas_gui.views.widgets.lines_label import LinesLabel


class CatalogueBar(QWidget):
    """Shows what a file is taken for, and reports what the user wants otherwise.

    Signals
    -------
    open_wanted(), unit_wanted(), redshift_wanted(), extinction_wanted(), asking_wanted()
    aperture_chosen(str), flagged_chosen(bool)
    """

    open_wanted = Signal()
    unit_wanted = Signal()
    redshift_wanted = Signal()
    extinction_wanted = Signal()
    asking_wanted = Signal()
    aperture_chosen = Signal(str)
    flagged_chosen = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.open = self._button("Open…", "Open a catalogue of observed galaxies", self.open_wanted)
        self.text = LinesLabel()
        self.text.setAccessibleName("Catalogue")
        self.aperture = QComboBox()
        self.aperture.setAccessibleName("Aperture")
        self.aperture.setToolTip("Aperture of the photometry")
        self.aperture.activated.connect(lambda _: self.aperture_chosen.emit(self.aperture.currentText()))
        self.unit = self._button("Unit…", "Read the photometry in another unit", self.unit_wanted)
        self.redshift = self._button("Redshift…", "Take another redshift, or the rest frame", self.redshift_wanted)
        self.extinction = self._button("Extinction…", "Remove the extinction by the Milky Way", self.extinction_wanted)
        self.ask = self._button(
            "Ask again", "Forget what was answered about this file, and ask everything again", self.asking_wanted
        )
        self.flagged = QCheckBox("Use flagged bands")
        self.flagged.setAccessibleName("Use flagged bands")
        self.flagged.setToolTip("Use bands although their FLAGS or MASK_FLAGS are not zero")
        self.flagged.clicked.connect(self.flagged_chosen)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 2, 4, 2)
        layout.addWidget(self.open)
        layout.addWidget(self.text, 1)
        for widget in (self.aperture, self.unit, self.redshift, self.extinction, self.ask, self.flagged):
            layout.addWidget(widget)
        self.show_catalogue(None)

    def _button(self, text: str, tip: str, wanted: Signal) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(tip)
        button.setToolTip(tip)
        button.clicked.connect(wanted)
        return button

    def show_catalogue(self, catalogue: ObservedCatalogue | None, as_last_time: bool = False) -> None:
        """Show a catalogue, and whether it is read by answers of another time; None: none is open."""
        for widget in (self.unit, self.redshift, self.extinction, self.ask, self.flagged):
            widget.setEnabled(catalogue is not None)
        self.aperture.setVisible(catalogue is not None and len(catalogue.apertures) > 1)
        if catalogue is None:
            self.text.setText("Open a catalogue, or drop one on the window: FITS, Parquet, VOTable, ECSV, CSV, NPY")
            return
        options, n_bands = catalogue.options, len(catalogue.bands)
        parts = [
            Path(catalogue.path).name,
            f"{reading_text(catalogue)}{' (as last time)' if as_last_time else ''}",
            *(["⚠ may be corrected for extinction already"] if catalogue.warnings else []),
            f"{catalogue.n_rows:,} rows",
            f"{n_bands} bands",
            catalogue.dialect,
        ]
        self.text.setText(" · ".join(parts))
        self.setToolTip("\n".join([str(catalogue.path), *catalogue.notes]))
        self.flagged.setChecked(options.keep_flagged)
        with QSignalBlocker(self.aperture):
            self.aperture.clear()
            self.aperture.addItems(catalogue.apertures)
            self.aperture.setCurrentText(catalogue.aperture)
