"""What shipped models carry of their own evaluation: shown before anything is evaluated here."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from jpas_gui.core.evaluation.binning import Bin, Sample
from jpas_gui.core.evaluation.comparison import Comparison
from jpas_gui.core.evaluation.statistics import Statistics
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.core.inference.shipped import DESCRIPTION, shipped_models


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


def recorded_metrics() -> tuple[Recorded, ...]:
    """Return what the shipped models carry; a model without metrics is left out."""
    found = []
    for name, folder in shipped_models().items():
        metrics = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))["metrics"]
        if metrics.get("magnitude"):
            samples = tuple(_sample(entry) for entry in metrics["magnitude"])
            found.append(Recorded(name, f"{metrics['n']:,} mocks", samples))
    return tuple(found)


def _sample(entry: Mapping[str, Any]) -> Sample:
    return Sample(
        Bin(entry["bin"], entry["low"], entry["high"]),
        entry["n"],
        entry["magnitude"],
        entry["snr"],
        tuple(_statistics(entry[name]) for name in PARAMETERS),
    )


def _statistics(entry: Mapping[str, Any]) -> Statistics:
    def value(name: str) -> Any:
        return math.nan if entry[name] is None else entry[name]

    return Statistics(**{one.name: value(one.name) for one in fields(Statistics)})
