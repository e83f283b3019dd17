"""What ``model.json`` must hold before a model is believed: types, ranges, a hash of all that decides on answers."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec
import numpy as np
from msgspec import Meta

from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.core.photometry.bands import all_bands

HASH = "description_sha256"
"""Key of the hash; models of older versions have none."""

_NOT_HASHED = {HASH, "metrics"}
_Range = tuple[float, float]
_Positive = Annotated[float, Meta(gt=0)]
_Count = Annotated[int, Meta(ge=1)]


class _Domain(msgspec.Struct):
    log_age: _Range
    metallicity: _Range
    ebv: _Range
    magnitude: _Range
    redshift: _Range
    median_flux_nu: _Range
    min_bands: _Count
    chi2_per_band: _Positive | None = None


class _Library(msgspec.Struct):
    name: str
    title: str
    numbers_sha256: str
    licence: str | None = None


class _Filters(msgspec.Struct):
    source: str
    sha256: str


class _Noise(msgspec.Struct):
    noise: str


class _Training(msgspec.Struct):
    preset: str


class _Targets(msgspec.Struct):
    names: tuple[str, ...]
    scale: tuple[_Positive, ...] | str


class _Network(msgspec.Struct):
    n_bands: _Count
    width: _Count
    depth: _Count
    n_gaussians: _Count
    n_redshifts: _Count
    n_components: _Count
    n_blocks: _Count
    n_cells: _Count


class _Record(msgspec.Struct):
    name: str
    preset: str
    created_by: str
    weights_sha256: str
    bands: tuple[str, ...]
    filters: _Filters
    libraries: tuple[_Library, ...]
    noise: _Noise
    training: _Training
    targets: _Targets
    domain: _Domain
    citations: tuple[str, ...]
    metrics: dict[str, Any]
    network: _Network | None = None


def description_hash(record: Mapping[str, Any]) -> str:
    """Return the hexadecimal SHA-256 of a description, but for what was measured of the model later."""
    hashed = {key: value for key, value in record.items() if key not in _NOT_HASHED}
    text = json.dumps(hashed, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def check_record(record: Mapping[str, Any], path: Path) -> None:
    """Refuse a description that was changed or damaged.

    Parameters
    ----------
    record : mapping
        The content of `path`.
    path : Path
        For messages.

    Raises
    ------
    InputError
        If its hash is another, a value is missing, of another kind or out of range, or values contradict each other.
    """
    if record.get(HASH, "") not in ("", description_hash(record)):
        raise InputError(f"{path}: changed after the model was written (SHA-256): get the model again")
    try:
        problem = _contradiction(msgspec.convert(record, _Record))
    except msgspec.ValidationError as error:
        problem = str(error)
    if problem:
        raise InputError(f"{path}: damaged ({problem}): get the model again")


def _contradiction(record: _Record) -> str:
    known = {band.name for band in all_bands()}
    if not record.bands or len(set(record.bands)) < len(record.bands) or not known.issuperset(record.bands):
        return "bands that are unknown, or there twice"
    if record.targets.names != PARAMETERS:
        return "other parameters"
    if record.preset == "paper" and (isinstance(record.targets.scale, str) or len(record.targets.scale) != 3):
        return "no scale of the parameters"
    if record.preset == "posterior" and record.network is None:
        return "no sizes of the network"
    if record.network is not None and record.network.n_bands != len(record.bands):
        return f"{len(record.bands)} bands, but a network for {record.network.n_bands}"
    ranges = [value for value in msgspec.structs.astuple(record.domain) if isinstance(value, tuple)]
    if not all(np.isfinite(pair).all() and pair[0] <= pair[1] for pair in ranges):
        return "ranges that are none"
    if record.domain.min_bands > len(record.bands):
        return f"{record.domain.min_bands} bands needed of {len(record.bands)}"
    return ""
