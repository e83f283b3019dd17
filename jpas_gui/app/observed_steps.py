"""Undo and redo where a galaxy is seen: its masks, mark and note, and the sliders that are shown over it."""

from collections.abc import Mapping

from jpas_gui.app.explorer import Explorer
from jpas_gui.app.history import Step, Together
from jpas_gui.app.note_steps import note_change
from jpas_gui.app.notes import Note
from jpas_gui.app.observed import ObservedController
from jpas_gui.app.slider_steps import Part, SliderSteps, changed_parts
from jpas_gui.app.state import ExplorerState
from jpas_gui.core.inference.parameters import PARAMETERS


def observed_steps(controller: ObservedController, explorer: Explorer) -> Together:
    """Return the steps that are seen where a galaxy is: those of the catalogue's notes, and those of the sliders.

    A step of the sliders is seen while they are shown over the galaxy, if it changes nothing but what they say of age,
    metallicity and dust.
    """
    sliders = SliderSteps(explorer, lambda step: controller.shows_sliders and _moves_sliders(step))
    return Together((NoteSteps(controller), sliders))


class NoteSteps:
    """The steps of the open catalogue's notes; each is undone on the galaxy on which it was made, which is then shown.

    Parameters
    ----------
    controller : ObservedController
    """

    def __init__(self, controller: ObservedController) -> None:
        self._controller = controller

    @property
    def undoable(self) -> Step[Mapping[int, Note]] | None:
        """The step that would be undone."""
        return self._controller.last_step

    @property
    def redoable(self) -> Step[Mapping[int, Note]] | None:
        """The step that would be done again."""
        return self._controller.next_step

    @property
    def undo_name(self) -> str:
        """What would be undone, in words, with the galaxy where it is not the one that is shown."""
        return self._name(self.undoable)

    @property
    def redo_name(self) -> str:
        """What would be done again, in words, with the galaxy where it is not the one that is shown."""
        return self._name(self.redoable)

    def undo(self) -> None:
        """Go back one step, if there is one."""
        self._controller.undo()

    def redo(self) -> None:
        """Take back one undo, if there is one."""
        self._controller.redo()

    def _name(self, step: Step[Mapping[int, Note]] | None) -> str:
        if step is None:
            return ""
        change = note_change(step)
        elsewhere = f" of galaxy {change.after.name}" if change.row != self._controller.row else ""
        return f"{change.name}{elsewhere}"


def _moves_sliders(step: Step[ExplorerState]) -> bool:
    """Whether a step changes nothing but the population, and something of it that a galaxy does not decide."""
    before, after = step.before.model.population, step.after.model.population
    is_moved = any(getattr(before, name) != getattr(after, name) for name in PARAMETERS)
    return changed_parts(step) == {Part.POPULATION} and is_moved
