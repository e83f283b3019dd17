"""Asks which columns of a foreign table hold the photometry."""

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QFormLayout, QWidget

from jpas_gui.app.column_guess import guess, templates
from jpas_gui.core.catalogues.column_map import ColumnMap
from jpas_gui.views.question_dialog import QuestionDialog

_KINDS = {"flux": "Fluxes", "magnitude": "AB magnitudes"}
_ERROR_KINDS = {
    "error": "Errors, in the same unit",
    "relative_error": "Errors, as a part of the flux",
    "inverse_variance": "Inverse variances, 1 / error²",
}


class ColumnDialog(QuestionDialog):
    """A form whose answer is a `ColumnMap`; what is wrong with it is said in the form.

    Parameters
    ----------
    names : sequence of str
        The columns of the table.
    message : str
        Why it is asked.
    """

    def __init__(self, parent: QWidget | None, names: Sequence[str], message: str) -> None:
        text = f"{message}\n\n{{band}} stands for the name of a band, such as J0390; an array needs none."
        super().__init__(parent, "Which columns hold the photometry?", text, "Open")
        patterns, guessed = templates(names), guess(names)
        self.kind = _box("What the values are", _KINDS.values())
        self.value = _editable("Columns of values", [*patterns, *names], guessed.get("value", ""))
        self.error_kind = _box("What the errors are", _ERROR_KINDS.values())
        self.error = _editable("Columns of errors", [*patterns, *names], guessed.get("error", ""))
        self.unit = _editable(
            "Unit of the fluxes", ["", "nanomaggy", "Jy", "erg s-1 cm-2 Hz-1", "erg s-1 cm-2 A-1"], ""
        )
        self.id = _editable("Column of names", ["", *names], guessed.get("id", ""))
        self.flags = _editable("Columns of flags, not zero where a band is bad", ["", *patterns, *names], "")
        self.redshift = _editable("Redshift: a column, or a value; 0 in the rest frame", ["", *names], "")
        self.kind.setCurrentIndex(list(_KINDS).index(guessed["kind"]))
        self.error_kind.setCurrentIndex(list(_ERROR_KINDS).index(guessed["error_kind"]))
        form = QFormLayout()
        for box in (self.kind, self.value, self.error_kind, self.error, self.unit, self.id, self.flags, self.redshift):
            form.addRow(box.accessibleName(), box)
        self.content.addLayout(form)

    def read(self) -> ColumnMap:
        """Return the map of the form."""
        kind = list(_KINDS)[self.kind.currentIndex()]
        error_kind = list(_ERROR_KINDS)[self.error_kind.currentIndex()]
        chosen = {kind: _text(self.value), error_kind: _text(self.error), "flags": _text(self.flags)}
        id_column = _text(self.id)
        return ColumnMap(
            id=(id_column,) if id_column else (),
            unit=_text(self.unit),
            redshift=number_or_name(self.redshift.currentText()),
            **chosen,
        )


def number_or_name(text: str) -> float | str | None:
    """Return what a user wrote where a value or the name of a column is asked for; None for nothing."""
    text = text.strip()
    try:
        return float(text) if text else None
    except ValueError:
        return text


def _text(box: QComboBox) -> str | None:
    return box.currentText().strip() or None


def _box(name: str, options: Sequence[str]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.addItems(list(options))
    return box


def _editable(name: str, options: Sequence[str], text: str) -> QComboBox:
    box = _box(name, options)
    box.setEditable(True)
    box.setCurrentText(text)
    return box
