"""What a reader of one format offers, and the choice between the variants of a library."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from jpas_gui.core.errors import InputError
from jpas_gui.core.files import FITS_MAGIC
from jpas_gui.core.ssp.library import SSPLibrary
from jpas_gui.core.ssp.model_files import ModelFile


@dataclass(frozen=True, eq=False)
class Request:
    """What is to be read.

    Parameters
    ----------
    path : Path
        What the user named: a file, a folder or an archive.
    files : sequence of ModelFile
        The files that the reader selected from it.
    variant : str, optional
        Which of the reader's variants; None where the user did not choose.
    skip_unreadable : bool
        Go on without the files that cannot be used.
    """

    path: Path
    files: Sequence[ModelFile]
    variant: str | None = None
    skip_unreadable: bool = False


def _no_variants(request: Request) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True)
class Reader:
    """The reader of one format.

    Parameters
    ----------
    format : str
        Its name, for people.
    select : callable
        Returns those of the files that are of this format, after a look into them; none if it is another format.
    read : callable
        Reads one variant.
    variants : callable, optional
        Returns the variants that selected files offer, at most one where there is nothing to choose.
    is_one_file : bool
        A library of this format is a file, and several files are several libraries.
    """

    format: str
    select: Callable[[Sequence[ModelFile]], list[ModelFile]]
    read: Callable[[Request], SSPLibrary]
    variants: Callable[[Request], tuple[str, ...]] = _no_variants
    is_one_file: bool = False


_FILES_LOOKED_INTO = 20
"""Enough to meet a good one among bad ones, and few enough for a folder of thousands."""


def first_files(files: Iterable[ModelFile]) -> Iterator[ModelFile]:
    """Yield those files that are looked into to know a format."""
    return islice(files, _FILES_LOOKED_INTO)


def some_file(files: Iterable[ModelFile], is_of_format: Callable[[ModelFile], bool]) -> bool:
    """Whether one of the first files is of a format."""
    return any(is_of_format(file) for file in first_files(files))


def is_fits(file: ModelFile) -> bool:
    """Whether a file begins as FITS files do."""
    return file.begins_with(FITS_MAGIC)


def has_fits_name(name: str) -> bool:
    """Whether a file is called as FITS files are."""
    return name.lower().endswith(_FITS_SUFFIXES)


_FITS_SUFFIXES = (".fits", ".fit", ".fits.gz", ".fit.gz", ".fits.fz", ".fit.fz")


def choose_variant(request: Request, labels: Iterable[str], default: str | None = None) -> str:
    """Return the variant to read.

    Parameters
    ----------
    labels : iterable of str
        The variant of every file or model.
    default : str, optional
        What is taken, where it is there, if the user did not choose; otherwise there must be only one.

    Raises
    ------
    InputError
        If the variant is not there, or there are several and none was chosen; the message lists them.
    """
    counts = Counter(labels)
    listed = ", ".join(f"'{label}' ({n})" if label else f"unnamed ({n})" for label, n in sorted(counts.items()))
    if request.variant is not None:
        for label in counts:
            if label.casefold() == request.variant.casefold():
                return label
        raise InputError(f"{request.path}: no variant '{request.variant}'; there are (with their models): {listed}")
    if default in counts:
        return str(default)
    if len(counts) > 1:
        example = min(counts)
        raise InputError(
            f"{request.path}: several libraries in one place (with their models): {listed}. "
            f"Choose one, for example --variant '{example}'"
        )
    return next(iter(counts))
