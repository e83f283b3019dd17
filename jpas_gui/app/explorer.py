"""The controller of the explorer: state -> SED -> what is shown."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from psygnal import Signal

from jpas_gui.app.frame import ExplorerFrame, resolve
from jpas_gui.app.history import History
from jpas_gui.app.instrument import Instrument
from jpas_gui.app.libraries import LibraryShelf
from jpas_gui.app.state import DustSettings, ExplorerState, Model, Pin, Session, ViewOptions
from jpas_gui.core.errors import InputError
from jpas_gui.core.photometry.attenuation import attenuation_law
from jpas_gui.core.photometry.filter_files import embedded_filters, read_filters
from jpas_gui.core.photometry.filters import FilterSet
from jpas_gui.core.photometry.noise_settings import NoiseSettings
from jpas_gui.core.populations import StellarPopulation
from jpas_gui.core.ssp.library import SSPLibrary
from jpas_gui.core.ssp.reading import UnreadableModels, library_variants

if TYPE_CHECKING:
    from astropy.table import Table

Answer = TypeVar("Answer")


class Background(Protocol):
    """Runs a job away from the caller; an answer that a newer job has overtaken is dropped."""

    def submit(
        self, job: Callable[[], Answer], done: Callable[[Answer], None], failed: Callable[[Exception], None]
    ) -> None:
        """Run `job`, then call `done` with its answer, or `failed` with what it raised."""


class Explorer:
    """Owns the state of the explorer; views call its methods and show its frames.

    Parameters
    ----------
    reader : Background
        Where libraries and sessions are read.
    preparer : Background
        Where dust laws and filter curves are made ready.
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
    unreadable = Signal(object, Path, str)
    variants_found = Signal(Path, tuple)

    def __init__(self, reader: Background, preparer: Background, shelf: LibraryShelf) -> None:
        self._reader, self._preparer = reader, preparer
        self._doing: dict[int, str] = {}
        self.shelf = shelf
        self._instrument = Instrument(embedded_filters())
        self.view = ViewOptions()
        self._history = History(ExplorerState())
        self._filters_path = ""

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
    def library(self) -> SSPLibrary:
        """The library in use."""
        return self.shelf.library(self.state.model.library)

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to undo."""
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to redo."""
        return self._history.can_redo

    def frame(self) -> ExplorerFrame:
        """Return what is to be shown now."""
        return self._frame_of(self.state, self.view, self._instrument)

    def session(self) -> Session:
        """Return the whole session, to be saved."""
        used = {self.state.model.library, *(pin.model.library for pin in self.state.pins)}
        return Session(
            explorer=self.state,
            view=self.view,
            libraries=self.shelf.files(used),
            filters=self._filters_path,
        )

    def sed_table(self) -> "Table":
        """Return the present SED and its noisy draw as a table, with what they were made from."""
        # Imported when first needed: astropy's tables would slow down the start.
        from jpas_gui.core.photometry.sed_table import sed_provenance, sed_table

        state, frame = self.state, self.frame()
        model, dust = state.model, state.model.dust
        sed = self._instrument.sed(model, self.library)
        made_from = sed_provenance(sed, self.library, self.filters, dust.law, dust.r_v, state.noise, state.seed)
        return sed_table(sed, self.filters, frame.flux_nu_error, frame.flux_nu_noisy, made_from)

    # -- what the user does -----------------------------------------------------------------------------------------

    def set_population(self, gesture: str | None = None, **changes: float) -> None:
        """Change some of the population's parameters; with the same `gesture`, as one step of undo."""
        model = self.state.model
        population = replace(model.population, **changes)
        self._push(replace(self.state, model=replace(model, population=population)), gesture)

    def end_gesture(self) -> None:
        """Say that a drag has ended."""
        self._history.end_gesture()

    def set_dust(self, gesture: str | None = None, **changes: Any) -> None:
        """Change the dust law or its R_V; a new law starts with its own R_V."""
        if "law" in changes:
            changes.setdefault("r_v", None)

        def use(_: object = None) -> None:
            dust = replace(self.state.model.dust, **changes)
            self._try(replace(self.state, model=replace(self.state.model, dust=dust)), gesture)

        if "law" in changes:
            law, wavelength = attenuation_law(changes["law"]), self.library.wavelength
            # The first use of a law imports its library, which takes a moment.
            self._in_background(self._preparer, f"the dust law {law.name}", lambda: law.k(wavelength), use)
        else:
            use()

    def set_noise(self, gesture: str | None = None, **changes: Any) -> None:
        """Change some of the noise settings."""
        self._try(replace(self.state, noise=replace(self.state.noise, **changes)), gesture)

    def set_seed(self, seed: int) -> None:
        """Draw the noise of this seed."""
        self._push(replace(self.state, seed=seed))

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
        self.libraries_changed.emit()

    def reset(self) -> None:
        """Put the population, dust and noise back to where they start, in the library in use."""
        population = self._inside(StellarPopulation(), self.library)
        model = Model(self.state.model.library, population, DustSettings())
        self._push(replace(self.state, model=model, noise=NoiseSettings(), seed=1))

    def undo(self) -> None:
        """Go back one step."""
        self._history.undo()
        self._went_through_history()

    def redo(self) -> None:
        """Take back one undo."""
        self._history.redo()
        self._went_through_history()

    def choose_library(self, name: str) -> None:
        """Use a library that the shelf knows, reading it first where that is needed."""
        if self.shelf.has(name):
            self._use_library(self.shelf.library(name))
        else:
            self._in_background(self._reader, name, lambda: self.shelf.read_known(name), self._use_library)

    def open_library(self, path: Path, variant: str | None = None, skip_unreadable: bool = False) -> None:
        """Read a library from files, and use it."""

        def job() -> SSPLibrary | tuple[str, ...]:
            variants = library_variants(path) if variant is None else ()
            return variants if len(variants) > 1 else self.shelf.read_path(path, variant, skip_unreadable)

        def use(found: SSPLibrary | tuple[str, ...]) -> None:
            if isinstance(found, SSPLibrary):
                self._use_library(found)
            else:
                self.variants_found.emit(path, found)

        def failed(error: Exception) -> None:
            if isinstance(error, UnreadableModels):
                self.unreadable.emit(error, path, variant or "")
            else:
                self._failed(error)

        self._in_background(self._reader, str(path), job, use, failed)

    def open_filters(self, path: Path) -> None:
        """Put the user's own filter curves in the place of the embedded ones, band by band."""

        def use(own: FilterSet) -> None:
            instrument = Instrument(embedded_filters().replaced_by(own.curves, str(path)))
            if self._can_show(self.state, self.view, instrument):
                self._instrument, self._filters_path = instrument, str(path)
                self.said.emit(f"{len(own.curves)} filter curves from {path}")
                self.changed.emit()

        self._in_background(self._preparer, str(path), lambda: read_filters(path), use)

    def restore(self, session: Session) -> None:
        """Show a saved session, reading its libraries and filter curves first."""

        def job() -> FilterSet | None:
            self.shelf.read_session(session)
            return read_filters(Path(session.filters)) if session.filters else None

        def show(own: FilterSet | None) -> None:
            embedded = embedded_filters()
            instrument = Instrument(embedded.replaced_by(own.curves, session.filters) if own else embedded)
            if self._can_show(session.explorer, session.view, instrument):
                self._instrument, self._filters_path = instrument, session.filters
                self.view = session.view
                self._push(session.explorer)
                self.libraries_changed.emit()

        self._in_background(self._reader, "the session", job, show)

    # -- how --------------------------------------------------------------------------------------------------------

    def _in_background(
        self,
        background: Background,
        what: str,
        job: Callable[[], Answer],
        use: Callable[[Answer], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        def done(answer: Answer) -> None:
            self._say_busy(background, "")
            use(answer)

        def went_wrong(error: Exception) -> None:
            self._say_busy(background, "")
            (failed or self._failed)(error)

        self._say_busy(background, f"Reading {what} …")
        background.submit(job, done, went_wrong)

    def _say_busy(self, background: Background, text: str) -> None:
        """Say what `background` does; nothing when no background does anything."""
        self._doing[id(background)] = text
        self.busy.emit("  ".join(filter(None, self._doing.values())))

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, InputError):
            raise error
        self.problem.emit(str(error))

    def _use_library(self, library: SSPLibrary) -> None:
        before = self.shelf.library(library.name) if self.shelf.has(library.name) else None
        self.shelf.add(library)
        population = self._inside(self.state.model.population, library)
        model = replace(self.state.model, library=library.name, population=population)
        state = replace(self.state, model=model)
        if self._can_show(state, self.view, self._instrument):
            self._push(state)
            self.said.emit(f"{library.title}: {library.n_models} models")
        else:
            self.shelf.take_back(library, before)
        self.libraries_changed.emit()

    def _inside(self, population: StellarPopulation, library: SSPLibrary) -> StellarPopulation:
        ssp = library.spectrum(population.log_age, population.metallicity)
        for note in ssp.clipped:
            self.said.emit(note)
        return replace(population, log_age=ssp.log_age, metallicity=ssp.metallicity)

    def _frame_of(self, state: ExplorerState, view: ViewOptions, instrument: Instrument) -> ExplorerFrame:
        return resolve(
            state,
            view,
            instrument.bands,
            instrument.pivot,
            instrument.noise(state.noise),
            lambda model: instrument.sed(model, self.shelf.library(model.library)),
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
        self.changed.emit()

    def _went_through_history(self) -> None:
        self.changed.emit()
        self.libraries_changed.emit()
