"""CSV: of the archive's portal, with arrays as numbers between spaces in one cell, or plain with a column per band.

The portal writes the query as a comment, then the header in quotes: ``#SELECT ...``, ``"TILE_ID","MAG_AUTO"``.
Commas, tabs and semicolons divide cells. A line is a row: no quote reaches beyond its line, so that a lost one cannot
swallow other rows.
"""

import csv
import gzip
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

from jpas_gui.core.catalogues.dialects.arrow_texts import divided
from jpas_gui.core.catalogues.dialects.line_index import LineIndex, index_lines
from jpas_gui.core.catalogues.dialects.whole_files import check_memory
from jpas_gui.core.catalogues.table import CatalogueTable, TableRows, check_names
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import is_packed

_DELIMITERS = ",\t;"
_LONGEST_LINE = 1 << 24
_TIMES = 2
"""Bytes that are held per byte of an unpacked file."""

_MANY = 256
"""So many lines are divided by Arrow, if they are plain."""


def read_csv(path: Path) -> CatalogueTable:
    """Open a CSV file whose first lines may be comments behind ``#``.

    Raises
    ------
    InputError
        If it is not text, has no header, two columns have one name, or it is packed and does not fit into memory.
    """
    open_file = _opener(path)
    with open_file() as file:
        comments, first, line = _header(path, file)
        index = index_lines(file, line)
    delimiter = max(_DELIMITERS, key=first.count)
    names = tuple(name.strip() for name in _cells(first, delimiter))
    if len(names) < 2:
        raise _not_known(path, ": no line with the names of the columns")
    check_names(str(path), names)

    def read_part(wanted: Sequence[str], start: int, stop: int) -> TableRows:
        with open_file() as file:
            return _read_rows(path, file, index, (names, delimiter), wanted, start, stop)

    return CatalogueTable(str(path), "CSV", names, index.n_rows, read_part, source=comments)


def _opener(path: Path) -> Callable[[], BinaryIO]:
    if not is_packed(path):
        return lambda: path.open("rb")
    check_memory(path, "CSV", _TIMES)
    content = gzip.decompress(path.read_bytes())
    return lambda: io.BytesIO(content)


def _header(path: Path, file: BinaryIO) -> tuple[str, str, int]:
    """Return the comments, the line with the names, and the number of the line behind it."""
    comments, number = [], 0
    while True:
        line = file.readline(_LONGEST_LINE)
        number += 1
        try:
            text = line.decode("utf-8-sig")  # spreadsheets put a mark in front
        except UnicodeDecodeError as error:
            raise _not_known(path) from error
        if "\0" in text:
            raise _not_known(path)
        # Only in front: later a # begins a colour, such as "#CC00FF".
        if line and (text.startswith("#") or not text.strip()):
            comments.append(text.strip())
            continue
        return "\n".join(comments), text.strip("\r\n"), number + 1


def _not_known(path: Path, why: str = "") -> InputError:
    return InputError(f"{path}: neither FITS, VOTable, ECSV, Parquet nor CSV{why}")


def _cells(line: str, delimiter: str) -> list[str]:
    if '"' not in line:
        return line.split(delimiter)
    return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])


def _read_rows(
    path: Path,
    file: BinaryIO,
    index: LineIndex,
    header: tuple[tuple[str, ...], str],
    wanted: Sequence[str],
    start: int,
    stop: int,
) -> TableRows:
    names, delimiter = header
    lines, numbers = index.read(file, start, stop)
    if len(lines) < stop - start:
        raise InputError(f"{path}: the file has become shorter while it was read: open it again")
    if len(lines) >= _MANY:
        columns = divided(lines, names, delimiter, wanted)
        if columns is not None:
            return TableRows(start, columns, lines=numbers)
    rows: list[Sequence[str | None]] = []
    problems: dict[int, str] = {}
    nothing = [None] * len(names)
    for position, line in enumerate(lines):
        try:
            cells = _cells(line.decode("utf-8", "replace").rstrip("\r"), delimiter)
        except csv.Error as error:
            problems[position] = f"line {numbers[position]} cannot be divided into cells ({error})"
        else:
            if len(cells) != len(names):
                problems[position] = f"line {numbers[position]} has {len(cells)} cells, the header has {len(names)}"
        rows.append(nothing if position in problems else cells)
    place = {name: number for number, name in enumerate(names)}
    return TableRows(start, {name: [row[place[name]] for row in rows] for name in wanted}, problems, numbers)
