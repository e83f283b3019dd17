"""Notes on the galaxies of a catalogue: a quality mark, words, and the bands that the user masked."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import Any

import msgspec
from platformdirs import user_data_path

from jpas_gui.app.history import History, Step
from jpas_gui.core.catalogues.hand_masks import HandMask
from jpas_gui.core.damage import damage_told
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import replacing
from jpas_gui.core.locks import LockedError, held_for

NOTES_VERSION = 1

_PATIENCE = 5.0
"""Seconds to wait for another window that writes its notes."""


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

    Of the two the newer one counts. Several windows may have the notes of one catalogue open: each saves the rows that
    it changed, and takes over those of the others then.

    Raises
    ------
    InputError
        If there is a file of notes that cannot be read.
    """

    def __init__(self, catalogue: Path, user_folder: Path | None = None) -> None:
        folder = user_folder or user_data_path("jpas-gui") / "notes"
        digest = hashlib.sha256(os.fsencode(catalogue.resolve())).hexdigest()[:12]
        self._places = (
            catalogue.with_name(f"{catalogue.name}.notes.json"),
            folder / f"{catalogue.name}.{digest}.notes.json",
        )
        self.place = self._places[0]
        """Where the notes were saved last, or are to be."""
        self._of_others: Mapping[int, Note] = _newest(self._places)
        self._history: History[Mapping[int, Note]] = History(self._of_others)
        self._changed: frozenset[int] = frozenset()
        self._saved = self._notes = self._history.present
        self._merging = Lock()  # `save` may run beside changes: the last one to merge must see all of them

    def _merge(self) -> None:
        with self._merging:
            self._notes = _merged(self._of_others, self._history.present, self._changed)

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
        note, before = replace(self.note(row, name), **changes), self._notes.get(row)
        if row not in self._changed and before != self._history.present.get(row):
            self._history.rebase(lambda notes: _with_note(notes, row, before))  # another window noted it
        self._changed |= {row}
        self._history.push(_with_note(self._history.present, row, None if note.is_empty else note))
        self._merge()
        return note

    def drop(self) -> None:
        """Take back the last change, as if it had not been made. `save` puts that on disk."""
        self._history.drop()
        self._merge()

    def undo(self) -> None:
        """Take back the last change. `save` puts that on disk."""
        self._history.undo()
        self._merge()

    def redo(self) -> None:
        """Make the change again that was taken back last. `save` puts that on disk."""
        self._history.redo()
        self._merge()

    @property
    def is_beside(self) -> bool:
        """Whether the notes are beside the catalogue, not in the user's data folder."""
        return self.place == self._places[0]

    @property
    def is_saved(self) -> bool:
        """Whether all notes are on disk."""
        return self._history.present is self._saved

    def save(self) -> None:
        """Write all notes to disk, together with those that other windows have written meanwhile.

        Raises
        ------
        InputError
            If they cannot be written anywhere, or those on disk cannot be read.
        """
        present, changed = self._history.present, self._changed
        self._of_others, self.place = _write(present, changed, self._places)
        self._saved = present
        self._merge()


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
    with damage_told(path, "the notes on this catalogue cannot be read: move the file away", with_reason=True):
        content = msgspec.json.decode(path.read_bytes(), type=_NotesFile)
    if content.version > NOTES_VERSION:
        raise InputError(f"{path}: notes of a newer jpas-gui (version {content.version}): update the program")
    return content.notes


def _newest(places: tuple[Path, Path]) -> Mapping[int, Note]:
    """Return the notes that were written last; none where there are none."""
    there = [path for path in places if path.is_file()]
    return _read(max(there, key=lambda path: path.stat().st_mtime_ns)) if there else {}


def _with_note(notes: Mapping[int, Note], row: int, note: Note | None) -> Mapping[int, Note]:
    """Return the notes with another one, or none, on a row."""
    others = {key: value for key, value in notes.items() if key != row}
    return others if note is None else others | {row: note}


def _merged(others: Mapping[int, Note], own: Mapping[int, Note], changed: frozenset[int]) -> Mapping[int, Note]:
    """Return the notes of others, but of the rows that were changed here the own ones."""
    kept = {row: note for row, note in others.items() if row not in changed}
    return kept | {row: note for row, note in own.items() if row in changed}


def _write(
    notes: Mapping[int, Note], changed: frozenset[int], places: tuple[Path, Path]
) -> tuple[Mapping[int, Note], Path]:
    """Write the rows that were changed, and return all notes and where they are."""
    beside, own = places
    try:
        return _write_to(beside, notes, changed, places), beside
    except _PlaceError:
        pass
    try:
        own.parent.mkdir(parents=True, exist_ok=True)
        return _write_to(own, notes, changed, places), own
    except (OSError, _PlaceError) as error:
        raise InputError(f"{own.parent}: cannot be written ({error}): no notes are saved") from error


def _write_to(
    path: Path, notes: Mapping[int, Note], changed: frozenset[int], places: tuple[Path, Path]
) -> Mapping[int, Note]:
    try:
        with held_for(path.with_name(f".{path.name}.lock"), _PATIENCE):
            merged = _merged(_newest(places), notes, changed)
            text = msgspec.json.format(msgspec.json.encode(_NotesFile(NOTES_VERSION, dict(merged))))
            try:
                _put(text, path)
            except InputError as error:
                raise _PlaceError(str(error)) from error
            return merged
    except LockedError:
        raise InputError(f"{path}: another program is writing it: the notes are not saved yet") from None
    except OSError as error:
        raise _PlaceError(error.strerror or str(error)) from error


class _PlaceError(Exception):
    """Nothing can be written at a place."""


def _put(text: bytes, path: Path) -> None:
    with replacing(path) as temporary:
        temporary.write_bytes(text)
