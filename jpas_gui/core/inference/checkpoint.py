"""Checkpoints: the whole state of a training after an epoch, in one file that cannot run code."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from jpas_gui import __version__
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import replacing

FORMAT = "jpas-gui checkpoint"
FORMAT_VERSION = 1

Tensors = dict[str, torch.Tensor]

_GROUPS = ("weights", "best_weights", "optimiser", "random_state", "domain")
_NUMBERS = ("epoch", "step", "best_epoch", "best_loss", "history", "record", "seconds", "description")


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """The state of a training after a number of complete epochs.

    Parameters
    ----------
    epoch, step : int
        Epochs and batches that are done.
    weights, optimiser, random_state : dict of Tensor
        Of the network, the optimiser and torch's generators.
    best_epoch : int
        Epoch of the best validation loss; 0 where there is none yet.
    best_loss : float
        Infinite where there is none yet.
    best_weights : dict of Tensor
        Of the network after that epoch.
    history : list of dict
        Losses of each epoch.
    record : mapping
        Plain data: whatever decides the result. A training that differs in it cannot go on from here.
    seconds : float
        That the epochs took.
    description : mapping
        Plain data: what the bundle of the best weights says of itself, so that it can be made from here alone. Empty
        in checkpoints of older versions.
    domain : dict of Tensor
        Of the features, as `FeatureDomain` names them.
    """

    epoch: int
    step: int
    weights: Tensors
    optimiser: Tensors
    random_state: Tensors
    best_epoch: int
    best_loss: float
    best_weights: Tensors
    history: list[dict[str, float]]
    record: Mapping[str, Any]
    seconds: float = 0.0
    description: Mapping[str, Any] = field(default_factory=dict)
    domain: Tensors = field(default_factory=dict)


def write_checkpoint(checkpoint: Checkpoint, path: Path) -> None:
    """Write a checkpoint; a failure leaves an older one as it was.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    tensors = {
        f"{group}/{name}": tensor.detach().cpu().contiguous()
        for group in _GROUPS
        for name, tensor in getattr(checkpoint, group).items()
    }
    state = json.dumps({name: getattr(checkpoint, name) for name in _NUMBERS})
    header = {
        "format": FORMAT,
        "format_version": str(FORMAT_VERSION),
        "created_by": f"jpas-gui {__version__}, torch {torch.__version__}",
        "state": state,
        "sha256": _digest(tensors, state),
    }
    with replacing(path) as temporary:
        temporary.write_bytes(save(tensors, header))


def read_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint that `write_checkpoint` wrote; the tensors lie in main memory.

    Raises
    ------
    InputError
        If there is none, it is cut short, damaged or of another kind, or a newer version wrote it.
    """
    try:
        with safe_open(path, framework="pt") as file:
            header: dict[str, str] = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  it is no dict
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from error
    except SafetensorError as error:
        raise InputError(f"{path}: cut short or damaged checkpoint: train anew in another folder") from error
    if header.get("format") != FORMAT:
        raise InputError(f"{path}: not a checkpoint of jpas-gui")
    if header["format_version"] != str(FORMAT_VERSION):
        raise InputError(
            f"{path}: written by {header['created_by']} in version {header['format_version']} of checkpoints, but this "
            f"is jpas-gui {__version__}, which reads version {FORMAT_VERSION}"
        )
    if header.get("sha256") != _digest(tensors, header.get("state", "")):
        raise InputError(f"{path}: damaged checkpoint: train anew in another folder")
    groups: dict[str, Any] = {group: {} for group in _GROUPS}
    for name, tensor in tensors.items():
        group, _, own = name.partition("/")
        groups[group][own] = tensor
    return Checkpoint(**groups, **json.loads(header["state"]))


def _digest(tensors: Tensors, state: str) -> str:
    digest = hashlib.sha256(state.encode())
    for name in sorted(tensors):
        digest.update(name.encode())
        digest.update(tensors[name].reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()


def check_same(record: Mapping[str, Any], kept: Mapping[str, Any], path: Path) -> None:
    """Find out whether a training can go on from a checkpoint, or is the one that left a model.

    Parameters
    ----------
    record : mapping
        `Checkpoint.record` of the training at hand.
    kept : mapping
        That of the training that was.
    path : Path
        The file that keeps it, for the message.

    Raises
    ------
    InputError
        If it differs; the message names the first key that does.
    """
    now, then = _flat(json.loads(json.dumps(record))), _flat(kept)
    for key in [*then, *now]:
        if now.get(key) != then.get(key):
            raise InputError(
                f"{path}: belongs to a training with {key} = {_shown(then, key)}, now it is {_shown(now, key)}: "
                "resume with the same settings and data, or train anew in another folder"
            )


def _flat(record: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return dotted names and plain values."""
    result: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, Mapping):
            result |= _flat(value, f"{prefix}{key}.")
        elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
            result |= _flat({str(number): item for number, item in enumerate(value, 1)}, f"{prefix}{key}.")
        else:
            result[prefix + key] = value
    return result


def _shown(record: Mapping[str, Any], key: str) -> str:
    return json.dumps(record[key]) if key in record else "nothing"
