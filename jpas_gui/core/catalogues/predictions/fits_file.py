"""Predictions as a FITS binary table, written row by row."""

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from astropy.io import fits

from jpas_gui.core.catalogues.predictions.arrow import columns_of
from jpas_gui.core.catalogues.predictions.columns import TEXT, UNSIGNED, PredictionColumn
from jpas_gui.core.catalogues.predictions.parts import PartsFolder
from jpas_gui.core.catalogues.predictions.records import UNSIGNED_ZERO, record_type, records
from jpas_gui.core.catalogues.predictions.survey import Survey
from jpas_gui.core.catalogues.writing import flat_provenance

_BLOCK = 2880
"""Every part of a FITS file is a multiple of this many bytes."""

_FORMATS = {"float32": "E", "float64": "D", "int16": "I", "int64": "K", UNSIGNED: "K"}


def write_fits(parts: PartsFolder, counts: Survey, path: Path) -> None:
    """Write the parts; the provenance becomes comments of the header."""
    columns = columns_of(parts.schema())
    row = record_type(columns, counts.widths)
    with path.open("wb") as file:
        file.write(fits.PrimaryHDU().header.tostring().encode("ascii"))
        file.write(_header(columns, counts, parts).tostring().encode("ascii"))
        for table in parts.tables():
            file.write(records(table, columns, row).data)
        file.write(bytes(-(row.itemsize * counts.n_rows) % _BLOCK))


def _header(columns: Sequence[PredictionColumn], counts: Survey, parts: PartsFolder) -> fits.Header:
    with warnings.catch_warnings():
        # Not all names and units are by the standard.
        warnings.simplefilter("ignore")
        definitions = [
            fits.Column(column.name, _format(column, counts), bzero=UNSIGNED_ZERO if column.dtype == UNSIGNED else None)
            for column in columns
        ]
        header = fits.BinTableHDU.from_columns(definitions, nrows=0, name="PREDICTIONS").header
        header["NAXIS2"] = counts.n_rows
        for number, column in enumerate(columns, start=1):
            described: dict[str, Any] = {"TUNIT": column.standard_unit, "TUCD": column.ucd, "TCOMM": column.description}
            header.update({f"{key}{number}": value for key, value in described.items() if value})
        for key, value in flat_provenance(parts.provenance):
            header.add_comment(f"{key}: {value}".encode("ascii", "backslashreplace").decode())
    return header


def _format(column: PredictionColumn, counts: Survey) -> str:
    return f"{counts.widths[column.name]}A" if column.dtype == TEXT else _FORMATS[column.dtype]
