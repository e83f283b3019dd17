"""Opening a catalogue of any dialect, which is found by what the file holds."""

from collections.abc import Callable
from pathlib import Path

from jpas_gui.core.catalogues.dialects.text_content import as_utf8
from jpas_gui.core.catalogues.table import CatalogueTable
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import unpacked_head

_HEAD = 4096


def read_catalogue(path: Path) -> CatalogueTable:
    """Open a catalogue.

    Parameters
    ----------
    path : Path
        FITS (gzip too), Parquet, VOTable, ECSV, structured NPY, or CSV of the archive's portal or with a column
        per band.

    Raises
    ------
    InputError
        If it cannot be read or is of another kind; the message names the file.
    """
    try:
        table = _reader_of(_head(path))(path)
    except IsADirectoryError as error:
        raise InputError(f"{path}: this is a folder: give the file of a catalogue") from error
    except (OSError, EOFError) as error:
        raise InputError(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})") from error
    if not table.n_rows:
        raise InputError(f"{path}: the table has no rows")
    return table


def _head(path: Path) -> bytes:
    head = unpacked_head(path, _HEAD)
    if not head:
        raise InputError(f"{path}: the file is empty")
    return as_utf8(head)


def _reader_of(head: bytes) -> Callable[[Path], CatalogueTable]:
    """Return what reads a file that begins like this."""
    # Imported when first needed: astropy's tables would slow down the start.
    from jpas_gui.core.catalogues.dialects.csv_table import read_csv
    from jpas_gui.core.catalogues.dialects.ecsv_table import is_ecsv, read_ecsv
    from jpas_gui.core.catalogues.dialects.fits_table import is_fits, read_fits
    from jpas_gui.core.catalogues.dialects.npy_table import is_npy, read_npy
    from jpas_gui.core.catalogues.dialects.parquet_table import is_parquet, read_parquet
    from jpas_gui.core.catalogues.dialects.votable import is_votable, read_votable

    dialects = (
        (is_fits, read_fits),
        (is_parquet, read_parquet),
        (is_votable, read_votable),
        (is_ecsv, read_ecsv),
        (is_npy, read_npy),
    )
    return next((read for matches, read in dialects if matches(head)), read_csv)
