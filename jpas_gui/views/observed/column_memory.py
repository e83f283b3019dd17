"""Keeps what the user said of catalogues: column maps by the names of the columns, all else by the file's content."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
from PySide6.QtCore import QSettings

from jpas_gui.core.catalogues.column_map import ColumnMap
from jpas_gui.core.catalogues.opening import OpeningOptions
from jpas_gui.core.errors import InputError

_T = TypeVar("_T")

_FILES = "catalogues"
_MOST_FILES = 300


class _Answered(msgspec.Struct):
    """How a file was read last; the path is where it lay then, for people who look at the settings."""

    path: str
    options: OpeningOptions


class SettingsMemory:
    """Column maps and answers in the program's settings; what another version wrote is asked for again."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    def recall(self, names: Sequence[str]) -> ColumnMap | None:
        """Return the map that was given for a table with these columns; None where there is none."""
        return self._read(_key(names), ColumnMap)

    def keep(self, names: Sequence[str], columns: ColumnMap) -> None:
        """Keep the map for tables with these columns."""
        self._write(_key(names), columns)

    def recall_file(self, sampled_sha256: str) -> OpeningOptions | None:
        """Return how the file of this content was read last; None where it was not."""
        answered = self._files().get(sampled_sha256)
        return answered.options if answered else None

    def keep_file(self, sampled_sha256: str, path: Path, options: OpeningOptions) -> None:
        """Keep how a file is read; of many files the latest are kept."""
        files = self._files()
        files.pop(sampled_sha256, None)
        files[sampled_sha256] = _Answered(str(path.resolve()), options)
        self._write(_FILES, dict(list(files.items())[-_MOST_FILES:]))

    def forget_file(self, sampled_sha256: str) -> None:
        """Forget how the file of this content was read."""
        files = self._files()
        if files.pop(sampled_sha256, None) is not None:
            self._write(_FILES, files)

    def _files(self) -> dict[str, _Answered]:
        return self._read(_FILES, dict[str, _Answered]) or {}

    def _read(self, key: str, kind: type[_T]) -> _T | None:
        text = self._settings.value(key)
        if not isinstance(text, str):
            return None
        try:
            return msgspec.json.decode(text.encode(), type=kind)
        except (msgspec.DecodeError, InputError):
            return None

    def _write(self, key: str, value: object) -> None:
        self._settings.setValue(key, msgspec.json.encode(value).decode())


def _key(names: Sequence[str]) -> str:
    return f"columns/{hashlib.sha256(chr(0).join(sorted(names)).encode()).hexdigest()[:20]}"
