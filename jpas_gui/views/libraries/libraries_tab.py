"""Libraries, models and filter curves: joins their controller and panels."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSplitter, QVBoxLayout, QWidget

from jpas_gui.app.collection import Collection
from jpas_gui.app.collection_entries import Entry
from jpas_gui.app.explorer import Explorer
from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.reading import UnreadableModels
from jpas_gui.views.dialogs.dialogs import Dialogs
from jpas_gui.views.libraries.detail_panel import DetailPanel
from jpas_gui.views.libraries.entry_table import EntryTable, size_text
from jpas_gui.views.widgets.window_tab import WindowTab
from jpas_gui.workers.job_queue import JobQueue

_LOOK_TIME = 200
"""ms between two looks at the progress."""

_STEPS = 1000


class LibrariesTab(WindowTab):
    """A list of all that the program knows, and the one that is chosen.

    Parameters
    ----------
    explorer : Explorer
        Uses what is chosen.
    dialogs : Dialogs
    """

    title = "Libraries"

    def __init__(self, explorer: Explorer, dialogs: Dialogs) -> None:
        super().__init__()
        self._dialogs = dialogs
        self._worker = JobQueue(self)
        self.controller = Collection(self._worker, explorer)
        self.setAcceptDrops(True)
        self.table, self.detail = EntryTable(), DetailPanel()
        self.add_file = self._button("Add file…", "Add a library's file or archive to those that the program keeps")
        self.add_folder = self._button("Add folder…", "Add a library's folder, or that of a trained model")
        self.refresh = self._button("Refresh", "Look again at what there is")
        self.progress, self.text = QProgressBar(), QLabel()
        self.progress.setRange(0, _STEPS)
        self.progress.setTextVisible(False)
        self.text.setAccessibleName("Progress of libraries and models")
        self.stop_fetching = self._button("Stop", "Stop the download; what came is kept")
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_TIME)
        self._timer.timeout.connect(self._show_progress)
        self._connect()
        self._show()

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(text.rstrip("…"))
        button.setToolTip(tip)
        return button

    def _lay_out(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table, 1)
        row = QHBoxLayout()
        for button in (self.add_file, self.add_folder, self.refresh):
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        both = QSplitter(Qt.Orientation.Horizontal)
        for widget, stretch in ((left, 3), (self.detail, 2)):
            both.addWidget(widget)
            both.setStretchFactor(both.count() - 1, stretch)
        both.setSizes([880, 700])
        below = QHBoxLayout()
        below.addWidget(self.text)
        below.addWidget(self.progress, 1)
        below.addWidget(self.stop_fetching)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(both, 1)
        layout.addLayout(below)

    def _connect(self) -> None:
        controller = self.controller
        self.table.chosen.connect(self.detail.show_entry)
        self.table.used.connect(self._use)
        self.detail.use_wanted.connect(self._use)
        self.detail.fetch_wanted.connect(self._ask_terms)
        self.detail.convert_wanted.connect(self._convert)
        self.detail.remove_wanted.connect(self._ask_removal)
        self.detail.said.connect(controller.said.emit)
        self.add_file.clicked.connect(lambda: self._add(self._dialogs.open_file("Add a library", "")))
        self.add_folder.clicked.connect(lambda: self._add(self._dialogs.open_folder("Add a library or a model")))
        self.refresh.clicked.connect(controller.refresh)
        self.stop_fetching.clicked.connect(controller.stop)
        controller.changed.connect(self._show)
        controller.listed.connect(lambda: self.table.show_entries(controller.entries))
        controller.variants_found.connect(self._ask_variant)
        controller.unreadable.connect(self._offer_to_go_on)

    # -- what the user does -----------------------------------------------------------------------------------------

    def _add(self, path: Path | None) -> None:
        if path is not None:
            self.controller.add(path)

    def _use(self, entry: Entry) -> None:
        if entry.is_at_hand:
            self.controller.use(entry)
            self.controller.said.emit(f"In use: {entry.title}")

    def _ask_terms(self, entry: Entry) -> None:
        size = f", {size_text(entry.size)}" if entry.size else ""
        question = (
            f"Download {entry.title}{size}, under these terms?\n\nTerms: {entry.licence}\n\n"
            f"Cite: {'; '.join(entry.citations)}\n\nFrom: {entry.url}"
        )
        if self._dialogs.confirm(self, "Terms of use", question, "Accept and download"):
            self.controller.fetch(entry)

    def _convert(self, entry: Entry) -> None:
        path = self._dialogs.save_file("Convert the library into", f"{entry.name}.h5", "Library of jpas-gui (*.h5)")
        if path is None:
            return
        try:
            self.controller.convert(entry, path)
        except InputError as error:
            self.controller.problem.emit(str(error))

    def _ask_removal(self, entry: Entry) -> None:
        question = f"Delete {entry.path}, with all that is in it?"
        if self._dialogs.confirm(self, f"Remove {entry.title}", question, "Delete", is_harmful=True):
            self.controller.remove(entry)

    def _ask_variant(self, path: Path, variants: tuple[str, ...]) -> None:
        question = f"{path} holds several libraries. Which one?"
        variant = self._dialogs.choose(self, "Choose a library", question, variants, "Add")
        if variant is not None:
            self.controller.add(path, variant)

    def _offer_to_go_on(self, problem: UnreadableModels, path: Path, variant: str) -> None:
        question = f"{problem}\n\nAdd the library without them?"
        if self._dialogs.confirm(self, "Some files cannot be read", question, "Add"):
            self.controller.add(path, variant or None, skip_unreadable=True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.controller.add(Path(url.toLocalFile()))

    # -- what is shown ----------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self.controller.is_busy:
            self.controller.refresh()

    def _show(self) -> None:
        self._show_progress()
        if self.controller.is_busy:
            self._timer.start()
        else:
            self._timer.stop()

    def _show_progress(self) -> None:
        controller, fetching = self.controller, self.controller.fetching
        self.text.setText(fetching.text if fetching else f"{controller.doing} …" if controller.is_busy else "")
        self.progress.setVisible(fetching is not None)
        self.stop_fetching.setVisible(fetching is not None)
        if fetching is not None and fetching.total:
            self.progress.setValue(int(_STEPS * fetching.done / fetching.total))

    @property
    def speakers(self) -> tuple[Any, ...]:
        return (self.controller,)

    @property
    def is_busy(self) -> bool:
        """Whether something is under way."""
        return self.controller.is_busy

    def stop(self) -> None:
        """Stop what is under way: the window closes."""
        self._timer.stop()
        self.controller.stop()
        self._worker.stop()
