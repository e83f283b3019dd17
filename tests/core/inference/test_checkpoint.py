"""Checkpoints: what was written comes back, and damage is told."""

import json
import math
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from jpas_gui.core.errors import InputError
from jpas_gui.core.inference import checkpoint as module
from jpas_gui.core.inference.checkpoint import Checkpoint, check_same, read_checkpoint, write_checkpoint


@pytest.fixture
def checkpoint() -> Checkpoint:
    return Checkpoint(
        epoch=3,
        step=21,
        weights={"0.weight": torch.randn(4, 3), "0.bias": torch.randn(4).bfloat16()},
        optimiser={"0/step": torch.tensor(21.0), "0/exp_avg": torch.randn(4, 3).T},
        random_state={"cpu": torch.get_rng_state()},
        best_epoch=2,
        best_loss=0.1 + 0.2,
        best_weights={"0.weight": torch.randn(4, 3), "0.bias": torch.randn(4).bfloat16()},
        history=[{"epoch": 1, "train_loss": 1 / 3}],
        record={"seed": 1, "data": {"ebv": [0.0, 0.5]}},
        seconds=12.5,
        description={"bands": ["uJAVA"]},
        domain={"domain.mean": torch.randn(3)},
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "checkpoint.safetensors"


def test_everything_comes_back(checkpoint: Checkpoint, path: Path) -> None:
    write_checkpoint(checkpoint, path)
    back = read_checkpoint(path)
    for name in ("epoch", "step", "best_epoch", "best_loss", "history", "record", "seconds", "description"):
        assert getattr(back, name) == getattr(checkpoint, name)
    for name in ("weights", "optimiser", "random_state", "best_weights", "domain"):
        expected = getattr(checkpoint, name)
        assert getattr(back, name).keys() == expected.keys()
        assert all(torch.equal(tensor, expected[key]) for key, tensor in getattr(back, name).items())
        assert all(tensor.dtype == expected[key].dtype for key, tensor in getattr(back, name).items())


def test_before_the_first_epoch_there_is_no_best_loss(checkpoint: Checkpoint, path: Path) -> None:
    checkpoint = Checkpoint(**(vars(checkpoint) | {"epoch": 0, "best_epoch": 0, "best_loss": math.inf}))
    write_checkpoint(checkpoint, path)
    assert read_checkpoint(path).best_loss == math.inf


@pytest.mark.parametrize("part", [0.0, 0.001, 0.1, 0.5, 0.999])
def test_a_truncated_file(checkpoint: Checkpoint, path: Path, part: float) -> None:
    write_checkpoint(checkpoint, path)
    content = path.read_bytes()
    path.write_bytes(content[: int(part * len(content))])
    with pytest.raises(InputError, match=r"checkpoint\.safetensors: cut short or damaged checkpoint"):
        read_checkpoint(path)


def test_a_flipped_bit(checkpoint: Checkpoint, path: Path) -> None:
    write_checkpoint(checkpoint, path)
    content = bytearray(path.read_bytes())
    content[-100] ^= 1
    path.write_bytes(content)
    with pytest.raises(InputError, match="damaged checkpoint"):
        read_checkpoint(path)
    write_checkpoint(checkpoint, path)
    path.write_bytes(path.read_bytes().replace(b'\\"epoch\\": 3', b'\\"epoch\\": 4'))
    with pytest.raises(InputError, match="damaged checkpoint"):
        read_checkpoint(path)


def test_files_of_another_kind(path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_checkpoint(path)
    save_file({"weight": torch.zeros(3)}, path)
    with pytest.raises(InputError, match="not a checkpoint of jpas-gui"):
        read_checkpoint(path)
    path.write_bytes(b"\x80\x04 a pickle, perhaps")
    with pytest.raises(InputError, match="damaged checkpoint"):
        read_checkpoint(path)


def test_a_newer_version(checkpoint: Checkpoint, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as newer:
        newer.setattr(module, "FORMAT_VERSION", 2)
        write_checkpoint(checkpoint, path)
    with pytest.raises(InputError, match=r"written by jpas-gui .* in version 2 of checkpoints"):
        read_checkpoint(path)


def test_the_first_difference_is_named(checkpoint: Checkpoint, path: Path) -> None:
    check_same({"data": {"ebv": (0.0, 0.5)}, "seed": 1}, checkpoint.record, path)  # tuples become lists in JSON
    with pytest.raises(InputError, match=r"checkpoint\.safetensors: .* with seed = 1, now it is 2: "):
        check_same({"data": {"ebv": (0.0, 0.6)}, "seed": 2}, checkpoint.record, path)
    with pytest.raises(InputError, match=r"with data\.ebv = \[0\.0, 0\.5\], now it is \[0\.0\]: "):
        check_same({"data": {"ebv": [0.0]}, "seed": 1}, checkpoint.record, path)
    with pytest.raises(InputError, match=r"with noise = nothing, now it is \"J-NEP\": "):
        check_same(json.loads(json.dumps(checkpoint.record)) | {"noise": "J-NEP"}, checkpoint.record, path)
