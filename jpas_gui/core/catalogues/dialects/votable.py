"""VOTables, as the TAP service and astropy write them."""

import re
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

from astropy.io import votable
from astropy.io.votable.tree import VOTableFile
from astropy.utils.xml.iterparser import get_xml_iterator

from jpas_gui.core.catalogues.dialects.memory_table import memory_table
from jpas_gui.core.catalogues.dialects.text_content import (
    as_utf8,
    has_fortran_numbers,
    wide_encoding,
    without_fortran_numbers,
)
from jpas_gui.core.catalogues.dialects.whole_files import check_memory
from jpas_gui.core.catalogues.table import CatalogueTable, check_names
from jpas_gui.core.damage import damage_told
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import unpacked, unpacked_head


def is_votable(head: bytes) -> bool:
    """Return whether a file that begins so is a VOTable, whatever prefix its namespace has."""
    return _element(b"VOTABLE").search(head) is not None


def _element(name: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"<(?:[\w.-]+:)?" + name + rb"[\s>]")


def read_votable(path: Path) -> Iterator[CatalogueTable]:
    """Yield the tables, those with the most rows first.

    Raises
    ------
    InputError
        If there is none, the file is damaged or does not fit into memory, or it is a service's message of failure.
    """
    head = as_utf8(unpacked_head(path, _FIELDS))
    is_binary = _element(b"BINARY2?").search(head) is not None
    check_memory(path, "VOTable", _TIMES_OF_BINARY if is_binary else _TIMES_OF_TEXT)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the archive's units and ids are not all by the standard
        with damage_told(path, "this VOTable is damaged", with_reason=True):
            _refuse_addresses(path)
            source = without_fortran_numbers(path) if has_fortran_numbers(head) else path
            document = votable.parse(source, verify="ignore")
        failure = _failure(document)
        if failure:
            raise InputError(f"{path}: the service answered with an error instead of a table: {failure}")
        tables = sorted(document.iter_tables(), key=lambda table: -len(table.array))
        if not tables:
            raise InputError(f"{path}: this VOTable holds no table")
    for table in tables:
        check_names(str(path), [field.name for field in table.fields])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            own = table.to_table(use_names_over_ids=True)
        yield memory_table(str(path), "VOTable", own, source=_queries(document))


def _refuse_addresses(path: Path) -> None:
    """Refuse a table whose rows lie at an address: astropy would fetch them, from wherever the file says.

    Raises
    ------
    InputError
        If there is one.
    """
    is_wide = wide_encoding(unpacked_head(path, 4096)) is not None
    if not (is_wide or _mentions(path, (b"STREAM", _ADDRESS))):
        return
    with get_xml_iterator(str(path)) as events:
        for is_start, tag, attributes, _ in events:
            if is_start and tag.rpartition(":")[2] == "STREAM" and "href" in attributes:
                raise InputError(
                    f"{path}: the rows of this VOTable are not in it but at {attributes['href']}, and nothing is "
                    "fetched from there: save the table with its rows"
                )


def _mentions(path: Path, words: Sequence[bytes]) -> bool:
    """Return whether the bytes of a file, unpacked, hold all of these."""
    missing, longest, kept = set(words), max(map(len, words)), b""
    with unpacked(path) as file:
        while missing and (part := file.read(_PART)):
            kept = kept[-longest:] + part
            missing = {word for word in missing if word not in kept}
    return not missing


def _failure(document: VOTableFile) -> str:
    infos = [info for resource in document.resources for info in resource.infos]
    return next((info.content or "no reason" for info in infos if (info.name, info.value) == _ERROR), "")


def _queries(document: VOTableFile) -> str:
    """Return what the service says of the query that made the table."""
    infos = [info for resource in document.resources for info in resource.infos]
    return " ".join(f"{info.name} {info.value} {info.content or ''}" for info in infos)


_TIMES_OF_BINARY, _TIMES_OF_TEXT = 9, 2
"""Bytes that the parser needs per byte of a file."""

_FIELDS = 1 << 20
"""Bytes behind which the rows have begun."""

_ADDRESS = b"href"
_PART = 1 << 20
_ERROR = ("QUERY_STATUS", "ERROR")
