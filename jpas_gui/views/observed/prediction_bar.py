"""Predicting the whole catalogue: model, start, progress, cancel."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QProgressBar, QPushButton, QWidget

from jpas_gui.app.catalogue_prediction import CataloguePrediction, progress_text
from jpas_gui.app.explorer import Explorer
from jpas_gui.app.known_models import known_models
from jpas_gui.app.state import DEFAULT_MODELS
from jpas_gui.core.catalogues.hand_masks import HandMask
from jpas_gui.core.catalogues.opening import ObservedCatalogue
from jpas_gui.core.inference.shipped import model_title
from jpas_gui.views.dialogs.dialogs import Dialogs
from jpas_gui.workers.job_queue import JobQueue

_FORMATS = "FITS table (*.fits);;Parquet table (*.parquet);;ECSV table (*.ecsv);;CSV table (*.csv);;VOTable (*.vot)"
_ANY_FORMAT = "Predictions (*.fits *.parquet *.ecsv *.csv *.vot)"
_LOOK_TIME = 200
"""ms between two looks at the progress."""

_STEPS = 1000


class PredictionBar(QWidget):
    """Starts and stops the run of a `CataloguePrediction`, and shows how far it is.

    Parameters
    ----------
    dialogs : Dialogs
    explorer : Explorer
    hand_masks : callable
        Returns the bands that the user masked.
    """

    def __init__(self, dialogs: Dialogs, explorer: Explorer, hand_masks: Callable[[], tuple[HandMask, ...]]) -> None:
        super().__init__()
        self._hand_masks = hand_masks
        self._dialogs, self._explorer = dialogs, explorer
        self._catalogue: ObservedCatalogue | None = None
        self._worker = JobQueue(self)
        self.controller = CataloguePrediction(self._worker)
        self.model = QComboBox()
        self.model.setAccessibleName("Model")
        self.model.setToolTip("The model that predicts the catalogue")
        self.start = QPushButton("Predict all…")
        self.start.setAccessibleName("Predict all")
        self.start.setToolTip("Predict all galaxies of the catalogue into a file; bands that you masked are not used")
        self.start.clicked.connect(self._start)
        self.open = QPushButton("Open predictions…")
        self.open.setAccessibleName("Open predictions")
        self.open.setToolTip("Open predictions of this catalogue that were made earlier")
        self.open.clicked.connect(self._open)
        self.cancel = QPushButton("Stop")
        self.cancel.setAccessibleName("Stop predicting")
        self.cancel.setToolTip("Stop; the same output goes on later where it was")
        self.cancel.clicked.connect(self.controller.stop)
        self.progress = QProgressBar()
        self.progress.setRange(0, _STEPS)
        self.progress.setTextVisible(False)
        self.text = QLabel()
        self.text.setAccessibleName("Progress")
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_TIME)
        self._timer.timeout.connect(self._show_progress)
        self.controller.changed.connect(self._show_run)
        self._show_run()

    def _lay_out(self) -> None:
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.model, 0, 0, 1, 2)
        layout.addWidget(self.start, 1, 0)
        layout.addWidget(self.open, 1, 1)
        layout.addWidget(self.progress, 2, 0)
        layout.addWidget(self.cancel, 2, 1)
        layout.addWidget(self.text, 3, 0, 1, 2)
        layout.setColumnStretch(0, 1)

    def show_catalogue(self, catalogue: ObservedCatalogue | None) -> None:
        """Take the catalogue that is to be predicted."""
        self._catalogue = catalogue
        self._show_run()

    def _start(self) -> None:
        catalogue = self._catalogue
        if catalogue is None:
            return
        proposal = str(catalogue.path.with_name(f"{catalogue.path.stem}_predicted.fits"))
        path = self._dialogs.save_file("Predict into", proposal, _FORMATS)
        if path is not None:
            self.controller.start(catalogue, self.model.currentData(), path, self._hand_masks())

    def _open(self) -> None:
        path: Path | None = self._dialogs.open_file("Open predictions", _ANY_FORMAT)
        if path is not None and self._catalogue is not None:
            self.controller.open(self._catalogue, path)

    def _show_run(self) -> None:
        running = self.controller.is_running
        self._offer_models()
        for widget in (self.model, self.start, self.open):
            widget.setEnabled(self._catalogue is not None and not running)
        for widget in (self.progress, self.cancel, self.text):
            widget.setVisible(running)
        self._show_progress()
        if running:
            self._timer.start()
        else:
            self._timer.stop()

    def _offer_models(self) -> None:
        models = known_models(self._explorer.view.models)
        if list(models) != [self.model.itemData(place) for place in range(self.model.count())]:
            self.model.clear()
            for name, folder in models.items():
                self.model.addItem(model_title(name), name)
                self.model.setItemData(self.model.count() - 1, str(folder), Qt.ItemDataRole.ToolTipRole)
            self.model.setCurrentIndex(self.model.findData(DEFAULT_MODELS[-1]))

    def _show_progress(self) -> None:
        progress = self.controller.progress
        self.text.setText(progress_text(progress))
        self.progress.setValue(int(_STEPS * progress.done / max(progress.total, 1)) if progress else 0)

    def stop(self) -> None:
        """Stop the run and wait for its part to end: the window closes."""
        self._timer.stop()
        self.controller.stop()
        self._worker.stop()
