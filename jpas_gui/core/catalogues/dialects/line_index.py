"""Where the rows of a large text begin, so that any of them is read without what lies before."""

from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from jpas_gui.core.arrays import IndexArray

STEP = 256
"""The start of every so many rows is kept."""

_BLOCK = 1 << 22


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
    """

    n_rows: int
    offset: IndexArray
    line: IndexArray

    def read(self, file: BinaryIO, start: int, stop: int) -> tuple[list[bytes], IndexArray]:
        """Return the rows from `start` to before `stop`, and their lines; fewer where the file has become shorter."""
        first, last = start // STEP, -(-stop // STEP)
        file.seek(int(self.offset[first]))
        content = file.read(int(self.offset[last] - self.offset[first]))
        rows, lines = [], []
        for number, row in enumerate(content.split(b"\n"), start=int(self.line[first])):
            if row not in (b"", b"\r"):
                rows.append(row)
                lines.append(number)
        wanted = slice(start - first * STEP, stop - first * STEP)
        return rows[wanted], np.array(lines[wanted], dtype=np.intp)


def index_lines(file: BinaryIO, line: int) -> LineIndex:
    """Return the index of the rest of a file, whose next line has this number."""
    base, tail, n_rows = file.tell(), b"", 0
    offsets: list[IndexArray] = []
    lines: list[IndexArray] = []
    while content := file.read(_BLOCK):
        content = tail + content
        if b"\n" not in content:
            tail = content
            continue
        whole = content[: content.rfind(b"\n") + 1]
        start, number = _rows(whole)
        kept = slice(-n_rows % STEP, None, STEP)
        offsets.append(base + start[kept])
        lines.append(line + number[kept])
        n_rows += len(start)
        base, line, tail = base + len(whole), line + whole.count(b"\n"), content[len(whole) :]
    if tail.strip(b"\r"):  # the last line may have no end
        if n_rows % STEP == 0:
            offsets.append(np.array([base]))
            lines.append(np.array([line]))
        n_rows += 1
    offsets.append(np.array([base + len(tail)]))
    return LineIndex(n_rows, np.concatenate(offsets), np.concatenate([*lines, np.empty(0, dtype=np.intp)]))


def _rows(whole: bytes) -> tuple[IndexArray, IndexArray]:
    """Return where the rows of some whole lines begin, and which of the lines they are."""
    text = np.frombuffer(whole, dtype=np.uint8)
    end = np.flatnonzero(text == ord("\n"))
    start = np.concatenate([[0], end[:-1] + 1])
    empty = (end == start) | ((end == start + 1) & (text[start] == ord("\r")))
    number = np.flatnonzero(~empty)
    return start[number], number
