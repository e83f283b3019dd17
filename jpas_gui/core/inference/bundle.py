"""Model bundles: a trained model as a folder of two files, neither of which can run code."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load, save

from jpas_gui import __version__
from jpas_gui.core.damage import damage_told
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import replacing
from jpas_gui.core.inference.bundle_record import HASH, check_record, description_hash
from jpas_gui.core.inference.known_models import find_model
from jpas_gui.core.inference.shipped import DESCRIPTION, WEIGHTS

FORMAT = "jpas-gui model"
FORMAT_VERSION = 1

PRESETS = ("paper", "posterior")


@dataclass(frozen=True, eq=False)
class ModelBundle:
    """A trained model.

    Parameters
    ----------
    name : str
    preset : str
        One of `PRESETS`.
    weights : dict of Tensor
        All numbers that the model needs, in main memory.
    description : mapping
        Plain data: ``bands``, ``filters``, ``domain`` (what it is valid for), ``libraries``, ``noise``, ``training``
        (its settings and how it went), ``versions``, ``citations``, and what the preset needs to rebuild its network.
    metrics : mapping
        What ``jpas-gui evaluate`` measured; empty where it has not yet.
    """

    name: str
    preset: str
    weights: Mapping[str, torch.Tensor]
    description: Mapping[str, Any]
    metrics: Mapping[str, Any] = field(default_factory=dict)


def write_bundle(folder: Path, bundle: ModelBundle) -> None:
    """Write a bundle into a folder, which is made if need be.

    Raises
    ------
    InputError
        If it cannot be written. Each file is replaced as a whole or not at all.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: cannot be made ({error.strerror or error})") from error
    content = save({name: tensor.detach().cpu().contiguous() for name, tensor in bundle.weights.items()})
    with replacing(folder / WEIGHTS) as temporary:
        temporary.write_bytes(content)
    record = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "created_by": f"jpas-gui {__version__}",
        "name": bundle.name,
        "preset": bundle.preset,
        "weights_sha256": hashlib.sha256(content).hexdigest(),
        **bundle.description,
        "metrics": dict(bundle.metrics),
    }
    _write_record(folder, record)


def save_metrics(folder: Path, metrics: Mapping[str, Any]) -> None:
    """Put what was measured of a model into its description.

    Raises
    ------
    InputError
        If there is no model in the folder, or it cannot be written.
    """
    _write_record(folder, _read_record(folder) | {"metrics": dict(metrics)})


def rename_bundle(folder: Path, name: str) -> None:
    """Give the model in a folder another name.

    Raises
    ------
    InputError
        As `save_metrics`.
    """
    _write_record(folder, _read_record(folder) | {"name": name})


def _write_record(folder: Path, record: Mapping[str, Any]) -> None:
    plain = json.loads(json.dumps(record))  # as it is read back
    record = {**plain, HASH: description_hash(plain)}
    with replacing(folder / DESCRIPTION) as temporary:
        temporary.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read_bundle(folder: Path) -> ModelBundle:
    """Read a bundle.

    Raises
    ------
    InputError
        If there is none, a file of it is damaged or does not belong to the other, or it was written in a version that
        this one does not read.
    """
    record = _read_record(folder)
    path = folder / WEIGHTS
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from error
    if hashlib.sha256(content).hexdigest() != record["weights_sha256"]:
        raise InputError(f"{path}: not the weights that {DESCRIPTION} describes (SHA-256): get the model again")
    with damage_told(path, "not a safetensors file: get the model again"):
        weights = load(content)
    own = {key: value for key, value in record.items() if key not in {*_HEADER, HASH}}
    return ModelBundle(record["name"], record["preset"], weights, own, record["metrics"])


_HEADER = {"format", "format_version", "created_by", "name", "preset", "weights_sha256", "metrics"}


def _read_record(folder: Path) -> dict[str, Any]:
    path = folder / DESCRIPTION
    if not path.exists():
        raise InputError(f"{folder}: no model there (no {DESCRIPTION})")
    with damage_told(path, "damaged, not JSON: get the model again"):
        record = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise InputError(f"{path}: not the description of a jpas-gui model")
    if record.get("format_version") != FORMAT_VERSION:
        raise InputError(
            f"{path}: version {record.get('format_version')} of model bundles, written by "
            f"{record.get('created_by', 'another jpas-gui')}; jpas-gui {__version__} reads version {FORMAT_VERSION}"
        )
    missing = [key for key in _HEADER if key not in record]
    if missing or record["preset"] not in PRESETS:
        raise InputError(f"{path}: damaged, no {missing[0] if missing else 'known preset'}: get the model again")
    check_record(record, path)
    return record


def find_bundle(name_or_folder: str | Path) -> ModelBundle:
    """Read a model that the program knows by its name, or a bundle from its folder.

    Raises
    ------
    InputError
        As `read_bundle`, and if there is neither.
    """
    return read_bundle(find_model(name_or_folder))
