"""Columns as they come from files, turned into arrays of numbers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.catalogues.dialects.arrow_texts import ArrowTexts

_NO_NUMBER = {
    "none", "null", "nan", "", "-", "--", "---", "n/a", "na", "<na>", "\\n", "masked", "indef", "missing", "?", "*",
}  # fmt: skip
_TRUTH = dict.fromkeys(("true", "t", "yes", "y"), 1.0) | dict.fromkeys(("false", "f", "no", "n"), 0.0)
_FORTRAN = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+))[dq]([-+]?\d+)|([-+]?(?:\d+\.\d*|\.\d+))([-+]\d{3})", re.IGNORECASE)
"""Numbers with the exponents of double precision, and with those of three digits, which leave out the letter."""

_SHOWN_CHARACTERS = 40
_AROUND_NUMBERS = re.compile(r"\b(?:np\.|numpy\.)?(?:array|u?int\d*|float\d*|bool_?)\(|dtype=[\w.']+|[\[\](){},;]")
"""What Python, NumPy and data bases write around the numbers of an array, and between them."""


@dataclass(frozen=True, eq=False)
class Numbers:
    """A column as numbers.

    Parameters
    ----------
    values : ndarray, shape (n_rows,) or (n_rows, width)
        NaN where a value is masked, None, ``'None'`` or empty, and in all of a row that has no array or a problem.
    problems : mapping
        Of each position whose row holds something else than numbers, or another number of them: what is wrong.
    """

    values: FloatArray
    problems: Mapping[int, str]


def read_numbers(column: Any, width: int | None = None, truth: bool = False) -> Numbers:
    """Return a column as numbers.

    Parameters
    ----------
    column : array, masked array or sequence
        Numbers; arrays of numbers of one length, as a 2-D array or one object a row; or text with numbers
        between spaces or commas, in brackets or not.
    width : int, optional
        Length of the arrays, 1 for single numbers; the longest row decides where it is not given.
    truth : bool
        Take words such as ``"True"`` and ``"no"`` for 1 and 0.
    """
    if isinstance(column, np.ndarray) and column.dtype.kind in "biuf":
        return _of_array(column, width)
    if width is not None and isinstance(column, ArrowTexts):
        numbers = column.plain_numbers(width, truth)
        if numbers is not None:
            return Numbers(numbers, {})
    if width == 1 and isinstance(column, list):
        try:
            return Numbers(_of_plain_texts(column), {})
        except (TypeError, ValueError):
            pass  # some cell is no plain number: one by one
    masked = isinstance(column, np.ma.MaskedArray)
    return _of_cells([None if masked and np.ma.is_masked(cell) else cell for cell in column], width, truth)


def _of_array(column: "np.ndarray[Any, Any]", width: int | None) -> Numbers:
    values = np.asarray(np.ma.filled(column.astype(np.float64), np.nan))
    values = values.reshape(len(values), int(np.prod(values.shape[1:])))
    own = values.shape[1]
    if width is not None and own != width:
        problem = _other_length(own, width)
        return Numbers(_shaped(np.full((len(values), width), np.nan)), dict.fromkeys(range(len(values)), problem))
    return Numbers(_shaped(values), {})


def _of_plain_texts(cells: list[str]) -> FloatArray:
    if "_" in "".join(cells):
        raise ValueError("Python takes 1_000 for a number")
    return np.fromiter((float(cell or "nan") for cell in cells), dtype=np.float64, count=len(cells))


def _of_cells(cells: Sequence[Any], width: int | None, truth: bool) -> Numbers:
    problems: dict[int, str] = {}
    rows: list[FloatArray] = []
    for position, cell in enumerate(cells):
        try:
            rows.append(_numbers_of_cell(cell, truth))
        except (TypeError, ValueError):
            problems[position] = f"{_shown(cell)} is not a number"
            rows.append(np.empty(0))
    length = width if width is not None else max((row.size for row in rows), default=1) or 1
    numbers = np.full((len(rows), length), np.nan)
    for position, values in enumerate(rows):
        if values.size == length:
            numbers[position] = values
        elif values.size and length == 1:
            problems[position] = f"{_shown(cells[position])} is not one number"
        elif values.size:
            problems[position] = _other_length(values.size, length)
    return Numbers(_shaped(numbers), problems)


def _shaped(numbers: FloatArray) -> FloatArray:
    # pyvo gives scalars as arrays of one.
    return numbers[:, 0] if numbers.shape[1] == 1 else numbers


def _other_length(own: int, others: int) -> str:
    return f"{own} value{'s' if own > 1 else ''}, other rows have {others}"


def _shown(cell: Any) -> str:
    return repr(" ".join(str(cell.decode() if isinstance(cell, bytes) else cell).split())[:_SHOWN_CHARACTERS])


def _numbers_of_cell(cell: Any, truth: bool) -> FloatArray:
    """Return the numbers of one cell, shape (n,); empty where there is none."""
    if isinstance(cell, bytes):
        cell = cell.decode("utf-8", "replace")
    if isinstance(cell, str):
        return _numbers_of_text(cell, truth)
    if cell is None:
        return np.empty(0)
    values = np.ma.atleast_1d(np.ma.asarray(cell))
    if values.dtype.kind in "biuf":
        return np.asarray(np.ma.filled(values.astype(np.float64), np.nan)).ravel()
    words = (str(value) for value in np.ma.filled(values.astype(object), None).ravel())
    return np.array([_number(word, truth) for word in words], dtype=float)


def _numbers_of_text(text: str, truth: bool) -> FloatArray:
    words = _AROUND_NUMBERS.sub(" ", text).split()
    return np.array([_number(word, truth) for word in words], dtype=float)


def _number(word: str, truth: bool) -> float:
    if "_" in word:
        raise ValueError(word)
    plain = word.strip().lower()
    if plain in _NO_NUMBER:
        return np.nan
    if truth and plain in _TRUTH:
        return _TRUTH[plain]
    fortran = _FORTRAN.fullmatch(plain)
    return float(plain) if fortran is None else float("{}e{}".format(*filter(None, fortran.groups())))
