"""Asks which columns of a foreign table hold the photometry."""

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtWidgets import QComboBox, QFormLayout, QWidget

from jpas_gui.app.column_guess import guess, templates
from jpas_gui.app.opening_questions import ColumnsQuestion, column_named, column_or_number, columns_named
from jpas_gui.core.catalogues.column_map import ColumnMap
from jpas_gui.core.catalogues.redshifts import LARGEST_REDSHIFT
from jpas_gui.core.catalogues.units import UNIT_CHOICES, parse_unit
from jpas_gui.core.errors import InputError
from jpas_gui.views.dialogs.column_box import ColumnBox
from jpas_gui.views.dialogs.question_dialog import QuestionDialog

_KINDS = {"flux": "Fluxes", "magnitude": "AB magnitudes"}
_ERROR_KINDS = {
    "error": "Errors, in the same unit",
    "relative_error": "Errors, as a part of the flux",
    "inverse_variance": "Inverse variances, 1 / error²",
}


class ColumnDialog(QuestionDialog):
    """A form whose answer is a `ColumnMap`; what is wrong with it is said in the form."""

    def __init__(self, parent: QWidget | None, question: ColumnsQuestion) -> None:
        text = f"{question.text}\n\n{{band}} stands for the name of a band, such as J0390; an array needs none."
        super().__init__(parent, "Which columns hold the photometry?", text, "Open")
        names = self._names = question.names
        patterns = [(pattern, "one column for each band") for pattern in templates(names)]
        columns = [(column.name, column.text) for column in question.columns]
        guessed = guess(names)
        self.kind = _box("What the values are", _KINDS.values())
        self.value = ColumnBox("Columns of values", [*patterns, *columns], guessed.get("value", ""))
        self.error_kind = _box("What the errors are", _ERROR_KINDS.values())
        self.error = ColumnBox("Columns of errors", [*patterns, *columns], guessed.get("error", ""))
        self.unit = ColumnBox("Unit of the fluxes, where the file does not say it", [(u, "") for u in UNIT_CHOICES])
        self.id = ColumnBox("Column of names", columns, guessed.get("id", ""))
        self.flags = ColumnBox("Columns of flags, not zero where a band is bad", [*patterns, *columns])
        self.redshift = ColumnBox("Redshift: a column, or a value; 0 in the rest frame", columns)
        self.kind.setCurrentIndex(list(_KINDS).index(guessed["kind"]))
        self.error_kind.setCurrentIndex(list(_ERROR_KINDS).index(guessed["error_kind"]))
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for box in (self.kind, self.value, self.error_kind, self.error, self.unit, self.id, self.flags, self.redshift):
            form.addRow(box.accessibleName(), box)
        self.content.addLayout(form)

    def read(self) -> ColumnMap:
        """Return the map of the form."""
        kind = list(_KINDS)[self.kind.currentIndex()]
        error_kind = list(_ERROR_KINDS)[self.error_kind.currentIndex()]
        photometry = {kind: self.value, error_kind: self.error, "flags": self.flags}
        id_column = self._read(self.id, column_named)
        unit = self.unit.currentText().strip() or None
        if unit is not None:
            parse_unit(unit)
        return ColumnMap(
            id=(id_column,) if id_column else (),
            unit=unit,
            redshift=column_or_number(self.redshift.currentText(), self._names, LARGEST_REDSHIFT),
            **{key: self._read(box, columns_named) for key, box in photometry.items()},
        )

    def _read(self, box: ColumnBox, find: Callable[[str, Sequence[str]], str]) -> str | None:
        text = box.currentText().strip()
        try:
            return find(text, self._names) if text else None
        except InputError as error:
            raise InputError(f"{box.accessibleName()}: {error}") from None


def _box(name: str, options: Iterable[str]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.addItems(list(options))
    return box
