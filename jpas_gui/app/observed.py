"""The controller of the observed galaxies: catalogue -> galaxy -> answers -> what is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from psygnal import Signal

from jpas_gui.app.explorer import Background, Explorer, saved_words
from jpas_gui.app.frame import stands_on
from jpas_gui.app.galaxy_answers import Answer, ExactAnalyst, FittedSED, ask_model, fitted_sed
from jpas_gui.app.history import Step
from jpas_gui.app.live_prediction import Latest
from jpas_gui.app.model_shelf import ModelShelf
from jpas_gui.app.note_steps import NoteChange, note_change
from jpas_gui.app.notes import Note, Notebook
from jpas_gui.app.observed_frame import ObservedFrame, resolve
from jpas_gui.app.source_browser import CatalogueReader, SourceBrowser
from jpas_gui.app.state import DustSettings, OpenCatalogue
from jpas_gui.core.catalogues.hand_masks import HandMask, leave_out
from jpas_gui.core.catalogues.observed import MaskReason, ObservedGalaxies
from jpas_gui.core.catalogues.opening import ObservedCatalogue
from jpas_gui.core.emission_lines import lines_in_bands
from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.catalogue_model import EXACT
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.core.photometry.attenuation import attenuation_law
from jpas_gui.core.photometry.bands import N_SURVEY_BANDS, all_bands
from jpas_gui.core.populations import LIMITS


@dataclass(frozen=True)
class Workers:
    """Where work is done away from the window.

    Parameters
    ----------
    jobs : Background
        Reads the list, saves the notes.
    reading, models, exact, listing : Latest
        Read the galaxy that is selected, ask the networks, compute the exact posterior, arrange the list.
    """

    jobs: Background
    reading: Latest
    models: Latest
    exact: Latest
    listing: Latest


@dataclass(frozen=True, eq=False)
class _Asked:
    """What the answers that are shown, or on their way, belong to."""

    galaxy: ObservedGalaxies
    models: tuple[str, ...]
    exact: ExactAnalyst


class ObservedController:
    """Goes through the galaxies of a catalogue, and has the models and the exact posterior answer for each.

    Parameters
    ----------
    explorer : Explorer
        Gives the library, the filters, the models in use and the view; takes an answer on its sliders.
    workers : Workers
    notes_folder : Path, optional
        For notes that cannot be kept beside the catalogue.

    Attributes
    ----------
    changed : Signal
        What is shown of the galaxy has changed: ask for `frame`.
    opened : Signal
        Another catalogue is shown.
    selected : Signal(int)
        A row was selected.
    note_shown : Signal
        A change of a note was undone or done again: it is to be seen.
    problem, said : Signal(str)
    sources : SourceBrowser
        The list.
    """

    changed = Signal()
    opened = Signal()
    selected = Signal(int)
    note_shown = Signal()
    problem = Signal(str)
    said = Signal(str)

    def __init__(self, explorer: Explorer, workers: Workers, notes_folder: Path | None = None) -> None:
        self._explorer, self._workers, self._notes_folder = explorer, workers, notes_folder
        self._shelf = ModelShelf()
        self.sources = SourceBrowser(workers.jobs, workers.listing)
        self.sources.problem.connect(self.problem.emit)
        self.catalogue: ObservedCatalogue | None = None
        self.row: int | None = None
        self.shows_sliders = False
        self._reader: CatalogueReader | None = None
        self._notebook: Notebook | None = None
        self._galaxy: ObservedGalaxies | None = None
        self._asked: _Asked | None = None
        self._answers: dict[str, Answer] = {}
        self._toggled: Step[Mapping[int, Note]] | None = None
        self._reading = False
        explorer.changed.connect(self._explorer_changed)
        explorer.add_to_session("observed", self._for_session)

    # -- what is ----------------------------------------------------------------------------------------------------

    @property
    def is_busy(self) -> bool:
        """Whether something of the galaxy or of the list is still to come."""
        return self._reading or self.sources.is_busy or bool(self.pending)

    @property
    def pending(self) -> tuple[str, ...]:
        """Names of the models whose answers are still to come."""
        if self._asked is None:
            return ()
        return tuple(name for name in (*self._asked.models, EXACT) if name not in self._answers)

    @property
    def is_unanswered(self) -> bool:
        """Whether all answers are still to come."""
        return bool(self.pending) and not self._answers

    @property
    def galaxy(self) -> ObservedGalaxies | None:
        """The galaxy that is selected, one row, with what the user masked."""
        return None if self._galaxy is None else self._masked(self._galaxy)

    @property
    def note(self) -> Note | None:
        """The note on the galaxy; None while there is no galaxy."""
        if self._galaxy is None or self._notebook is None:
            return None
        return self._notebook.note(int(self._galaxy.row[0]), str(self._galaxy.name[0]))

    @property
    def last_step(self) -> Step[Mapping[int, Note]] | None:
        """The step of the notes that `undo` takes back."""
        return self._notebook.last_step if self._notebook else None

    @property
    def next_step(self) -> Step[Mapping[int, Note]] | None:
        """The step of the notes that `redo` does again."""
        return self._notebook.next_step if self._notebook else None

    def hand_masks(self) -> tuple[HandMask, ...]:
        """Return what the user masked, of all galaxies of the catalogue."""
        return self._notebook.hand_masks() if self._notebook else ()

    def quality(self, row: int) -> str:
        """Return the quality mark of a row."""
        return self._notebook.quality(row) if self._notebook else ""

    def frame(self) -> ObservedFrame | None:
        """Return what is to be shown now; None while there is no galaxy."""
        if self._galaxy is None or self.catalogue is None:
            return None
        galaxy, explorer = self._masked(self._galaxy), self._explorer
        frame = resolve(
            galaxy,
            tuple(self._answers.values()),
            self._on_sliders(galaxy) if self.shows_sliders else None,
            explorer.view,
            explorer.instrument.pivot,
            self._reached(galaxy),
            self.pending,
            stands_on(self._asked.exact.library if self._asked else explorer.library),
            stands_on(explorer.library, explorer.state.model.dust),
        )
        return replace(frame, warnings=(*self.catalogue.warnings, *frame.warnings))

    # -- what the user does -----------------------------------------------------------------------------------------

    def show(self, catalogue: ObservedCatalogue, row: int = 0) -> None:
        """Show a catalogue that was opened, and one of its galaxies."""
        try:
            notebook = Notebook(catalogue.path, self._notes_folder)
        except InputError as error:
            self.problem.emit(str(error))
            return
        self.save_notes()
        self._reader, self._notebook, self.catalogue = CatalogueReader(catalogue), notebook, catalogue
        self._forget_galaxy()
        self.sources.show(self._reader, notebook)
        self.opened.emit()
        self.select(row)

    def restore(self, saved: OpenCatalogue) -> None:
        """List the galaxies, and show the sliders, as they were in a session."""
        listed = saved.listed
        self.sources.set_options(**{field.name: getattr(listed, field.name) for field in fields(listed)})
        self.show_sliders(saved.shows_sliders)

    def select(self, row: int) -> None:
        """Show the galaxy of a row."""
        reader = self._reader
        if reader is None or not 0 <= row < reader.catalogue.n_rows or row == self.row:
            return
        self.row, self._reading = row, True
        self._workers.models.cancel()
        self._workers.exact.cancel()
        self.selected.emit(row)
        self._workers.reading.submit(lambda: reader.galaxy(row), self._show_galaxy, self._reading_failed)

    def step(self, step: int) -> None:
        """Show the galaxy that is listed this many places further on."""
        wanted = None if self.row is None else self.sources.neighbour(self.row, step)
        if wanted is not None:
            self.select(wanted)

    def set_note(self, **changes: Any) -> None:
        """Change the quality mark or the words of the note on the galaxy."""
        if self._galaxy is None or self._notebook is None:
            return
        self._notebook.change(int(self._galaxy.row[0]), str(self._galaxy.name[0]), **changes)
        self._notes_changed(self._notebook)

    def undo(self) -> None:
        """Take back the last change of the notes, and show the galaxy on which it was made."""
        if self._notebook is not None and self._notebook.last_step is not None:
            step = self._notebook.last_step
            self._notebook.undo()
            self._show_change(self._notebook, note_change(step))

    def redo(self) -> None:
        """Make the change again that was taken back last, and show the galaxy on which it was made."""
        if self._notebook is not None and self._notebook.next_step is not None:
            step = self._notebook.next_step
            self._notebook.redo()
            self._show_change(self._notebook, note_change(step))

    def toggle_band(self, band: int) -> None:
        """Mask a band, or use it again, where the user may: what the file masks stays masked."""
        before = self.last_step
        self._toggle_band(band)
        self._toggled = self.last_step if self.last_step is not before else None

    def untoggle_band(self) -> None:
        """Take back the last step as if it had not been made, if `toggle_band` made it."""
        if self._notebook is not None and self._toggled is not None and self._toggled is self.last_step:
            self._notebook.drop()
            self._notes_changed(self._notebook)
            self._ask()
        self._toggled = None

    def _toggle_band(self, band: int) -> None:
        if self._galaxy is None or self.note is None:
            return
        name, note = all_bands()[band].name, self.note
        if self._galaxy.reason[0, band] != MaskReason.USED:
            self.said.emit(f"{name} is masked in the file: {MaskReason(self._galaxy.reason[0, band]).text}")
        elif name in note.emission:
            self._mask(emission=tuple(other for other in note.emission if other != name))
        elif name in note.masked:
            self._mask(masked=tuple(other for other in note.masked if other != name))
        else:
            self._mask(masked=(*note.masked, name))

    def mask_emission(self, on: bool) -> None:
        """Mask the bands that emission lines reach, or use them again."""
        if self._galaxy is None:
            return
        reached = self._reached(self._galaxy)[:N_SURVEY_BANDS]
        names = [band.name for band, lines in zip(all_bands(), reached, strict=False) if lines]
        self._mask(emission=tuple(names) if on else ())

    def use_all_bands(self) -> None:
        """Use all bands again that the user masked."""
        self._mask(masked=(), emission=())

    def show_sliders(self, on: bool) -> None:
        """Show the population on the sliders over the galaxy, or do not."""
        self.shows_sliders = on
        self.changed.emit()

    def send_to_sliders(self, name: str) -> None:
        """Put an answer on the sliders of the explorer."""
        answer = self._answers.get(name)
        if answer is None or answer.fitted is None:
            self.said.emit(f"{name} has no answer to put on the sliders")
            return
        population, explorer = answer.fitted.population, self._explorer
        nearest = explorer.library.spectrum(population.log_age, population.metallicity)
        if explorer.state.model.dust != DustSettings():
            explorer.set_law(DustSettings().law)
        explorer.set_population(
            log_age=nearest.log_age,
            metallicity=nearest.metallicity,
            ebv=population.ebv,
            redshift=population.redshift,
            magnitude=float(np.clip(answer.fitted.magnitude, *LIMITS["magnitude"])),
        )
        explorer.end_gesture()
        self.show_sliders(True)
        self.said.emit(f"The answer of {name} is on the sliders")

    def save_galaxy(self, path: Path) -> None:
        """Save the galaxy that is shown: photometry, masks, answers and their SEDs, and where all of it comes from."""
        frame, note, explorer = self.frame(), self.note, self._explorer
        if frame is None or note is None or self.catalogue is None:
            return
        catalogue, answers = self.catalogue, tuple(self._answers.values())
        on_sliders = self._on_sliders(frame.galaxy) if self.shows_sliders else None
        library, filters, dust = explorer.library, explorer.filters, explorer.state.model.dust

        def job() -> tuple[str, ...]:
            # Imported when first needed: astropy's tables would slow down the start.
            from jpas_gui.app.observed_tables import ShownGalaxy, galaxy_tables
            from jpas_gui.core.catalogues.writing import write_tables

            shown = ShownGalaxy(frame, catalogue, note, answers, on_sliders, library, filters, dust)
            return write_tables(galaxy_tables(shown), path)

        self._workers.jobs.submit(job, lambda left_out: self.said.emit(saved_words(path, left_out)), self._failed)

    def save_notes(self) -> None:
        """Save what is noted and not yet on disk."""
        if self._notebook is None or self._notebook.is_saved:
            return
        try:
            self._notebook.save()
        except InputError as error:
            self.problem.emit(str(error))

    def close(self) -> None:
        """Save the notes, and ask for nothing more."""
        self.save_notes()
        self.sources.close()
        self._explorer.changed.disconnect(self._explorer_changed)

    # -- how --------------------------------------------------------------------------------------------------------

    def _for_session(self) -> OpenCatalogue | None:
        catalogue = self.catalogue
        if catalogue is None:
            return None
        path = str(catalogue.path.resolve())
        return OpenCatalogue(
            path,
            catalogue.sampled_sha256,
            catalogue.options,
            self.row or 0,
            self.sources.options.without_predictions(),
            self.shows_sliders,
        )

    def _forget_galaxy(self) -> None:
        self.row, self._galaxy, self._asked, self._answers = None, None, None, {}

    def _show_galaxy(self, galaxies: ObservedGalaxies) -> None:
        self._reading = False
        self._galaxy = galaxies
        self._ask()

    def _reading_failed(self, error: Exception) -> None:
        self._reading = False
        self._forget_galaxy()
        self.changed.emit()
        self._failed(error)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, InputError):
            raise error
        self.problem.emit(str(error))

    def _notes_changed(self, notebook: Notebook) -> None:
        was_beside = notebook.is_beside

        def saved(_: None) -> None:
            if was_beside and not notebook.is_beside:
                self.said.emit(f"Nothing can be written beside the catalogue: its notes are in {notebook.place}")

        self._workers.jobs.submit(notebook.save, saved, self._failed)
        self.sources.refresh()
        self.changed.emit()

    def _show_change(self, notebook: Notebook, change: NoteChange) -> None:
        """Show a galaxy whose note was changed from elsewhere than its own panel."""
        self._notes_changed(notebook)
        if change.row != self.row:
            self.select(change.row)
        elif change.is_of_masks:
            self._ask()
        self.note_shown.emit()

    def _mask(self, **changes: tuple[str, ...]) -> None:
        self.set_note(**changes)
        self._ask()

    def _masked(self, galaxy: ObservedGalaxies) -> ObservedGalaxies:
        """Return the galaxy with what the user masked."""
        note, reason = self.note, galaxy.reason.copy()
        if note is None:
            return galaxy
        for names, why in ((note.emission, MaskReason.EMISSION), (note.masked, MaskReason.BY_HAND)):
            leave_out(reason, names, why)
        return replace(galaxy, reason=reason)

    def _reached(self, galaxy: ObservedGalaxies) -> tuple[tuple[str, ...], ...]:
        return lines_in_bands(self._explorer.filters, float(np.nan_to_num(galaxy.redshift[0])))

    def _on_sliders(self, galaxy: ObservedGalaxies) -> FittedSED | None:
        model = self._explorer.state.model
        parameters = np.array([getattr(model.population, name) for name in PARAMETERS])
        law = attenuation_law(model.dust.law)
        return fitted_sed(galaxy, parameters, self._explorer.library, self._explorer.filters, law, model.dust.r_v)

    def _explorer_changed(self) -> None:
        if self._galaxy is None:
            return
        asked, explorer = self._asked, self._explorer
        if asked is None or (asked.models, asked.exact.library, asked.exact.filters) != (
            explorer.view.models,
            explorer.library,
            explorer.filters,
        ):
            self._ask()
        else:
            self.changed.emit()

    def _ask(self) -> None:
        """Ask the models, then the exact posterior; what is shown waits for neither."""
        if self._galaxy is None:
            return
        explorer, galaxy = self._explorer, self._masked(self._galaxy)
        self.sources.show_masks(galaxy)
        exact = self._asked.exact if self._asked else None
        if exact is None or (exact.library, exact.filters) != (explorer.library, explorer.filters):
            exact = ExactAnalyst(explorer.library, explorer.filters)
        asked = self._asked = _Asked(galaxy, explorer.view.models, exact)
        self._answers = {}
        shelf = self._shelf

        def job() -> tuple[Answer, ...]:
            return tuple(ask_model(galaxy, name, shelf, exact.library, exact.filters) for name in asked.models)

        def use(answers: Sequence[Answer]) -> None:
            self._take(asked, answers)
            self._workers.exact.submit(
                lambda: exact.ask(galaxy), lambda answer: self._take(asked, (answer,)), self._failed
            )

        self._workers.models.submit(job, use, self._failed)
        self.changed.emit()

    def _take(self, asked: _Asked, answers: Sequence[Answer]) -> None:
        if asked is self._asked:
            self._answers |= {answer.name: answer for answer in answers}
            self.changed.emit()
