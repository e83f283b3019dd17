"""Undo and redo of immutable states."""

from typing import Generic, TypeVar

State = TypeVar("State")

MAX_STEPS = 200


class History(Generic[State]):
    """The states that were, the present one and those undone.

    Changes of one gesture (a drag of one slider) are one step: they share a key until `end_gesture`.
    """

    def __init__(self, state: State) -> None:
        self._past: list[State] = []
        self._present = state
        self._future: list[State] = []
        self._gesture: str | None = None

    @property
    def present(self) -> State:
        """The state now."""
        return self._present

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to undo."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to redo."""
        return bool(self._future)

    def push(self, state: State, gesture: str | None = None) -> None:
        """Make `state` the present one.

        Parameters
        ----------
        gesture : str, optional
            Successive changes with the same key are one step.
        """
        if state == self._present:
            return
        if gesture is None or gesture != self._gesture:
            self._past.append(self._present)
            del self._past[:-MAX_STEPS]
        self._gesture = gesture
        self._present = state
        self._future.clear()

    def end_gesture(self) -> None:
        """Let the next change be a step of its own."""
        self._gesture = None

    def undo(self) -> None:
        """Go back one step, if there is one."""
        if self._past:
            self._future.append(self._present)
            self._present = self._past.pop()
            self._gesture = None

    def redo(self) -> None:
        """Take back one undo, if there is one."""
        if self._future:
            self._past.append(self._present)
            self._present = self._future.pop()
            self._gesture = None
