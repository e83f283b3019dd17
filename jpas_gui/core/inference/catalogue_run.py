"""Predicting whole catalogues at constant memory: read, predict and write at the same time, piece by piece."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray

from jpas_gui.core.catalogues.observed import ObservedGalaxies
from jpas_gui.core.catalogues.opening import ObservedCatalogue
from jpas_gui.core.catalogues.predictions.arrow import prediction_table
from jpas_gui.core.catalogues.predictions.parts import Existing, PartsFolder, alone_with
from jpas_gui.core.catalogues.predictions.survey import Survey, survey
from jpas_gui.core.catalogues.predictions.writing import write_predictions
from jpas_gui.core.errors import InputError
from jpas_gui.core.flags import Flag
from jpas_gui.core.inference.catalogue_model import CHUNK, CatalogueModel
from jpas_gui.core.inference.predictor import Photometry
from jpas_gui.core.inference.run_plan import CatalogueRun, Piece, begin_run, stretches
from jpas_gui.core.photometry.bands import all_bands

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Progress:
    """How far a run is.

    Parameters
    ----------
    stage : str
        ``"predict"``, or ``"write"`` while the parts are made into the output.
    done, total : int
        Galaxies.
    rate : float
        Galaxies per second since the run was begun or resumed; 0 before the first.
    remaining : float
        Seconds; NaN while there is no rate.
    """

    stage: str
    done: int
    total: int
    rate: float
    remaining: float


@dataclass(frozen=True)
class RunResult:
    """How a run ended.

    Parameters
    ----------
    output : Path
    n_rows, n_done : int
        Galaxies, and those of finished parts.
    counts : Survey or None
        Of the output; None after a stop, which leaves no output but the parts.
    """

    output: Path
    n_rows: int
    n_done: int
    counts: Survey | None

    @property
    def stopped(self) -> bool:
        """Whether it was stopped before the end."""
        return self.counts is None


Report = Callable[[Progress], None]


def predict_catalogue(
    catalogue: ObservedCatalogue | Sequence[ObservedCatalogue],
    predictor: CatalogueModel,
    output: Path,
    *,
    chunk: int = CHUNK,
    existing: Existing = Existing.REFUSE,
    threads: int = 1,
    progress: Report | None = None,
    stop: Callable[[], bool] | None = None,
    command_line: Sequence[str] = (),
) -> RunResult:
    """Predict all galaxies of a catalogue, or of several in a row, and write the answers.

    Parameters
    ----------
    catalogue : ObservedCatalogue or sequence of them
    predictor : CatalogueModel
    output : Path
        Its suffix says the format: see `write_predictions`. Finished parts lie beside it until it is whole.
    chunk : int, optional
        Rows of a part. The answers do not depend on it, but for the last digits, nor on `threads`.
    existing : Existing, optional
        ``RESUME`` goes on with an unfinished run and comes to the same output as one that was never cut off.
    threads : int, optional
        Pieces that are predicted at the same time.
    progress : callable, optional
        Called after each piece.
    stop : callable, optional
        Asked before each piece; when it says True, the finished parts are kept.
    command_line : sequence of str, optional
        For the provenance.

    Raises
    ------
    InputError
        If the model cannot answer for such a catalogue, no galaxy gets an answer, the catalogue changes meanwhile, or
        something cannot be read or written.
    """
    catalogues = tuple(catalogue) if isinstance(catalogue, Sequence) else (catalogue,)
    with alone_with(output):
        run = begin_run(catalogues, predictor, output, chunk=chunk, existing=existing, command_line=command_line)
        return run_here(run, threads=threads, progress=progress, stop=stop)


def run_here(
    run: CatalogueRun,
    *,
    threads: int = 1,
    progress: Report | None = None,
    stop: Callable[[], bool] | None = None,
) -> RunResult:
    """Make the parts of a run that are missing, on this machine, and make all into the output.

    Parameters and errors are those of `predict_catalogue`.
    """
    unfinished = run.unfinished()
    clock = Clock(run.n_rows, run.n_rows - sum(len(piece) for piece in unfinished), progress)
    pending: deque[tuple[Piece, Future[None]]] = deque()
    with _pool(threads) as pool:
        for piece, galaxies, ids in _read(run.catalogues, unfinished, stop):
            pending.append((piece, pool.submit(predict_piece, run.predictor, run.parts, piece, galaxies, ids)))
            # No more are read than the threads will soon need, and no error goes unseen for long.
            while len(pending) > threads + 1:
                _finish_first(pending, clock)
        while pending:
            _finish_first(pending, clock)
    return ended(run, clock.done, progress)


def ended(run: CatalogueRun, done: int, progress: Report | None) -> RunResult:
    """Return how a run ended of which so many galaxies are done: with an output, if they are all."""
    return RunResult(run.output, run.n_rows, done, None) if done < run.n_rows else finish_run(run, progress)


def _finish_first(pending: deque[tuple[Piece, Future[None]]], clock: "Clock") -> None:
    piece, future = pending.popleft()
    future.result()
    clock.add(len(piece))


def _read(
    catalogues: Sequence[ObservedCatalogue], pieces: Sequence[Piece], stop: Callable[[], bool] | None
) -> Iterator[tuple[Piece, ObservedGalaxies, Mapping[str, NDArray[Any]]]]:
    """Yield the galaxies of pieces and their ids."""
    for stretch in stretches(pieces):
        catalogue = catalogues[stretch[0].catalogue]
        chunks = catalogue.chunks(max(len(piece) for piece in stretch), stretch[0].start)
        for piece in stretch:
            if stop is not None and stop():
                return
            galaxies = next(chunks, None)
            if galaxies is None or len(galaxies) < len(piece):
                raise InputError(f"{catalogue.path}: ends before row {piece.stop - 1}: it is damaged")
            yield piece, galaxies, catalogue.ids(piece.start, piece.stop)


def predict_piece(
    predictor: CatalogueModel,
    parts: PartsFolder,
    piece: Piece,
    galaxies: ObservedGalaxies,
    ids: Mapping[str, NDArray[Any]],
) -> None:
    """Predict the galaxies of a piece and write its part.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    parts.write(piece.number, answers(predictor, galaxies, ids))


def answers(predictor: CatalogueModel, galaxies: ObservedGalaxies, ids: Mapping[str, NDArray[Any]]) -> "pa.Table":
    """Return the rows of the output of some galaxies."""
    prediction = predictor.predict(photometry_for(predictor, galaxies))
    return prediction_table(ids, galaxies.redshift, prediction, galaxies.problem)


def photometry_for(predictor: CatalogueModel, galaxies: ObservedGalaxies) -> Photometry:
    """Return galaxies as a model takes them: in its bands."""
    names = [band.name for band in all_bands()]
    which = [names.index(band) for band in predictor.bands]
    return Photometry(
        galaxies.flux_nu[:, which],
        galaxies.flux_nu_error[:, which],
        galaxies.mask[:, which],
        galaxies.redshift,
    )


def finish_run(run: CatalogueRun, progress: Report | None = None) -> RunResult:
    """Make the parts into the output.

    Raises
    ------
    InputError
        If no galaxy has an answer, a catalogue has changed, or the output cannot be written.
    """
    for catalogue in run.catalogues:
        catalogue.check_unchanged()
    if progress is not None:
        progress(Progress("write", 0, run.n_rows, 0.0, np.nan))
    run.parts.unify()
    counts = survey(run.parts)
    if not counts.n_answered:
        run.parts.remove()
        raise InputError(_why_nothing(run, counts))
    write_predictions(run.parts, counts, run.output)
    return RunResult(run.output, run.n_rows, run.n_rows, counts)


def _why_nothing(run: CatalogueRun, counts: Survey) -> str:
    name = run.predictor.name
    path = run.catalogues[0].path
    if counts.without_bands == counts.n_rows:
        return f"{path}: no galaxy has a usable band: look at its unit, its errors and its flags"
    few, far = (counts.flagged.get(int(flag), 0) for flag in (Flag.BANDS, Flag.REDSHIFT))
    return (
        f"{path}: {name} has no answer for any of its {counts.n_rows} galaxies "
        f"({few} have too few usable bands, {far} lie outside its redshifts): choose another model"
    )


class Clock:
    """Counts galaxies and tells of them.

    Parameters
    ----------
    total, done : int
        Galaxies, and those that are done already.
    progress : callable or None
    """

    def __init__(self, total: int, done: int, progress: Report | None) -> None:
        self.done = done
        self._total, self._before, self._progress = total, done, progress
        self._start = time.monotonic()
        self.add(0)

    def add(self, n: int) -> None:
        """Count n more galaxies as done."""
        self.done += n
        if self._progress is None:
            return
        seconds = time.monotonic() - self._start
        rate = (self.done - self._before) / seconds if seconds > 0 else 0.0
        remaining = (self._total - self.done) / rate if rate else np.nan
        self._progress(Progress("predict", self.done, self._total, rate, remaining))


@contextmanager
def _pool(threads: int) -> Iterator[ThreadPoolExecutor]:
    """Yield threads in each of which torch keeps to one core: answers do not depend on how many there are."""
    before = torch.get_num_threads()
    pool = ThreadPoolExecutor(threads, "predict", initializer=torch.set_num_threads, initargs=(1,))
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        torch.set_num_threads(before)
