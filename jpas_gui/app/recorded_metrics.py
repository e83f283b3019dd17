"""What models carry of their own evaluation: shown before anything is evaluated here."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from jpas_gui.core.damage import damage_told
from jpas_gui.core.evaluation.binning import Bin, Sample
from jpas_gui.core.evaluation.comparison import Comparison
from jpas_gui.core.evaluation.statistics import Statistics
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.core.inference.shipped import DESCRIPTION


@dataclass(frozen=True, eq=False)
class Recorded:
    """Bias, scatter and outliers by magnitude, as a model carries them.

    Parameters
    ----------
    title, detail : str
        The model, and the mocks that it was measured with.
    by_magnitude : tuple of Sample
    compared : tuple
        Empty: models do not carry the answers of the exact posterior.
    """

    title: str
    detail: str
    by_magnitude: tuple[Sample, ...]
    compared: tuple[tuple[Bin, tuple[Comparison, ...]], ...] = ()


def recorded_metrics(folder: Path) -> Recorded | None:
    """Return what the model in a folder carries; None where it was not measured.

    Read again only when its description has changed: the same files give the same object.

    Raises
    ------
    InputError
        If the description is damaged or gone.
    """
    path = folder / DESCRIPTION
    with damage_told(path, "damaged: the metrics of the model cannot be read: get the model again"):
        return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _read(path: Path, _written: int) -> Recorded | None:
    metrics = json.loads(path.read_text(encoding="utf-8")).get("metrics") or {}
    if not metrics.get("magnitude"):
        return None
    samples = tuple(_sample(entry) for entry in metrics["magnitude"])
    return Recorded(path.parent.name, f"{metrics['n']:,} mocks", samples)


def _sample(entry: Mapping[str, Any]) -> Sample:
    return Sample(
        Bin(entry["bin"], float(entry["low"]), float(entry["high"])),
        entry["n"],
        entry["magnitude"],
        entry["snr"],
        tuple(_statistics(entry[name]) for name in PARAMETERS),
    )


def _statistics(entry: Mapping[str, Any]) -> Statistics:
    names = [one.name for one in fields(Statistics)]
    numbers: dict[str, Any] = {name: math.nan if entry[name] is None else float(entry[name]) for name in names}
    return Statistics(**numbers | {"n": int(entry["n"])})
