"""The controller of the degeneracy explorer: what is asked -> posteriors -> what is shown."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from psygnal import Signal

from jpas_gui.app.degeneracy_frame import DegeneracyFrame, coarse_frame, sharp_frame
from jpas_gui.app.degeneracy_options import DegeneracyOptions, DegeneracySettings, Page, Source
from jpas_gui.app.degeneracy_scene import Scene, scene_of
from jpas_gui.app.exact_shelf import ExactShelf
from jpas_gui.app.explorer import Explorer
from jpas_gui.app.library_opinions import LibraryOpinion, opinion
from jpas_gui.app.limits_frame import ErrorCurve, MapFrame, begun_curve, grown_curve, grown_map
from jpas_gui.app.live_prediction import Latest
from jpas_gui.app.model_shelf import ModelShelf
from jpas_gui.core.catalogues.observed import ObservedGalaxies
from jpas_gui.core.errors import InputError
from jpas_gui.core.photometry.bands import all_bands
from jpas_gui.core.ssp.library import SSPLibrary

Answer = TypeVar("Answer")


class DegeneracyController:
    """Asks for the posterior of what the explorer shows, and for all that follows from it.

    During a drag the answers are coarse; `sharpen` asks for the whole answer. When it is there, what the page in view
    shows is computed part by part, until the next question.

    Parameters
    ----------
    explorer : Explorer
    worker : Latest
        The only thread in which posteriors are computed.
    galaxy : callable
        Returns the observed galaxy that is selected, with what the user masked; None where there is none.
    shelf : ExactShelf, optional
        Posteriors that were made before, in that thread.

    Attributes
    ----------
    changed : Signal
        What is shown of the posterior has changed.
    grown : Signal
        What follows from it has changed: `curve`, `library_map`, `opinions`.
    options : DegeneracyOptions
    page : Page
    against : str
        The library in which the map of the page `LIBRARIES` has answers; empty without one.
    frame : DegeneracyFrame, optional
        The last answer; during a drag that of a moment ago.
    problem : str
        Why there is no answer.
    """

    changed = Signal()
    grown = Signal()

    def __init__(
        self,
        explorer: Explorer,
        worker: Latest,
        galaxy: Callable[[], ObservedGalaxies | None],
        shelf: ExactShelf | None = None,
    ) -> None:
        self._explorer, self._worker, self._galaxy = explorer, worker, galaxy
        self._shelf, self._networks = shelf or ExactShelf(), ModelShelf()
        self.options, self.page, self.against = DegeneracyOptions(), Page.BANDS, ""
        self.frame: DegeneracyFrame | None = None
        self.problem = ""
        self.curve: ErrorCurve | None = None
        self._maps: dict[Page, MapFrame] = {}
        self.opinions: tuple[LibraryOpinion, ...] = ()
        self._asked: Scene | None = None
        self._is_watched = self._is_growing = False
        explorer.add_to_session("degeneracies", lambda: self.settings)

    # -- what is ----------------------------------------------------------------------------------------------------

    @property
    def settings(self) -> DegeneracySettings:
        """All that the user has chosen here, for the session."""
        return DegeneracySettings(self.options, self.page, self.against)

    @property
    def is_busy(self) -> bool:
        """Whether something is still to come."""
        return self._is_watched and (self._is_growing or not self.is_sharp) and not self.problem

    @property
    def is_sharp(self) -> bool:
        """Whether what is shown is the whole answer to what is asked."""
        return self.frame is not None and self.frame.is_sharp and self.frame.scene is self._asked

    @property
    def library_map(self) -> MapFrame | None:
        """The map of the page, as far as it is known."""
        return self._maps.get(self.page)

    @property
    def other_libraries(self) -> tuple[SSPLibrary, ...]:
        """The libraries at hand beside the one in use."""
        return tuple(one for one in self._explorer.shelf.loaded if one is not self._explorer.library)

    # -- what the user does -----------------------------------------------------------------------------------------

    def watch(self, on: bool) -> None:
        """Begin to follow the explorer, or end it: nothing is computed while nobody looks."""
        self._is_watched = on
        if on:
            self.ask()
        else:
            self._worker.cancel()
            self._asked, self._is_growing = None, False

    def show_settings(self, settings: DegeneracySettings) -> None:
        """Go on with what was chosen in a session."""
        self.options, self.page, self.against = settings.options, settings.page, settings.against
        self.ask()
        self._grow()

    def set_options(self, **changes: Any) -> None:
        """Change some of the options."""
        self.options = replace(self.options, **changes)
        self.ask()

    def toggle_band(self, band: int) -> None:
        """Switch a band off or on, by its position among the 60."""
        name = all_bands()[band].name
        on = {*self.options.bands} ^ {name}
        self.set_options(bands=tuple(one.name for one in all_bands() if one.name in on))

    def show_page(self, page: Page) -> None:
        """Compute what this page shows, when the posterior is there."""
        self.page = page
        self._grow()

    def compare_with(self, library: str) -> None:
        """Map what another library would take the populations of this one for."""
        self.against = library
        self._grow()

    def take_twin(self, number: int) -> None:
        """Put a twin on the sliders."""
        frame = self.frame
        if frame is None or number >= len(frame.twins):
            return
        log_age, metallicity, ebv = map(float, frame.twins[number].parameters)
        self._explorer.set_population(log_age=log_age, metallicity=metallicity, ebv=ebv)
        self._explorer.end_gesture()

    # -- how --------------------------------------------------------------------------------------------------------

    def ask(self) -> None:
        """Ask for a coarse answer to what the explorer shows now, unless it was asked for last."""
        if not self._is_watched:
            return
        try:
            galaxy = self._galaxy() if self.options.source is Source.GALAXY else None
            scene = scene_of(self._explorer, galaxy, self.options)
        except InputError as error:
            self._asked = None
            self._worker.cancel()
            self._complain(str(error))
            return
        if self._asked is not None and self._asked.shows_the_same(scene):
            return
        self._asked, self._is_growing, self.problem = scene, False, ""
        self._submit(lambda: coarse_frame(scene, self._shelf), lambda frame: self._take(scene, frame))

    def sharpen(self) -> None:
        """Ask for the whole answer: the drag is over."""
        scene = self._asked
        if not self._is_watched or scene is None or self.is_sharp:
            return
        self._submit(lambda: sharp_frame(scene, self._shelf, self._networks), lambda frame: self._take(scene, frame))

    def _submit(self, job: Callable[[], Answer], done: Callable[[Answer], None]) -> None:
        scene = self._asked
        self._worker.submit(job, done, lambda error: self._failed(scene, error), keep_running=True)

    def _take(self, scene: Scene, frame: DegeneracyFrame) -> None:
        if not self._is_watched or (frame.is_sharp and scene is not self._asked):
            return
        self.frame, self.problem = frame, ""
        self.changed.emit()
        if frame.is_sharp:
            self.curve, self.opinions = None, ()
            self._grow()

    def _failed(self, scene: Scene | None, error: Exception) -> None:
        if not isinstance(error, InputError):
            self._asked, self._is_growing = None, False
            raise error
        if scene is self._asked:  # else nobody asks for that any more
            self._complain(str(error))

    def _complain(self, problem: str) -> None:
        self.frame, self.problem, self._is_growing = None, problem, False
        self.curve, self.opinions = None, ()
        self.changed.emit()

    # -- what follows from the posterior ----------------------------------------------------------------------------

    def _grow(self) -> None:
        """Ask for the next part of what the page shows."""
        frame = self.frame
        if frame is None or not self.is_sharp or not self._is_watched:
            return
        job = {Page.LIMITS: self._next_limit, Page.LIBRARIES: self._next_opinion}.get(self.page)
        part = job(frame) if job else None
        self._is_growing = part is not None
        if part is not None:
            compute, keep = part

            def use(answer: Any) -> None:
                if self._is_growing and self.frame is frame:
                    keep(answer)
                    self.grown.emit()
                    self._grow()

            self._submit(compute, use)
        self.grown.emit()

    def _next_limit(self, frame: DegeneracyFrame) -> "_Part | None":
        shelf, curve = self._shelf, self.curve
        if curve is None:
            return lambda: begun_curve(frame, shelf), self._keep_curve
        if not curve.is_whole:
            return lambda: grown_curve(curve, frame, shelf), self._keep_curve
        return self._next_of_map(frame, frame.scene.library)

    def _next_opinion(self, frame: DegeneracyFrame) -> "_Part | None":
        shelf, others = self._shelf, self.other_libraries
        judged = {one.library.name for one in self.opinions}
        for library in others:
            if library.name not in judged:
                return lambda library=library: opinion(frame, library, shelf), self._keep_opinion
        against = next((library for library in others if library.name == self.against), None)
        return None if against is None else self._next_of_map(frame, against)

    def _next_of_map(self, frame: DegeneracyFrame, answering: SSPLibrary) -> "_Part | None":
        wanted = MapFrame(frame.scene, float(frame.centre[2]), frame.magnitude, answering)
        shown, shelf, page = self.library_map, self._shelf, self.page
        begun = shown if shown is not None and shown.maps_the_same(wanted) else wanted
        if begun.is_whole:
            return None

        def keep(more: MapFrame) -> None:
            self._maps[page] = more

        return lambda: grown_map(begun, shelf), keep

    def _keep_curve(self, curve: ErrorCurve) -> None:
        self.curve = curve

    def _keep_opinion(self, one: LibraryOpinion) -> None:
        self.opinions = (*(other for other in self.opinions if other.library is not one.library), one)

    def galaxy_changed(self) -> None:
        """Look at the galaxy that is selected now, where a galaxy is looked at."""
        if self.options.source is Source.GALAXY:
            self.ask()


_Part = tuple[Callable[[], Any], Callable[[Any], None]]
