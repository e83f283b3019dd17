"""Undo and redo of immutable states."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, Generic, Protocol, TypeVar

State = TypeVar("State")

MAX_STEPS = 200


class Undoable(Protocol):
    """What undo and redo go through."""

    @property
    def undo_name(self) -> str:
        """What would be undone, in words; empty where there is nothing."""

    @property
    def redo_name(self) -> str:
        """What would be done again, in words; empty where there is nothing."""

    def undo(self) -> None:
        """Go back one step, if there is one."""

    def redo(self) -> None:
        """Take back one undo, if there is one."""


@dataclass(frozen=True)
class Step(Generic[State]):
    """A change: what was before and after it, and its number among the steps of all histories."""

    before: State
    after: State
    number: int


_NUMBERS = count()


class Steps(Undoable, Protocol):
    """Steps of one history, whose place among those of others is known."""

    @property
    def undoable(self) -> Step[Any] | None:
        """The step that would be undone."""

    @property
    def redoable(self) -> Step[Any] | None:
        """The step that would be done again."""


class Together:
    """Several histories as one: the step that was made last is undone first.

    Parameters
    ----------
    parts : sequence of Steps
    """

    def __init__(self, parts: Sequence[Steps]) -> None:
        self._parts = tuple(parts)

    @property
    def undo_name(self) -> str:
        """What would be undone, in words; empty where there is nothing."""
        part = self._part_to_undo()
        return part.undo_name if part else ""

    @property
    def redo_name(self) -> str:
        """What would be done again, in words; empty where there is nothing."""
        part = self._part_to_redo()
        return part.redo_name if part else ""

    def undo(self) -> None:
        """Go back one step, if there is one."""
        part = self._part_to_undo()
        if part:
            part.undo()

    def redo(self) -> None:
        """Take back one undo, if there is one."""
        part = self._part_to_redo()
        if part:
            part.redo()

    def _part_to_undo(self) -> Steps | None:
        numbers = [(part.undoable.number, part) for part in self._parts if part.undoable]
        return max(numbers, key=lambda pair: pair[0])[1] if numbers else None

    def _part_to_redo(self) -> Steps | None:
        numbers = [(part.redoable.number, part) for part in self._parts if part.redoable]
        return min(numbers, key=lambda pair: pair[0])[1] if numbers else None


class History(Generic[State]):
    """The steps that were made, the present state and the steps that were undone.

    Changes of one gesture (a drag of one slider) are one step: they share a key until `end_gesture`.
    """

    def __init__(self, state: State) -> None:
        self._past: list[Step[State]] = []
        self._present = state
        self._future: list[Step[State]] = []
        self._gesture: str | None = None

    @property
    def present(self) -> State:
        """The state now."""
        return self._present

    @property
    def undoable(self) -> Step[State] | None:
        """The step that would be undone."""
        return self._past[-1] if self._past else None

    @property
    def redoable(self) -> Step[State] | None:
        """The step that would be done again."""
        return self._future[-1] if self._future else None

    def push(self, state: State, gesture: str | None = None) -> None:
        """Make `state` the present one.

        Parameters
        ----------
        gesture : str, optional
            Successive changes with the same key are one step.
        """
        if state == self._present:
            return
        before = self._present
        if gesture is not None and gesture == self._gesture:
            before = self._past.pop().before
        self._present = state
        self._future.clear()
        if state == before:  # the gesture came back to where it began
            self._gesture = None
            return
        self._past.append(Step(before, state, next(_NUMBERS)))
        del self._past[:-MAX_STEPS]
        self._gesture = gesture

    def rebase(self, change: Callable[[State], State]) -> None:
        """Make a change that was made elsewhere in all states: it is no step."""
        self._present = change(self._present)
        for steps in (self._past, self._future):
            steps[:] = [replace(step, before=change(step.before), after=change(step.after)) for step in steps]

    def end_gesture(self) -> None:
        """Let the next change be a step of its own."""
        self._gesture = None

    def drop(self) -> None:
        """Go back one step, if there is one, as if it had not been made."""
        if self._past:
            self._present = self._past.pop().before
            self._gesture = None

    def undo(self) -> None:
        """Go back one step, if there is one."""
        if self._past:
            self._future.append(self._past.pop())
            self._present = self._future[-1].before
            self._gesture = None

    def redo(self) -> None:
        """Take back one undo, if there is one."""
        if self._future:
            self._past.append(self._future.pop())
            self._present = self._past[-1].after
            self._gesture = None
