"""From the finished parts of a run to the file, or the folder, that was asked for."""

import contextlib
import shutil
from collections.abc import Callable
from pathlib import Path

from jpas_gui.core.catalogues.predictions.fits_file import write_fits
from jpas_gui.core.catalogues.predictions.parquet_file import write_parquet
from jpas_gui.core.catalogues.predictions.parts import PartsFolder
from jpas_gui.core.catalogues.predictions.survey import Survey
from jpas_gui.core.catalogues.predictions.text_file import write_csv, write_csv_provenance, write_ecsv
from jpas_gui.core.catalogues.predictions.votable_file import write_votable
from jpas_gui.core.catalogues.writing import check_output, refuse_device
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import replacing

_WRITERS: dict[str, Callable[[PartsFolder, Survey, Path], None]] = {
    ".fits": write_fits,
    ".ecsv": write_ecsv,
    ".csv": write_csv,
    ".parquet": write_parquet,
    ".vot": write_votable,
    ".xml": write_votable,
}


def check_predictions_output(path: Path) -> None:
    """Find out before the work is done whether predictions can be written under this name.

    Raises
    ------
    InputError
        If no format belongs to the suffix, the folder that it is to lie in does not exist, or a file is in the way of
        a folder or the other way round.
    """
    refuse_device(path)
    if path.suffix:
        check_output(path, tuple(_WRITERS))
    elif path.is_file():
        raise InputError(f"{path}: this is a file: a name without a suffix is for a folder of Parquet files")
    elif not path.parent.is_dir():
        raise InputError(f"{path}: the folder {path.parent} does not exist: make it first")


def write_predictions(parts: PartsFolder, counts: Survey, path: Path) -> None:
    """Write the predictions, whole or not at all, and remove the parts.

    Parameters
    ----------
    parts : PartsFolder
    counts : Survey
        Of these parts.
    path : Path
        ``.fits``, ``.ecsv``, ``.vot``, ``.xml``, ``.parquet``; ``.csv``, whose provenance goes into a file beside it;
        without a suffix the parts themselves become a folder of Parquet files.

    Raises
    ------
    InputError
        If it cannot be written. An older file is then still there as it was, and so are the parts.
    """
    if not path.suffix:
        move_folder(parts.folder, path)
        return
    with replacing(path) as temporary:
        _WRITERS[path.suffix.lower()](parts, counts, temporary)
        if path.suffix.lower() == ".csv":
            write_csv_provenance(parts, path)
    parts.remove()


def move_folder(folder: Path, path: Path) -> None:
    """Give a folder the name of the output; an older output goes last.

    Raises
    ------
    InputError
        If it cannot be renamed.
    """
    older = path.with_name(f".{path.name}.older")
    try:
        shutil.rmtree(older, ignore_errors=True)
        with contextlib.suppress(FileNotFoundError):
            path.rename(older)
        folder.rename(path)
        shutil.rmtree(older, ignore_errors=True)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror or error})") from error
