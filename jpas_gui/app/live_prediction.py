"""The controller of live predictions: what the explorer shows -> what the models say of it."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from psygnal import Signal

from jpas_gui.app.explorer import Explorer
from jpas_gui.app.frame import ExplorerFrame
from jpas_gui.app.live_frame import Cloud, LiveFrame, LiveRequest, answer, grown, no_cloud
from jpas_gui.app.model_shelf import ModelShelf
from jpas_gui.core.inference.shipped import shipped_models

Answer = TypeVar("Answer")


class Latest(Protocol):
    """Runs, away from the caller, the job that was asked for last."""

    def submit(
        self,
        job: Callable[[], Answer],
        done: Callable[[Answer], None],
        failed: Callable[[Exception], None],
        *,
        keep_running: bool = False,
    ) -> None:
        """Run `job` in the place of one that waits, then call `done` with its answer or `failed` with what it raised.

        With `keep_running` the job that runs still answers.
        """

    def cancel(self) -> None:
        """Drop the job that waits, and the answer of the one that runs."""


class LivePrediction:
    """Asks the models that are switched on about each frame of the explorer, and keeps what they said last.

    Parameters
    ----------
    explorer : Explorer
    worker : Latest
        Where the models are asked; the only thread in which they are.

    Attributes
    ----------
    changed : Signal
        What is shown has changed: ask for `frame`, `cloud` and `is_drawing`.
    cloud : Cloud, optional
        What the models say of many draws of the noise, as far as it is known.
    """

    changed = Signal()

    def __init__(self, explorer: Explorer, worker: Latest) -> None:
        self._explorer, self._worker = explorer, worker
        self._shelf = ModelShelf()
        self._shipped = tuple(shipped_models())
        self._asked: LiveRequest | None = None
        self._drawing: LiveRequest | None = None
        self._frame: LiveFrame | None = None
        self.cloud: Cloud | None = None

    @property
    def models(self) -> tuple[str, ...]:
        """All models that can be chosen: those that ship, and those that the session names."""
        return tuple(dict.fromkeys((*self._shipped, *self._explorer.view.models)))

    @property
    def frame(self) -> LiveFrame | None:
        """The last answers; None without any, or where one is of a model that is gone.

        While the sliders move they may be those of a moment ago: they carry their own request.
        """
        if self._frame is None or not set(self._frame.request.models) <= set(self.models):
            return None
        return self._frame

    def choose(self, model: str, on: bool) -> None:
        """Switch a model on or off."""
        chosen = {*self._explorer.view.models, model} if on else {*self._explorer.view.models} - {model}
        self._explorer.set_view(models=tuple(name for name in self.models if name in chosen))

    @property
    def is_busy(self) -> bool:
        """Whether answers are still to come."""
        return self._drawing is not None or (self._asked is not None and not self._is_answered(self._asked))

    @property
    def is_drawing(self) -> bool:
        """Whether a cloud is growing."""
        return self._drawing is not None

    @property
    def is_answered(self) -> bool:
        """Whether there are answers to what was asked last, of which a cloud can be drawn."""
        return self._asked is not None and self._is_answered(self._asked)

    def follow(self, frame: ExplorerFrame | None) -> None:
        """Ask the models about a frame, unless they were asked the same last; None when there is nothing to ask."""
        view = self._explorer.view
        wanted = view.predictions or view.predicted_seds or view.residuals
        if frame is None or not wanted or not view.models:
            self._forget()
            return
        request = LiveRequest(view.models, frame, self._explorer.instrument, self._explorer.library)
        if self._asked is not None and self._asked.asks_the_same(request):
            return
        self._asked, self._drawing, self.cloud = request, None, None
        shelf = self._shelf
        self._worker.submit(lambda: answer(request, shelf), self._answered, self._failed, keep_running=True)

    def draw_cloud(self) -> None:
        """Ask the models about many draws of the noise of the present frame, some at a time."""
        if self._asked is not None:
            self._drawing, self.cloud = self._asked, no_cloud(self._asked)
            self._grow(self.cloud)
            self.changed.emit()

    def _grow(self, cloud: Cloud) -> None:
        shelf = self._shelf
        self._worker.submit(lambda: grown(cloud, shelf), self._grew, self._failed, keep_running=True)

    def _grew(self, cloud: Cloud) -> None:
        if cloud.request is not self._drawing:
            return  # the sliders have moved on
        self.cloud = cloud
        if cloud.is_whole:
            self._drawing = None
        else:
            self._grow(cloud)
        self.changed.emit()

    def _answered(self, frame: LiveFrame) -> None:
        if self._asked is not None:
            self._frame = frame
            self.changed.emit()

    def _is_answered(self, request: LiveRequest) -> bool:
        return self._frame is not None and self._frame.request is request

    def _forget(self) -> None:
        if self._asked is not None:
            self._worker.cancel()
            self._asked = self._drawing = self._frame = self.cloud = None

    def _failed(self, error: Exception) -> None:
        self._asked = self._drawing = None  # nobody waits any more
        raise error
