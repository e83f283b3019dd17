"""Predictions as CSV, which says nothing of itself, and as ECSV, whose header has units and provenance."""

import csv
import io
import json
from pathlib import Path
from typing import BinaryIO

import numpy as np
from astropy.table import Column, Table

from jpas_gui.core.catalogues.predictions.arrow import columns_of
from jpas_gui.core.catalogues.predictions.columns import TEXT
from jpas_gui.core.catalogues.predictions.parts import PartsFolder
from jpas_gui.core.catalogues.predictions.survey import Survey
from jpas_gui.core.files import replacing


def write_csv(parts: PartsFolder, counts: Survey, path: Path) -> None:
    """Write the parts; names are the first line."""
    names = io.StringIO()
    csv.writer(names, lineterminator="\n").writerow(column.name for column in columns_of(parts.schema()))
    with path.open("wb") as file:
        file.write(names.getvalue().encode("utf-8"))
        _write_rows(parts, file)


def write_csv_provenance(parts: PartsFolder, path: Path) -> None:
    """Write the provenance into a file beside ``path``: CSV has no place for it.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    with replacing(csv_provenance_path(path)) as temporary:
        temporary.write_text(json.dumps(parts.provenance, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def csv_provenance_path(path: Path) -> Path:
    """Return where the provenance of a CSV file lies."""
    return path.with_name(f"{path.name}.json")


def write_ecsv(parts: PartsFolder, counts: Survey, path: Path) -> None:
    """Write the parts."""
    empty = Table(meta={"provenance": dict(parts.provenance)})
    for column in columns_of(parts.schema()):
        kind = str if column.dtype == TEXT else column.dtype
        meta = {"ucd": column.ucd} if column.ucd else None
        empty[column.name] = Column(
            np.empty(0, dtype=kind), unit=column.unit or None, description=column.description or None, meta=meta
        )
    head = io.StringIO()
    empty.write(head, format="ascii.ecsv", delimiter=",")
    with path.open("wb") as file:
        file.write(head.getvalue().encode("utf-8"))
        _write_rows(parts, file)


def _write_rows(parts: PartsFolder, file: BinaryIO) -> None:
    from pyarrow.csv import WriteOptions, write_csv

    for table in parts.tables():
        write_csv(table, file, WriteOptions(include_header=False))
