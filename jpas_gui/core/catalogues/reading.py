"""Opening a catalogue of any dialect, which is found by what the file holds."""

from collections.abc import Iterator
from pathlib import Path

from jpas_gui.core.catalogues.dialects.text_content import as_utf8
from jpas_gui.core.catalogues.table import CatalogueTable
from jpas_gui.core.damage import damage_told
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import unpacked_head

_HEAD = 4096
_HEAD_OF_XML = 1 << 24
"""Bytes: there may be comments in front of the first element."""

_SAVE = "save the table as FITS, Parquet, VOTable, ECSV or CSV"
_OTHERS = {
    b"\x89HDF\r\n": "HDF5",
    b"PK\x03\x04": "an Excel workbook or another zip file",
    b"\xd0\xcf\x11\xe0": "an Excel workbook",
    b"ARROW1": "Feather",
    b"SQLite format 3": "a data base of SQLite",
    b"BZh": "packed with bzip2",
    b"\xfd7zXZ": "packed with xz",
    b"\x28\xb5\x2f\xfd": "packed with zstd",
    b"%PDF": "a PDF document",
    b"\x80\x04\x95": "a pickle of Python",
    b"\x80\x05\x95": "a pickle of Python",
}
"""How files of other kinds begin that people have."""


def read_tables(path: Path) -> Iterator[CatalogueTable]:
    """Yield the tables of a file that have rows, those with the most rows first; of most kinds there is one.

    Parameters
    ----------
    path : Path
        FITS (gzip too), Parquet, VOTable, ECSV, structured NPY, or text of the archive's portal or with a column
        per band.

    Raises
    ------
    InputError
        If it cannot be read or is of another kind; the message names the file.
    """
    is_empty = True
    if path.is_dir():
        raise InputError(f"{path}: this is a folder: give the file of a catalogue")
    with damage_told(path):
        for table in _tables(path):
            if table.n_rows:
                is_empty = False
                yield table
    if is_empty:
        raise InputError(f"{path}: the table has no rows")


def _tables(path: Path) -> Iterator[CatalogueTable]:
    # Imported when first needed: astropy's tables would slow down the start.
    from jpas_gui.core.catalogues.dialects.astropy_text import astropy_form, read_astropy_text
    from jpas_gui.core.catalogues.dialects.csv_table import read_csv
    from jpas_gui.core.catalogues.dialects.ecsv_table import is_ecsv, read_ecsv
    from jpas_gui.core.catalogues.dialects.fits_table import is_fits, read_fits
    from jpas_gui.core.catalogues.dialects.npy_table import is_npy, read_npy
    from jpas_gui.core.catalogues.dialects.parquet_table import is_parquet, read_parquet
    from jpas_gui.core.catalogues.dialects.votable import is_votable, read_votable

    head = _head(path)
    if is_fits(head):
        yield from read_fits(path)
    elif is_votable(head):
        yield from read_votable(path)
    elif (form := astropy_form(head)) is not None:
        yield read_astropy_text(path, form)
    elif head.lstrip().startswith(b"<"):
        raise InputError(f"{path}: this is XML or HTML without a VOTable: {_SAVE}")
    else:
        kinds = ((is_parquet, read_parquet), (is_ecsv, read_ecsv), (is_npy, read_npy))
        yield next((read for matches, read in kinds if matches(head)), read_csv)(path)


def _head(path: Path) -> bytes:
    head = unpacked_head(path, _HEAD)
    if not head:
        raise InputError(f"{path}: the file is empty")
    if as_utf8(head).lstrip().startswith(b"<"):
        head = unpacked_head(path, _HEAD_OF_XML)
    kind = next((kind for magic, kind in _OTHERS.items() if head.startswith(magic)), None)
    if kind is not None:
        raise InputError(f"{path}: this is {kind}: {_SAVE}")
    return as_utf8(head)
