"""What a catalogue's path names: one file, a folder of Parquet files, or a HATS catalogue."""

from pathlib import Path

from jpas_gui.core.catalogues.opening import ObservedCatalogue, OpeningOptions, open_catalogue
from jpas_gui.core.errors import InputError

HATS_RECORDS = ("hats.properties", "properties", "collection.properties")
"""Files of which one describes a HATS catalogue."""


def is_hats(path: Path) -> bool:
    """Return whether a path is the folder of a HATS catalogue."""
    return any((path / name).is_file() for name in HATS_RECORDS)


def catalogue_files(path: Path) -> tuple[Path, ...]:
    """Return the files of a catalogue, in the order of their rows: itself, or the Parquet files in the folder.

    Files without rows, which programs of many workers leave, are passed over.

    Raises
    ------
    InputError
        If it is a folder without any.
    """
    if not path.is_dir():
        return (path,)
    # Readers of partitioned Parquet leave out what begins with "_" or ".".
    files = (file for file in path.rglob("*.parquet") if not file.name.startswith(("_", ".")))
    found = tuple(file for file in sorted(files) if _has_rows(file))
    if not found:
        raise InputError(f"{path}: a folder without Parquet files that have rows: name a catalogue")
    return found


def _has_rows(file: Path) -> bool:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return bool(pq.read_metadata(file).num_rows)
    except (OSError, pa.ArrowInvalid):
        return True  # opening it will say what is wrong


def open_catalogues(path: Path, options: OpeningOptions) -> tuple[ObservedCatalogue, ...]:
    """Open a catalogue, or all files of one that lies in a folder.

    Raises
    ------
    InputError
        As `open_catalogue` and `catalogue_files`.
    """
    return tuple(open_catalogue(file, options) for file in catalogue_files(path))
