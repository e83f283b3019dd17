"""The controller of the prediction of a whole catalogue."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from psygnal import Signal

from jpas_gui.app.explorer import Background
from jpas_gui.app.prediction_file import read_predictions
from jpas_gui.app.source_list import PredictedRows
from jpas_gui.core.catalogues.hand_masks import HandMask
from jpas_gui.core.catalogues.opening import ObservedCatalogue, open_catalogue
from jpas_gui.core.errors import InputError

if TYPE_CHECKING:
    from jpas_gui.core.inference.catalogue_run import Progress


class CataloguePrediction:
    """Predicts a catalogue in a thread of its own, one at a time.

    Parameters
    ----------
    worker : Background

    Attributes
    ----------
    changed : Signal
        A run has begun or ended.
    predicted : Signal(ObservedCatalogue, PredictedRows)
        The predictions of a whole catalogue.
    problem, said : Signal(str)
    progress : Progress, optional
        Written by the worker while it runs: whoever shows it looks now and then.
    """

    changed = Signal()
    predicted = Signal(object, object)
    problem = Signal(str)
    said = Signal(str)

    def __init__(self, worker: Background) -> None:
        self._worker = worker
        self._stop = threading.Event()
        self.is_running = False
        self.progress: Progress | None = None

    def start(
        self, catalogue: ObservedCatalogue, model: str, output: Path, hand_masked: tuple[HandMask, ...] = ()
    ) -> None:
        """Predict all galaxies, and write the answers; a run into the same output that was stopped goes on.

        Parameters
        ----------
        catalogue : ObservedCatalogue
        model : str
            Name of a shipped one, or folder.
        output : Path
        hand_masked : tuple of HandMask, optional
            Bands of single galaxies that are not to be used.
        """
        options = replace(catalogue.options, hand_masked=hand_masked)

        def job() -> PredictedRows | None:
            from jpas_gui.core.catalogues.predictions.parts import Existing, is_unfinished
            from jpas_gui.core.inference.catalogue_run import predict_catalogue
            from jpas_gui.core.inference.predictor import Predictor

            own = open_catalogue(catalogue.path, options)  # the list goes on reading the other
            is_replaced = output.exists() and not is_unfinished(output)
            existing = Existing.OVERWRITE if is_replaced else Existing.RESUME
            result = predict_catalogue(
                own, Predictor.load(model), output, existing=existing, progress=self._report, stop=self._stop.is_set
            )
            return None if result.stopped else read_predictions(output, own.n_rows)

        def use(rows: PredictedRows | None) -> None:
            self._ended()
            if rows is None:
                self.said.emit(f"Stopped: predict into {output} again to go on where it was")
            else:
                self.predicted.emit(catalogue, rows)
                self.said.emit(f"Saved: {output.resolve()}")

        self._run(job, use)

    def open(self, catalogue: ObservedCatalogue, path: Path) -> None:
        """Read what was predicted of a catalogue earlier."""

        def use(rows: PredictedRows) -> None:
            self._ended()
            self.predicted.emit(catalogue, rows)

        self._run(lambda: read_predictions(path, catalogue.n_rows), use)

    def stop(self) -> None:
        """Stop the run after the part that is being predicted; what is finished is kept."""
        self._stop.set()

    def _run(self, job: Callable[[], PredictedRows | None], use: Callable[..., None]) -> None:
        if self.is_running:
            self.problem.emit("a catalogue is being predicted: stop it, or wait until it is done")
            return
        self._stop.clear()
        self.is_running, self.progress = True, None
        self.changed.emit()
        self._worker.submit(job, use, self._failed)

    def _report(self, progress: "Progress") -> None:
        self.progress = progress

    def _failed(self, error: Exception) -> None:
        self._ended()
        if not isinstance(error, InputError):
            raise error
        self.problem.emit(str(error))

    def _ended(self) -> None:
        self.is_running = False
        self.changed.emit()


def progress_text(progress: "Progress | None") -> str:
    """Return how far a run is, in a line."""
    if progress is None:
        return "Loading the model …"
    if progress.stage == "write":
        return "Writing …"
    text = f"{progress.done:,} of {progress.total:,}"
    if progress.rate > 0:
        text += f" · {progress.rate:,.0f} per second · {time_text(progress.remaining)} left"
    return text


def time_text(seconds: float) -> str:
    """Return a time in the unit that suits it."""
    if seconds < 90:
        return f"{seconds:.1g} s" if seconds < 1 else f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
