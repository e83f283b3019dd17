"""Settings of a training written as TOML, as `read_settings` reads them."""

import json
from pathlib import Path
from typing import Any

import msgspec

from jpas_gui.core.errors import InputError
from jpas_gui.core.files import replacing
from jpas_gui.core.inference.settings import TrainingSettings


def settings_toml(settings: TrainingSettings) -> str:
    """Return the settings as TOML, with every key, so that other defaults of another version change nothing."""
    content: dict[str, Any] = msgspec.to_builtins(settings)
    lines = [f"{key} = {_value(value)}" for key, value in content.items() if not isinstance(value, dict)]
    for name, table in content.items():
        if isinstance(table, dict):
            lines += ["", f"[{name}]", *(f"{key} = {_value(value)}" for key, value in table.items())]
    return "\n".join(lines) + "\n"


def write_settings(settings: TrainingSettings, path: Path) -> None:
    """Write the settings of a training into a TOML file.

    Raises
    ------
    InputError
        If it cannot be written. An older file is then still there as it was.
    """
    try:
        content = settings_toml(settings).encode()
    except UnicodeError as error:
        raise InputError(f"{path}: a path in the settings has characters that no text file can hold") from error
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    # A JSON string is one of TOML, but for one character that only TOML wants escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
