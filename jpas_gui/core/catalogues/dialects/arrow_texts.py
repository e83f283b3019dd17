"""Cells of text, divided and turned into numbers by Arrow: ten times as fast as Python where they are plain."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.catalogues.dialects.arrow_numbers import array_of, numpy_of

if TYPE_CHECKING:
    import pyarrow as pa


class ArrowTexts:
    """A column of cells; None where a cell is empty."""

    def __init__(self, cells: "pa.Array") -> None:
        self._cells = cells

    def __len__(self) -> int:
        return len(self._cells)

    def __iter__(self) -> Iterator[str | None]:
        return iter(self._cells.to_pylist())

    def plain_numbers(self, width: int) -> FloatArray | None:
        """Return numbers, shape (n,) or (n, width), NaN where there is none; None where some cell is not plain."""
        import pyarrow as pa
        import pyarrow.compute as pc

        cells = pc.replace_substring(self._cells, pattern="None", replacement="nan")
        try:
            if width == 1:
                return _floats(cells)
            arrays = pc.utf8_split_whitespace(cells)
            if arrays.null_count or (numpy_of(pc.list_value_length(arrays)) != width).any():
                return None
            return _floats(arrays.flatten()).reshape(len(self), width)
        except pa.ArrowInvalid:
            return None


def divided(
    lines: list[bytes], names: Sequence[str], delimiter: str, wanted: Sequence[str]
) -> dict[str, ArrowTexts] | None:
    """Return the wanted columns of lines, or None where some line has quotes or another number of cells."""
    import pyarrow as pa
    from pyarrow import csv

    content = b"\n".join(lines)
    if b'"' in content or not wanted:
        return None
    try:
        table = csv.read_csv(
            pa.BufferReader(content),
            csv.ReadOptions(use_threads=False, block_size=len(content) + 1, column_names=list(names)),
            csv.ParseOptions(delimiter=delimiter, quote_char=False),
            csv.ConvertOptions(
                include_columns=list(wanted),
                column_types=dict.fromkeys(wanted, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows != len(lines):
        return None
    return {name: ArrowTexts(array_of(table.column(name))) for name in wanted}


def _floats(words: "pa.Array") -> FloatArray:
    numbers: Any = numpy_of(words.cast("float64"))
    return np.asarray(np.ma.filled(numbers, np.nan), dtype=np.float64)
