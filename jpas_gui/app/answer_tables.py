"""What models answered, as columns and rows of tables to save.

Imports astropy's tables, which take a moment: whoever saves imports this then.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from astropy.table import Column, Table
from astropy.units import UnitBase

from jpas_gui.app.known_models import known_models
from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.catalogues.predictions.columns import PREDICTION_COLUMNS
from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.model_summary import summarise_model
from jpas_gui.core.inference.parameters import PARAMETERS

_PERCENTILES = (16, 50, 84)


def add_column(table: Table, name: str, values: Any, unit: str | UnitBase | None, description: str) -> None:
    """Add a column with its unit and what it means."""
    table[name] = Column(values, unit=unit, description=description)


def answered(point: FloatArray, percentiles: FloatArray) -> dict[str, float]:
    """Return an answer, shape (3,), and its percentiles, shape (3, 3), by the names of their columns."""
    values: dict[str, float] = {}
    for name, best, spread in zip(PARAMETERS, point, percentiles, strict=True):
        values[name] = float(best)
        values |= {f"{name}_p{level}": float(value) for level, value in zip(_PERCENTILES, spread, strict=True)}
    return values


def rows_table(rows: Sequence[Mapping[str, Any]], described: Mapping[str, tuple[str | None, str]]) -> Table:
    """Return rows as a table.

    Parameters
    ----------
    rows : sequence of mapping
        Values by the names of their columns, which all rows have.
    described : mapping
        Unit and meaning of columns that are not those of predictions.
    """
    own = {column.name: (column.standard_unit or None, column.description) for column in PREDICTION_COLUMNS}
    meaning = own | dict(described)
    table = Table()
    for name in rows[0]:
        unit, description = meaning.get(name, (None, ""))
        add_column(table, name, [row[name] for row in rows], unit, description)
    return table


def column_names(models: Sequence[str]) -> dict[str, str]:
    """Return what columns of these models end in: letters, digits and underscores, each once.

    Parameters
    ----------
    models : sequence of str
        Names, or folders.
    """
    names: dict[str, str] = {}
    for model in models:
        word = "".join(c if c.isascii() and c.isalnum() else "_" for c in Path(model).name)
        number = 1 + sum(name == word or name.startswith(f"{word}_no_") for name in names.values())
        names[model] = word if number == 1 else f"{word}_no_{number}"
    return names


def model_provenance(models: Sequence[str]) -> dict[str, Any]:
    """Return what tells trained models from others, by name or folder: kind, maker, hash of weights, libraries."""
    folders, found = known_models(models), dict[str, Any]()
    for model in models:
        try:
            one = summarise_model(folders.get(model, Path(model)))
        except InputError as error:
            found[model] = {"problem": str(error)}
        else:
            found[model] = {
                "name": one.name,
                "preset": one.preset,
                "created_by": one.created_by,
                "weights_sha256": one.weights_sha256,
                "libraries": list(one.libraries),
                "noise": one.noise,
                "citations": list(one.citations),
            }
    return found


def is_known(values: FloatArray) -> bool:
    """Whether there is any number."""
    return bool(np.isfinite(values).any())
