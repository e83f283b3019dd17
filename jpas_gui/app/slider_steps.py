"""Undo and redo of what the sliders say, step by step where they are seen."""

from collections.abc import Callable
from dataclasses import fields
from enum import Enum

from jpas_gui.app.explorer import Explorer
from jpas_gui.app.history import Step
from jpas_gui.app.state import ExplorerState, Model, Pin
from jpas_gui.core.evaluation.labels import LABELS as SYMBOLS
from jpas_gui.core.populations import LABELS, StellarPopulation


class Part(Enum):
    """A part of what the explorer shows, that a step can change."""

    LIBRARY = "library"
    DUST = "dust law"
    POPULATION = "sliders"
    NOISE = "noise"
    DRAW = "noise draw"
    PINS = "pins"


class SliderSteps:
    """The steps of the explorer, as far as a tab shows what they change.

    Parameters
    ----------
    explorer : Explorer
    sees : callable, optional
        Whether a step is seen on the tab: one that is not can neither be undone there nor those before it.
    """

    def __init__(self, explorer: Explorer, sees: Callable[[Step[ExplorerState]], bool] = lambda _: True) -> None:
        self._explorer, self._sees = explorer, sees

    @property
    def undoable(self) -> Step[ExplorerState] | None:
        """The step that would be undone."""
        return self._seen(self._explorer.last_step)

    @property
    def redoable(self) -> Step[ExplorerState] | None:
        """The step that would be done again."""
        return self._seen(self._explorer.next_step)

    @property
    def undo_name(self) -> str:
        """What would be undone, in words."""
        return step_name(self.undoable) if self.undoable else ""

    @property
    def redo_name(self) -> str:
        """What would be done again, in words."""
        return step_name(self.redoable) if self.redoable else ""

    def undo(self) -> None:
        """Go back one step, if there is one that is seen."""
        if self.undoable:
            self._explorer.undo()

    def redo(self) -> None:
        """Take back one undo, if there is one that is seen."""
        if self.redoable:
            self._explorer.redo()

    def _seen(self, step: Step[ExplorerState] | None) -> Step[ExplorerState] | None:
        return step if step is not None and self._sees(step) else None


def changed_parts(step: Step[ExplorerState]) -> frozenset[Part]:
    """Return the parts that a step changes."""
    before, after = step.before, step.after
    changes = {
        Part.LIBRARY: before.model.library != after.model.library,
        Part.DUST: before.model.dust != after.model.dust,
        Part.POPULATION: before.model.population != after.model.population,
        Part.NOISE: before.noise != after.noise,
        Part.DRAW: before.seed != after.seed,
        Part.PINS: before.pins != after.pins,
    }
    return frozenset(part for part, is_changed in changes.items() if is_changed)


def step_name(step: Step[ExplorerState]) -> str:
    """Return what a step changed, in the words that its widgets have."""
    parts = changed_parts(step)
    before, after = step.before.model, step.after.model
    if parts == {Part.PINS}:
        return _pins_name(step.before.pins, step.after.pins)
    if Part.PINS in parts:
        return "session"  # nothing else changes pins and sliders at once
    if Part.LIBRARY in parts and not parts & {Part.NOISE, Part.DRAW}:
        return "library"  # the sliders follow its limits
    if parts == {Part.POPULATION}:
        return _population_name(before.population, after.population)
    if parts == {Part.DUST}:
        return _dust_name(before, after)
    return " and ".join(part.value for part in Part if part in parts)


def _population_name(before: StellarPopulation, after: StellarPopulation) -> str:
    names = [field.name for field in fields(before) if getattr(before, field.name) != getattr(after, field.name)]
    return ", ".join(SYMBOLS[name].symbol if name in SYMBOLS else LABELS[name] for name in names)


def _dust_name(before: Model, after: Model) -> str:
    return "dust law" if before.dust.law != after.dust.law else "R_V"


def _pins_name(before: tuple[Pin, ...], after: tuple[Pin, ...]) -> str:
    removed = [pin.number for pin in before if pin not in after]
    added = [pin.number for pin in after if pin not in before]
    if len(removed) > 1:
        return "removal of all pins"
    return f"pin {added[0]}" if added else f"removal of pin {removed[0]}"
