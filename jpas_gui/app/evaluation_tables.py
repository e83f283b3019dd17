"""What the pages of the evaluation show, as tables to save.

Imports astropy's tables, which take a moment: whoever saves imports this then.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from astropy.table import Column, Table, vstack

from jpas_gui.app.evaluation_page import EvaluationPage, evaluations_of
from jpas_gui.app.evaluation_panels import Shown, rows_of
from jpas_gui.app.evaluation_result import Evaluation, evaluation_provenance
from jpas_gui.core.arrays import BoolArray
from jpas_gui.core.evaluation.answers import TestAnswers
from jpas_gui.core.evaluation.binning import MAGNITUDES
from jpas_gui.core.evaluation.tables import (
    binned_table,
    coverage_table,
    exact_table,
    library_table,
    mock_table,
    rank_table,
)
from jpas_gui.core.provenance import program_provenance


def page_tables(page: EvaluationPage, shown: Shown, magnitude: str) -> dict[str, Table]:
    """Return what a page shows of the evaluations that are drawn: their rows below each other, by name of the table.

    Parameters
    ----------
    page : EvaluationPage
    shown : Shown
        One or more; those that have nothing for the page are left out.
    magnitude : str
        Name of the bin of magnitude that is looked at; "" for all mocks.
    """

    def of_magnitude(make: Callable[[TestAnswers], Table]) -> Callable[[Evaluation], Table]:
        return lambda one: make(_rows(one.answers, rows_of(one, magnitude)))

    makers: Mapping[EvaluationPage, Mapping[str, Callable[[Evaluation], Table]]] = {
        EvaluationPage.RECOVERY: {"MOCKS": of_magnitude(mock_table)},
        EvaluationPage.MAGNITUDES: {"MAGNITUDES": lambda one: binned_table(one.answers, MAGNITUDES)},
        EvaluationPage.CALIBRATION: {"COVERAGE": of_magnitude(coverage_table), "RANKS": of_magnitude(rank_table)},
        EvaluationPage.EXACT: {"EXACT": lambda one: exact_table(one.answers)},
        EvaluationPage.LIBRARIES: {"LIBRARIES": lambda one: library_table({one.title: one.answers})},
    }
    evaluations = evaluations_of(page, shown)
    tables = {name: _together(evaluations, make) for name, make in makers[page].items()}
    first = next(iter(tables.values()))
    first.meta = program_provenance() | {"evaluations": [evaluation_provenance(one) for one in evaluations]}
    if magnitude:
        first.meta["magnitude"] = magnitude
    return tables


def _together(evaluations: list[Evaluation], make: Callable[[Evaluation], Table]) -> Table:
    tables = []
    for one in evaluations:
        table = make(one)
        if "model" not in table.colnames:
            table.add_column(Column([one.title] * len(table), description="name of the model"), name="model", index=0)
        tables.append(table)
    return vstack(tables, metadata_conflicts="silent")


def _rows(answers: TestAnswers, rows: BoolArray) -> TestAnswers:
    """Return some of the mocks, without their exact posteriors."""
    return replace(
        answers,
        truth=answers.truth[rows],
        point=answers.point[rows],
        percentiles=None if answers.percentiles is None else answers.percentiles[rows],
        ranks=None if answers.ranks is None else answers.ranks[rows],
        magnitude=answers.magnitude[rows],
        snr=answers.snr[rows],
        library=answers.library[rows],
        exact=None,
    )
