"""ECSV, as astropy writes it."""

from pathlib import Path

from astropy.table import Table

from jpas_gui.core.catalogues.dialects.memory_table import memory_table
from jpas_gui.core.catalogues.dialects.text_content import has_fortran_numbers, without_fortran_numbers
from jpas_gui.core.catalogues.dialects.whole_files import check_memory
from jpas_gui.core.catalogues.table import CatalogueTable
from jpas_gui.core.damage import damage_told
from jpas_gui.core.files import unpacked_head

_HEAD = 1 << 20
_TIMES = 9
"""Bytes that the parser needs per byte of a file."""


def is_ecsv(head: bytes) -> bool:
    """Return whether a file that begins so is ECSV."""
    return head.startswith(b"# %ECSV")


def read_ecsv(path: Path) -> CatalogueTable:
    """Read an ECSV file.

    Raises
    ------
    InputError
        If it is damaged, or does not fit into memory.
    """
    check_memory(path, "ECSV", _TIMES)
    with damage_told(path, "this ECSV file is damaged", with_reason=True):
        if has_fortran_numbers(unpacked_head(path, _HEAD)):
            table = Table.read(without_fortran_numbers(path).read().decode("utf-8-sig"), format="ascii.ecsv")
        else:
            table = Table.read(path, format="ascii.ecsv", encoding="utf-8-sig")
    return memory_table(str(path), "ECSV", table)
