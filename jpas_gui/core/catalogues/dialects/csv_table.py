"""Tables of text: of the archive's portal, with arrays as numbers between spaces in a cell, or with a column per band.

The portal writes the query as a comment, then the header in quotes: ``#SELECT ...``, ``"TILE_ID","MAG_AUTO"``.
Commas, tabs, semicolons, bars and white space divide cells. A line is a row: no quote reaches beyond its line, so that
a lost one cannot swallow other rows, but for texts all of whose rows need that.
"""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

from jpas_gui.core.catalogues.dialects.arrow_texts import divided
from jpas_gui.core.catalogues.dialects.line_index import LineIndex, index_lines
from jpas_gui.core.catalogues.dialects.text_content import decoded, text_opener
from jpas_gui.core.catalogues.dialects.text_form import NoTableError, TextForm, find_form
from jpas_gui.core.catalogues.table import CatalogueTable, TableRows, check_names
from jpas_gui.core.errors import InputError

_HEAD = 1 << 20
_LONGEST_HEAD = 1 << 26
"""Bytes within which the first row ends."""

_MANY = 256
"""So many lines are divided by Arrow, if they are plain."""


def read_csv(path: Path) -> CatalogueTable:
    """Open a table of text, whose first lines may be comments behind ``#``.

    Raises
    ------
    InputError
        If it is not text, has no header, two columns have one name, or it does not fit into memory where it must.
    """
    open_file = text_opener(path)
    with open_file() as file:
        form = _form(path, file)
        file.seek(form.offset)
        index = index_lines(file, form.line, form.ends)
        _check_quotes(path, file, index)
    offered = tuple(name for name in form.names if name)
    check_names(str(path), offered)

    def read_part(wanted: Sequence[str], start: int, stop: int) -> TableRows:
        return _read_rows(path, open_file, index, form, wanted, start, stop)

    return CatalogueTable(str(path), "CSV", offered, index.n_rows, read_part, source=form.comments)


def _form(path: Path, file: BinaryIO) -> TextForm:
    size = _HEAD
    while True:
        file.seek(0)
        head = file.read(size)
        is_whole = len(head) < size
        if b"\0" in head:
            raise _not_known(path)
        try:
            form = find_form(head, is_whole)
        except NoTableError as error:
            raise _not_known(path, f": {error}") from error
        if form is not None:
            return form
        if size >= _LONGEST_HEAD:
            raise _not_known(path)
        size *= 8


def _not_known(path: Path, why: str = "") -> InputError:
    return InputError(f"{path}: neither FITS, VOTable, ECSV, Parquet nor CSV{why}")


def _check_quotes(path: Path, file: BinaryIO, index: LineIndex) -> None:
    if index.ends.quoted and index.n_rows:
        (last,), (line,) = index.read(file, index.n_rows - 1, index.n_rows)
        if last.count(b'"') % 2:
            raise InputError(
                f"{path}: cells reach over several lines in quotes, and the quote that opens in line {line} is not "
                "closed, or one before it: close it"
            )


def _read_rows(
    path: Path,
    open_file: Callable[[], BinaryIO],
    index: LineIndex,
    form: TextForm,
    wanted: Sequence[str],
    start: int,
    stop: int,
) -> TableRows:
    with open_file() as file:
        lines, numbers = index.read(file, start, stop)
    if len(lines) < stop - start:
        raise InputError(f"{path}: the file has become shorter while it was read: open it again")
    if len(lines) >= _MANY:
        columns = divided(lines, form, wanted)
        if columns is not None:
            return TableRows(start, columns, lines=numbers)
    rows: list[Sequence[str | None]] = []
    problems: dict[int, str] = {}
    nothing = [None] * len(form.names)
    for position, line in enumerate(lines):
        try:
            cells = form.cells(decoded(line).rstrip("\r"))
        except csv.Error as error:
            problems[position] = f"line {numbers[position]} cannot be divided into cells ({error})"
        else:
            if len(cells) != len(form.names):
                problems[position] = (
                    f"line {numbers[position]} has {len(cells)} cells, the header has {len(form.names)}"
                )
        rows.append(nothing if position in problems else cells)
    place = {name: number for number, name in enumerate(form.names)}
    return TableRows(start, {name: [row[place[name]] for row in rows] for name in wanted}, problems, numbers)
