"""The pages of the evaluation, and which evaluations have something for each."""

from enum import StrEnum

from jpas_gui.app.evaluation_panels import Shown
from jpas_gui.app.evaluation_result import Evaluation


class EvaluationPage(StrEnum):
    """A page, by its title."""

    RECOVERY = "Predicted and true"
    MAGNITUDES = "By magnitude"
    CALIBRATION = "Calibration"
    EXACT = "Exact posterior"
    LIBRARIES = "Libraries"


def evaluations_of(page: EvaluationPage, shown: Shown) -> list[Evaluation]:
    """Return the evaluations that have something for a page."""
    evaluations = [one for _, one in shown]
    if page is EvaluationPage.CALIBRATION:
        return [one for one in evaluations if one.answers.ranks is not None]
    if page is EvaluationPage.EXACT:
        return [one for one in evaluations if one.answers.exact is not None]
    return evaluations
