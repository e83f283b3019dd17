"""The form of a table of text, told from its first lines: where its header is, and what divides cells and numbers."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jpas_gui.core.catalogues.column_names import quantity_of
from jpas_gui.core.catalogues.dialects.line_index import LineEnds
from jpas_gui.core.catalogues.dialects.text_content import decoded

WHITE_SPACE = " "
"""The delimiter of tables whose cells are divided by any number of spaces and tabs."""

_DELIMITERS = ",\t;|"
_COMMENTS = ("#", "%", "!", "//")
_RULE = set("-+=|: \t\r")
_EXCEL = re.compile(r"sep=.")
_SAMPLE_ROWS = 5
_SAMPLE_CELLS = 200
_SHOWN = 40

_DIGITS = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][-+]?\d+)?"
_ONE = rf"(?:{_DIGITS}|nan|None)"
_NUMBERS = re.compile(rf"[\[(]?\s*{_ONE}(?:[\s,]+{_ONE})*\s*[\])]?", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*[\w.]*[\[(].*[\])]\s*", re.DOTALL)
_WHOLE = re.compile(r"\d+")
_COMMA = r"[-+]?\d*,\d+(?:[eEdD][-+]?\d+)?"
COMMA_NUMBERS = rf"\s*[\[(]?\s*{_COMMA}(?:\s+(?:[-+]?\d+|{_COMMA}|nan|None))*\s*[\])]?\s*"
"""Matches a number, or several between spaces, with a comma for the decimal sign."""

_COMMA_CELL = re.compile(COMMA_NUMBERS)
_DOTTED = re.compile(r"\s*[-+]?\d*\.\d+(?:[eEdD][-+]?\d+)?\s*")
_THOUSANDS = re.compile(r"\s*[-+]?[1-9]\d{0,2},\d{3}\s*")


class NoTableError(ValueError):
    """Why a text is no table."""


@dataclass(frozen=True)
class TextForm:
    """The form of a table of text.

    Parameters
    ----------
    names : tuple of str
        Of the cells of a row; empty for cells without a name, such as those behind a delimiter at the end of lines.
    delimiter : str
        Between cells, `WHITE_SPACE` for any amount of it.
    decimal_comma : bool
        True where commas are the decimal signs of numbers.
    ends : LineEnds
    comments : str
        The lines in front of the header.
    offset, line : int
        Byte and number of the line, from 1, behind which rows are looked for.
    """

    names: tuple[str, ...]
    delimiter: str
    decimal_comma: bool
    ends: LineEnds
    comments: str
    offset: int
    line: int

    def cells(self, line: str) -> list[str]:
        """Return the cells of a row.

        Raises
        ------
        csv.Error
            If it cannot be divided.
        """
        cells = _cells(line, self.delimiter)
        if len(cells) == len(self.names) + 1 and not cells[-1]:
            cells.pop()
        if self.decimal_comma:
            cells = [cell.replace(",", ".") if _COMMA_CELL.fullmatch(cell) else cell for cell in cells]
        return cells


def find_form(head: bytes, is_whole: bool) -> TextForm | None:
    """Return the form of a text that begins so; None where more of it must be read to tell.

    Raises
    ------
    NoTableError
        If it has no line with the names of columns.
    """
    mark = b"\r" if b"\r" in head.rstrip(b"\r") and b"\n" not in head else b"\n"
    lines = head.removeprefix(b"\xef\xbb\xbf").split(mark)
    n_marks = len(head) - len(head.removeprefix(b"\xef\xbb\xbf"))
    if not is_whole:
        lines.pop()
    texts = [decoded(line).strip("\r\n") for line in lines]
    first = next((number for number, text in enumerate(texts) if not _is_comment(text)), len(texts))
    if not is_whole and len(texts) < first + 2:
        return None
    header, delimiter = _header(texts, first)
    begin = first if header < first else header + 1
    while begin < len(texts) and _is_rule(texts[begin]):
        begin += 1
    offset = n_marks + sum(len(line) + len(mark) for line in lines[:begin])
    text = texts[header] if header == first else _bare(texts[header], delimiter)
    names = tuple(name.strip() for name in _cells(text, delimiter))
    rest = [text for text in texts[begin:] if text]
    quoted = _reach_quotes_beyond_lines(rest, delimiter, len(names), is_whole)
    rows = [] if quoted else [_cells_or_none(text, delimiter) for text in rest[:_SAMPLE_CELLS]]
    comma = _has_decimal_comma([cell for row in rows for cell in row], delimiter)
    comments = "\n".join(text.strip() for text in texts[:first])
    return TextForm(names, delimiter, comma, LineEnds(mark, quoted), comments, min(offset, len(head)), begin + 1)


def _is_comment(text: str) -> bool:
    # Only in front: later a # begins a colour, such as "#CC00FF".
    is_drawn = _is_rule(text) or _EXCEL.fullmatch(text) is not None
    return text.lstrip().startswith(_COMMENTS) or not text.strip() or is_drawn


def _is_rule(text: str) -> bool:
    """Return whether a line is drawn between rows."""
    return set(text) <= _RULE and ("--" in text or "==" in text)


def _header(texts: Sequence[str], first: int) -> tuple[int, str]:
    """Return the line with the names, and the delimiter: the first, or a comment that has as many cells.

    Of several comments it is the last that names bands, as EAZY has numbers of filters below names, or the last.
    """
    if first == len(texts):
        raise NoTableError("no line with the names of the columns")
    row = texts[first]
    headers = [(number, form, names) for number in range(first) for form, names in _as_header(texts[number], row)]
    if headers:
        number, delimiter, _ = max(headers, key=lambda header: (_n_bands(header[2]) > 0, header[0]))
        return number, delimiter
    delimiter = _delimiter(row, [text for text in texts[first + 1 :] if text][:_SAMPLE_ROWS])
    names = [name.strip() for name in _cells_or_none(row, delimiter)]
    if len(names) < 2 or not any(names):
        raise NoTableError("no line with the names of the columns")
    numbers = [name for name in names if _is_number(name)]
    if 2 * len(numbers) >= len(names) and not (all(map(_WHOLE.fullmatch, numbers)) and len(set(names)) == len(names)):
        shown = ", ".join(names)[:_SHOWN]
        raise NoTableError(
            f"line {first + 1} has numbers ({shown} ...) where the names of the columns are expected: write the names "
            "into a line above it"
        )
    return first, delimiter


def _as_header(comment: str, row: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the delimiter and the names if a comment is the header of a row of numbers, the likeliest first."""
    for delimiter in (*sorted(_DELIMITERS, key=row.count, reverse=True), WHITE_SPACE):
        names = [name.strip() for name in _cells_or_none(_bare(comment, delimiter), delimiter)]
        cells = _cells_or_none(row, delimiter)
        if len(names) == len(cells) > 1 and any(map(_is_number, cells)) and not any(map(_is_number, names)):
            yield delimiter, names
            return


def _n_bands(names: Sequence[str]) -> int:
    return sum(quantity_of(name)[1] is not None for name in names)


def _bare(comment: str, delimiter: str) -> str:
    """Return a comment without its mark, which may stand in a cell of its own."""
    text = comment.strip(" ")
    for mark in _COMMENTS:
        if text.startswith(mark):
            text = text.lstrip(mark[0])
    return text.strip() if delimiter in (WHITE_SPACE, "|") else text.strip(" ")


def _delimiter(header: str, rows: Sequence[str]) -> str:
    """Return the delimiter by which most rows have as many cells as the header, or else the most frequent one."""

    def fit(delimiter: str) -> tuple[int, bool, int]:
        n_cells = len(_cells_or_none(header, delimiter))
        n_fitting = sum(len(_cells_or_none(row, delimiter)) == n_cells for row in rows) if n_cells > 1 else 0
        return n_fitting, delimiter != WHITE_SPACE and n_cells > 1, n_cells

    delimiters: tuple[str, ...] = (*_DELIMITERS, WHITE_SPACE)
    return max(delimiters, key=fit)


def _cells(line: str, delimiter: str) -> list[str]:
    if delimiter == WHITE_SPACE:
        line = line.replace("\t", " ").strip()
        if '"' not in line:
            return line.split()
    elif delimiter == "|" and line.lstrip().startswith("|") and line.rstrip().endswith("|"):
        line = line.strip()[1:-1]
    if '"' not in line:
        return line.split(delimiter)
    return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])


def _cells_or_none(line: str, delimiter: str) -> list[str]:
    try:
        return _cells(line, delimiter)
    except csv.Error:
        return []


def _is_number(cell: str) -> bool:
    return _NUMBERS.fullmatch(cell.strip()) is not None or _COMMA_CELL.fullmatch(cell) is not None


def _reach_quotes_beyond_lines(lines: Sequence[str], delimiter: str, n_names: int, is_whole: bool) -> bool:
    """Return whether all rows have their cells only if quotes reach beyond lines, as in arrays that NumPy prints."""
    if delimiter == WHITE_SPACE or all(line.count('"') % 2 == 0 for line in lines):
        return False
    texts = (f"{line}\n" for line in lines)
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(texts, delimiter=delimiter, skipinitialspace=True, strict=True))
    except csv.Error as error:
        if is_whole or "unexpected end" not in str(error):  # the beginning of the text may end within a row
            return False
    return bool(rows) and all(len(row) == n_names and _are_cells(row, delimiter) for row in rows)


def _are_cells(row: Sequence[str], delimiter: str) -> bool:
    """Return whether no cell of several lines may be the end of one row and the beginning of another."""
    return all("\n" not in cell or delimiter not in cell or _BRACKETS.fullmatch(cell) for cell in row)


def _has_decimal_comma(cells: Sequence[str], delimiter: str) -> bool:
    """Return whether commas in numbers are decimal signs.

    Between commas, tabs or spaces a number such as 1,234 may be a thousand: another one must show it.
    """
    commas = [cell for cell in cells if _COMMA_CELL.fullmatch(cell)]
    if any(_DOTTED.fullmatch(cell) for cell in cells):
        return False
    return bool(commas) if delimiter == ";" else any(not _THOUSANDS.fullmatch(cell) for cell in commas)
