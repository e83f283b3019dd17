"""What is to be evaluated: models, mocks, start, progress, stop."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from jpas_gui.app.evaluation_result import REPORTING, MockSettings
from jpas_gui.core.inference.shipped import model_title
from jpas_gui.views.dialogs.dialogs import Dialogs
from jpas_gui.views.widgets.tick_delegate import TickDelegate

_NAME = Qt.ItemDataRole.UserRole
_STEPS = 1000
_OWN, _TEST_SAMPLE, _OTHER = "own", "test", "other"


class RunPanel(QWidget):
    """Asks what to evaluate, and shows how far it is.

    Parameters
    ----------
    dialogs : Dialogs

    Signals
    -------
    start_wanted(), stop_wanted()
    ticked()
        Other models are chosen.
    """

    start_wanted = Signal()
    stop_wanted = Signal()
    ticked = Signal()

    def __init__(self, dialogs: Dialogs) -> None:
        super().__init__()
        self._dialogs = dialogs
        self.models = QListWidget()
        self.models.setItemDelegate(TickDelegate(self.models))
        self.models.setAccessibleName("Models to evaluate")
        self.models.setMaximumHeight(130)
        self.models.itemChanged.connect(lambda _: self.ticked.emit())
        self.folder = _button("Add a model's folder…", "A trained model that is not in the list")
        self.folder.clicked.connect(self._ask_folder)
        self.mocks = QComboBox()
        self.mocks.setAccessibleName("Mocks of")
        self.mocks.setToolTip("What the mocks are made from")
        self.mocks.activated.connect(lambda _: self._mocks_chosen())
        self.n_per_bin = _number("Mocks per magnitude", 1, 20_000, 200)
        self.n_exact = _number("Exact posteriors per magnitude", 0, 20_000, 0)
        self.n_exact.setToolTip("For so many mocks of each magnitude: about 10 ms each")
        self.seed = _number("Seed", 0, 2**31 - 1, 1)
        self.start = _button("Evaluate", "Let the ticked models answer the mocks")
        self.start.clicked.connect(self.start_wanted)
        self.stop = _button("Stop", "Stop; what is finished is kept")
        self.stop.clicked.connect(self.stop_wanted)
        self.progress = QProgressBar()
        self.progress.setRange(0, _STEPS)
        self.progress.setTextVisible(False)
        self.text = QLabel()
        self.text.setAccessibleName("Progress of the evaluation")
        self.text.setWordWrap(True)
        self._lay_out()
        self.offer_libraries({})
        self.show_progress(None)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.addRow("Mocks of", self.mocks)
        form.addRow("Mocks per magnitude", self.n_per_bin)
        form.addRow("Exact, per magnitude", self.n_exact)
        form.addRow("Seed", self.seed)
        buttons = QHBoxLayout()
        buttons.addWidget(self.start)
        buttons.addWidget(self.stop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.models)
        layout.addWidget(self.folder)
        layout.addLayout(form)
        layout.addLayout(buttons)
        layout.addWidget(self.progress)
        layout.addWidget(self.text)

    # -- models -----------------------------------------------------------------------------------------------------

    def offer_models(self, models: Sequence[str], ticked: Sequence[str]) -> None:
        """Offer these models beside those that are offered already; new ones are ticked where they are in `ticked`."""
        known = self.offered_models
        for model in models:
            if model not in known:
                item = QListWidgetItem(model_title(model))
                item.setData(_NAME, model)
                item.setToolTip(model)
                item.setCheckState(Qt.CheckState.Checked if model in ticked else Qt.CheckState.Unchecked)
                self.models.addItem(item)

    @property
    def offered_models(self) -> tuple[str, ...]:
        """All models, from top to bottom."""
        return tuple(self.models.item(row).data(_NAME) for row in range(self.models.count()))

    @property
    def chosen_models(self) -> tuple[str, ...]:
        """The models that are ticked."""
        items = [self.models.item(row) for row in range(self.models.count())]
        return tuple(item.data(_NAME) for item in items if item.checkState() == Qt.CheckState.Checked)

    def _ask_folder(self) -> None:
        folder = self._dialogs.open_folder("Evaluate a model")
        if folder is not None:
            self.offer_models([str(folder.resolve())], [str(folder.resolve())])

    # -- mocks ------------------------------------------------------------------------------------------------------

    def offer_libraries(self, titles: Mapping[str, str]) -> None:
        """Offer mocks of these libraries, by name."""
        chosen = self.mocks.currentData()
        self.mocks.clear()
        self.mocks.addItem("the model's own libraries", (_OWN, ""))
        self.mocks.addItem("its test sample (preset paper)", (_TEST_SAMPLE, ""))
        for name, title in titles.items():
            self.mocks.addItem(title, (_OTHER, name))
        self.mocks.addItem("a library's file…", None)
        self.mocks.setCurrentIndex(max(0, self._place_of(chosen)))

    def _place_of(self, choice: tuple[str, str] | None) -> int:
        # findData does not compare tuples.
        data = [self.mocks.itemData(place) for place in range(self.mocks.count())]
        return data.index(choice) if choice is not None and choice in data else -1

    def _mocks_chosen(self) -> None:
        if self.mocks.currentData() is not None:
            return
        path = self._dialogs.open_file("Mocks of a library", "")
        place = 0
        if path is not None:
            place = self.mocks.count() - 1
            self.mocks.insertItem(place, path.name, (_OTHER, str(path)))
        self.mocks.setCurrentIndex(place)

    @property
    def settings(self) -> MockSettings:
        """The mocks that are wanted."""
        kind, library = self.mocks.currentData() or (_OWN, "")
        return MockSettings(
            self.n_per_bin.value(),
            self.n_exact.value(),
            self.seed.value(),
            (library,) if library else (),
            "test" if kind == _TEST_SAMPLE else "fresh",
        )

    # -- progress ---------------------------------------------------------------------------------------------------

    def show_progress(self, progress: tuple[str, int, int] | None) -> None:
        """Show how far the run is; None: there is none."""
        running = progress is not None
        self.start.setEnabled(not running)
        self.stop.setEnabled(running)
        self.progress.setVisible(running)
        self.text.setVisible(running)
        if progress is not None:
            what, done, total = progress
            self.progress.setValue(int(_STEPS * done / max(total, 1)))
            is_counted = total > 1 and done and what != REPORTING  # which tells percent
            self.text.setText(f"{what}: {done:,} of {total:,}" if is_counted else f"{what} …")


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setAccessibleName(text.rstrip("…"))
    button.setToolTip(tip)
    return button


def _number(name: str, low: int, high: int, value: int) -> QSpinBox:
    box = QSpinBox()
    box.setAccessibleName(name)
    box.setToolTip(name)
    box.setRange(low, high)
    box.setValue(value)
    return box
