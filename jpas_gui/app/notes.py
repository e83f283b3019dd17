"""Notes on the galaxies of a catalogue: a quality mark, words, and the bands that the user masked."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec
from platformdirs import user_data_path

from jpas_gui.app.history import History, Step
from jpas_gui.core.catalogues.hand_masks import HandMask
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import replacing

NOTES_VERSION = 1


class Quality(StrEnum):
    """How good the user finds a galaxy."""

    NONE = ""
    GOOD = "good"
    DOUBTFUL = "doubtful"
    BAD = "bad"


@dataclass(frozen=True)
class Note:
    """What the user noted on one galaxy.

    Parameters
    ----------
    name : str
        Of the galaxy: a note of another one, which the row once was, is not shown.
    masked, emission : tuple of str
        Bands that are not to be used, masked one by one or because emission lines reach them.
    """

    name: str
    quality: Quality = Quality.NONE
    text: str = ""
    masked: tuple[str, ...] = ()
    emission: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is noted."""
        return not (self.quality or self.text or self.masked or self.emission)


class Notebook:
    """The notes on a catalogue, in a JSON file beside it, or in the user's data folder where that is not allowed.

    Raises
    ------
    InputError
        If there is a file of notes that cannot be read.
    """

    def __init__(self, catalogue: Path, user_folder: Path | None = None) -> None:
        folder = user_folder or user_data_path("jpas-gui") / "notes"
        digest = hashlib.sha256(str(catalogue.resolve()).encode()).hexdigest()[:12]
        self._places = (
            catalogue.with_name(f"{catalogue.name}.notes.json"),
            folder / f"{catalogue.name}.{digest}.notes.json",
        )
        notes = next((_read(path) for path in self._places if path.is_file()), {})
        self._history: History[Mapping[int, Note]] = History(notes)
        self._saved = self._notes

    @property
    def _notes(self) -> Mapping[int, Note]:
        return self._history.present

    @property
    def last_step(self) -> Step[Mapping[int, Note]] | None:
        """The step that `undo` takes back; its states are all notes, by row."""
        return self._history.undoable

    @property
    def next_step(self) -> Step[Mapping[int, Note]] | None:
        """The step that `redo` does again."""
        return self._history.redoable

    def note(self, row: int, name: str) -> Note:
        """Return the note on a galaxy; an empty one where there is none."""
        found = self._notes.get(row)
        return found if found is not None and found.name == name else Note(name)

    def rows(self) -> tuple[int, ...]:
        """Return the rows that have a note."""
        return tuple(self._notes)

    def quality(self, row: int) -> Quality:
        """Return the mark of a row."""
        found = self._notes.get(row)
        return found.quality if found else Quality.NONE

    def hand_masks(self) -> tuple[HandMask, ...]:
        """Return the bands that are not to be used, of all galaxies that have any, in the order of their rows."""
        return _hand_masks(self._notes)

    def change(self, row: int, name: str, **changes: Any) -> Note:
        """Change parts of a note, and return it. `save` puts it on disk."""
        note = replace(self.note(row, name), **changes)
        notes = {key: value for key, value in self._notes.items() if key != row}
        self._history.push(notes if note.is_empty else notes | {row: note})
        return note

    def undo(self) -> None:
        """Take back the last change. `save` puts that on disk."""
        self._history.undo()

    def redo(self) -> None:
        """Make the change again that was taken back last. `save` puts that on disk."""
        self._history.redo()

    @property
    def is_saved(self) -> bool:
        """Whether all notes are on disk."""
        return self._notes is self._saved

    def save(self) -> None:
        """Write all notes to disk.

        Raises
        ------
        InputError
            If they cannot be written anywhere.
        """
        notes = self._notes
        _write(notes, self._places)
        self._saved = notes


def read_hand_masks(path: Path) -> tuple[HandMask, ...]:
    """Return the bands that are masked by hand in a file of notes.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    return _hand_masks(_read(path))


def _hand_masks(notes: Mapping[int, Note]) -> tuple[HandMask, ...]:
    masked = ((row, notes[row], (*notes[row].masked, *notes[row].emission)) for row in sorted(notes))
    return tuple(HandMask(row, note.name, bands) for row, note, bands in masked if bands)


@dataclass(frozen=True)
class _NotesFile:
    version: int
    notes: dict[int, Note]


def _read(path: Path) -> Mapping[int, Note]:
    try:
        content = msgspec.json.decode(path.read_bytes(), type=_NotesFile)
    except (OSError, msgspec.DecodeError) as error:
        raise InputError(f"{path}: the notes on this catalogue cannot be read ({error}): move the file away") from error
    if content.version > NOTES_VERSION:
        raise InputError(f"{path}: notes of a newer jpas-gui (version {content.version}): update the program")
    return content.notes


def _write(notes: Mapping[int, Note], places: tuple[Path, Path]) -> None:
    text = msgspec.json.format(msgspec.json.encode(_NotesFile(NOTES_VERSION, dict(notes))))
    beside, own = places
    try:
        _put(text, beside)
    except InputError:
        try:
            own.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"{own.parent}: cannot be made ({error.strerror or error}): no notes are saved") from error
        _put(text, own)


def _put(text: bytes, path: Path) -> None:
    with replacing(path) as temporary:
        temporary.write_bytes(text)
