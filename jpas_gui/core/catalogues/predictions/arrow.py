"""Predictions as Arrow tables, the form in which parts of a run are kept and formats are written."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jpas_gui.core.catalogues.predictions.columns import (
    PREDICTION_COLUMNS,
    TEXT,
    PredictionColumn,
    id_columns,
    id_values,
)
from jpas_gui.core.inference.parameters import PARAMETERS

if TYPE_CHECKING:
    import pyarrow as pa

    from jpas_gui.core.inference.predictor import Prediction

_PROVENANCE = b"jpas_gui"
"""Key of the provenance, JSON, among the metadata of a Parquet file."""

_PERCENTILES = ("p16", "p50", "p84")


def prediction_table(
    ids: Mapping[str, NDArray[Any]], redshift: NDArray[Any], prediction: "Prediction", problem: Sequence[str]
) -> "pa.Table":
    """Return the rows of some galaxies.

    Parameters
    ----------
    ids : mapping of str to ndarray, shape (n,)
        The catalogue's own id columns.
    redshift : ndarray, shape (n,)
        That was used.
    prediction : Prediction
    problem : sequence of str, n long
        Why a row could not be read; empty where it could.
    """
    import pyarrow as pa

    own = id_columns(ids)
    values = _prediction_values(redshift, prediction, problem)
    columns = (*own.values(), *PREDICTION_COLUMNS)
    arrays: list[NDArray[Any] | Sequence[str]] = [id_values(ids[name], column) for name, column in own.items()]
    arrays += [values[column.name] for column in PREDICTION_COLUMNS]
    schema = pa.schema([_field(column) for column in columns])
    return pa.table(
        [pa.array(array, type=field.type) for array, field in zip(arrays, schema, strict=True)], schema=schema
    )


def _prediction_values(
    redshift: NDArray[Any], prediction: "Prediction", problem: Sequence[str]
) -> dict[str, NDArray[Any] | Sequence[str]]:
    values: dict[str, NDArray[Any] | Sequence[str]] = {"redshift": redshift, "problem": problem}
    for number, parameter in enumerate(PARAMETERS):
        values[parameter] = _float32(prediction.point[:, number])
        for level, name in enumerate(_PERCENTILES):
            values[f"{parameter}_{name}"] = _float32(prediction.percentiles[:, number, level])
    for name in ("chi2", "distance"):
        values[name] = _float32(getattr(prediction, name))
    for name in ("n_bands", "flag"):
        values[name] = getattr(prediction, name).astype(np.int16)
    return values


def _float32(values: NDArray[Any]) -> NDArray[Any]:
    return np.ascontiguousarray(values, dtype=np.float32)


def _field(column: PredictionColumn) -> "pa.Field":
    import pyarrow as pa

    kind = pa.string() if column.dtype == TEXT else pa.from_numpy_dtype(np.dtype(column.dtype))
    described = {"unit": column.unit, "ucd": column.ucd, "description": column.description}
    return pa.field(column.name, kind, metadata={key: value for key, value in described.items() if value})


def columns_of(schema: "pa.Schema") -> tuple[PredictionColumn, ...]:
    """Return the columns that a schema of `prediction_table` describes."""
    import pyarrow as pa

    def text(field: "pa.Field", key: str) -> str:
        return str((field.metadata or {}).get(key.encode(), b""), "utf-8")

    return tuple(
        PredictionColumn(
            field.name,
            TEXT if pa.types.is_string(field.type) else np.dtype(field.type.to_pandas_dtype()).name,
            *(text(field, key) for key in ("unit", "ucd", "description")),
        )
        for field in schema
    )


def with_provenance(schema: "pa.Schema", provenance: Mapping[str, Any]) -> "pa.Schema":
    """Return a schema that carries the provenance."""
    return schema.with_metadata({_PROVENANCE: json.dumps(provenance)})


def provenance_of(schema: "pa.Schema") -> dict[str, Any]:
    """Return the provenance that a schema carries; empty where there is none."""
    content: dict[str, Any] = json.loads((schema.metadata or {}).get(_PROVENANCE, b"{}"))
    return content
