"""What the window asks when a catalogue is opened and the file does not say it."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QWidget

from jpas_gui.app.catalogue_opening import CatalogueOpening
from jpas_gui.core.catalogues.opening import (
    ColumnsNeeded,
    ObservedCatalogue,
    OpeningOptions,
    RedshiftNeeded,
    UnitNeeded,
)
from jpas_gui.views.dialogs import Dialogs
from jpas_gui.views.observed.column_dialog import number_or_name

REST_FRAME = "Rest frame: the photometry is at redshift 0"
OBSERVED_FRAME = "Observed, with the redshift from the column {}"
ONE_REDSHIFT = "One redshift for all galaxies…"


class OpeningQuestions:
    """Asks what is missing, and opens the catalogue again with the answer. Without one it stays closed."""

    def __init__(self, parent: QWidget, opening: CatalogueOpening, dialogs: Dialogs) -> None:
        self._parent, self._opening, self._dialogs = parent, opening, dialogs
        opening.unit_needed.connect(self._ask_unit)
        opening.redshift_needed.connect(self._ask_redshift)
        opening.columns_needed.connect(self._ask_columns)

    def _ask_unit(self, error: UnitNeeded, path: Path, options: OpeningOptions) -> None:
        unit = self._dialogs.choose(self._parent, "Unit of the fluxes", str(error), error.choices)
        if unit is not None:
            self._opening.open(path, replace(options, unit=unit))

    def _ask_redshift(self, error: RedshiftNeeded, path: Path, options: OpeningOptions) -> None:
        readings: dict[str, str | float | None] = {REST_FRAME: 0.0}
        readings |= {OBSERVED_FRAME.format(column): column for column in error.columns}
        readings[ONE_REDSHIFT] = None
        question = f"{path.name} may be read in several ways. Which redshift is to be used?"
        chosen = self._dialogs.choose(self._parent, "Rest frame or observed?", question, tuple(readings))
        if chosen is None:
            return
        redshift = readings[chosen]
        if redshift is None:
            redshift = self._text("Redshift", "Redshift of all galaxies, or the name of a column", "")
        if redshift is not None:
            self._opening.open(path, replace(options, redshift=redshift))

    def _ask_columns(self, error: ColumnsNeeded, path: Path, options: OpeningOptions) -> None:
        columns = self._dialogs.map_columns(self._parent, error.names, str(error))
        if columns is not None:
            self._opening.remember(error, columns)
            self._opening.open(path, replace(options, columns=columns))

    def change_redshift(self, catalogue: ObservedCatalogue) -> None:
        """Ask for another redshift of an open catalogue."""
        options = catalogue.options
        question = "A value for all galaxies (0: rest frame), or the name of a column; empty: what the file says"
        text = self._dialogs.ask_text(self._parent, "Redshift", question, _shown(options.redshift))
        if text is not None:
            self._opening.open(catalogue.path, replace(options, redshift=number_or_name(text)))

    def change_extinction(self, catalogue: ObservedCatalogue) -> None:
        """Ask for the E(B-V) of the Milky Way that is removed."""
        options = catalogue.options
        question = "E(B−V) of the Milky Way: a value in mag, or the name of a column; empty: nothing is removed"
        text = self._dialogs.ask_text(self._parent, "Extinction by the Milky Way", question, _shown(options.extinction))
        if text is not None:
            self._opening.open(catalogue.path, replace(options, extinction=number_or_name(text)))

    def _text(self, title: str, question: str, text: str) -> str | float | None:
        answer = self._dialogs.ask_text(self._parent, title, question, text)
        return None if answer is None else number_or_name(answer)


def _shown(value: str | float | None) -> str:
    return "" if value is None else str(value)
