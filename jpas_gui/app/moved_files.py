"""Files of a session that are not where they were: which, where they may be, and the session without them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from jpas_gui.app.state import ExplorerState, LibraryFile, Model, Session, UsedFile
from jpas_gui.core.photometry.noise_settings import NoiseSettings

Places = Mapping[str, str | None]
"""Where files lie now, by where a session says that they do; None where the user goes on without one."""


@dataclass(frozen=True)
class MissingFile:
    """A file or folder of a session that is not there.

    Parameters
    ----------
    what : str
        What it is, for people.
    path : str
        Where it was.
    """

    what: str
    path: str

    @property
    def is_folder(self) -> bool:
        """Whether it was a folder, as far as its name tells: that of ``BC03_v1.2`` ends in a number."""
        suffix = Path(self.path).suffix
        return not suffix[1:2].isalpha()


def missing_files(session: Session, needed: Collection[LibraryFile]) -> tuple[MissingFile, ...]:
    """Return what a session needs and does not find.

    Parameters
    ----------
    needed : collection of LibraryFile
        The libraries that have to be read.
    """
    wanted = [(f"the library {file.name!r}", file.path) for file in needed]
    if session.filters is not None:
        wanted.append(("the filter curves", session.filters.path))
    if session.noise is not None:
        wanted.append(("the measured errors", session.noise.path))
    if session.observed is not None:
        wanted.append(("the catalogue", session.observed.path))
    return tuple(MissingFile(what, path) for what, path in wanted if not Path(path).exists())


def guessed_places(missing: Collection[MissingFile], places: Places, session_folder: Path) -> dict[str, str]:
    """Return where missing files probably are: beside others that were found, or beside the session."""
    moved = {Path(old).parent: Path(new).parent for old, new in places.items() if new is not None}
    found = {}
    for file in missing:
        path = Path(file.path)
        for folder in (moved.get(path.parent), session_folder):
            if folder is not None and (folder / path.name).exists():
                found[file.path] = str(folder / path.name)
                break
    return found


def with_places(session: Session, places: Places) -> Session:
    """Return the session with its files where they lie now, and without those that are not to be found."""
    libraries = [(file, place_of(file.path, places)) for file in session.libraries]
    gone = {file.name for file, place in libraries if place is None}
    observed, noise, against = session.observed, _moved(session.noise, places), session.degeneracies.against
    place = place_of(observed.path, places) if observed is not None else None
    return replace(
        session,
        explorer=_explorer(session, noise, gone),
        libraries=tuple(replace(file, path=place) for file, place in libraries if place is not None),
        filters=_moved(session.filters, places),
        noise=noise,
        observed=None if observed is None or place is None else replace(observed, path=place),
        degeneracies=replace(session.degeneracies, against="" if against in gone else against),
    )


def left_out(session: Session, places: Places) -> tuple[str, ...]:
    """Return what of a session is not shown for want of files, in words."""
    gone = [file for file in session.libraries if place_of(file.path, places) is None]
    names = {file.name for file in gone}
    lost = [f"the library {file.name!r} ({file.path})" for file in gone]
    lost += [f"its pin {pin.number}" for pin in session.explorer.pins if pin.model.library in names]
    others = (("filter curves", session.filters), ("measured errors", session.noise), ("catalogue", session.observed))
    lost += [
        f"the {what} ({file.path})" for what, file in others if file is not None and place_of(file.path, places) is None
    ]
    return tuple(lost)


def place_of(path: str, places: Places) -> str | None:
    """Return where a file lies now; None where the user goes on without it."""
    place: str | None = path
    seen: set[str] = set()
    while place is not None and place in places and place not in seen:  # a file may be back where it was
        seen.add(place)
        place = places[place]
    return place


def _moved(file: UsedFile | None, places: Places) -> UsedFile | None:
    place = None if file is None else place_of(file.path, places)
    return None if file is None or place is None else replace(file, path=place)


def _explorer(session: Session, noise: UsedFile | None, gone: Collection[str]) -> ExplorerState:
    state = session.explorer
    if session.noise is not None:
        survey = NoiseSettings().survey if noise is None else noise.path
        state = replace(state, noise=replace(state.noise, survey=survey))
    if state.model.library in gone:
        state = replace(state, model=replace(state.model, library=Model().library))
    return replace(state, pins=tuple(pin for pin in state.pins if pin.model.library not in gone))
