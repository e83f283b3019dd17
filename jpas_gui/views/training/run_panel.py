"""The run that is under way: its state, its buttons, its plots, and the runs that wait."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QProgressBar, QPushButton, QVBoxLayout, QWidget
from superqt import QFlowLayout

from jpas_gui.app.training import TrainingController
from jpas_gui.app.training_curves import loss_curves
from jpas_gui.app.training_log import TrainingLog
from jpas_gui.app.training_runs import RunState
from jpas_gui.app.training_text import progress_text, state_text
from jpas_gui.views.plots.figure import Figure
from jpas_gui.views.theme import Theme
from jpas_gui.views.training.loss_plot import LossPlot
from jpas_gui.views.training.watch_plots import RecoveryPlots, ScatterPlots, WatchKey
from jpas_gui.views.widgets.scroll_column import ScrollColumn

_LEAST_LINES = 30
"""Height of the figure in lines of text, in which its nine plots can be read."""

_QUEUE_HEIGHT = 60
_ENDED = (RunState.STOPPED, RunState.CRASHED)


class RunPanel(QWidget):
    """Shows the run of a `TrainingController`.

    Signals
    -------
    discard_wanted(), use_wanted()
        A button was pressed that needs more than the controller.
    """

    discard_wanted = Signal()
    use_wanted = Signal()

    def __init__(self, controller: TrainingController) -> None:
        super().__init__()
        self._controller = controller
        self._shown_log: TrainingLog | None = None
        self._shown_epoch = -1
        self.state, self.numbers = QLabel(), QLabel()
        self.state.setAccessibleName("State of the training")
        self.numbers.setAccessibleName("Progress of the training")
        for label in (self.state, self.numbers):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.progress = QProgressBar()
        self.progress.setAccessibleName("Epochs")
        self.progress.setTextVisible(False)
        self.pause = QPushButton("Pause")
        self.pause.clicked.connect(controller.pause)
        self.stop = QPushButton("Stop and keep best")
        self.stop.clicked.connect(controller.stop)
        self.discard = QPushButton("Cancel and discard")
        self.discard.clicked.connect(lambda: self.discard_wanted.emit())
        self.resume = QPushButton("Resume")
        self.resume.clicked.connect(self._resume)
        self.use = QPushButton("Use for predictions")
        self.use.clicked.connect(lambda: self.use_wanted.emit())
        self.queue = QListWidget()
        self.queue.setAccessibleName("Runs that wait")
        self.queue.setMaximumHeight(_QUEUE_HEIGHT)
        self.unqueue = QPushButton("Take from the queue")
        self.unqueue.clicked.connect(self._take_from_queue)
        self.figure = Figure("Course of the training")
        self.figure.setMinimumHeight(_LEAST_LINES * self.fontMetrics().lineSpacing())
        self.losses = LossPlot(self.figure, 0)
        self.key = WatchKey(self.figure, 1)
        self.recovery = RecoveryPlots(self.figure, 2)
        self.scatter = ScatterPlots(self.figure, 3)
        self._lay_out()
        self._show_plots(None)

    def _lay_out(self) -> None:
        buttons = QFlowLayout()
        buttons.setHorizontalSpacing(6)
        buttons.setVerticalSpacing(4)
        for button in (self.pause, self.stop, self.discard, self.resume, self.use):
            buttons.addWidget(button)
        waiting = QHBoxLayout()
        waiting.addWidget(self.queue, 1)
        waiting.addWidget(self.unqueue)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self.state)
        layout.addLayout(buttons)
        layout.addWidget(self.progress)
        layout.addWidget(self.numbers)
        layout.addWidget(ScrollColumn(self.figure), 1)
        layout.addLayout(waiting)

    def show_run(self) -> None:
        """Show the present state of the controller."""
        controller, log = self._controller, self._controller.log
        run, state = controller.run, controller.state
        self.state.setText(state_text(run, log, state))
        self.numbers.setText(progress_text(log) if log else "")
        running = controller.is_running and state is not RunState.STOPPING
        self.pause.setText("Continue" if state is RunState.PAUSED else "Pause")
        self.pause.setEnabled(state in (RunState.PREPARING, RunState.TRAINING, RunState.PAUSED))
        self.stop.setEnabled(running)
        self.discard.setEnabled(running)
        self.resume.setEnabled(not controller.is_running and run is not None and state in _ENDED and run.can_resume)
        self.use.setEnabled(run is not None and not controller.is_running and run.has_model)
        self._show_progress(log, state)
        self._show_queue()
        epoch = max(log.epochs, default=0) if log else -1
        if log is not self._shown_log or epoch != self._shown_epoch:
            self._shown_log, self._shown_epoch = log, epoch
            self._show_plots(log)

    def _show_progress(self, log: TrainingLog | None, state: RunState) -> None:
        is_preparing = state is RunState.PREPARING
        n_epochs = log.n_epochs if log and log.n_epochs and not is_preparing else 1
        self.progress.setRange(0, 0 if is_preparing else n_epochs)
        self.progress.setValue(max(log.epochs, default=0) if log and not is_preparing else 0)

    def _show_queue(self) -> None:
        names = [run.name for run in self._controller.queue]
        if names != [self.queue.item(row).text() for row in range(self.queue.count())]:
            self.queue.clear()
            self.queue.addItems(names)
        for widget in (self.queue, self.unqueue):
            widget.setVisible(bool(names))

    def _show_plots(self, log: TrainingLog | None) -> None:
        epochs = tuple(log.epochs[number] for number in sorted(log.epochs)) if log else ()
        self.losses.show_curves(loss_curves(epochs), log.n_epochs if log else 0, log.best_epoch if log else 0)
        watched = log.watched if log else None
        has_epochs = log is not None and bool(log.epochs)
        self.figure.say_nothing_to_show("" if has_epochs or watched else "No training is shown")
        if (has_epochs or watched) and not watched:
            for plot in (*self.recovery.plots, *self.scatter.plots):
                self.figure.say_missing(plot, "No mocks are watched")
        self.recovery.show_watched(watched)
        self.scatter.show_watched(watched)

    def _resume(self) -> None:
        if self._controller.run is not None:
            self._controller.resume(self._controller.run)

    def _take_from_queue(self) -> None:
        row, queue = max(self.queue.currentRow(), 0), self._controller.queue
        if row < len(queue):
            self._controller.take_from_queue(queue[row])

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.figure.set_theme(theme)
        for part in (self.losses, self.key, self.recovery, self.scatter):
            part.set_theme(theme)
