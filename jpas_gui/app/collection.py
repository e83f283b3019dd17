"""The controller of the collection of libraries, models and filter curves: list, add, convert, fetch, remove."""

import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from psygnal import Signal

from jpas_gui.app.collection_entries import Entry, Kind, Status, all_entries
from jpas_gui.app.explorer import Background, Explorer
from jpas_gui.app.file_kinds import FileKind, kind_of
from jpas_gui.core.catalogues.writing import check_output
from jpas_gui.core.downloads.getting import get_filters, get_library
from jpas_gui.core.downloads.transfer import Progress
from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.model_summary import add_model
from jpas_gui.core.ssp.catalogue import add_library, known_libraries, load_library
from jpas_gui.core.ssp.library import SSPLibrary
from jpas_gui.core.ssp.native import write_library
from jpas_gui.core.ssp.reading import UnreadableModels, library_variants, read_library


class _StoppedError(Exception):
    """The user does not wait for the rest of a file any more."""


class Fetching:
    """How far a download is: written by the worker, looked at now and then by whoever shows it.

    Parameters
    ----------
    name, unit : str
        What is fetched, and in what: ``"B"`` or ``"bands"``.
    stop : Event
        Ends it.
    """

    def __init__(self, name: str, unit: str, stop: threading.Event) -> None:
        self.name, self.unit = name, unit
        self.total: float | None = None
        self.done = 0.0
        self._stop = stop

    def update(self, n: float, /) -> None:
        """Take note that `n` more came."""
        self.done += n
        if self._stop.is_set():
            raise _StoppedError

    def close(self) -> None:
        """Take note that this was all."""

    @property
    def text(self) -> str:
        """How far it is, in a line."""
        if self.unit != "B":
            return f"{self.name}: {self.done:.0f} of {self.total or 0:.0f} {self.unit}"
        of_all = f" of {self.total / 1e6:.1f}" if self.total else ""
        return f"{self.name}: {self.done / 1e6:.1f}{of_all} MB"


class Collection:
    """What is known, and what the user does with it; everything is done by a worker, one thing after the other.

    Parameters
    ----------
    worker : Background
        One thread, of its own.
    explorer : Explorer
        Knows what was opened, and uses what is chosen.

    Attributes
    ----------
    changed : Signal
        Something has begun or ended.
    listed : Signal
        There are other entries.
    problem, said : Signal(str)
    variants_found : Signal(Path, tuple of str)
        Several libraries lie there: add one of them.
    unreadable : Signal(UnreadableModels, Path, str)
        Some files of a library cannot be used: add it without them.
    model_added : Signal(Path)
    entries : tuple of Entry
    fetching : Fetching, optional
        The download that is under way.
    """

    changed = Signal()
    listed = Signal()
    problem = Signal(str)
    said = Signal(str)
    variants_found = Signal(object, object)
    unreadable = Signal(object, object, str)
    model_added = Signal(object)

    def __init__(self, worker: Background, explorer: Explorer) -> None:
        self._worker, self._explorer = worker, explorer
        self._stop = threading.Event()
        self._waiting: list[str] = []
        self.entries: tuple[Entry, ...] = ()
        self.fetching: Fetching | None = None

    @property
    def is_busy(self) -> bool:
        """Whether something is under way."""
        return bool(self._waiting)

    @property
    def doing(self) -> str:
        """What is under way, in words."""
        return self._waiting[0] if self._waiting else ""

    @property
    def titles(self) -> dict[str, str]:
        """Titles of the libraries that the program can load by name."""
        found = (one for one in self.entries if one.kind is Kind.LIBRARY)
        return {one.name: one.title for one in found if one.status in (Status.SHIPPED, Status.OWN)}

    # -- what the user does -----------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Look again at what there is."""
        shelf, models = self._explorer.shelf, self._explorer.view.models
        opened = []
        for library in shelf.loaded:
            files = shelf.files((library.name,))
            opened.append((library, Path(files[0].path) if files else None))

        def use(entries: tuple[Entry, ...]) -> None:
            self.entries = entries
            self.listed.emit()

        self._run("Looking at libraries and models", lambda: all_entries(opened, models), use)

    def add(self, path: Path, variant: str | None = None, skip_unreadable: bool = False) -> None:
        """Add a model's folder, or a library in any format that can be read, to those that the program keeps."""
        if kind_of(path) is FileKind.MODEL:
            self._run(f"Adding {path}", lambda: add_model(path), self._model_added)
            return

        def job() -> Path | tuple[str, ...]:
            variants = library_variants(path) if variant is None else ()
            if len(variants) > 1:
                return variants
            return _add(read_library(path, variant, skip_unreadable))

        def use(found: Path | tuple[str, ...]) -> None:
            if isinstance(found, tuple):
                self.variants_found.emit(path, found)
            else:
                self.said.emit(f"Added: {found}")
                self.refresh()

        def failed(error: Exception) -> None:
            if isinstance(error, UnreadableModels):
                self.unreadable.emit(error, path, variant or "")
            else:
                self._say(error)

        self._run(f"Adding {path}", job, use, failed)

    def convert(self, entry: Entry, output: Path) -> None:
        """Write a library that is at hand into a file of the program's own format.

        Raises
        ------
        InputError
            If the output cannot be one.
        """
        check_output(output, (".h5", ".hdf5"))
        loaded = self._loaded(entry.name)

        def job() -> None:
            write_library(loaded or load_library(entry.name), output)

        self._run(f"Converting {entry.title}", job, lambda _: self.said.emit(f"Saved: {output.resolve()}"))

    def remove(self, entry: Entry) -> None:
        """Delete a library, a model or filter curves of the user's own."""
        if entry.path is None or not entry.is_removable:
            self.problem.emit(f"{entry.title}: only what you added can be removed")
            return
        path = entry.path

        def use(_: None) -> None:
            if entry.kind is Kind.MODEL:
                models = tuple(model for model in self._explorer.view.models if model != entry.name)
                self._explorer.set_view(models=models)
            self.said.emit(f"Removed: {path}")
            self.refresh()

        self._run(f"Removing {entry.title}", lambda: _delete(path), use)

    def fetch(self, entry: Entry) -> None:
        """Download a library or filter curves; one that was cut off goes on where it was."""
        download = entry.download
        if download is None:
            self.problem.emit(f"{entry.title}: it has no address of its own; see {entry.url}")
            return
        stop = self._stop = threading.Event()

        def progress(name: str, unit: str) -> Progress:
            self.fetching = Fetching(name, unit, stop)
            return self.fetching

        def job() -> str:
            if download.kind == "filters":
                return str(get_filters(download, progress))
            return str(get_library(download, progress)[1])

        def use(where: str) -> None:
            self.said.emit(f"Fetched: {where}")
            self.refresh()

        def failed(error: Exception) -> None:
            if isinstance(error, _StoppedError):
                self.said.emit(f"Stopped: get {entry.name} again to go on")
            else:
                self._say(error)

        self._run(f"Fetching {entry.title}", job, use, failed)

    def stop(self) -> None:
        """Stop the download that is under way; what came is kept."""
        self._stop.set()

    def use(self, entry: Entry) -> None:
        """Use a library, a model or filter curves in the explorer."""
        explorer = self._explorer
        if entry.kind is Kind.LIBRARY:
            explorer.choose_library(entry.name)
        elif entry.kind is Kind.MODEL:
            explorer.set_view(models=tuple(dict.fromkeys((*explorer.view.models, entry.name))))
        elif entry.path is None:
            explorer.use_official_filters()
        else:
            explorer.open_filters(entry.path)

    # -- how --------------------------------------------------------------------------------------------------------

    def _loaded(self, name: str) -> SSPLibrary | None:
        shelf = self._explorer.shelf
        return shelf.library(name) if shelf.has(name) else None

    def _model_added(self, path: Path) -> None:
        self.model_added.emit(path)
        self.said.emit(f"Added: {path}")
        self.refresh()

    def _run(
        self,
        what: str,
        job: Callable[[], Any],
        use: Callable[[Any], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        def ended(follow: Callable[[Any], None], answer: Any) -> None:
            self._waiting.pop(0)
            self.fetching = None
            follow(answer)
            self.changed.emit()

        self._waiting.append(what)
        self.changed.emit()
        self._worker.submit(job, lambda answer: ended(use, answer), lambda error: ended(failed or self._say, error))

    def _say(self, error: Exception) -> None:
        if not isinstance(error, InputError):
            raise error
        self.problem.emit(str(error))


def _add(library: SSPLibrary) -> Path:
    """Keep a library under a name of its own."""
    taken, name, number = {entry.name for entry in known_libraries()}, library.name, 1
    while name in taken:
        number += 1
        name = f"{library.name}-{number}"
    title = library.title if number == 1 else f"{library.title} ({number})"
    return add_library(replace(library, name=name, title=title))


def _delete(path: Path) -> None:
    try:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    except OSError as error:
        raise InputError(f"{path}: cannot be removed ({error.strerror or error})") from error
