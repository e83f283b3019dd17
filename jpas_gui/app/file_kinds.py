"""What a file that was dropped on the window, or named on the command line, holds: a quick look at its beginning."""

import re
from contextlib import suppress
from enum import Enum
from pathlib import Path

from jpas_gui.app.column_guess import templates
from jpas_gui.core.catalogues.dialects.text_content import as_utf8
from jpas_gui.core.catalogues.dialects.text_form import NoTableError, find_form
from jpas_gui.core.damage import damage_told
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import FITS_MAGIC, unpacked_head
from jpas_gui.core.inference.shipped import DESCRIPTION
from jpas_gui.core.photometry.filter_files import holds_curves

_TABLES = {".npy", ".csv", ".tsv", ".ecsv", ".parquet", ".pq", ".vot", ".votable", ".xml"}
_ELEMENT_OF_VOTABLES = re.compile(rb"<(?:[\w.-]+:)?VOTABLE[\s>]")
_PARQUET_MAGIC = b"PAR1"
_HEAD = 200_000
"""Bytes: the headers of a table of hundreds of columns."""

_SPECTRA = {"WAVE", "WAVELENGTH", "LAMBDA"}
"""Columns of spectra, which no catalogue of photometry has."""


class FileKind(Enum):
    """What the window can open, in the words of the command's help."""

    SESSION = "a session"
    CATALOGUE = "a catalogue of photometry"
    LIBRARY = "an SSP library (a file, a folder, an archive)"
    MODEL = "the folder of a trained model"
    FILTERS = "a folder of filter curves"


def kind_of(path: Path) -> FileKind:
    """Return what lies there; a library where nothing else is known: its readers say what they expect."""
    if path.suffix.lower() == ".json":
        return FileKind.SESSION
    if (path / DESCRIPTION).is_file():
        return FileKind.MODEL
    if holds_curves(path):
        return FileKind.FILTERS
    return FileKind.CATALOGUE if path.is_file() and _is_catalogue(path) else FileKind.LIBRARY


def _is_catalogue(path: Path) -> bool:
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    if suffixes and suffixes[-1] in _TABLES:
        return True
    head = _head(path)
    return head.startswith(_PARQUET_MAGIC) or _holds_photometry(head) or _names_bands(head)


def _head(path: Path) -> bytes:
    with suppress(InputError), damage_told(path):
        return unpacked_head(path, _HEAD)
    return b""  # who reads it in earnest says what is wrong


def _names_bands(head: bytes) -> bool:
    """Whether a text begins with a header that names several bands, whatever the end of its name."""
    text = as_utf8(head)
    if b"\0" in text:
        return False
    if _ELEMENT_OF_VOTABLES.search(text):
        return True
    try:
        form = find_form(text, len(head) < _HEAD)
    except NoTableError:
        return False
    return form is not None and bool(templates(form.names))


def _holds_photometry(head: bytes) -> bool:
    """Whether a FITS file begins with a table that is not one of spectra."""
    if not (head.startswith(FITS_MAGIC) and b"XTENSION= 'BINTABLE'" in head):
        return False
    names = {name.strip().decode("ascii", "replace").upper() for name in re.findall(rb"TTYPE\d+ *= *'([^']*)'", head)}
    return len(names) > 1 and not names & _SPECTRA
