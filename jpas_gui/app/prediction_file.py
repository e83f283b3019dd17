"""Reading back what was predicted of a whole catalogue, for the list and the overview."""

import warnings
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from jpas_gui.app.source_list import PredictedRows
from jpas_gui.core.damage import damage_told
from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.parameters import PARAMETERS

_COLUMNS = (*PARAMETERS, "chi2", "n_bands", "flag")
_PARQUET = {".parquet", ".pq", ""}
_FORMATS = {".fits": "fits", ".ecsv": "ascii.ecsv", ".csv": "ascii.csv", ".vot": "votable"}


def read_predictions(path: Path, n_rows: int) -> PredictedRows:
    """Read the predictions of a catalogue of `n_rows` galaxies.

    Raises
    ------
    InputError
        If they cannot be read, are none, or are of another number of galaxies.
    """
    if path.suffix.lower() not in _PARQUET | set(_FORMATS):
        raise InputError(f"{path}: predictions are in {', '.join(['.parquet', *_FORMATS])}")
    with damage_told(path, "cannot be read as predictions", with_reason=True):
        columns = _parquet(path) if path.suffix.lower() in _PARQUET else _table(path)
    found = len(columns["flag"])
    if found != n_rows:
        raise InputError(f"{path}: {found:,} predictions, but the catalogue has {n_rows:,} rows: of another catalogue?")
    point = np.column_stack([np.asarray(columns[name], dtype=float) for name in PARAMETERS])
    n_bands = np.maximum(np.asarray(columns["n_bands"], dtype=float), 1)
    return PredictedRows(
        point, np.asarray(columns["chi2"], dtype=float) / n_bands, np.asarray(columns["flag"], dtype=np.intp)
    )


def _parquet(path: Path) -> Mapping[str, Any]:
    import pyarrow.parquet as pq

    table = pq.read_table(path, columns=list(_COLUMNS))
    _check_columns(path, table.column_names)
    return {name: table.column(name).to_numpy() for name in _COLUMNS}


def _table(path: Path) -> Mapping[str, Any]:
    from astropy.table import Table

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # units that astropy does not know
        table = Table.read(path, format=_FORMATS[path.suffix.lower()])
    _check_columns(path, table.colnames)
    return {name: np.ma.filled(table[name].astype(float), np.nan) for name in _COLUMNS}


def _check_columns(path: Path, names: Collection[str]) -> None:
    if missing := [name for name in _COLUMNS if name not in names]:
        raise InputError(f"{path}: no predictions of jpas-gui: the column {missing[0]} is missing")
