"""Predictions as rows of bytes, the form of FITS and of VOTables."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jpas_gui.core.catalogues.predictions.columns import TEXT, UNSIGNED, PredictionColumn

if TYPE_CHECKING:
    import pyarrow as pa


UNSIGNED_ZERO = 2**63


def record_type(columns: Sequence[PredictionColumn], widths: Mapping[str, int]) -> np.dtype[np.void]:
    """Return the type of a row, big-endian; numbers without a sign are kept as FITS does, less `UNSIGNED_ZERO`.

    Parameters
    ----------
    columns : sequence of PredictionColumn
    widths : mapping of str to int
        Length of each column of text.
    """

    def kind(column: PredictionColumn) -> str:
        if column.dtype == TEXT:
            return f"S{widths[column.name]}"
        return ">i8" if column.dtype == UNSIGNED else np.dtype(column.dtype).newbyteorder(">").str

    return np.dtype([(column.name, kind(column)) for column in columns])


def records(table: "pa.Table", columns: Sequence[PredictionColumn], row: np.dtype[np.void]) -> NDArray[np.void]:
    """Return the rows of a table."""
    result = np.empty(len(table), dtype=row)
    for column in columns:
        values = table[column.name]
        result[column.name] = as_ascii(values) if column.dtype == TEXT else _numbers(values.to_numpy())
    return result


def _numbers(values: NDArray[Any]) -> NDArray[Any]:
    return (values ^ np.uint64(UNSIGNED_ZERO)).view(np.int64) if values.dtype == np.uint64 else values


def as_ascii(values: "pa.ChunkedArray") -> NDArray[Any]:
    """Return text as bytes; what ASCII does not have becomes an escape with a backslash."""
    texts = values.to_numpy(zero_copy_only=False)
    try:
        return texts.astype("S") if len(texts) else np.empty(0, dtype="S1")
    except UnicodeEncodeError:
        return np.array([text.encode("ascii", "backslashreplace") for text in texts])
