"""Tables of text whose header describes each column in a line of its own, or is a table itself: astropy reads them."""

import re
from pathlib import Path

from astropy.table import Table

from jpas_gui.core.catalogues.dialects.memory_table import memory_table
from jpas_gui.core.catalogues.dialects.whole_files import check_memory
from jpas_gui.core.catalogues.table import CatalogueTable, check_names
from jpas_gui.core.damage import damage_told

_TIMES = 12
"""Bytes that the parser needs per byte of a file."""

_FORMS = {
    "ascii.sextractor": ("SExtractor", re.compile(rb"#\s+1\s+[A-Za-z]\S*.*\r?\n(?:#.*\n)*#\s+\d+\s+[A-Za-z]")),
    "ascii.ipac": (
        "IPAC",
        re.compile(rb"(?:\\.*\n)*\|.*\|\s*\n\|(?:\s*(?:double|float|real|int|long|char|[dfrilc])\w*\s*\|)+"),
    ),
    "ascii.mrt": ("MRT", re.compile(rb"(?s).*Byte-by-byte Description of file")),
}
"""By the name of astropy's reader: the kind of file, and how it begins."""


def astropy_form(head: bytes) -> str | None:
    """Return the name of astropy's reader for a file that begins so, or None."""
    return next((form for form, (_, pattern) in _FORMS.items() if pattern.match(head)), None)


def read_astropy_text(path: Path, form: str) -> CatalogueTable:
    """Read such a table.

    Raises
    ------
    InputError
        If it is damaged, or does not fit into memory.
    """
    kind = _FORMS[form][0]
    check_memory(path, kind, _TIMES)
    with damage_told(path, f"this table of {kind} is damaged", with_reason=True):
        table = Table.read(path, format=form)
    check_names(str(path), table.colnames)
    return memory_table(str(path), kind, table)
