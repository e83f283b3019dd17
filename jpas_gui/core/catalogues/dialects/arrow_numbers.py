"""Numbers of Arrow as arrays of numpy. Arrow's own way imports pandas where it is installed, which costs a second."""

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa


def array_of(column: "pa.ChunkedArray") -> "pa.Array":
    """Return a column as one piece."""
    import pyarrow as pa

    if column.num_chunks == 1:
        return column.chunk(0)
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.nulls(0, column.type)


def are_numbers(kind: "pa.DataType") -> bool:
    """Return whether values of a type are whole numbers, floats, or true and false."""
    from pyarrow import types

    return bool(types.is_floating(kind) or types.is_integer(kind) or types.is_boolean(kind))


def numpy_of(array: "pa.Array") -> "np.ndarray[Any, Any]":
    """Return an array of numbers, shape (n,); a masked one where some are null."""
    from pyarrow import types

    valid, stored = array.buffers()
    part = slice(array.offset, array.offset + len(array))
    if types.is_boolean(array.type):
        values = _bits(stored)[part]
    else:
        values = np.frombuffer(stored or b"", dtype=array.type.to_pandas_dtype())[part]
    if not array.null_count:
        return values
    return np.ma.masked_array(values, ~_bits(valid)[part])


def _bits(buffer: "pa.Buffer") -> "np.ndarray[Any, Any]":
    return np.unpackbits(np.frombuffer(buffer or b"", dtype=np.uint8), bitorder="little").astype(bool)
