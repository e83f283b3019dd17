"""Which columns of any table hold the photometry: what a user says of it, as TOML."""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from jpas_gui.core.catalogues.column_names import Role
from jpas_gui.core.damage import damage_told
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import replacing
from jpas_gui.core.photometry.bands import find_band

BAND = "{band}"
"""Stands for a band's name in the name of a column."""


_ERROR_KEYS = {
    "error": Role.ERROR,
    "relative_error": Role.RELATIVE_ERROR,
    "inverse_variance": Role.INVERSE_VARIANCE,
}


@dataclass(frozen=True)
class ColumnMap:
    """Names of columns; with ``{band}`` in it a name is of one column per band, without it of a column of arrays.

    Parameters
    ----------
    id : tuple of str
        Columns that tell one row from another.
    flux, magnitude : str, optional
        One of the two.
    error, relative_error, inverse_variance : str, optional
        One of the three: in the unit of the flux (mag for magnitudes), as a part of the flux, or 1 / error**2.
    unit : str, optional
        Of the fluxes, where the file does not say it.
    mask : str, optional
        Not zero where a band can be used.
    flags : str, optional
        Not zero where a band cannot be used.
    redshift : str or float, optional
        A column, or one value for all rows; 0 for photometry in the rest frame.
    bands : mapping, optional
        The file's own names of bands, by the names of J-PAS.

    Raises
    ------
    InputError
        If what is needed is not there, or is there twice.
    """

    id: tuple[str, ...] = ()
    flux: str | None = None
    magnitude: str | None = None
    error: str | None = None
    relative_error: str | None = None
    inverse_variance: str | None = None
    unit: str | None = None
    mask: str | None = None
    flags: str | None = None
    redshift: str | float | None = None
    bands: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for keys in (("flux", "magnitude"), tuple(_ERROR_KEYS)):
            if sum(getattr(self, key) is not None for key in keys) != 1:
                more = "both" if len(keys) == 2 else "more than one"
                raise InputError(f"the column map needs {' or '.join(keys)}, and not {more}")
        if self.magnitude is not None and self.relative_error is not None:
            raise InputError("the column map has magnitude and relative_error: errors of magnitudes are given as error")
        for name in self.bands:
            if find_band(name) is None:
                raise InputError(f"the column map names the band {name!r}, which J-PAS does not have")

    @property
    def value(self) -> str:
        """The column of fluxes or magnitudes."""
        return self.flux or self.magnitude or ""

    @property
    def errors(self) -> tuple[Role, str]:
        """What the errors are, and their column."""
        return next((role, name) for key, role in _ERROR_KEYS.items() if (name := getattr(self, key)) is not None)


def read_column_map(path: Path) -> ColumnMap:
    """Read a column map.

    Raises
    ------
    InputError
        If it cannot be read, or says something that is not understood.
    """
    with damage_told(path, "this is not TOML", with_reason=True):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        return ColumnMap(**{key: _checked(key, value) for key, value in content.items()})
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def write_column_map(columns: ColumnMap, path: Path) -> None:
    """Write a column map that `read_column_map` reads.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    lines = [f"{key} = {_toml(value)}" for key, value in _said(columns).items() if key != "bands"]
    if columns.bands:
        lines += ["", "[bands]", *(f"{_toml(band)} = {_toml(name)}" for band, name in columns.bands.items())]
    with replacing(path) as temporary:
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _said(columns: ColumnMap) -> dict[str, Any]:
    values = {item.name: getattr(columns, item.name) for item in fields(columns)}
    return {key: value for key, value in values.items() if value not in (None, (), {})}


def _toml(value: Any) -> str:
    # JSON writes texts, numbers and lists as TOML does, but for this character.
    return re.sub("\x7f", r"\\u007f", json.dumps(value, ensure_ascii=False))


def _checked(key: str, value: Any) -> Any:
    known = [item.name for item in fields(ColumnMap)]
    if key not in known:
        raise InputError(f"{key!r} is no key of a column map: {', '.join(known)}")
    if key == "id":
        names = [value] if isinstance(value, str) else value
        if isinstance(names, list) and all(isinstance(name, str) for name in names):
            return tuple(names)
        raise InputError("id must be the name of a column, or a list of names")
    if key == "bands":
        if isinstance(value, dict) and all(isinstance(name, str) for name in value.values()):
            return value
        raise InputError("bands must be a table of names, such as J0390 = 'f3'")
    if key == "redshift" and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, str):
        raise InputError(f"{key} must be the name of a column, in quotes")
    return value
