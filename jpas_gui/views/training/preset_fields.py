"""The fields of a preset: a line for each setting."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLabel, QLineEdit, QWidget

from jpas_gui.app.training_form import FALSE, TRUE, FormField, form_fields
from jpas_gui.core.photometry.attenuation import ATTENUATION_LAWS
from jpas_gui.core.photometry.noise_settings import survey_names

_TITLES = {"data": "Mocks", "network": "Network", "training": "Fitting"}


class PresetFields(QWidget):
    """The fields of one preset."""

    def __init__(self, preset: str) -> None:
        super().__init__()
        self._editors: dict[str, QLineEdit | QComboBox | QCheckBox] = {}
        layout = QFormLayout(self)
        layout.setContentsMargins(0, 0, 4, 0)
        layout.setVerticalSpacing(3)
        layout.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        table = ""
        for one in form_fields(preset):
            if one.table != table:
                table = one.table
                layout.addRow(QLabel(f"<b>{_TITLES[table]}</b>"))
            editor = self._editors[one.key] = _editor(one)
            editor.setAccessibleName(one.label)
            editor.setToolTip(one.key)
            layout.addRow("" if one.is_switch else one.label, editor)

    def editor(self, key: str) -> QLineEdit | QComboBox | QCheckBox:
        """Return what a setting is edited with."""
        return self._editors[key]

    def values(self) -> dict[str, str]:
        """Return what stands in the fields, by their keys."""
        return {key: _text(editor) for key, editor in self._editors.items()}

    def show_values(self, values: Mapping[str, str]) -> None:
        """Show these values."""
        for key, editor in self._editors.items():
            if isinstance(editor, QCheckBox):
                editor.setChecked(values[key] == TRUE)
            elif isinstance(editor, QComboBox):
                editor.setCurrentText(values[key])
            else:
                editor.setText(values[key])
                editor.setCursorPosition(0)


def _editor(one: FormField) -> QLineEdit | QComboBox | QCheckBox:
    if one.is_switch:
        return QCheckBox(one.label)
    choices = {"data.noise": survey_names(), "data.dust_law": tuple(ATTENUATION_LAWS)}.get(one.key, one.choices)
    if not choices:
        return QLineEdit()
    box = QComboBox()
    box.addItems(choices)
    box.setEditable(one.key == "data.noise")  # the file of errors that were measured
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return box


def _text(editor: QLineEdit | QComboBox | QCheckBox) -> str:
    if isinstance(editor, QCheckBox):
        return TRUE if editor.isChecked() else FALSE
    return editor.currentText() if isinstance(editor, QComboBox) else editor.text()
