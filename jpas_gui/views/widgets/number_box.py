"""A box for numbers that are written as in files: with a point, whatever the language of the desktop."""

from PySide6.QtCore import QLocale
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox


class NumberBox(QDoubleSpinBox):
    """Shows a point; a comma that is typed is taken for one. Under a German desktop 0.55 was read as 0 else."""

    def __init__(self) -> None:
        super().__init__()
        self.setLocale(QLocale.c())

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        return super().validate(_with_point(text), place)

    def valueFromText(self, text: str) -> float:
        return super().valueFromText(_with_point(text))


def _with_point(text: str) -> str:
    return text.replace(",", ".")
