"""Opening files in the window: which kind they are, and what is asked about them."""

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QWidget

from jpas_gui.app.explorer import Explorer
from jpas_gui.app.file_kinds import FileKind, kind_of
from jpas_gui.app.moved_files import MissingFile, guessed_places
from jpas_gui.core.catalogues.opening import OpeningOptions
from jpas_gui.core.ssp.reading import UnreadableModels
from jpas_gui.views.dialogs.dialogs import Dialogs

SESSION_FORMATS = "Session of jpas-gui (*.json)"
CATALOGUE_FORMATS = (
    "Catalogues (*.fits *.fits.gz *.fits.fz *.parquet *.npy *.csv *.tsv *.txt *.cat *.ecsv *.vot *.xml);;All files (*)"
)


class Opening:
    """Opens what the user chooses, drops on the window or names on the command line.

    Parameters
    ----------
    window : QWidget
        Where questions are asked.
    explorer : Explorer
    dialogs : Dialogs
    show_catalogue : callable
        Shows a catalogue, given its path and how it is to be read.
    """

    def __init__(
        self,
        window: QWidget,
        explorer: Explorer,
        dialogs: Dialogs,
        show_catalogue: Callable[[Path, OpeningOptions | None], None],
    ) -> None:
        self._window, self._explorer, self._dialogs = window, explorer, dialogs
        self._show_catalogue = show_catalogue
        explorer.unreadable.connect(self._offer_to_go_on)
        explorer.variants_found.connect(self._ask_variant)
        explorer.files_missing.connect(self._ask_places)

    def open_path(self, path: Path, options: OpeningOptions | None = None) -> None:
        """Open what lies there, as its content says: a session, filter curves, a model, a catalogue or a library.

        Parameters
        ----------
        options : OpeningOptions, optional
            How a catalogue is to be read.
        """
        open_as = {
            FileKind.SESSION: self._explorer.open_session,
            FileKind.FILTERS: self._explorer.open_filters,
            FileKind.MODEL: self.add_model,
            FileKind.CATALOGUE: lambda path: self._show_catalogue(path, options),
            FileKind.LIBRARY: self._explorer.open_library,
        }
        open_as[kind_of(path)](path)

    def open_dropped(self, data: QMimeData) -> None:
        """Open the files that were dropped."""
        for path in dropped_paths(data):
            self.open_path(path)

    def add_model(self, folder: Path) -> None:
        """Let the trained model of a folder predict, beside those that do."""
        models = (*self._explorer.view.models, str(folder.resolve()))
        self._explorer.set_view(models=tuple(dict.fromkeys(models)))

    def ask_file(self) -> None:
        """Ask for a file of any kind, and open it."""
        self._with(self._dialogs.open_file("Open", ""), self.open_path)

    def ask_catalogue(self) -> None:
        """Ask for a catalogue, and show its galaxies."""
        path = self._dialogs.open_file("Open a catalogue", CATALOGUE_FORMATS)
        self._with(path, lambda path: self._show_catalogue(path, None))

    def ask_library(self) -> None:
        """Ask for a library's file, and read it."""
        self._with(self._dialogs.open_file("Open a library", ""), self._explorer.open_library)

    def ask_library_folder(self) -> None:
        """Ask for a library's folder, and read it."""
        self._with(self._dialogs.open_folder("Open a library's folder"), self._explorer.open_library)

    def ask_filters(self) -> None:
        """Ask for a folder of filter curves, and use them."""
        self._with(self._dialogs.open_folder("Open filter curves"), self._explorer.open_filters)

    def ask_noise(self) -> None:
        """Ask for a file of measured errors, and use them."""
        path = self._dialogs.open_file("Open measured errors", "Measured errors (*.ecsv)")
        self._with(path, self._explorer.open_noise)

    def ask_session(self) -> None:
        """Ask for a session, and show it."""
        self._with(self._dialogs.open_file("Open a session", SESSION_FORMATS), self._explorer.open_session)

    def _with(self, path: Path | None, use: Callable[[Path], object]) -> None:
        if path is not None:
            use(path)

    def _offer_to_go_on(self, problem: UnreadableModels, path: Path, variant: str) -> None:
        question = f"{problem}\n\nOpen the library without them?"
        if self._dialogs.confirm(self._window, "Some files cannot be read", question, "Open without them"):
            self._explorer.open_library(path, variant or None, skip_unreadable=True)

    def _ask_variant(self, path: Path, variants: tuple[str, ...]) -> None:
        question = f"{path} holds several libraries. Which one?"
        variant = self._dialogs.choose(self._window, "Choose a library", question, variants, "Open")
        if variant is not None:
            self._explorer.open_library(path, variant)

    def _ask_places(self, session: Path, missing: tuple[MissingFile, ...], places: dict[str, str | None]) -> None:
        """Ask where files of a session are now, each beside the one that was found before it, and open it with them."""
        for file in missing:
            if file.path not in places:
                found = self._dialogs.find_moved(file.what, Path(file.path), file.is_folder)
                places[file.path] = None if found is None else str(found)
                places |= guessed_places(
                    [other for other in missing if other.path not in places], places, session.parent
                )
        self._explorer.open_session(session, places)


def dropped_paths(data: QMimeData) -> Iterable[Path]:
    """Return the files of this computer among what was dropped."""
    return (Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())
