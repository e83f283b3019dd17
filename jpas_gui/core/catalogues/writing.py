"""Writing tables with their units and provenance: ECSV, FITS, VOTable and CSV."""

import os
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from astropy.io import fits, votable
from astropy.table import Table

from jpas_gui.core.errors import InputError
from jpas_gui.core.files import replacing


def check_output(path: Path, suffixes: tuple[str, ...] = ()) -> None:
    """Find out before the work is done whether a file can be written under this name.

    Parameters
    ----------
    path : Path
    suffixes : tuple of str, optional
        The suffixes that will do; those of all tables by default.

    Raises
    ------
    InputError
        If no format belongs to the suffix, the folder does not exist, or a folder or a device has this name.
    """
    suffixes = suffixes or tuple(_WRITERS)
    if path.suffix.lower() not in suffixes:
        raise InputError(f"{path}: give it a name that ends in {' or '.join(suffixes)}")
    if path.is_dir():
        raise InputError(f"{path}: this is a folder: choose the name of a file")
    refuse_device(path)
    if not path.parent.is_dir():
        raise InputError(f"{path}: the folder {path.parent} does not exist: make it first")


def refuse_device(path: Path) -> None:
    """Refuse a device or a pipe, which a file or folder of its name would take away.

    Raises
    ------
    InputError
        If there is one.
    """
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise InputError(f"{path}: this is no file but a device or a pipe: choose another name; - is standard output")


def write_table(table: Table, path: Path) -> None:
    """Write a table in the format of its file name, whole or not at all.

    Parameters
    ----------
    table : Table
        Columns with units and descriptions; ``table.meta`` is the provenance: text, numbers, lists and mappings.
    path : Path
        ``.ecsv``; ``.fits``, where the provenance becomes comments; ``.vot`` or ``.xml``, where it becomes INFO
        elements; ``.csv``, which keeps neither provenance nor units.

    Raises
    ------
    InputError
        If no format belongs to the suffix, or the file cannot be written.
    """
    _write({"": table}, path)


def write_tables(tables: Mapping[str, Table], path: Path) -> tuple[str, ...]:
    """Write tables that belong together into one file, whole or not at all, and return what it has no place for.

    Parameters
    ----------
    tables : mapping of str to Table
        By name, the main one first; its ``meta`` is the provenance of all.
    path : Path
        As for `write_table`. FITS has one extension for each table, VOTable one TABLE; ECSV has the main one, and the
        others in its header; CSV the main one alone.

    Returns
    -------
    tuple of str
        In words.

    Raises
    ------
    InputError
        As `write_table`.
    """
    _write(tables, path)
    if path.suffix.lower() != ".csv":
        return ()
    _, *others = tables
    return (*(name.lower() for name in others), "units", "provenance")


def _write(tables: Mapping[str, Table], path: Path) -> None:
    check_output(path)
    with replacing(path) as temporary, warnings.catch_warnings():
        # nanomaggy is what the field uses, and no standard of units knows it.
        warnings.simplefilter("ignore")
        _WRITERS[path.suffix.lower()](tables, temporary)


def _write_ecsv(tables: Mapping[str, Table], path: Path) -> None:
    main, *others = tables
    table = tables[main].copy(copy_data=False)
    table.meta |= {name.lower(): _as_header(tables[name]) for name in others}
    table.write(path, format="ascii.ecsv")


def _as_header(table: Table) -> dict[str, Any]:
    """Return a small table as plain values: its columns with units and descriptions, and its rows."""
    columns = {
        name: {key: str(value) for key, value in (("unit", column.unit), ("description", column.description)) if value}
        for name, column in table.columns.items()
    }
    rows = zip(*(column.tolist() for column in table.columns.values()), strict=True)
    return {"columns": columns, "rows": [dict(zip(columns, row, strict=True)) for row in rows]}


def _write_csv(tables: Mapping[str, Table], path: Path) -> None:
    next(iter(tables.values())).write(path, format="ascii.csv")


def _write_fits(tables: Mapping[str, Table], path: Path) -> None:
    hdus = [_hdu(table, name) for name, table in tables.items()]
    fits.HDUList([fits.PrimaryHDU(), *hdus]).writeto(path)


def _hdu(table: Table, name: str) -> fits.BinTableHDU:
    bare = table.copy(copy_data=False)
    bare.meta = {}
    for column in bare.columns.values():
        column.unit, column.description = None, None  # astropy would drop such units, or spread them over comments
        if column.dtype.kind == "U":
            bare[column.name] = [_in_ascii(text) for text in column.tolist()]
    hdu = fits.table_to_hdu(bare)
    if name:
        hdu.name = name
    for number, column in enumerate(table.columns.values(), start=1):
        if column.unit is not None:
            # The word that SDSS and DESI write; astropy reads its short form alike.
            hdu.header[f"TUNIT{number}"] = str(column.unit).replace("nmgy", "nanomaggy")
        if column.description:
            hdu.header[f"TCOMM{number}"] = _in_ascii(column.description)
    for key, value in flat_provenance(table.meta):
        hdu.header.add_comment(_in_ascii(f"{key}: {value}"))
    return hdu


def _in_ascii(text: str) -> str:
    """Return a text in the letters that FITS has."""
    return text.encode("ascii", "backslashreplace").decode()


def _write_votable(tables: Mapping[str, Table], path: Path) -> None:
    document, resource = votable.tree.VOTableFile(), votable.tree.Resource()
    document.resources.append(resource)
    for name, table in tables.items():
        element = votable.tree.TableElement.from_table(document, table)
        if name:
            element.ID, element.name = name, name
        resource.tables.append(element)
        infos = (votable.tree.Info(name=key, value=str(value)) for key, value in flat_provenance(table.meta))
        resource.infos.extend(infos)
    document.to_xml(os.fspath(path))


def flat_provenance(provenance: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield dotted names and plain values."""
    for key, value in provenance.items():
        if isinstance(value, Mapping):
            yield from flat_provenance(value, f"{prefix}{key}.")
        elif isinstance(value, list | tuple):
            yield from flat_provenance({str(number): item for number, item in enumerate(value, 1)}, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", "" if value is None else value


_WRITERS: dict[str, Callable[[Mapping[str, Table], Path], None]] = {
    ".ecsv": _write_ecsv,
    ".fits": _write_fits,
    ".vot": _write_votable,
    ".xml": _write_votable,
    ".csv": _write_csv,
}
