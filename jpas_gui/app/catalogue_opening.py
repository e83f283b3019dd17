"""Opening a catalogue: what cannot be known from the file is asked, and what was answered is remembered."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from psygnal import Signal

from jpas_gui.app.example_catalogue import example_catalogue
from jpas_gui.app.explorer import Background
from jpas_gui.app.opening_questions import (
    ColumnsQuestion,
    Given,
    columns_question,
    extinction_question,
    has_answers,
    reading_text,
    redshift_question,
    unit_question,
)
from jpas_gui.app.state import OpenCatalogue
from jpas_gui.core.catalogues.column_map import ColumnMap
from jpas_gui.core.catalogues.column_summary import column_summaries
from jpas_gui.core.catalogues.opening import (
    ColumnsNeeded,
    ObservedCatalogue,
    OpeningOptions,
    RedshiftNeeded,
    UnitNeeded,
    open_catalogue,
)
from jpas_gui.core.catalogues.unit_sample import unit_sample
from jpas_gui.core.errors import InputError
from jpas_gui.core.example_catalogue import EXAMPLE_NAME
from jpas_gui.core.files import sampled_hash


class AnswerMemory(Protocol):
    """Keeps answers from one run of the program to the next: of files by their content, of columns by their names."""

    def recall(self, names: Sequence[str]) -> ColumnMap | None:
        """Return the map that was given for a table with these columns."""

    def keep(self, names: Sequence[str], columns: ColumnMap) -> None:
        """Keep the map for tables with these columns."""

    def recall_file(self, sampled_sha256: str) -> OpeningOptions | None:
        """Return how the file was read last."""

    def keep_file(self, sampled_sha256: str, path: Path, options: OpeningOptions) -> None:
        """Keep how the file is read."""

    def forget_file(self, sampled_sha256: str) -> None:
        """Forget how the file was read."""


@dataclass(frozen=True)
class Request:
    """A catalogue that is to be opened.

    Parameters
    ----------
    path : Path
    options : OpeningOptions
        What is said of it so far.
    row : int
        The galaxy to show first.
    saved : OpenCatalogue, optional
        What a session says of it.
    knows_redshift : bool
        Whether it was said already which redshift it has, or that none is known.
    is_remembered : bool
        Whether the options are those of the last time.
    was_asked : bool
        Whether the user answered something about it just now.
    asks_all : bool
        Whether to ask for columns that are known from other files, too.
    """

    path: Path
    options: OpeningOptions
    row: int = 0
    saved: OpenCatalogue | None = None
    knows_redshift: bool = False
    is_remembered: bool = False
    was_asked: bool = False
    asks_all: bool = False


class CatalogueOpening:
    """Opens catalogues in the background.

    Attributes
    ----------
    opened : Signal(ObservedCatalogue, int)
        And the row that is to be shown.
    restored : Signal(OpenCatalogue)
        That of a session is opened: what was listed of it is to be listed again.
    unit_needed, redshift_needed, extinction_needed, columns_needed : Signal(question, Request)
        A `UnitQuestion`, `ValueQuestion` or `ColumnsQuestion`; `answer` takes the request and the answer.
    problem, said : Signal(str)
    busy : Signal(str)
        What is being opened; empty when nothing is.
    is_as_last_time : bool
        Whether the catalogue that was opened last is read by what was answered before.
    """

    opened = Signal(object, int)
    restored = Signal(object)
    unit_needed = Signal(object, Request)
    columns_needed = Signal(object, Request)
    redshift_needed = Signal(object, Request)
    extinction_needed = Signal(object, Request)
    problem = Signal(str)
    said = Signal(str)
    busy = Signal(str)

    def __init__(self, background: Background, memory: AnswerMemory) -> None:
        self._background, self._memory = background, memory
        self._waiting = 0
        self.is_as_last_time = False

    @property
    def is_busy(self) -> bool:
        """Whether a catalogue is being opened."""
        return self._waiting > 0

    # -- opening ----------------------------------------------------------------------------------------------------

    def open(self, path: Path, options: OpeningOptions | None = None) -> None:
        """Open a catalogue; where nothing is said of it, as it was answered for this file before."""
        if options is not None and has_answers(options):
            self._open(Request(path, options, knows_redshift=options.redshift is not None))
            return

        def use(sampled: str) -> None:
            known = self._memory.recall_file(sampled) if sampled else None
            if known is None:
                self._open(Request(path, OpeningOptions()))
            else:
                self._open(Request(path, known, knows_redshift=True, is_remembered=True))

        self._in_background(path, lambda: _sampled(path), use, self._failed)

    def open_saved(self, saved: OpenCatalogue) -> None:
        """Open the catalogue of a session, at its row; say so where it is not the file that it was."""
        self._open(Request(Path(saved.path), saved.options, saved.row, saved, knows_redshift=True))

    def open_example(self) -> None:
        """Open the example catalogue, which is written first where it is not yet there."""

        def use(path: Path) -> None:
            self.open(path)
            self.said.emit(f"{path}: mocks made by the program, no observed galaxies")

        self._in_background(Path(EXAMPLE_NAME), example_catalogue, use, self._failed)

    def answer(self, request: Request, **answers: Any) -> None:
        """Open a catalogue with what the user answered, in the fields of `OpeningOptions`."""
        options = replace(request.options, **answers)
        knows = request.knows_redshift or "redshift" in answers
        self._open(replace(request, options=options, knows_redshift=knows, is_remembered=False, was_asked=True))

    def remember_columns(self, question: ColumnsQuestion, columns: ColumnMap) -> None:
        """Keep the map that the user gave for the columns of a table."""
        self._memory.keep(question.names, columns)

    def reopen(self, catalogue: ObservedCatalogue, row: int, **changes: Any) -> None:
        """Open a catalogue that is open with other options, at a row."""
        self.answer(_again(catalogue, row), **changes)

    def forget(self, catalogue: ObservedCatalogue) -> None:
        """Forget what was answered for a catalogue, and open it as if for the first time."""
        self._memory.forget_file(catalogue.sampled_sha256)
        self._open(Request(catalogue.path, OpeningOptions(), asks_all=True))

    # -- asking for a change ----------------------------------------------------------------------------------------

    def change_unit(self, catalogue: ObservedCatalogue, row: int) -> None:
        """Ask for another unit of a catalogue that is open."""

        def ask() -> object:
            return unit_question(catalogue.path.name, catalogue.unit_sample(), catalogue.unit)

        self._ask(catalogue, row, ask, self.unit_needed)

    def change_redshift(self, catalogue: ObservedCatalogue, row: int) -> None:
        """Ask for another redshift of a catalogue that is open."""

        def ask() -> object:
            return redshift_question(
                catalogue.path.name, catalogue.column_summaries(), present=Given(catalogue.redshift)
            )

        self._ask(catalogue, row, ask, self.redshift_needed)

    def change_extinction(self, catalogue: ObservedCatalogue, row: int) -> None:
        """Ask for the E(B-V) of the Milky Way that is removed."""

        def ask() -> object:
            return extinction_question(
                catalogue.path.name, catalogue.column_summaries(), Given(catalogue.options.extinction)
            )

        self._ask(catalogue, row, ask, self.extinction_needed)

    def _ask(self, catalogue: ObservedCatalogue, row: int, make: Callable[[], object], signal: Any) -> None:
        self._in_background(
            catalogue.path, make, lambda question: signal.emit(question, _again(catalogue, row)), self._failed
        )

    # -- how --------------------------------------------------------------------------------------------------------

    def _open(self, request: Request) -> None:
        self._in_background(
            request.path,
            lambda: open_catalogue(request.path, request.options),
            lambda catalogue: self._opened(catalogue, request),
            lambda error: self._cannot_open(error, request),
        )

    def _in_background(
        self, path: Path, job: Callable[[], Any], use: Callable[[Any], None], failed: Callable[[Exception], None]
    ) -> None:
        def done(answer: Any) -> None:
            self._done()
            use(answer)

        def not_done(error: Exception) -> None:
            self._done()
            failed(error)

        self._waiting += 1
        self.busy.emit(f"Opening {path.name} …")
        self._background.submit(job, done, not_done)

    def _done(self) -> None:
        self._waiting -= 1
        if not self._waiting:
            self.busy.emit("")

    def _opened(self, catalogue: ObservedCatalogue, request: Request) -> None:
        if catalogue.redshift is None and not request.knows_redshift:
            self._ask_redshift(request, catalogue.column_summaries)
            return
        if request.saved is not None and request.saved.sampled_sha256 != catalogue.sampled_sha256:
            self.problem.emit(f"{request.path}: has changed since the session was saved: its galaxies may be others")
        options = replace(catalogue.options, hand_masked=())
        self.is_as_last_time = request.is_remembered and has_answers(options)
        if request.was_asked or has_answers(options):
            self._memory.keep_file(catalogue.sampled_sha256, catalogue.path, options)
        self.opened.emit(catalogue, request.row if 0 <= request.row < catalogue.n_rows else 0)
        if request.saved is not None:
            self.restored.emit(request.saved)
        if self.is_as_last_time:
            self.said.emit(
                f"{catalogue.path.name} is read as last time: {reading_text(catalogue)}; "
                "“Unit”, “Redshift”, “Extinction” and “Ask again” change it"
            )

    def _cannot_open(self, error: Exception, request: Request) -> None:
        if request.is_remembered and isinstance(error, InputError):
            self._open(Request(request.path, OpeningOptions()))  # what is remembered no longer fits
        elif isinstance(error, UnitNeeded):
            table, layout = error.table, error.layout
            self._ask_needed(request, lambda: unit_question(request.path.name, unit_sample(table, layout)), "unit")
        elif isinstance(error, RedshiftNeeded):
            self._ask_redshift(request, lambda: column_summaries(error.table), error.columns)
        elif isinstance(error, ColumnsNeeded):
            self._ask_columns(error, request)
        else:
            self._failed(error)

    def _ask_redshift(self, request: Request, columns: Callable[[], Sequence[Any]], likely: Sequence[str] = ()) -> None:
        self._ask_needed(request, lambda: redshift_question(request.path.name, columns(), likely), "redshift")

    def _ask_columns(self, error: ColumnsNeeded, request: Request) -> None:
        known = self._memory.recall(error.names)
        if known is not None and request.options.columns is None and not request.asks_all:
            self._open(replace(request, options=replace(request.options, columns=known)))
        else:
            table, name, why = error.table, request.path.name, error.reason
            self._ask_needed(request, lambda: columns_question(name, column_summaries(table), why), "columns")

    def _ask_needed(self, request: Request, make: Callable[[], object], what: str) -> None:
        signal = getattr(self, f"{what}_needed")
        self._in_background(request.path, make, lambda question: signal.emit(question, request), self._failed)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, InputError):
            raise error
        self.problem.emit(str(error))


def _again(catalogue: ObservedCatalogue, row: int) -> Request:
    return Request(catalogue.path, catalogue.options, row, knows_redshift=True)


def _sampled(path: Path) -> str:
    """Return what tells the file from others; empty where it cannot be read, which opening it says."""
    try:
        return sampled_hash(path)
    except OSError:
        return ""
