"""CSV: of the archive's portal, with arrays as numbers between spaces in one cell, or plain with a column per band.

The portal writes the query as a comment, then the header in quotes: ``#SELECT ...``, ``"TILE_ID","MAG_AUTO"``.
"""

import csv
from collections.abc import Iterator
from itertools import dropwhile
from pathlib import Path

from jpas_gui.core.catalogues.table import CatalogueTable
from jpas_gui.core.errors import InputError


def read_csv(path: Path) -> CatalogueTable:
    """Read a CSV file whose first lines may be comments behind ``#``.

    Raises
    ------
    InputError
        If it is not text, has no header, or a row has not as many cells as the header.
    """
    try:
        # utf-8-sig: spreadsheets put a mark in front.
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, rows = _header_and_rows(path, file)
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}: neither FITS, VOTable, ECSV nor CSV") from error
    position = {name: number for number, name in enumerate(header)}
    return CatalogueTable(str(path), header, len(rows), lambda name: [row[position[name]] for row in rows])


def _header_and_rows(path: Path, lines: Iterator[str]) -> tuple[tuple[str, ...], list[list[str]]]:
    comments = 0

    def is_comment(line: str) -> bool:
        nonlocal comments
        comments += 1
        return line.startswith("#") or not line.strip()

    # Only in front: later a # begins a colour, such as "#CC00FF".
    rows = csv.reader(dropwhile(is_comment, lines), skipinitialspace=True)
    header = tuple(name.strip() for name in next(rows, []))
    if len(header) < 2:
        raise InputError(f"{path}: neither FITS, VOTable, ECSV nor CSV: no line with the names of the columns")
    cells = []
    for row in rows:
        if row and len(row) != len(header):
            line = comments - 1 + rows.line_num
            raise InputError(f"{path}: line {line} has {len(row)} cells, the header has {len(header)}")
        if row:
            cells.append(row)
    return header, cells
