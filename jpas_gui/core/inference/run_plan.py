"""A prediction of whole catalogues before it begins: what it is made from, and the pieces that it falls into."""

import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from jpas_gui import __version__
from jpas_gui.core.catalogues.hand_masks import masks_hash
from jpas_gui.core.catalogues.opening import ObservedCatalogue, OpeningOptions
from jpas_gui.core.catalogues.predictions.parts import Existing, PartsFolder, open_parts
from jpas_gui.core.catalogues.predictions.writing import check_predictions_output
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import STANDARD_INPUT, file_hash
from jpas_gui.core.inference.catalogue_model import CHUNK, CatalogueModel
from jpas_gui.core.provenance import program_provenance

_HASHED_BYTES = 200_000_000
"""Larger catalogues are known by size and time alone: reading them for a hash would take as long as predicting."""

_LIBRARIES = ("numpy", "torch", "astropy", "pyarrow")


@dataclass(frozen=True)
class Piece:
    """Rows that are predicted at once and become one part.

    Parameters
    ----------
    number : int
        Of the part.
    catalogue : int
        Which of the catalogues.
    start, stop : int
        Rows of that catalogue.
    """

    number: int
    catalogue: int
    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start


@dataclass(frozen=True, eq=False)
class CatalogueRun:
    """A prediction of catalogues that has been begun.

    Parameters
    ----------
    catalogues : tuple of ObservedCatalogue
    predictor : CatalogueModel
    output : Path
    chunk : int
        Rows of a piece; the last of each catalogue has fewer.
    parts : PartsFolder
        What is finished.
    """

    catalogues: tuple[ObservedCatalogue, ...]
    predictor: CatalogueModel
    output: Path
    chunk: int
    parts: PartsFolder

    @property
    def n_rows(self) -> int:
        """Rows of all catalogues."""
        return sum(catalogue.n_rows for catalogue in self.catalogues)

    def pieces(self) -> list[Piece]:
        """Return all pieces, in order."""
        spans = [
            (number, start, min(start + self.chunk, catalogue.n_rows))
            for number, catalogue in enumerate(self.catalogues)
            for start in range(0, catalogue.n_rows, self.chunk)
        ]
        return [Piece(part, *span) for part, span in enumerate(spans)]

    def unfinished(self) -> list[Piece]:
        """Return the pieces whose parts are still to be made, in order."""
        return [piece for piece in self.pieces() if not self.parts.holds(piece.number, len(piece))]


def stretches(pieces: Sequence[Piece], longest: int | None = None) -> Iterator[list[Piece]]:
    """Yield pieces that follow one another in a catalogue together, at most so many: they are read in one go."""
    stretch: list[Piece] = []
    for piece in pieces:
        follows = stretch and (piece.catalogue, piece.start) == (stretch[-1].catalogue, stretch[-1].stop)
        if stretch and not (follows and len(stretch) != longest):
            yield stretch
            stretch = []
        stretch.append(piece)
    if stretch:
        yield stretch


def begin_run(
    catalogues: Sequence[ObservedCatalogue],
    predictor: CatalogueModel,
    output: Path,
    *,
    chunk: int = CHUNK,
    existing: Existing = Existing.REFUSE,
    command_line: Sequence[str] = (),
) -> CatalogueRun:
    """Check that catalogues can be predicted, and make or take up the folder of finished parts.

    Parameters
    ----------
    catalogues : sequence of ObservedCatalogue
        One after the other in the output, all with the same id columns.
    predictor : CatalogueModel
    output : Path
        See `write_predictions`.
    chunk : int, optional
        Rows of a part.
    existing : Existing, optional
        What to do with an output, or an unfinished run, that is there.
    command_line : sequence of str, optional
        For the provenance.

    Raises
    ------
    InputError
        If the model cannot answer for such catalogues, they have different id columns, or the output cannot be written.
    """
    check_predictions_output(output)
    check_catalogues(catalogues, predictor)
    paths, n_rows = [catalogue.path for catalogue in catalogues], sum(catalogue.n_rows for catalogue in catalogues)
    provenance = run_provenance(catalogues[0], paths, n_rows, predictor, command_line) | {"chunk": chunk}
    made_from = made_from_what(catalogues[0].options, paths, predictor) | {"chunk": chunk}
    parts = open_parts(output, made_from, provenance, existing)
    return CatalogueRun(tuple(catalogues), predictor, output, chunk, parts)


def check_catalogues(catalogues: Sequence[ObservedCatalogue], predictor: CatalogueModel) -> None:
    """Refuse what cannot be predicted at all.

    Raises
    ------
    InputError
        If the model cannot answer for such catalogues, or they have different id columns.
    """
    first = catalogues[0]
    for catalogue in catalogues:
        if catalogue.id_columns != first.id_columns:
            raise InputError(f"{catalogue.path}: other id columns than {first.path}: predict them one by one")
        redshift = catalogue.options.redshift
        known = np.array([redshift] if isinstance(redshift, float | int) else [])
        predictor.check_request([band for band in predictor.bands if band in catalogue.bands], known)


def made_from_what(options: OpeningOptions, paths: Sequence[Path], predictor: CatalogueModel) -> dict[str, Any]:
    """Return what decides on predictions, as plain data: a run that goes on has to have the same."""
    return {
        "model": predictor.sha256,
        "catalogue": [_state(path) for path in paths],
        "options": _reading(options),
        "set_of_hand_masks": masks_hash(options.hand_masked),
        "version": __version__,
    }


def run_provenance(
    catalogue: ObservedCatalogue,
    paths: Sequence[Path],
    n_rows: int,
    predictor: CatalogueModel,
    command_line: Sequence[str],
) -> dict[str, Any]:
    """Return what made predictions: program, model, files, and how they were read.

    Parameters
    ----------
    catalogue : ObservedCatalogue
        The first of the catalogues, all of which are read alike.
    paths : sequence of Path
        The files.
    n_rows : int
        Of all.
    predictor : CatalogueModel
    command_line : sequence of str
    """
    return program_provenance(command_line) | {
        "versions": {"python": platform.python_version()} | {name: version(name) for name in _LIBRARIES},
        "model": predictor.provenance(),
        "catalogue": _identity(paths) | {"rows": n_rows},
        "reading": _reading(catalogue.options)
        | {
            "dialect": catalogue.dialect,
            "aperture": catalogue.aperture,
            "unit": catalogue.unit,
            "bands": " ".join(catalogue.bands),
            "notes": list(catalogue.notes),
        },
    }


def _identity(paths: Sequence[Path]) -> dict[str, Any]:
    """Return what tells files from others; of many, the first stands for all."""
    path, size, modified = _state(paths[0])
    if paths[0].name == STANDARD_INPUT:
        return {"path": "standard input", "bytes": size, "sha256": file_hash(paths[0])}
    described = {"path": path, "bytes": size, "modified": datetime.fromtimestamp(modified / 1e9, UTC).isoformat()}
    if size <= _HASHED_BYTES:
        described["sha256"] = file_hash(paths[0])
    return described | ({"files": len(paths)} if len(paths) > 1 else {})


def _state(path: Path) -> list[Any]:
    state = path.stat()
    return [str(path.resolve()), state.st_size, state.st_mtime_ns]


def _reading(options: OpeningOptions) -> dict[str, Any]:
    """Return how catalogues are read, as plain data."""
    names = [field.name for field in fields(options) if field.name != "hand_masked"]
    return {name: _plain(getattr(options, name)) for name in names}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | float | int) else repr(value)
