"""The controller of the explorer: state -> SED -> what is shown."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from psygnal import Signal

from jpas_gui.app.frame import ExplorerFrame, resolve
from jpas_gui.app.history import History, Step
from jpas_gui.app.instrument import Instrument
from jpas_gui.app.known_models import keys_of_models
from jpas_gui.app.libraries import LibraryShelf, OpenedLibrary, read_known, read_path
from jpas_gui.app.moved_files import MissingFile, Places, guessed_places, left_out, missing_files, with_places
from jpas_gui.app.state import (
    MAX_SEED,
    DustSettings,
    ExplorerState,
    Model,
    Pin,
    Session,
    UsedFile,
    ViewOptions,
    read_session,
    write_session,
)
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import file_hash
from jpas_gui.core.photometry.attenuation import attenuation_law
from jpas_gui.core.photometry.filter_files import embedded_filters, with_own_filters
from jpas_gui.core.photometry.filters import FilterSet
from jpas_gui.core.photometry.noise_settings import NoiseSettings, survey_names
from jpas_gui.core.populations import StellarPopulation
from jpas_gui.core.ssp.library import SSPLibrary
from jpas_gui.core.ssp.reading import UnreadableModels, library_variants

if TYPE_CHECKING:
    from jpas_gui.app.live_frame import Cloud, LiveFrame

Answer = TypeVar("Answer")


class Background(Protocol):
    """Runs jobs away from the caller, one after the other."""

    def submit(
        self, job: Callable[[], Answer], done: Callable[[Answer], None], failed: Callable[[Exception], None]
    ) -> None:
        """Run `job`, then call `done` with its answer, or `failed` with what it raised."""

    def cancel(self) -> None:
        """Drop the jobs that wait, and the answer of the one that runs."""


@dataclass(frozen=True, eq=False)
class _ReadSession:
    """A session, what it needs, and what of it is not to be found, in words."""

    session: Session
    libraries: dict[str, OpenedLibrary]
    instrument: Instrument
    left_out: tuple[str, ...]


class Explorer:
    """Owns the state of the explorer; views call its methods and show its frames.

    Parameters
    ----------
    background : Background
        Where files are read and written, and dust laws made ready.
    shelf : LibraryShelf
        The libraries at hand.

    Attributes
    ----------
    changed : Signal
        What is shown has changed: ask for `frame`.
    libraries_changed : Signal
        A library was read, or the one in use is another.
    busy : Signal(str)
        What is going on in the background; empty when nothing is.
    said : Signal(str)
        Something worth a line in the status bar.
    problem : Signal(str)
        Something the user gave cannot be used; everything is still as it was.
    session_shown : Signal(Session)
        A saved session is shown: the parts of it that are kept elsewhere are to be shown, too.
    files_missing : Signal(Path, tuple of MissingFile, dict)
        Files of the session at this path are not where they were; `open_session` again, with the places that are known
        and those of these files.
    unreadable : Signal(UnreadableModels, Path, str)
        Some files of a library (of this variant) cannot be read; `open_library` can go on without them.
    variants_found : Signal(Path, tuple of str)
        The files hold several libraries; `open_library` needs to know which one.
    """

    changed = Signal()
    libraries_changed = Signal()
    busy = Signal(str)
    said = Signal(str)
    problem = Signal(str)
    session_shown = Signal(object)
    files_missing = Signal(Path, tuple, dict)
    unreadable = Signal(object, Path, str)
    variants_found = Signal(Path, tuple)

    def __init__(self, background: Background, shelf: LibraryShelf) -> None:
        self._background = background
        self._doing: deque[str] = deque()
        self.shelf = shelf
        self._instrument = Instrument(embedded_filters())
        self.view = ViewOptions()
        self._history = History(ExplorerState())
        self._told_library = self.state.model.library
        self._filters_path = ""
        self._parts: dict[str, Callable[[], Any]] = {}

    # -- what is ----------------------------------------------------------------------------------------------------

    @property
    def state(self) -> ExplorerState:
        """What the sliders say."""
        return self._history.present

    @property
    def filters(self) -> FilterSet:
        """The filters in use."""
        return self._instrument.filters

    @property
    def instrument(self) -> Instrument:
        """What makes SEDs and noise with these filters."""
        return self._instrument

    @property
    def library(self) -> SSPLibrary:
        """The library in use."""
        return self.shelf.library(self.state.model.library)

    @property
    def last_step(self) -> Step[ExplorerState] | None:
        """The step that `undo` takes back."""
        return self._history.undoable

    @property
    def next_step(self) -> Step[ExplorerState] | None:
        """The step that `redo` does again."""
        return self._history.redoable

    @property
    def is_busy(self) -> bool:
        """Whether something is going on in the background."""
        return bool(self._doing)

    def frame(self) -> ExplorerFrame:
        """Return what is to be shown now.

        Raises
        ------
        InputError
            If the library covers no band at this redshift.
        """
        return self._frame_of(self.state, self.view, self._instrument)

    def session(self) -> Session:
        """Return the whole session, to be saved."""
        parts = {name: part() for name, part in self._parts.items()}
        session = Session(explorer=self.state, view=self.view, **parts)
        survey = self.state.noise.survey
        return replace(
            session,
            libraries=self.shelf.files(session.library_names),
            filters=UsedFile(self._filters_path, self.filters.sha256) if self._filters_path else None,
            noise=None if survey in survey_names() else UsedFile(survey, _hash(survey)),
        )

    # -- what the user does -----------------------------------------------------------------------------------------

    def set_population(self, gesture: str | None = None, **changes: float) -> None:
        """Change some of the population's parameters; with the same `gesture`, as one step of undo."""
        model = self.state.model
        population = replace(model.population, **changes)
        self._push(replace(self.state, model=replace(model, population=population)), gesture)

    def go_to(self, log_age: float, metallicity: float) -> None:
        """Put the age and metallicity on the sliders that the library has nearest to these."""
        nearest = self.library.spectrum(log_age, metallicity)
        self.set_population(log_age=nearest.log_age, metallicity=nearest.metallicity)
        if nearest.clipped:
            self.said.emit("; ".join(nearest.clipped))

    def end_gesture(self) -> None:
        """Say that a drag has ended."""
        self._history.end_gesture()

    def set_law(self, name: str) -> None:
        """Use another dust law, with its own R_V."""
        law, wavelength = attenuation_law(name), self.library.wavelength

        def use(_: object) -> None:
            self._try(replace(self.state, model=replace(self.state.model, dust=DustSettings(name))))

        # The first use of a law imports its library, which takes a moment.
        self._in_background(f"the dust law {name}", lambda: law.k(wavelength), use)

    def set_r_v(self, r_v: float) -> None:
        """Change R_V of the dust law."""
        dust = replace(self.state.model.dust, r_v=r_v)
        self._try(replace(self.state, model=replace(self.state.model, dust=dust)), "r_v")

    def set_noise(self, **changes: Any) -> None:
        """Change some of the noise settings."""
        self._try(replace(self.state, noise=replace(self.state.noise, **changes)))

    def open_noise(self, path: Path) -> None:
        """Use the errors in a file that ``noise calibrate`` wrote."""
        settings, instrument = replace(self.state.noise, survey=str(path)), self._instrument

        def use(_: object) -> None:
            self.set_noise(survey=str(path))

        self._in_background(str(path), lambda: instrument.read_noise(settings), use)

    def set_seed(self, seed: int) -> None:
        """Draw the noise of this seed."""
        self._push(replace(self.state, seed=seed))

    def next_draw(self) -> None:
        """Draw the noise of the next seed."""
        self.set_seed((self.state.seed + 1) % (MAX_SEED + 1))

    def set_view(self, **changes: Any) -> None:
        """Change what is shown, or how; no step of undo."""
        self.view = replace(self.view, **changes)
        self.changed.emit()

    def pin(self) -> None:
        """Keep the present SED to compare with."""
        number = max((pin.number for pin in self.state.pins), default=0) + 1
        self._push(replace(self.state, pins=(*self.state.pins, Pin(number, self.state.model))))

    def unpin(self, number: int) -> None:
        """Remove a pinned SED."""
        self._push(replace(self.state, pins=tuple(pin for pin in self.state.pins if pin.number != number)))

    def unpin_all(self) -> None:
        """Remove all pinned SEDs."""
        self._push(replace(self.state, pins=()))

    def recall(self, number: int) -> None:
        """Put a pinned SED back on the sliders."""
        model = next(pin.model for pin in self.state.pins if pin.number == number)
        self._push(replace(self.state, model=model))

    def reset(self) -> None:
        """Put the population, dust and noise back to where they start, in the library in use."""
        population, _ = _inside(StellarPopulation(), self.library)
        model = Model(self.state.model.library, population, DustSettings())
        self._push(replace(self.state, model=model, noise=NoiseSettings(), seed=1))

    def undo(self) -> None:
        """Go back one step."""
        self._history.undo()
        self._shown()

    def redo(self) -> None:
        """Take back one undo."""
        self._history.redo()
        self._shown()

    # -- files ------------------------------------------------------------------------------------------------------

    def choose_library(self, name: str) -> None:
        """Use a library by its name, reading it first where that is needed."""
        if self.shelf.has(name):
            self._cancel()  # what is still being read was wanted before this
            self._use_library(self.shelf.library(name))
        else:
            self._in_background(name, lambda: read_known(name), self._use_opened)

    def open_library(self, path: Path, variant: str | None = None, skip_unreadable: bool = False) -> None:
        """Read a library from files, and use it."""

        def job() -> OpenedLibrary | tuple[str, ...]:
            variants = library_variants(path) if variant is None else ()
            return variants if len(variants) > 1 else read_path(path, variant, skip_unreadable)

        def use(found: OpenedLibrary | tuple[str, ...]) -> None:
            if isinstance(found, OpenedLibrary):
                self._use_opened(found)
            else:
                self.variants_found.emit(path, found)

        def failed(error: Exception) -> None:
            if isinstance(error, UnreadableModels):
                self.unreadable.emit(error, path, variant or "")
            else:
                self._failed(error)

        self._in_background(str(path), job, use, failed)

    def open_filters(self, path: Path) -> None:
        """Put the user's own filter curves in the place of the embedded ones, band by band."""

        def use(instrument: Instrument) -> None:
            if self._can_show(self.state, self.view, instrument):
                self._instrument, self._filters_path = instrument, str(path)
                self.said.emit("; ".join(instrument.filters.notes) or f"Filter curves from {path}")
                self.changed.emit()

        self._in_background(str(path), lambda: Instrument(with_own_filters(path)), use)

    def use_official_filters(self) -> None:
        """Use the embedded filter curves again."""
        self._instrument, self._filters_path = Instrument(embedded_filters()), ""
        self.said.emit(f"Filter curves: {self.filters.source}")
        self.changed.emit()

    def open_session(self, path: Path, places: Places | None = None) -> None:
        """Show a saved session, reading its libraries, filter curves and errors first.

        Parameters
        ----------
        path : Path
        places : mapping of str to str or None, optional
            Where files lie now, by where the session says that they do; None: without it.
        """
        places = dict(places or {})

        def job() -> tuple[MissingFile, ...] | _ReadSession:
            saved = read_session(path)
            saved = replace(saved, view=replace(saved.view, models=keys_of_models(saved.view.models)))
            session = with_places(saved, places)
            missing = missing_files(session, self.shelf.files_wanted_by(session))
            places.update(guessed_places(missing, places, path.parent))
            session = with_places(saved, places)
            missing = tuple(file for file in missing if file.path not in places)
            if missing:
                return missing
            return _ReadSession(
                session, self.shelf.missing_for(session), _instrument_of(session), left_out(saved, places)
            )

        def use(answer: tuple[MissingFile, ...] | _ReadSession) -> None:
            if isinstance(answer, tuple):
                self.files_missing.emit(path, answer, places)
            else:
                self._show_session(answer)

        self._in_background(str(path), job, use)

    def add_to_session(self, name: str, part: Callable[[], Any]) -> None:
        """Let the field of this name of every session be what `part` returns when it is saved."""
        self._parts[name] = part

    def save_session(self, path: Path) -> None:
        """Save the session.

        Raises
        ------
        InputError
            If it cannot be written.
        """
        write_session(self.session(), path)
        self.said.emit(f"Saved: {path.resolve()}")

    def save_sed(self, path: Path, live: "LiveFrame | None" = None, cloud: "Cloud | None" = None) -> None:
        """Save the present SED, its noisy draw and the pins as tables, with what they were made from.

        Parameters
        ----------
        path : Path
        live : LiveFrame, optional
            What models say of it, to be saved, too.
        cloud : Cloud, optional
            What they say of many draws of the noise.
        """
        frame, instrument = self.frame(), self._instrument
        models = (frame.state.model, *(pinned.pin.model for pinned in frame.pins))
        libraries = {model.library: self.shelf.library(model.library) for model in models}

        def job() -> tuple[str, ...]:
            # Imported when first needed: astropy's tables would slow down the start.
            from jpas_gui.app.explorer_tables import explorer_tables
            from jpas_gui.core.catalogues.writing import write_tables

            return write_tables(explorer_tables(frame, instrument, libraries, live, cloud), path)

        self._in_background(str(path), job, lambda left_out: self.said.emit(saved_words(path, left_out)))

    # -- how --------------------------------------------------------------------------------------------------------

    def _in_background(
        self,
        what: str,
        job: Callable[[], Answer],
        use: Callable[[Answer], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        def done(answer: Answer) -> None:
            self._no_longer_busy()
            use(answer)

        def went_wrong(error: Exception) -> None:
            self._no_longer_busy()
            (failed or self._failed)(error)

        self._doing.append(f"Working on {what} …")
        self.busy.emit(self._doing[0])
        self._background.submit(job, done, went_wrong)

    def _no_longer_busy(self) -> None:
        self._doing.popleft()
        self.busy.emit(self._doing[0] if self._doing else "")

    def _cancel(self) -> None:
        self._background.cancel()
        self._doing.clear()
        self.busy.emit("")

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, InputError):
            raise error
        self.problem.emit(str(error))

    def _use_opened(self, opened: OpenedLibrary) -> None:
        known = {library.name for library in self.shelf.loaded}
        library = self.shelf.put(opened)
        if not self._use_library(library) and library.name not in known:
            self.shelf.remove(library.name)
        self.libraries_changed.emit()

    def _use_library(self, library: SSPLibrary) -> bool:
        """Use a library of the shelf; return whether it can be shown."""
        population, notes = _inside(self.state.model.population, library)
        model = replace(self.state.model, library=library.name, population=population)
        state = replace(self.state, model=model)
        if not self._can_show(state, self.view, self._instrument):
            return False
        self._push(state)
        self.said.emit("; ".join([f"{library.title}: {library.n_models} models", *notes]))
        return True

    def _show_session(self, read: _ReadSession) -> None:
        session, found, instrument = read.session, read.libraries, read.instrument
        known = {library.name for library in self.shelf.loaded}
        names = {name: self.shelf.put(opened).name for name, opened in found.items()}
        state = _with_names(session.explorer, names)
        if self._can_show(state, session.view, instrument):
            self._instrument = instrument
            self._filters_path = session.filters.path if session.filters else ""
            self.view = session.view
            self._push(state)
            self.session_shown.emit(_with_names_of_parts(session, names))
            if read.left_out:
                self.problem.emit(f"the session is shown without {', '.join(read.left_out)}")
        else:
            for name in set(names.values()) - known:
                self.shelf.remove(name)
        self.libraries_changed.emit()

    def _frame_of(self, state: ExplorerState, view: ViewOptions, instrument: Instrument) -> ExplorerFrame:
        return resolve(
            state,
            view,
            instrument.bands,
            instrument.pivot,
            instrument.noise(state.noise),
            lambda model: instrument.sed(model, self.shelf.library(model.library)),
            lambda name: self.shelf.library(name).title,
        )

    def _can_show(self, state: ExplorerState, view: ViewOptions, instrument: Instrument) -> bool:
        """Return whether this can be shown; say what is wrong where it cannot."""
        try:
            self._frame_of(state, view, instrument)
        except InputError as error:
            self.problem.emit(str(error))
            return False
        return True

    def _try(self, state: ExplorerState, gesture: str | None = None) -> None:
        """Make `state` the present one if it can be shown."""
        if self._can_show(state, self.view, self._instrument):
            self._push(state, gesture)
        else:
            self.changed.emit()  # the view goes back to what is

    def _push(self, state: ExplorerState, gesture: str | None = None) -> None:
        self._history.push(state, gesture)
        self._shown()

    def _shown(self) -> None:
        """Tell that there is something else to show."""
        if self.state.model.library != self._told_library:
            self._told_library = self.state.model.library
            self.libraries_changed.emit()
        self.changed.emit()


def saved_words(path: Path, left_out: Sequence[str] = ()) -> str:
    """Return that a file is saved, and what its format has no place for."""
    lost = f"; {path.suffix} has no place for {', '.join(left_out)}: .ecsv, .fits and .vot have" if left_out else ""
    return f"Saved: {path.resolve()}{lost}"


def _inside(population: StellarPopulation, library: SSPLibrary) -> tuple[StellarPopulation, tuple[str, ...]]:
    """Return the population that a library has nearest to this one, and what was changed."""
    ssp = library.spectrum(population.log_age, population.metallicity)
    return replace(population, log_age=ssp.log_age, metallicity=ssp.metallicity), ssp.clipped


def _hash(path: str) -> str:
    try:
        return file_hash(Path(path))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error


def _instrument_of(session: Session) -> Instrument:
    """Return the instrument of a session, with its noise read and its dust laws ready."""
    instrument = Instrument(with_own_filters(Path(session.filters.path)) if session.filters else embedded_filters())
    if session.filters and instrument.filters.sha256 != session.filters.sha256:
        raise InputError(f"{session.filters.path}: the filter curves have changed since the session was saved")
    instrument.noise(session.explorer.noise)
    if session.noise and _hash(session.noise.path) != session.noise.sha256:
        raise InputError(f"{session.noise.path}: the errors have changed since the session was saved")
    for model in (session.explorer.model, *(pin.model for pin in session.explorer.pins)):
        attenuation_law(model.dust.law).k(instrument.pivot, model.dust.r_v)
    return instrument


def _with_names_of_parts(session: Session, names: dict[str, str]) -> Session:
    """Return the session with the libraries that its other parts use under the names that they have on the shelf."""
    asked = session.degeneracies
    return replace(session, degeneracies=replace(asked, against=names.get(asked.against, asked.against)))


def _with_names(state: ExplorerState, names: dict[str, str]) -> ExplorerState:
    """Return the state with its libraries under the names that they have on the shelf."""

    def renamed(model: Model) -> Model:
        return replace(model, library=names.get(model.library, model.library))

    pins = tuple(replace(pin, model=renamed(pin.model)) for pin in state.pins)
    return replace(state, model=renamed(state.model), pins=pins)
