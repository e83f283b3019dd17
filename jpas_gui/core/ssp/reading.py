"""Reading a library of any format: the reader is found by what the files hold."""

from collections.abc import Sequence
from pathlib import Path

from jpas_gui.core.damage import damage_told
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import FITS_MAGIC
from jpas_gui.core.ssp import native
from jpas_gui.core.ssp.hdf5 import HDF5_MAGIC
from jpas_gui.core.ssp.library import SSPLibrary
from jpas_gui.core.ssp.model_files import ModelFile, open_model_files
from jpas_gui.core.ssp.readers import (
    bagpipes_fits,
    galaxev_ascii,
    galaxev_fits,
    header_fits,
    miles_fits,
    miles_hdf5,
    pipe3d_fits,
    ppxf_npz,
    table_fits,
    template_fits,
    xsl_fits,
)
from jpas_gui.core.ssp.readers.fits_contents import describe_fits
from jpas_gui.core.ssp.readers.reader import Reader, Request, has_fits_name, is_fits
from jpas_gui.core.ssp.unreadable import UnreadableModels

__all__ = ["READERS", "UnreadableModels", "library_variants", "read_library"]

# In this order: formats with a mark of their own, then those known by names and a look at the content, then those
# whose files must be read to know them.
READERS: tuple[Reader, ...] = (
    native.READER,
    miles_hdf5.READER,
    ppxf_npz.READER,
    miles_fits.READER,
    xsl_fits.READER,
    template_fits.READER,
    pipe3d_fits.READER,
    table_fits.READER,
    header_fits.READER,
    galaxev_fits.READER,
    bagpipes_fits.READER,
    galaxev_ascii.READER,
)


def read_library(path: Path, variant: str | None = None, skip_unreadable: bool = False) -> SSPLibrary:
    """Read a library from a file, a folder or an archive (.tar, .tar.gz, .zip) of a known format.

    Parameters
    ----------
    path : Path
    variant : str, optional
        Which of the libraries that lie together, one of `library_variants`. Without it there must be only one, or
        the format must have a default.
    skip_unreadable : bool
        Go on without files that cannot be used; ``library.source.skipped`` names them.

    Raises
    ------
    UnreadableModels
        If some, but not all, of the files cannot be used and `skip_unreadable` is false.
    InputError
        If there is no library, it cannot be read, or a variant must be chosen; the message is one line and names
        the file.
    """
    with damage_told(path), open_model_files(path) as files:
        reader, selected = _find_reader(path, files)
        return reader.read(Request(path, selected, variant, skip_unreadable))


def library_variants(path: Path) -> tuple[str, ...]:
    """Return the variants that `read_library` can read from a path; at most one where there is nothing to choose.

    Raises
    ------
    InputError
        If there is no library.
    """
    with damage_told(path), open_model_files(path) as files:
        reader, selected = _find_reader(path, files)
        return reader.variants(Request(path, selected))


def _find_reader(path: Path, files: Sequence[ModelFile]) -> tuple[Reader, list[ModelFile]]:
    """Return the first reader that knows some of the files, which must be alone: mixtures are not guessed at."""
    rest = list(files)
    found: list[tuple[Reader, list[ModelFile]]] = []
    for reader in READERS:
        selected = reader.select(rest)
        if selected:
            found.append((reader, selected))
            known = set(selected)
            rest = [file for file in rest if file not in known]
    if not found:
        raise InputError(_explain(path, files))
    if len(found) > 1:
        kinds = ", ".join(f"{reader.format} ({selected[0].name})" for reader, selected in found)
        raise InputError(f"{path}: libraries of several formats in one place: {kinds}. Name one file, or part them")
    reader, selected = found[0]
    if reader.is_one_file and len(selected) > 1:
        names = ", ".join(file.name for file in selected)
        raise InputError(f"{path}: {len(selected)} libraries, each a file of its own: {names}. Name one of them")
    return reader, selected


def _explain(path: Path, files: Sequence[ModelFile]) -> str:
    formats = "; ".join(reader.format for reader in READERS)
    if len(files) > 1:
        first = next((file for file in files if has_fits_name(file.name) and is_fits(file)), None)
        found = f". The first FITS file, {first.name}, {describe_fits(first)}" if first else ""
        return f"{path}: none of the {len(files)} files is of a library in a known format ({formats}){found}"
    try:
        content, _ = files[0].read()
    except InputError as error:
        return f"{files[0].origin}: {error}"
    if not content:
        return f"{files[0].origin}: the file is empty"
    kind = found = ""
    if content.startswith(FITS_MAGIC):
        kind, found = "a FITS file, but ", f". It {describe_fits(files[0])}"
    elif has_fits_name(files[0].name):
        kind = "not a FITS file, whatever its name says, and "
    elif content.startswith(HDF5_MAGIC):
        kind = "an HDF5 file, but cut short, damaged or "
    return f"{files[0].origin}: {kind}not a library of stellar populations in a known format ({formats}){found}"
