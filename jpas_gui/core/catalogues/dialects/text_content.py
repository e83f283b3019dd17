"""The bytes of a text: unpacked, and in a form of Unicode whose marks of cells and lines are single bytes."""

import gzip
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from jpas_gui.core.catalogues.dialects.whole_files import check_memory
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import is_packed

_TIMES = 2
"""Bytes that are held per byte of an unpacked file."""

_TIMES_OF_WIDE = 4
"""The same of one in UTF-16."""

_HEAD = 4096
_MARKS = {
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_FORTRAN = re.compile(rb"(?<=[\s>,\"\[])([-+]?(?:\d+\.\d*|\.\d+))[dDqQ]([-+]\d+)(?=[\s<,\"\]]|$)")
"""Numbers only: names of sources such as 3D12 have no sign in them."""

_UTF8_MARK = b"\xef\xbb\xbf"


def wide_encoding(head: bytes) -> str | None:
    """Return the encoding of a text that begins so, if its characters are of two or four bytes; None if of one."""
    for mark, encoding in _MARKS.items():
        if head.startswith(mark):
            return encoding
    # Without a mark: the upper bytes of Latin letters are zero.
    upper_last, upper_first = head[1::2], head[0::2]
    if len(head) >= 8 and b"\0" not in upper_first and upper_last.count(b"\0") > 0.9 * len(upper_last):
        return "utf-16-le"
    if len(head) >= 8 and b"\0" not in upper_last and upper_first.count(b"\0") > 0.9 * len(upper_first):
        return "utf-16-be"
    return None


def as_utf8(head: bytes) -> bytes:
    """Return the beginning of a text in UTF-8, without a mark of its encoding."""
    encoding = wide_encoding(head)
    return head.decode(encoding, "ignore").encode() if encoding else head.removeprefix(_UTF8_MARK)


def text_opener(path: Path) -> Callable[[], BinaryIO]:
    """Return what opens a text. One that is packed, or in UTF-16, is held in memory.

    Raises
    ------
    InputError
        If it does not fit into memory, or is not in the encoding that it begins with.
    """
    packed = is_packed(path)
    with gzip.open(path) if packed else path.open("rb") as file:
        encoding = wide_encoding(file.read(_HEAD))
    if not packed and encoding is None:
        return lambda: path.open("rb")
    check_memory(
        path, "CSV" if encoding is None else f"text in {encoding.upper()}", _TIMES if packed else _TIMES_OF_WIDE
    )
    content = gzip.decompress(path.read_bytes()) if packed else path.read_bytes()
    if encoding is not None:
        try:
            content = content.decode(encoding).encode()
        except UnicodeDecodeError as error:
            raise InputError(f"{path}: this text in {encoding.upper()} is damaged or cut short ({error})") from error
    return lambda: io.BytesIO(content)


def has_fortran_numbers(head: bytes) -> bool:
    """Return whether a text that begins so has numbers with the exponents of Fortran, such as ``1.5D+00``."""
    return _FORTRAN.search(head) is not None


def without_fortran_numbers(path: Path) -> BinaryIO:
    """Return a whole text with the exponents that other readers know."""
    content = gzip.decompress(path.read_bytes()) if is_packed(path) else path.read_bytes()
    return io.BytesIO(_FORTRAN.sub(rb"\1e\2", content))


def decoded(line: bytes) -> str:
    """Return a line of text: in UTF-8, or else in Latin-1 as Windows extends it."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")
