"""What the window asks when a catalogue is opened and the file does not say it."""

from PySide6.QtWidgets import QWidget

from jpas_gui.app.catalogue_opening import CatalogueOpening, Request
from jpas_gui.app.opening_questions import ColumnsQuestion, UnitQuestion, ValueQuestion
from jpas_gui.views.dialogs.dialogs import Dialogs


class OpeningQuestions:
    """Asks what is missing, and opens the catalogue again with the answer. Without one all stays as it is."""

    def __init__(self, parent: QWidget, opening: CatalogueOpening, dialogs: Dialogs) -> None:
        self._parent, self._opening, self._dialogs = parent, opening, dialogs
        opening.unit_needed.connect(self._ask_unit)
        opening.redshift_needed.connect(self._ask_redshift)
        opening.extinction_needed.connect(self._ask_extinction)
        opening.columns_needed.connect(self._ask_columns)

    def _ask_unit(self, question: UnitQuestion, request: Request) -> None:
        unit = self._dialogs.choose_unit(self._parent, question)
        if unit is not None:
            self._opening.answer(request, unit=unit)

    def _ask_redshift(self, question: ValueQuestion, request: Request) -> None:
        given = self._dialogs.choose_value(self._parent, question)
        if given is not None:
            self._opening.answer(request, redshift=given.value)

    def _ask_extinction(self, question: ValueQuestion, request: Request) -> None:
        given = self._dialogs.choose_value(self._parent, question)
        if given is not None:
            self._opening.answer(request, extinction=given.value)

    def _ask_columns(self, question: ColumnsQuestion, request: Request) -> None:
        columns = self._dialogs.map_columns(self._parent, question)
        if columns is not None:
            self._opening.remember_columns(question, columns)
            self._opening.answer(request, columns=columns)
