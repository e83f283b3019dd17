"""The metrics as plain values: what a model bundle keeps and ``jpas-gui evaluate --json`` prints."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from jpas_gui.core.evaluation.answers import TestAnswers
from jpas_gui.core.evaluation.binning import AGES, MAGNITUDES, SIGNAL_TO_NOISE, Sample, binned, by_library, overall
from jpas_gui.core.evaluation.comparison import Comparison, compared
from jpas_gui.core.evaluation.statistics import coverage_curve
from jpas_gui.core.evaluation.tables import LEVELS
from jpas_gui.core.inference.parameters import PARAMETERS


def summary(answers: TestAnswers) -> dict[str, Any]:
    """Return all metrics in values that JSON knows; what is not known is None.

    ``magnitude``, ``snr`` and ``log_age`` are lists with an entry per bin, ``library`` has one per library, ``all`` is
    one entry. Each has ``bin``, ``low``, ``high``, ``n``, the medians ``magnitude`` and ``snr``, and for each parameter
    the numbers of `statistics.METRICS`; entries of ``magnitude`` have there also ``exact_mae``, ``mae_ratio``,
    ``mae_ratio_error``, ``width_ratio`` and ``exact_n``, where the exact posterior was computed.
    ``calibration`` has the nominal ``level`` and the measured coverage of each parameter; None without a posterior.
    """
    magnitude = [_entry(one) for one in binned(answers, MAGNITUDES)]
    _add_comparisons(magnitude, answers)
    plain = _plain(
        {
            "n": len(answers),
            "libraries": list(answers.libraries),
            "all": _entry(overall(answers)),
            "magnitude": magnitude,
            "snr": [_entry(one) for one in binned(answers, SIGNAL_TO_NOISE)],
            "log_age": [_entry(one) for one in binned(answers, AGES)],
            "library": [_entry(one) for one in by_library(answers)],
            "calibration": _calibration(answers),
        }
    )
    assert isinstance(plain, dict)
    return plain


def _entry(sample: Sample) -> dict[str, Any]:
    return {
        "bin": sample.bin.name,
        "low": sample.bin.low,
        "high": sample.bin.high,
        "n": sample.n,
        "magnitude": sample.magnitude,
        "snr": sample.snr,
    } | {name: asdict(one) for name, one in zip(PARAMETERS, sample.parameters, strict=True)}


def _add_comparisons(entries: Sequence[dict[str, Any]], answers: TestAnswers) -> None:
    comparisons = {one.name: each for one, each in compared(answers)}
    for entry in entries:
        for name, one in zip(PARAMETERS, comparisons.get(entry["bin"], ()), strict=False):
            entry[name] |= _comparison(one)


def _comparison(one: Comparison) -> dict[str, Any]:
    return {
        "exact_n": one.exact.n,
        "exact_mae": one.exact.mae,
        "mae_ratio": one.mae_ratio,
        "mae_ratio_error": one.mae_ratio_error,
        "width_ratio": one.width_ratio,
    }


def _calibration(answers: TestAnswers) -> dict[str, Any] | None:
    if answers.ranks is None:
        return None
    measured = {name: coverage_curve(answers.ranks[:, i], LEVELS)[0].tolist() for i, name in enumerate(PARAMETERS)}
    return {"level": list(LEVELS)} | measured


def _plain(value: object) -> object:
    """Replace what JSON has no word for: numbers that are not finite."""
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
