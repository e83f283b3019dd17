"""Where the rows of a large text begin, so that any of them is read without what lies before."""

from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from jpas_gui.core.arrays import IndexArray

STEP = 256
"""The start of every so many rows is kept."""

_BLOCK = 1 << 22


@dataclass(frozen=True)
class LineEnds:
    r"""How lines end, and whether each is a row.

    Parameters
    ----------
    mark : bytes
        ``b"\n"``, behind which a ``b"\r"`` may stand, or ``b"\r"``.
    quoted : bool
        True where quotes reach beyond their lines: an end within them is none of a row.
    """

    mark: bytes = b"\n"
    quoted: bool = False


@dataclass(frozen=True, eq=False)
class LineIndex:
    """The rows of a text: its lines that are not empty.

    Parameters
    ----------
    n_rows : int
    offset : ndarray of int, shape (n_steps + 1,)
        Byte at which the rows 0, `STEP`, 2 `STEP` ... begin; at last the end of the text.
    line : ndarray of int, shape (n_steps,)
        Line of these rows, counted from 1.
    ends : LineEnds
    """

    n_rows: int
    offset: IndexArray
    line: IndexArray
    ends: LineEnds

    def read(self, file: BinaryIO, start: int, stop: int) -> tuple[list[bytes], IndexArray]:
        """Return the rows from `start` to before `stop`, and their lines; fewer where the file has become shorter."""
        first, last = start // STEP, -(-stop // STEP)
        file.seek(int(self.offset[first]))
        content = file.read(int(self.offset[last] - self.offset[first]))
        rows, lines = [], []
        number = int(self.line[first])
        for row in self._pieces(content):
            if row not in (b"", b"\r"):
                rows.append(row)
                lines.append(number)
            number += row.count(self.ends.mark) + 1
        wanted = slice(start - first * STEP, stop - first * STEP)
        return rows[wanted], np.array(lines[wanted], dtype=np.intp)

    def _pieces(self, content: bytes) -> list[bytes]:
        pieces = content.split(self.ends.mark)
        if not self.ends.quoted:
            return pieces
        whole: list[bytes] = []
        waiting: list[bytes] = []
        n_quotes = 0
        for piece in pieces:
            waiting.append(piece)
            n_quotes += piece.count(b'"')
            if n_quotes % 2 == 0:
                whole.append(self.ends.mark.join(waiting))
                waiting = []
        return [*whole, self.ends.mark.join(waiting)] if waiting else whole


def index_lines(file: BinaryIO, line: int, ends: LineEnds | None = None) -> LineIndex:
    """Return the index of the rest of a file, whose next line has this number."""
    ends = ends or LineEnds()
    base, tail, n_rows = file.tell(), b"", 0
    offsets: list[IndexArray] = []
    lines: list[IndexArray] = []
    while content := file.read(_BLOCK):
        content = tail + content
        start, number, length = _rows(content, ends)
        kept = slice(-n_rows % STEP, None, STEP)
        offsets.append(base + start[kept])
        lines.append(line + number[kept])
        n_rows += len(start)
        line += content.count(ends.mark, 0, length)
        base, tail = base + length, content[length:]
    if tail.strip(b"\r"):  # the last line may have no end
        if n_rows % STEP == 0:
            offsets.append(np.array([base]))
            lines.append(np.array([line]))
        n_rows += 1
    offsets.append(np.array([base + len(tail)]))
    return LineIndex(n_rows, np.concatenate(offsets), np.concatenate([*lines, np.empty(0, dtype=np.intp)]), ends)


def _rows(content: bytes, ends: LineEnds) -> tuple[IndexArray, IndexArray, int]:
    """Return where whole rows begin, which of the lines they are, and how long they are together."""
    text = np.frombuffer(content, dtype=np.uint8)
    end = np.flatnonzero(text == ends.mark[0])
    lines_before = np.arange(len(end))
    if ends.quoted:
        quotes = np.flatnonzero(text == ord('"'))
        is_end = np.searchsorted(quotes, end) % 2 == 0
        end, lines_before = end[is_end], lines_before[is_end]
    if not len(end):
        return end, end, 0
    start, line = np.concatenate([[0], end[:-1] + 1]), np.concatenate([[0], lines_before[:-1] + 1])
    empty = (end == start) | ((end == start + 1) & (text[start] == ord("\r")))
    return start[~empty], line[~empty], int(end[-1]) + 1
