"""Training of the paper's three networks, against three plain loops over a DataLoader.

Both learn from the same mocks, in one run on one machine, and are compared by the same validation loss. The plain loops
are what one writes first: batches of 256, Adam, single precision, one network after the other.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import torch
from torch.utils.data import DataLoader, TensorDataset

from jpas_gui.core.inference.paper_network import LAYERS
from jpas_gui.core.inference.paper_task import paper_task
from jpas_gui.core.inference.settings import PaperSettings, read_settings
from jpas_gui.core.inference.training import train

MAGNITUDES = (16.0, 19.0, 22.0)  # of 13: a training of all its epochs takes a minute
LARGE_BATCHES = {"batch_size": 1024, "learning_rate": 2e-3}  # the model that ships takes its time for smaller ones
BAR = 4.0
CONFIG = Path(__file__).parents[1] / "models" / "paper-popstar.toml"


def plain_network() -> torch.nn.Sequential:
    layers = [(torch.nn.Linear(n_in, n_out), torch.nn.ReLU()) for n_in, n_out in pairwise(LAYERS)]
    return torch.nn.Sequential(*[module for pair in layers for module in pair][:-1])


class PlainLoops:
    """Three networks, each with its optimiser and its loop over the mocks."""

    def __init__(self, features: torch.Tensor, targets: torch.Tensor) -> None:
        torch.manual_seed(1)
        self.networks = [plain_network() for _ in range(3)]
        self._optimisers = [torch.optim.Adam(network.parameters(), lr=1e-3) for network in self.networks]
        self._loaders = [
            DataLoader(TensorDataset(features, targets[:, [number]]), batch_size=256, shuffle=True)
            for number in range(3)
        ]

    def run_epoch(self) -> None:
        for network, optimiser, loader in zip(self.networks, self._optimisers, self._loaders, strict=True):
            for inputs, target in loader:
                optimiser.zero_grad()
                loss = torch.nn.functional.l1_loss(network(inputs), target)
                loss.backward()
                optimiser.step()

    def loss(self, features: torch.Tensor, targets: torch.Tensor) -> float:
        with torch.no_grad():
            answers = torch.cat([network(features) for network in self.networks], dim=1)
        return float((answers - targets).abs().mean(dim=0).sum())


@dataclass(frozen=True)
class Race:
    """Both trainings: seconds of the fastest epoch, least validation loss, and what they had to do."""

    own_seconds: float
    plain_seconds: float
    own_loss: float
    plain_loss: float
    n_mocks: int
    epochs: int

    def __str__(self) -> str:
        return (
            f"{self.n_mocks} mocks, three networks, {torch.get_num_threads()} threads: "
            f"jpas-gui {self.own_seconds:.3f} s per epoch, plain loops {self.plain_seconds:.3f} s: "
            f"{self.plain_seconds / self.own_seconds:.1f} times faster; "
            f"validation loss, the best of {self.epochs} epochs: jpas-gui {self.own_loss:.4f}, "
            f"plain loops {self.plain_loss:.4f}"
        )


def race(folder: Path, **changes: Any) -> Race:
    """Train the model that ships, with another sample or for fewer epochs, beside plain loops."""
    settings = read_settings(CONFIG)
    assert isinstance(settings, PaperSettings)
    sample = {key: value for key, value in changes.items() if hasattr(settings.data, key)}
    data = msgspec.structs.replace(settings.data, **sample)
    rest = {key: value for key, value in changes.items() if key not in sample}
    training = msgspec.structs.replace(settings.training, **LARGE_BATCHES, **rest)
    settings = msgspec.structs.replace(settings, data=data, training=training)
    papers = paper_task(msgspec.structs.replace(settings, data=msgspec.structs.replace(data, fresh_noise=False)))
    features, targets = (torch.cat(values) for values in zip(*papers.batches(1), strict=True))
    plain = PlainLoops(features, targets)
    validation = papers._validation.features, papers._validation.targets
    plain_seconds, plain_losses = [], []
    events: list[Mapping[str, Any]] = []

    def report(event: Mapping[str, Any]) -> None:
        """Let the plain loops have an epoch after each of ours: the machine may be busier at one time than another."""
        if event["event"] == "epoch":
            events.append(event)
            start = time.perf_counter()
            plain.run_epoch()
            plain_losses.append(plain.loss(*validation))
            plain_seconds.append(time.perf_counter() - start)

    result = train(paper_task(settings), settings.training, folder, report)
    own_seconds = min(event["seconds"] for event in events)
    losses = result.best_loss, min(plain_losses)
    return Race(own_seconds, min(plain_seconds), *losses, len(features), result.epochs)


def test_no_worse_than_plain_loops_in_the_end(tmp_path: Path) -> None:
    outcome = race(tmp_path, magnitudes=MAGNITUDES)
    print(f"\n{outcome}")
    assert outcome.own_loss <= outcome.plain_loss


def test_four_times_faster_per_epoch_than_plain_loops(tmp_path: Path) -> None:
    outcome = race(tmp_path, epochs=5)
    print(f"\n{outcome} (at least {BAR:g} times)")
    assert outcome.plain_seconds > BAR * outcome.own_seconds
