"""What one step of the notes on a catalogue changed, in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from jpas_gui.app.history import Step
from jpas_gui.app.notes import Note


@dataclass(frozen=True)
class NoteChange:
    """The note on one galaxy, before and after a step.

    Parameters
    ----------
    row : int
        Of the galaxy.
    before, after : Note
    """

    row: int
    before: Note
    after: Note

    @property
    def is_of_masks(self) -> bool:
        """Whether other bands are masked."""
        return (self.before.masked, self.before.emission) != (self.after.masked, self.after.emission)

    @property
    def name(self) -> str:
        """What was changed: masks, the mark or the words."""
        before, after = self.before, self.after
        if self.is_of_masks:
            return _name_of_masks({*before.masked}, {*after.masked}, {*before.emission}, {*after.emission})
        if before.quality is not after.quality:
            return f"mark {after.quality.value}" if after.quality else f"removal of the mark {before.quality.value}"
        return "note"


def note_change(step: Step[Mapping[int, Note]]) -> NoteChange:
    """Return what a step of all notes, by row, changed: the note on one galaxy."""
    before, after = step.before, step.after
    row = next(row for row in {**before, **after} if before.get(row) != after.get(row))
    name = (before.get(row) or after[row]).name
    return NoteChange(row, before.get(row, Note(name)), after.get(row, Note(name)))


def _name_of_masks(before: set[str], after: set[str], lines_before: set[str], lines_after: set[str]) -> str:
    was, now = before | lines_before, after | lines_after
    if len(now ^ was) == 1:
        (band,) = now ^ was
        return f"mask of {band}" if band in now else f"use of {band}"
    if before and not now:
        return "use of all bands"
    return "mask of emission lines" if lines_after else "use of bands with emission lines"
