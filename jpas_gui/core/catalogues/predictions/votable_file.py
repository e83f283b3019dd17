"""Predictions as a VOTable, written row by row in the serialization BINARY2."""

import base64
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from jpas_gui.core.catalogues.predictions.arrow import columns_of
from jpas_gui.core.catalogues.predictions.columns import TEXT, UNSIGNED, PredictionColumn
from jpas_gui.core.catalogues.predictions.parts import PartsFolder
from jpas_gui.core.catalogues.predictions.records import record_type, records
from jpas_gui.core.catalogues.predictions.survey import Survey
from jpas_gui.core.catalogues.writing import flat_provenance

_TYPES = {"float32": "float", "float64": "double", "int16": "short", "int64": "long"}

_MOST_DIGITS = 20
"""Of a whole number of 64 bits without a sign."""

_LINE = 57
"""Bytes that make a line of 76 characters of base64."""


def write_votable(parts: PartsFolder, counts: Survey, path: Path) -> None:
    """Write the parts; the provenance becomes INFO elements."""
    unsigned = [column.name for column in columns_of(parts.schema()) if column.dtype == UNSIGNED]
    # VOTables have no such type: their digits are text.
    columns = tuple(
        replace(column, dtype=TEXT) if column.name in unsigned else column for column in columns_of(parts.schema())
    )
    counts = replace(counts, widths={**counts.widths, **dict.fromkeys(unsigned, _MOST_DIGITS)})
    with path.open("wb") as file:
        file.write("".join(_head(columns, counts, parts)).encode("utf-8"))
        file.writelines(_base64(_rows(columns, counts, parts)))
        file.write(b"</STREAM></BINARY2></DATA>\n</TABLE>\n</RESOURCE>\n</VOTABLE>\n")


def _head(columns: Sequence[PredictionColumn], counts: Survey, parts: PartsFolder) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<VOTABLE version="1.4" xmlns="http://www.ivoa.net/xml/VOTable/v1.3">\n<RESOURCE type="results">\n'
    for key, value in flat_provenance(parts.provenance):
        yield f"<INFO name={quoteattr(key)} value={quoteattr(str(value))}/>\n"
    yield f'<TABLE name="predictions" nrows="{counts.n_rows}">\n'
    for column in columns:
        yield f"<FIELD name={quoteattr(column.name)} {_type(column, counts)}"
        described = {"unit": column.standard_unit, "ucd": column.ucd}
        yield from (f" {key}={quoteattr(value)}" for key, value in described.items() if value)
        yield f"><DESCRIPTION>{escape(column.description)}</DESCRIPTION></FIELD>\n"
    yield '<DATA><BINARY2><STREAM encoding="base64">\n'


def _type(column: PredictionColumn, counts: Survey) -> str:
    if column.dtype == TEXT:
        return f'datatype="char" arraysize="{counts.widths[column.name]}"'
    return f'datatype="{_TYPES[column.dtype]}"'


def _rows(columns: Sequence[PredictionColumn], counts: Survey, parts: PartsFolder) -> Iterator[bytes]:
    """Yield the rows as bytes: a bit for each column, which says that it is not null, then the values."""
    row = record_type(columns, counts.widths)
    whole = np.dtype([("null", f"V{-(-len(columns) // 8)}"), ("row", row)])
    for table in parts.tables():
        result = np.zeros(len(table), dtype=whole)
        result["row"] = records(table, columns, row)
        yield result.tobytes()


def _base64(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield lines of base64; only the last may be short."""
    rest = b""
    for block in chain(blocks, [None]):
        data = rest + (block or b"")
        end = len(data) - len(data) % _LINE if block is not None else len(data)
        yield base64.encodebytes(data[:end])
        rest = data[end:]
