"""Predicting catalogues on a Dask cluster: the same pieces as on one machine, made by the workers."""

from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from jpas_gui.core.catalogues.opening import ObservedCatalogue, OpeningOptions, open_catalogue
from jpas_gui.core.catalogues.predictions.parts import PartsFolder
from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.catalogue_model import CatalogueModel, ModelChoice
from jpas_gui.core.inference.catalogue_run import Clock, Report, RunResult, ended, predict_piece
from jpas_gui.core.inference.run_plan import CatalogueRun, Piece, stretches

if TYPE_CHECKING:
    from distributed import Client, Future

_PIECES_PER_TASK = 4
"""Pieces that a worker makes in one go: reading them in a row is faster, and a lost worker loses no finished one."""

_PATIENCE = 10
"""Seconds in which a scheduler has to answer."""


_SCHEDULER_GONE = "the Dask scheduler has ended or dropped the work: see what it says, and go on with --resume"


@dataclass(frozen=True)
class _Task:
    """What a worker needs to know to make some parts; it reads and writes the files itself."""

    catalogue: Path
    state: tuple[int, int]
    options: OpeningOptions
    model: ModelChoice
    model_sha256: str
    parts: PartsFolder
    pieces: tuple[Piece, ...]


@contextmanager
def connected(address: str) -> Iterator["Client"]:
    """Yield a connection to the scheduler of a cluster.

    Raises
    ------
    InputError
        If Dask is not installed or the scheduler does not answer.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise InputError("Dask is not installed: pip install 'jpas-gui[scale]'") from error
    try:
        client = Client(address, timeout=_PATIENCE)
    except (OSError, ValueError, TimeoutError) as error:
        raise InputError(
            f"{address}: no Dask scheduler answers there within {_PATIENCE} s: give the address that it prints, "
            "like tcp://host:8786"
        ) from error
    try:
        yield client
    finally:
        client.close()


def run_on_cluster(
    run: CatalogueRun,
    model: ModelChoice,
    client: "Client",
    *,
    progress: Report | None = None,
    stop: Callable[[], bool] | None = None,
) -> RunResult:
    """Let the workers of a cluster make the parts of a run, and make these into the output.

    Parameters
    ----------
    run : CatalogueRun
        The paths of its catalogues and of its output have to mean the same files on all workers.
    model : ModelChoice
        The one that the run has; its files are those that all workers see.
    client : distributed.Client
    progress, stop : callable, optional
        As of `predict_catalogue`.

    Raises
    ------
    InputError
        As `predict_catalogue`, and if workers are lost again and again, or see other files.
    """
    unfinished = run.unfinished()
    clock = Clock(run.n_rows, run.n_rows - sum(len(piece) for piece in unfinished), progress)
    tasks = _tasks(run, model, unfinished)
    futures = {client.submit(_make_parts, task, pure=False): task for task in tasks}
    try:
        for future in _as_completed(futures, client, stop):
            _raise_failure(future, futures[future])
            clock.add(sum(len(piece) for piece in futures[future].pieces))
    finally:
        client.cancel(list(futures))
    return ended(run, clock.done, progress)


def _tasks(run: CatalogueRun, model: ModelChoice, pieces: list[Piece]) -> list[_Task]:
    digest = run.predictor.sha256
    parts = PartsFolder(run.parts.folder.resolve(), run.parts.provenance)
    tasks = []
    for stretch in stretches(pieces, _PIECES_PER_TASK):
        catalogue = run.catalogues[stretch[0].catalogue]
        path = catalogue.path.resolve()
        tasks.append(_Task(path, _state(path), catalogue.options, model, digest, parts, tuple(stretch)))
    return tasks


def _as_completed(
    futures: dict["Future", _Task], client: "Client", stop: Callable[[], bool] | None
) -> Iterator["Future"]:
    """Yield what is done, until there is nothing left or someone asks to stop."""
    from distributed import wait

    waiting = set(futures)
    while waiting and not (stop is not None and stop()):
        try:
            done, waiting = wait(waiting, timeout=1, return_when="FIRST_COMPLETED")
        except TimeoutError:
            if client.status != "running":
                raise InputError(_SCHEDULER_GONE) from None
            continue
        except CancelledError as error:
            raise InputError(_SCHEDULER_GONE) from error
        yield from done


def _raise_failure(future: "Future", task: _Task) -> None:
    """Say why a task failed, if it did."""
    from distributed import KilledWorker

    if future.status == "finished":
        return
    error = future.exception()
    if error is None:  # neither done nor failed: its worker or the scheduler let go of it
        raise InputError(_SCHEDULER_GONE)
    rows = f"rows {task.pieces[0].start} to {task.pieces[-1].stop - 1} of {task.catalogue}"
    if isinstance(error, InputError):
        raise error
    if isinstance(error, KilledWorker):
        raise InputError(
            f"{rows}: each worker that was given them died, perhaps for lack of memory: --resume goes on"
        ) from error
    raise InputError(f"{rows}: the worker failed ({type(error).__name__}: {error}): go on with --resume") from error


def _make_parts(task: _Task) -> None:
    """Make parts, on a worker; those that a lost worker has finished are kept."""
    torch.set_num_threads(1)
    missing = [piece for piece in task.pieces if not task.parts.holds(piece.number, len(piece))]
    predictor = worker_predictor(task.model, task.model_sha256)
    catalogue = _catalogue(task)
    for piece in missing:
        catalogue.check_unchanged()
        galaxies, ids = catalogue.galaxies(piece.start, piece.stop), catalogue.ids(piece.start, piece.stop)
        predict_piece(predictor, task.parts, piece, galaxies, ids)


@lru_cache(maxsize=1)
def worker_predictor(model: ModelChoice, sha256: str) -> CatalogueModel:
    """Return the model of this worker: one copy for all of its tasks.

    Raises
    ------
    InputError
        As `ModelChoice.load`, and if it is not the model that was meant.
    """
    predictor = model.load()
    if predictor.sha256 != sha256:
        raise InputError(f"{predictor.name}: the worker has another model of this name: give it the same files")
    return predictor


_opened: dict[tuple[Path, tuple[int, int], str], ObservedCatalogue] = {}
"""The catalogue of this worker: the last one, for opening may take long."""


def _catalogue(task: _Task) -> ObservedCatalogue:
    key = (task.catalogue, task.state, repr(task.options))
    if key not in _opened:
        if _state(task.catalogue) != task.state:
            raise InputError(f"{task.catalogue}: the worker sees another file of this name: give it the same files")
        catalogue = open_catalogue(task.catalogue, task.options)
        _opened.clear()
        _opened[key] = catalogue
    return _opened[key]


def _state(path: Path) -> tuple[int, int]:
    try:
        state = path.stat()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from error
    return state.st_size, state.st_mtime_ns
