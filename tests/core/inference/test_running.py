"""A device that is too small, or goes away, in the middle of a training."""

from pathlib import Path

import pytest
import torch

from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.devices import device_named, device_problems, known_devices
from jpas_gui.core.inference.paper_task import PaperTask
from jpas_gui.core.inference.running import run_training
from jpas_gui.core.inference.settings import OptimiserSettings, PaperData, PaperSettings

CPU = torch.device("cpu")
SETTINGS = PaperSettings(
    data=PaperData(log_age_range=(8.0, 9.5), ebv=(0.0,), magnitudes=(17.0, 20.0)),
    training=OptimiserSettings(epochs=2, batch_size=32, threads=1),
)


@pytest.fixture(autouse=True)
def same_threads():
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def too_small(monkeypatch):
    """Let batches of more than ten mocks not fit the device."""
    loss = PaperTask.loss

    def limited(task, batch):
        if len(batch[0]) > 10:
            raise torch.OutOfMemoryError
        return loss(task, batch)

    monkeypatch.setattr(PaperTask, "loss", limited)


def told(settings, folder, **options):
    events = []
    run_training(settings, folder, CPU, events.append, **options)
    return events


def test_a_batch_that_does_not_fit_is_halved_and_that_is_told(tmp_path: Path, too_small):
    events = told(SETTINGS, tmp_path / "model")
    assert [event["batch_size"] for event in events if event["event"] == "batch_halved"] == [16, 8]
    assert events[-1]["event"] == "done"


def test_what_was_halved_stays_so_when_it_goes_on(tmp_path: Path, too_small):
    folder = tmp_path / "model"
    epochs = []

    def report(event):
        epochs.append(event["event"] == "epoch")

    run_training(SETTINGS, folder, CPU, report, lambda: any(epochs))
    events = told(SETTINGS, folder, resume=True)
    assert {"event": "batch_halved", "batch_size": 8} in events
    assert next(event for event in events if event["event"] == "start")["epoch"] == 1
    assert events[-1]["event"] == "done"


def test_memory_that_is_full_later_keeps_what_was_learned(tmp_path: Path, monkeypatch):
    folder, loss, batches = tmp_path / "model", PaperTask.loss, []

    def full_later(task, batch):
        batches.append(batch)
        if len(batches) > task.n_batches:
            raise torch.OutOfMemoryError
        return loss(task, batch)

    with monkeypatch.context() as patched:
        patched.setattr(PaperTask, "loss", full_later)
        with pytest.raises(InputError, match="the memory of cpu is full: end other programs that use it and resume"):
            told(SETTINGS, folder)
    assert next(e for e in told(SETTINGS, folder, resume=True) if e["event"] == "start")["epoch"] == 1


def test_a_device_that_disappears_is_named():
    with (
        pytest.raises(
            InputError, match=r"cuda failed \(CUDA error: unspecified launch failure\): see that it is there"
        ),
        device_problems(torch.device("cuda")),
    ):
        raise RuntimeError("CUDA error: unspecified launch failure\nCompile with ...")


def test_the_processor_is_always_there():
    assert known_devices()[0].name == "cpu"
    assert device_named("cpu") == CPU
    with pytest.raises(InputError, match="no device 'tpu': choose from auto, cpu, cuda"):
        device_named("tpu")
    if not torch.backends.mps.is_available():
        with pytest.raises(InputError, match="no device mps"):
            device_named("mps")
