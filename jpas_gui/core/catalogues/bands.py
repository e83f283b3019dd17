"""Quantities per band: an array in one column, or one column per band."""

from difflib import get_close_matches

import numpy as np

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.catalogues.numbers import numbers_of_column
from jpas_gui.core.catalogues.table import BandValues, CatalogueTable, plain_name
from jpas_gui.core.errors import InputError
from jpas_gui.core.photometry.bands import N_SURVEY_BANDS, all_bands, find_band

_SHOWN_NAMES = 8

_JPLUS_ONLY = {"j0395", "j0515", "j0861"}
_N_JPLUS = 12


def _array_bands() -> dict[int, tuple[str, ...]]:
    """Return the bands of an array, by its length: the archive orders them by filter id."""
    names = tuple(band.name for band in all_bands())
    survey = names[:N_SURVEY_BANDS]
    return {N_SURVEY_BANDS: survey, N_SURVEY_BANDS + 1: (*survey, "iSDSS"), len(names): names}


def find_band_values(table: CatalogueTable, quantity: str) -> BandValues | None:
    """Return a quantity in all bands that the catalogue has, or None where it has no such columns.

    Parameters
    ----------
    table : CatalogueTable
    quantity : str
        Name of the column in the archive's tables, e.g. ``"MAG_AUTO"``. Without such a column of arrays, the
        columns ``MAG_AUTO_<band>`` are taken, with the names of the bands of today or of older files.

    Raises
    ------
    InputError
        If the arrays are not those of J-PAS, or a value is not a number.
    """
    name = table.find(quantity)
    if name is not None:
        values = _numbers(table, name)
        return BandValues(name, _bands_of_array(table, name, values), values)
    columns = _band_columns(table, quantity)
    if not columns:
        return None
    bands = tuple(sorted(columns, key=lambda band: _filter_ids()[band]))
    each = [_numbers(table, columns[band]) for band in bands]
    for band, values in zip(bands, each, strict=True):
        if values.ndim != 1:
            raise InputError(f"{table.origin}: the column {columns[band]} holds arrays, not one number per row")
    return BandValues(quantity, bands, np.stack(each, axis=1))


def missing_quantities(table: CatalogueTable, quantities: list[str]) -> InputError:
    """Return the error of a catalogue without the columns that are needed; it names the closest it has."""
    wanted = " and ".join(quantities)
    near: dict[str, None] = {}
    for quantity in quantities:
        plain = {plain_name(name): name for name in table.names}
        near |= dict.fromkeys(plain[match] for match in get_close_matches(quantity.lower(), plain, _SHOWN_NAMES, 0.5))
    closest = ", ".join(list(near)[:_SHOWN_NAMES])
    has = f"the closest it has: {closest}" if closest else f"it has {', '.join(table.names[:_SHOWN_NAMES])}"
    return InputError(
        f"{table.origin}: no {wanted}: needed are these columns with arrays of the bands, or one column per band such "
        f"as {quantities[0]}_J0390; {has}"
    )


def _filter_ids() -> dict[str, int]:
    return {band.name: band.filter_id for band in all_bands()}


def _numbers(table: CatalogueTable, name: str) -> FloatArray:
    try:
        return numbers_of_column(table.read_column(name))
    except InputError as error:
        raise InputError(f"{table.origin}: column {name}: {error}") from error


def _bands_of_array(table: CatalogueTable, name: str, values: FloatArray) -> tuple[str, ...]:
    length = values.shape[1] if values.ndim == 2 else 1
    bands = _array_bands().get(length)
    if bands is not None:
        return bands
    if length == _N_JPLUS:
        raise _not_jplus(table, f"the arrays of {name} have {_N_JPLUS} bands")
    lengths = ", ".join(str(known) for known in _array_bands())
    raise InputError(
        f"{table.origin}: column {name} has {length} value{'s' if length > 1 else ''} per row; J-PAS has {lengths} "
        "(the survey's bands, with iSDSS, with all broad bands)"
    )


def _band_columns(table: CatalogueTable, quantity: str) -> dict[str, str]:
    """Return the file's column of each band."""
    columns: dict[str, str] = {}
    for name in table.names:
        prefix, _, suffix = plain_name(name).partition(f"{quantity.lower()}_")
        if prefix or not suffix:
            continue
        if suffix in _JPLUS_ONLY:
            raise _not_jplus(table, f"the column {name} is of a band that J-PAS has not")
        band = find_band(suffix)
        if band is not None and band.name in columns:
            raise InputError(f"{table.origin}: two columns of {band.name}: {columns[band.name]} and {name}")
        if band is not None:
            columns[band.name] = name
    return columns


def _not_jplus(table: CatalogueTable, why: str) -> InputError:
    return InputError(
        f"{table.origin}: this is photometry of J-PLUS or S-PLUS, not of J-PAS: {why}; give a catalogue of J-PAS or "
        "mini-JPAS"
    )
