"""The training engine, on a small task of its own."""

import errno
import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import torch

from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.checkpoint import read_checkpoint
from jpas_gui.core.inference.optimiser import Optimiser
from jpas_gui.core.inference.settings import OptimiserSettings
from jpas_gui.core.inference.training import CHECKPOINT, Task, TrainingResult, train


class Products(Task):
    """Learns the product of two numbers. Dropout makes it need torch's own random state, too."""

    def __init__(self, seed: int = 1, n: int = 700, batch_size: int = 100) -> None:
        torch.manual_seed(seed)
        self.network = torch.nn.Sequential(
            torch.nn.Linear(2, 16), torch.nn.Dropout(0.1), torch.nn.ReLU(), torch.nn.Linear(16, 1)
        )
        self.description = {"seed": seed, "data": {"libraries": ["popstar"], "n": n}}
        self.inputs = torch.randn(n, 2)
        self.n_samples, self.n_batches, self.batch_size = n, -(-n // batch_size), batch_size
        self.bad: tuple[int, int] | None = None
        """Epoch and batch whose loss is no number."""
        self._last = 0, 0

    def batches(self, epoch: int) -> Iterator[torch.Tensor]:
        random = torch.Generator().manual_seed(1000 + epoch)
        for number, mocks in enumerate(torch.split(torch.randperm(self.n_samples, generator=random), self.batch_size)):
            self._last = epoch, number + 1
            yield mocks

    def loss(self, batch: torch.Tensor) -> torch.Tensor:
        loss = self._errors(batch).mean()
        return loss * math.nan if self._last == self.bad else loss

    def validation_loss(self) -> float:
        with torch.no_grad():
            return float(self._errors(torch.arange(200)).mean())

    def _errors(self, mocks: torch.Tensor) -> torch.Tensor:
        inputs = self.inputs[mocks]
        return (self.network(inputs) - inputs.prod(dim=1, keepdim=True)).abs()


SETTINGS = OptimiserSettings(
    epochs=6, batch_size=100, schedule="cosine", warm_up_steps=5, weight_decay=1e-3, gradient_clip=1.0
)


class CutOff(Exception):  # noqa: N818  it stands for the power that fails
    """Ends a training at once."""


def cut_off_after(n_events: int) -> Callable[[Mapping[str, Any]], None]:
    seen: list[Mapping[str, Any]] = []

    def report(event: Mapping[str, Any]) -> None:
        seen.append(event)
        if len(seen) == n_events:
            raise CutOff

    return report


def stop_after(n_batches: int) -> Callable[[], bool]:
    asked: list[int] = []

    def should_stop() -> bool:
        asked.append(1)
        return len(asked) >= n_batches

    return should_stop


def assert_same(one: TrainingResult, other: TrainingResult) -> None:
    assert one.history == other.history
    assert (one.best_epoch, one.best_loss) == (other.best_epoch, other.best_loss)
    assert one.weights.keys() == other.weights.keys()
    assert all(torch.equal(weights, other.weights[name]) for name, weights in one.weights.items())


def test_it_learns_and_reports(tmp_path: Path) -> None:
    events: list[Mapping[str, Any]] = []
    task = Products()
    result = train(task, OptimiserSettings(epochs=40, learning_rate=1e-2), tmp_path, events.append)
    assert [event["event"] for event in events] == ["start", *["epoch"] * 40]
    assert (events[0]["samples"], events[0]["batches"], events[0]["parameters"]) == (700, 7, 65)
    losses = [event["validation_loss"] for event in events[1:]]
    assert min(losses) < 0.5 * losses[0]
    assert result.best_loss == min(losses)
    assert losses[result.best_epoch - 1] == result.best_loss
    assert events[1]["remaining_seconds"] == pytest.approx(39 * events[1]["seconds"])
    assert events[-1]["remaining_seconds"] == 0
    assert events[-1]["best_validation_loss"] == result.best_loss
    assert result.event == {
        "event": "done", "epoch": 40, "best_epoch": result.best_epoch, "validation_loss": result.best_loss
    }  # fmt: skip


@pytest.mark.bit_exact
def test_the_network_is_left_with_the_best_weights(tmp_path: Path) -> None:
    task = Products()
    result = train(task, OptimiserSettings(epochs=15, learning_rate=0.1), tmp_path)
    assert result.best_epoch < 15
    assert task.validation_loss() == result.best_loss
    assert all(torch.equal(tensor, result.weights[name]) for name, tensor in task.network.state_dict().items())


@pytest.mark.bit_exact
@pytest.mark.parametrize("n_events", [1, 2, 5])
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_a_training_that_was_cut_off_comes_to_the_same_result(tmp_path: Path, n_events: int, precision: str) -> None:
    settings = OptimiserSettings(
        epochs=6, batch_size=100, schedule="cosine", warm_up_steps=5, gradient_clip=1.0, precision=precision
    )
    (tmp_path / "whole").mkdir()
    (tmp_path / "cut").mkdir()
    whole = train(Products(), settings, tmp_path / "whole")
    with pytest.raises(CutOff):
        train(Products(), settings, tmp_path / "cut", cut_off_after(n_events))
    torch.manual_seed(99)
    assert_same(train(Products(), settings, tmp_path / "cut", resume=True), whole)


@pytest.mark.bit_exact
def test_resuming_a_finished_training_gives_its_result(tmp_path: Path) -> None:
    whole = train(Products(), SETTINGS, tmp_path)
    events: list[Mapping[str, Any]] = []
    assert_same(train(Products(), SETTINGS, tmp_path, events.append, resume=True), whole)
    assert [event["event"] for event in events] == ["start"]


@pytest.mark.bit_exact
@pytest.mark.parametrize("n_asked", [1, 10, 14, 15])
def test_a_stop_keeps_the_best_and_can_be_resumed(tmp_path: Path, n_asked: int) -> None:
    (tmp_path / "whole").mkdir()
    (tmp_path / "stopped").mkdir()
    whole = train(Products(), SETTINGS, tmp_path / "whole")
    task = Products()
    result = train(task, SETTINGS, tmp_path / "stopped", should_stop=stop_after(n_asked))
    # It is asked before each of the seven batches of an epoch: after the last one that epoch is as good as done.
    epochs = {1: 0, 10: 1, 14: 1, 15: 2}[n_asked]
    assert (result.stopped, result.epochs, result.event["event"]) == (True, epochs, "stopped")
    assert result.history == whole.history[:epochs]
    if epochs:
        assert task.validation_loss() == result.best_loss == min(e["validation_loss"] for e in whole.history[:epochs])
    else:
        assert (result.best_epoch, result.event["validation_loss"]) == (0, None)
    assert_same(train(Products(), SETTINGS, tmp_path / "stopped", resume=True), whole)


def test_patience(tmp_path: Path) -> None:
    settings = OptimiserSettings(epochs=200, learning_rate=0.1, patience=3)
    result = train(Products(), settings, tmp_path)
    assert result.epochs == result.best_epoch + 3 < 200
    assert not result.stopped
    assert train(Products(), settings, tmp_path, resume=True).epochs == result.epochs


@pytest.mark.parametrize(("epoch", "batch"), [(1, 3), (3, 2), (3, 7)])
def test_a_loss_that_is_not_a_number_stops_it(tmp_path: Path, epoch: int, batch: int) -> None:
    task = Products()
    task.bad = epoch, batch
    with pytest.raises(InputError) as error:
        train(task, SETTINGS, tmp_path)
    assert f"the loss is not a number in batch {batch} of epoch {epoch}" in str(error.value)
    assert "learning_rate" in str(error.value)
    if epoch > 1:
        assert f"{tmp_path / CHECKPOINT} keeps the state after epoch {epoch - 1}" in str(error.value)
    kept = read_checkpoint(tmp_path / CHECKPOINT)
    assert kept.epoch == epoch - 1
    assert all(tensor.isfinite().all() for tensor in kept.weights.values())


def test_a_loss_that_is_not_a_number_ends_a_long_epoch_soon(tmp_path: Path) -> None:
    task = Products(batch_size=2)
    task.bad = 1, 70
    with pytest.raises(InputError, match="batch 70 of epoch 1"):
        train(task, SETTINGS, tmp_path)
    assert task._last == (1, 128)


def test_a_validation_loss_that_is_not_a_number_stops_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    task = Products()
    monkeypatch.setattr(task, "validation_loss", lambda: math.inf)
    with pytest.raises(InputError, match="the validation loss is not a number after epoch 1"):
        train(task, SETTINGS, tmp_path)


@pytest.mark.bit_exact
def test_a_full_disk_leaves_the_last_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole_folder, folder = tmp_path / "whole", tmp_path / "full"
    whole_folder.mkdir()
    folder.mkdir()
    whole = train(Products(), SETTINGS, whole_folder)
    write, written = Path.write_bytes, []

    def write_until_full(path: Path, data: bytes) -> int:
        written.append(path)
        if len(written) == 4:
            write(path, data[: len(data) // 2])
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(path, data)

    with monkeypatch.context() as full:
        full.setattr(Path, "write_bytes", write_until_full)
        with pytest.raises(InputError, match=r"checkpoint\.safetensors: cannot be written \(No space left on device\)"):
            train(Products(), SETTINGS, folder)
    assert [path.name for path in folder.iterdir()] == [CHECKPOINT]
    assert read_checkpoint(folder / CHECKPOINT).epoch == 2
    assert_same(train(Products(), SETTINGS, folder, resume=True), whole)


def test_resuming_with_other_settings_or_data_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CutOff):
        train(Products(), SETTINGS, tmp_path, cut_off_after(3))
    before = (tmp_path / CHECKPOINT).read_bytes()
    with pytest.raises(InputError, match=r"a training with training\.learning_rate = 0\.001, now it is 0\.5"):
        train(Products(), OptimiserSettings(epochs=6, batch_size=100, learning_rate=0.5), tmp_path, resume=True)
    task = Products()
    task.description["data"] = {"libraries": ["miuscat"], "n": 700}
    with pytest.raises(InputError, match=r'data\.libraries = \["popstar"\], now it is \["miuscat"\]'):
        train(task, SETTINGS, tmp_path, resume=True)
    assert (tmp_path / CHECKPOINT).read_bytes() == before


def test_another_number_of_threads_may_resume(tmp_path: Path) -> None:
    with pytest.raises(CutOff):
        train(Products(), OptimiserSettings(epochs=3, threads=1), tmp_path, cut_off_after(2))
    assert train(Products(), OptimiserSettings(epochs=3, threads=2), tmp_path, resume=True).epochs == 3


def test_the_learning_rate_rises_and_falls() -> None:
    settings = OptimiserSettings(learning_rate=0.1, schedule="cosine", warm_up_steps=4)
    optimiser = Optimiser(torch.nn.Linear(1, 1), settings, n_steps=14)
    rates = [optimiser.learning_rate(step) for step in range(15)]
    assert rates[:4] == pytest.approx([0.025, 0.05, 0.075, 0.1])
    assert rates[4] == pytest.approx(0.1)
    assert rates[9] == pytest.approx(0.05)
    assert rates[14] == pytest.approx(0, abs=1e-12)
    assert rates[4:] == sorted(rates[4:], reverse=True)
    constant = Optimiser(torch.nn.Linear(1, 1), OptimiserSettings(learning_rate=0.1), n_steps=14)
    assert {constant.learning_rate(step) for step in range(14)} == {0.1}
