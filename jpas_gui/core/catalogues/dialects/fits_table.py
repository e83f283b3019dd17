"""FITS tables, as the archive's portal and TAP service write them."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits

from jpas_gui.core.catalogues.table import CatalogueTable
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import FITS_MAGIC


def is_fits(head: bytes) -> bool:
    """Return whether a file that begins so is FITS."""
    return head.startswith(FITS_MAGIC)


def read_fits(path: Path) -> CatalogueTable:
    """Open the table with the most rows.

    Raises
    ------
    InputError
        If there is no table, or the file is damaged.
    """
    try:
        with _open(path) as hdus:
            tables = [(hdu.header["NAXIS2"], number) for number, hdu in enumerate(hdus) if hasattr(hdu, "columns")]
            if not tables:
                raise InputError(f"{path}: this FITS file holds no table")
            n_rows, number = max(tables, key=lambda table: table[0])
            names = tuple(hdus[number].columns.names)
    except (OSError, ValueError, TypeError, KeyError, Warning) as error:
        raise _damaged(path, error) from error
    return CatalogueTable(str(path), names, int(n_rows), lambda name: _read_column(path, number, name))


def _read_column(path: Path, number: int, name: str) -> Any:
    try:
        with _open(path) as hdus:
            values = np.array(hdus[number].data[name])  # a copy, as the file is closed
            null = hdus[number].columns[name].null
    except (OSError, ValueError, TypeError, KeyError, Warning) as error:
        raise _damaged(path, error) from error
    return values if null is None else np.ma.masked_equal(values, null)


@contextmanager
def _open(path: Path) -> Iterator[fits.HDUList]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # A file cut short would be read as far as it goes.
        warnings.filterwarnings("error", message=".*truncated")
        with fits.open(path, memmap=True) as hdus:
            yield hdus


def _damaged(path: Path, error: Exception) -> InputError:
    return InputError(f"{path}: this FITS file is damaged or cut short ({' '.join(str(error).split())})")
