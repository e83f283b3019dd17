"""The controller of evaluations: models and mocks -> what is measured of them."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from psygnal import Signal

from jpas_gui.app.evaluation_panels import Shown
from jpas_gui.app.evaluation_result import REPORTING, Evaluation, MockSettings, evaluate, write_reports
from jpas_gui.app.explorer import Background
from jpas_gui.core.errors import InputError
from jpas_gui.core.evaluation.report import check_report_folder
from jpas_gui.core.inference.shipped import model_title


class Elsewhere(Protocol):
    """Runs a function away from this process, and waits for its answer."""

    def __call__(
        self,
        function: Callable[..., Any],
        arguments: tuple[Any, ...],
        report: Callable[..., object],
        stop: Callable[[], bool],
        /,
    ) -> Any:
        """Return ``function(*arguments, report)``, or raise where `stop` says True."""


class EvaluationController:
    """Evaluates models in the background, one after the other, and keeps what came out.

    Parameters
    ----------
    worker : Background
        One thread, of its own.
    elsewhere : Elsewhere
        Does the work that the thread waits for.

    Attributes
    ----------
    changed : Signal
        There is another evaluation, another choice, or a run has begun or ended.
    problem, said : Signal(str)
    evaluations : tuple of Evaluation
    current : Evaluation, optional
        The one whose mocks are shown.
    progress : tuple of str, int, int
        What is done, how much of it, and of how much; written by the worker: whoever shows it looks now and then.
    """

    changed = Signal()
    problem = Signal(str)
    said = Signal(str)

    def __init__(self, worker: Background, elsewhere: Elsewhere) -> None:
        self._worker, self._elsewhere = worker, elsewhere
        self._stop = threading.Event()
        self._waiting = 0
        self._is_reporting = False
        self._hidden: set[Evaluation] = set()
        self._reported: set[Evaluation] = set()
        self.evaluations: tuple[Evaluation, ...] = ()
        self.current: Evaluation | None = None
        self.progress = ("", 0, 1)

    @property
    def is_running(self) -> bool:
        """Whether something is under way."""
        return self._waiting > 0

    @property
    def can_report(self) -> bool:
        """Whether a report can be saved: also while another is being written, which comes first."""
        return bool(self.evaluations) and (self._is_reporting or not self.is_running)

    @property
    def losses(self) -> str:
        """What would be lost if the program ended now, in a sentence or two; empty where nothing would."""
        if self.is_running and self._is_reporting:
            return "A report is being written."
        n = sum(one not in self._reported for one in self.evaluations)
        kept_nowhere = (
            f"{'One evaluation is' if n == 1 else f'{n} evaluations are'} in no report, and kept nowhere else."
        )
        return " ".join(["Models are being evaluated."] * self.is_running + [kept_nowhere] * (n > 0))

    @property
    def shown(self) -> Shown:
        """The evaluations that are drawn, with their places."""
        return [(place, one) for place, one in enumerate(self.evaluations) if one not in self._hidden]

    # -- what the user does -----------------------------------------------------------------------------------------

    def start(self, models: Sequence[str], settings: MockSettings) -> None:
        """Evaluate models on mocks of these settings; what the same model said of the same mocks is replaced."""
        if self.is_running:
            what = "a report is being written" if self._is_reporting else "models are being evaluated"
            self.problem.emit(f"{what}: stop it, or wait until it is done")
        elif not models:
            self.problem.emit("no model is chosen: tick one")
        else:
            stop = self._stop = threading.Event()
            self._is_reporting = False
            self._waiting, self.progress = len(models), ("starting", 0, 1)
            self.changed.emit()
            for model in models:
                self._submit(model, settings, stop)

    def stop(self) -> None:
        """Stop evaluating or writing a report; what is finished is kept."""
        self._stop.set()
        self._worker.cancel()
        if self.is_running:
            self._waiting = 0
            self.said.emit("Stopped")
            self.changed.emit()

    def show(self, evaluation: Evaluation, on: bool) -> None:
        """Draw an evaluation, or do not."""
        (self._hidden.discard if on else self._hidden.add)(evaluation)
        self.changed.emit()

    def is_shown(self, evaluation: Evaluation) -> bool:
        """Whether an evaluation is drawn."""
        return evaluation not in self._hidden

    def choose(self, evaluation: Evaluation) -> None:
        """Show the mocks of an evaluation, which is drawn from now on."""
        if evaluation is not self.current or evaluation in self._hidden:
            self.current = evaluation
            self._hidden.discard(evaluation)
            self.changed.emit()

    def remove(self, evaluation: Evaluation) -> None:
        """Forget an evaluation."""
        self.evaluations = tuple(one for one in self.evaluations if one is not evaluation)
        self._hidden.discard(evaluation)
        if self.current is evaluation:
            self.current = self.evaluations[-1] if self.evaluations else None
        self.changed.emit()

    def save_report(self, folder: Path) -> None:
        """Write figures, tables and settings of all evaluations that are drawn into a folder, after earlier reports.

        Raises
        ------
        InputError
            If nothing is drawn, or nothing can be written there.
        """
        chosen = [one for _, one in self.shown]
        if not chosen:
            raise InputError("there is nothing to report: evaluate a model first")
        if self.is_running and not self._is_reporting:
            raise InputError("models are being evaluated: save the report when that is done")
        check_report_folder(folder)
        if not self.is_running:
            self._stop, self.progress = threading.Event(), (REPORTING, 0, 1)
        stop, self._is_reporting = self._stop, True
        self._waiting += 1
        self.changed.emit()

        def job() -> None:
            self._elsewhere(write_reports, (folder, chosen), self._report, stop.is_set)

        self._worker.submit(job, lambda _: self._saved(folder, chosen), self._failed)

    # -- how --------------------------------------------------------------------------------------------------------

    def _submit(self, model: str, settings: MockSettings, stop: threading.Event) -> None:
        name = model_title(model)

        def report(what: str, done: int, total: int) -> None:
            self.progress = (f"{name}: {what}", done, total)

        def job() -> Evaluation:
            report("starting", 0, 1)
            evaluation: Evaluation = self._elsewhere(evaluate, (model, settings), report, stop.is_set)
            return evaluation

        self._worker.submit(job, self._take, self._failed)

    def _report(self, what: str, done: int, total: int) -> None:
        self.progress = (what, done, total)

    def _take(self, evaluation: Evaluation) -> None:
        same = [(one.model, one.settings) == (evaluation.model, evaluation.settings) for one in self.evaluations]
        if any(same):
            place = same.index(True)
            self._hidden.discard(self.evaluations[place])
            self.evaluations = (*self.evaluations[:place], evaluation, *self.evaluations[place + 1 :])
        else:
            self.evaluations = (*self.evaluations, evaluation)
        self.current = evaluation
        self._ended()

    def _saved(self, folder: Path, evaluations: Sequence[Evaluation]) -> None:
        self._reported = {*self._reported, *evaluations} & {*self.evaluations}
        self.said.emit(f"Saved: {folder.resolve()}")
        self._ended()

    def _failed(self, error: Exception) -> None:
        self._ended()
        if not isinstance(error, InputError):
            raise error
        self.problem.emit(str(error))

    def _ended(self) -> None:
        self._waiting = max(0, self._waiting - 1)
        self.changed.emit()
