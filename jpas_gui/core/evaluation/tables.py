"""Tables of an evaluation: one row per sample, and columns named like those of predictions."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from astropy.table import Column, Table

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.evaluation.answers import TestAnswers
from jpas_gui.core.evaluation.binning import Binning, Sample, binned, by_library
from jpas_gui.core.evaluation.comparison import compared
from jpas_gui.core.evaluation.labels import LABELS
from jpas_gui.core.evaluation.statistics import METRICS, coverage_curve, rank_histogram
from jpas_gui.core.inference.parameters import PARAMETERS

LEVELS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.68, 0.7, 0.8, 0.9, 0.95)
"""Nominal probabilities of the intervals whose coverage is measured."""

RANK_BINS = 20


def binned_table(answers: TestAnswers, binning: Binning) -> Table:
    """Return the metrics of each bin that holds mocks: columns like ``log_age_bias``, one row per bin."""
    samples, name = binned(answers, binning), binning.quantity
    table = Table()
    table["bin"] = Column([one.bin.name for one in samples], description=binning.description)
    _add(table, f"{name}_low", [one.bin.low for one in samples], binning.unit, "smallest value in the bin")
    _add(table, f"{name}_high", [one.bin.high for one in samples], binning.unit, "the bin ends below this value")
    _add_samples(table, samples)
    return table


def mock_table(answers: TestAnswers) -> Table:
    """Return each mock with its truth and the model's answer, one row per mock."""
    table = Table()
    names = [answers.libraries[number] for number in answers.library]
    table["library"] = Column(names, description="library that the mock is made from")
    _add(table, "magnitude", answers.magnitude, "mag", "AB magnitude in iSDSS, without noise")
    _add(table, "snr", answers.snr, None, "1.08 / magnitude error in iSDSS")
    for number, parameter in enumerate(PARAMETERS):
        unit = LABELS[parameter].delta_unit
        _add(table, f"{parameter}_true", answers.truth[:, number], unit, "true value")
        _add(table, parameter, answers.point[:, number], unit, "best estimate of the model")
        if answers.percentiles is not None:
            for place, level in enumerate((16, 50, 84)):
                values = answers.percentiles[:, number, place]
                _add(table, f"{parameter}_p{level}", values, unit, f"{level}th percentile of the posterior")
    return table


def library_table(answers_of_models: Mapping[str, TestAnswers]) -> Table:
    """Return the metrics over all magnitudes: one row for each model and each library that it was tested on.

    Parameters
    ----------
    answers_of_models : mapping of str to TestAnswers
        Answers of each model, by its name.
    """
    rows = [(model, one) for model, answers in answers_of_models.items() for one in by_library(answers)]
    table = Table()
    table["model"] = Column([model for model, _ in rows], description="name of the model")
    table["library"] = Column([one.bin.name for _, one in rows], description="library that the mocks are made from")
    _add_samples(table, [one for _, one in rows])
    return table


def coverage_table(answers: TestAnswers) -> Table:
    """Return how often the truth lies in the model's central intervals: one row for each nominal probability.

    Raises
    ------
    ValueError
        If the model gives no posterior.
    """
    ranks = _ranks(answers)
    table = Table()
    _add(table, "nominal", LEVELS, None, "probability that the model gives to its central interval")
    for number, parameter in enumerate(PARAMETERS):
        measured, error = coverage_curve(ranks[:, number], LEVELS)
        _add(table, f"{parameter}_coverage", measured, None, "part of the mocks whose truth lies in it")
        _add(table, f"{parameter}_coverage_error", error, None, "binomial standard error")
    return table


def rank_table(answers: TestAnswers) -> Table:
    """Return the histogram of the ranks, the probability below the truth: 1 everywhere where calibrated.

    Raises
    ------
    ValueError
        If the model gives no posterior.
    """
    ranks = _ranks(answers)
    edges = np.linspace(0, 1, RANK_BINS + 1)
    table = Table()
    _add(table, "rank_low", edges[:-1], None, "probability below the truth, from here")
    _add(table, "rank_high", edges[1:], None, "to here")
    for number, parameter in enumerate(PARAMETERS):
        density = rank_histogram(ranks[:, number], RANK_BINS)
        _add(table, f"{parameter}_density", density, None, "density of the ranks; 1 where calibrated")
    return table


def exact_table(answers: TestAnswers) -> Table:
    """Return the comparison with the exact posterior: one row per magnitude bin; no rows where there is none."""
    rows = compared(answers)
    table = Table()
    table["bin"] = Column([one.name for one, _ in rows], description="AB magnitude in iSDSS")
    table["n"] = Column([each[0].model.n for _, each in rows], description="mocks with an exact posterior")
    for number, parameter in enumerate(PARAMETERS):
        own = [each[number] for _, each in rows]
        unit = LABELS[parameter].delta_unit
        for name, values, its_unit, text in (
            ("mae", [one.model.mae for one in own], unit, "mean absolute error of the model"),
            ("exact_mae", [one.exact.mae for one in own], unit, "that of the exact median, same mocks"),
            ("mae_ratio", [one.mae_ratio for one in own], None, "model / exact"),
            ("mae_ratio_error", [one.mae_ratio_error for one in own], None, "bootstrap standard error"),
            ("width_ratio", [one.width_ratio for one in own], None, "median 16-84 width, model / exact"),
            ("exact_coverage_68", [one.exact.coverage_68 for one in own], None, "coverage of the exact 68% interval"),
        ):
            _add(table, f"{parameter}_{name}", values, its_unit, text)
    return table


def _add_samples(table: Table, samples: Sequence[Sample]) -> None:
    table["n"] = Column([one.n for one in samples], description="number of mocks")
    _add(table, "magnitude", [one.magnitude for one in samples], "mag", "median AB magnitude in iSDSS")
    _add(table, "snr", [one.snr for one in samples], None, "median of 1.08 / magnitude error in iSDSS")
    for number, parameter in enumerate(PARAMETERS):
        for metric in METRICS:
            values = [getattr(one.parameters[number], metric.name) for one in samples]
            unit = LABELS[parameter].delta_unit if metric.has_unit else None
            _add(table, f"{parameter}_{metric.name}", values, unit, metric.definition)


def _add(table: Table, name: str, values: Iterable[float], unit: str | None, description: str) -> None:
    table[name] = Column(list(values), unit=unit, description=description, dtype=float)


def _ranks(answers: TestAnswers) -> FloatArray:
    if answers.ranks is None:
        raise ValueError("the model gives no posterior, so it has no calibration")
    return answers.ranks
