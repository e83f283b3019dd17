"""Answers are checked when they are put together."""

from dataclasses import replace

import numpy as np
import pytest
from made_answers import made_answers

from jpas_gui.core.errors import InputError


def test_differences_and_widths():
    answers = made_answers(4, 1)
    assert len(answers) == 52
    np.testing.assert_array_equal(answers.delta, answers.point - answers.truth)
    np.testing.assert_array_equal(answers.width, answers.percentiles[:, :, 2] - answers.percentiles[:, :, 0])
    assert made_answers(4, 1, posterior=False).width is None


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("truth", (52, 2)),
        ("point", (51, 3)),
        ("percentiles", (52, 3)),
        ("ranks", (3, 52)),
        ("magnitude", (52, 1)),
        ("snr", ()),
        ("library", (51,)),
    ],
)
def test_arrays_of_another_shape(name: str, shape: tuple[int, ...]):
    with pytest.raises(ValueError, match=rf"{name} has shape .* instead of"):
        replace(made_answers(4, 1), **{name: np.zeros(shape)})


def test_exact_answers_of_another_shape():
    exact = made_answers(4, 1).exact
    with pytest.raises(ValueError, match=r"exact.width has shape \(13, 2\) instead of \(13, 3\)"):
        replace(exact, width=np.zeros((13, 2)))


def test_indices_that_point_to_nothing():
    answers = made_answers(4, 1)
    with pytest.raises(ValueError, match="library points outside 0 to 0"):
        replace(answers, library=np.ones(52, dtype=int))
    with pytest.raises(ValueError, match=r"exact\.rows points outside 0 to 51"):
        replace(answers, exact=replace(answers.exact, rows=answers.exact.rows + 40))


def test_no_mocks():
    answers = made_answers(4, 0, posterior=False)
    nothing = {name: getattr(answers, name)[:0] for name in ("truth", "point", "magnitude", "snr", "library")}
    with pytest.raises(InputError, match="there are no mocks to evaluate the model on"):
        replace(answers, **nothing)


def test_a_model_that_answers_no_number():
    answers = made_answers(4, 1)
    answers.point[7, 1] = np.nan
    with pytest.raises(
        InputError, match=r"point estimate of metallicity is not a number for mock 8 of 52 \(magnitude 1"
    ):
        replace(answers)
