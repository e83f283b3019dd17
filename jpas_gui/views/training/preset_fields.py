"""The fields of a preset: a line for each setting."""

from collections.abc import Collection, Mapping

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLabel, QLineEdit, QWidget

from jpas_gui.app.training_form import form_fields
from jpas_gui.views.training.field_row import FieldRow

_TITLES = {"data": "Mocks", "network": "Network", "training": "Fitting"}


class PresetFields(QWidget):
    """The fields of one preset.

    Signals
    -------
    edited()
        The user changed a field.
    entered(FieldRow)
        A field has the focus now.
    """

    edited = Signal()
    entered = Signal(object)

    def __init__(self, preset: str) -> None:
        super().__init__()
        self.rows: dict[str, FieldRow] = {}
        layout = QFormLayout(self)
        layout.setContentsMargins(0, 0, 4, 0)
        layout.setVerticalSpacing(3)
        layout.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        table = ""
        for one in form_fields(preset):
            if one.table != table:
                table = one.table
                layout.addRow(QLabel(f"<b>{_TITLES[table]}</b>"))
            row = self.rows[one.key] = FieldRow(one, self)
            row.edited.connect(self.edited)
            row.entered.connect(lambda row=row: self.entered.emit(row))
            if one.is_switch:
                layout.addRow(row.right)
            else:
                layout.addRow(row.label, row.right)

    def editor(self, key: str) -> QLineEdit | QComboBox | QCheckBox:
        """Return what a setting is edited with."""
        return self.rows[key].editor

    def values(self) -> dict[str, str]:
        """Return what stands in the fields, by their keys."""
        return {key: row.text for key, row in self.rows.items()}

    def show_values(self, values: Mapping[str, str]) -> None:
        """Show these values."""
        for key, row in self.rows.items():
            row.show_text(values[key])
        self.edited.emit()

    def mark(self, changed: Collection[str], problems: Mapping[str, str]) -> None:
        """Mark which fields differ from the preset, and what is wrong with which."""
        for key, row in self.rows.items():
            row.mark(key in changed, problems.get(key, ""))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            for row in self.rows.values():
                row.show_colours(self.palette())
        super().changeEvent(event)
