"""Columns as they come from files, turned into arrays of numbers."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.errors import InputError

_NO_NUMBER = {"none", "null", "nan", "", "--", "n/a", "masked"}


def numbers_of_column(column: Any) -> FloatArray:
    """Return a column as numbers.

    Parameters
    ----------
    column : array, masked array or sequence
        Numbers; arrays of numbers of one length, as a 2-D array or one object a row; or text with numbers
        between spaces or commas, in brackets or not.

    Returns
    -------
    ndarray, shape (n_rows,) or (n_rows, n)
        NaN where a value is masked, None, ``'None'`` or empty, and in all of a row whose array is empty.

    Raises
    ------
    InputError
        If a value is no number, or two rows have arrays of different lengths; the message names the row.
    """
    values = np.ma.asarray(column) if isinstance(column, np.ndarray) else _objects(column)
    if values.dtype.kind in "biuf":
        numbers = np.asarray(np.ma.filled(values.astype(float), np.nan), dtype=float)
    else:
        numbers = _numbers_of_objects([None if np.ma.is_masked(cell) else cell for cell in values])
    # pyvo gives scalars as arrays of one.
    return numbers[:, 0] if numbers.ndim == 2 and numbers.shape[1] == 1 else numbers


def _objects(cells: Sequence[Any]) -> "np.ma.MaskedArray[Any, Any]":
    objects = np.empty(len(cells), dtype=object)
    objects[:] = cells
    return np.ma.asarray(objects)


def _numbers_of_objects(cells: Sequence[Any]) -> FloatArray:
    rows = [_numbers_of_cell(cell, row) for row, cell in enumerate(cells, start=1)]
    length = max((row.size for row in rows), default=0)
    numbers = np.full((len(rows), max(length, 1)), np.nan)
    for row, values in enumerate(rows):
        if values.size not in (0, length):
            raise InputError(f"row {row + 1} has {values.size} values, other rows have {length}")
        if values.size:
            numbers[row] = values
    return numbers


def _numbers_of_cell(cell: Any, row: int) -> FloatArray:
    """Return the numbers of one cell, shape (n,); empty where there is none."""
    try:
        if isinstance(cell, bytes):
            cell = cell.decode()
        if isinstance(cell, str):
            return _numbers_of_text(cell)
        if cell is None:
            return np.empty(0)
        values = np.ma.atleast_1d(np.ma.asarray(cell))
        if values.dtype.kind in "biuf":
            return np.asarray(np.ma.filled(values.astype(float), np.nan)).ravel()
        return np.array([_number(str(value)) for value in np.ma.filled(values.astype(object), None).ravel()])
    except ValueError as error:
        raise InputError(f"row {row} holds {str(cell)[:40]!r}, which is not a number") from error


def _numbers_of_text(text: str) -> FloatArray:
    words = text.strip().strip("[](){}").replace(",", " ").split()
    try:
        return np.array(words, dtype=float)
    except ValueError:
        return np.array([_number(word) for word in words])


def _number(word: str) -> float:
    return np.nan if word.strip().lower() in _NO_NUMBER else float(word)
