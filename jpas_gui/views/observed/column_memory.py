"""Keeps the column maps that the user gave, by the names of the columns that they were given for."""

import hashlib
from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QSettings

from jpas_gui.core.catalogues.column_map import ColumnMap
from jpas_gui.core.errors import InputError


class SettingsMemory:
    """Column maps in the program's settings."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    def recall(self, names: Sequence[str]) -> ColumnMap | None:
        """Return the map that was given for a table with these columns; None where there is none."""
        text = self._settings.value(_key(names))
        if not isinstance(text, str):
            return None
        try:
            return msgspec.json.decode(text.encode(), type=ColumnMap)
        except (msgspec.DecodeError, InputError):
            return None  # of another version of the program: it is asked for again

    def keep(self, names: Sequence[str], columns: ColumnMap) -> None:
        """Keep the map for tables with these columns."""
        self._settings.setValue(_key(names), msgspec.json.encode(columns).decode())


def _key(names: Sequence[str]) -> str:
    return f"columns/{hashlib.sha256(chr(0).join(sorted(names)).encode()).hexdigest()[:20]}"
