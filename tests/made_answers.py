"""Answers whose statistics are known: a posterior that is exact by construction, and a model that is nearly as good."""

import numpy as np
from scipy.stats import truncnorm

from jpas_gui.core.evaluation import answers as evaluation

LOW = np.array([6.5, -2.0, 0.0])
HIGH = np.array([10.15, 0.4, 1.0])
SIGMA_AT_22 = np.array([0.55, 0.5, 0.15])


def made_answers(
    n_per_bin: int = 100, n_exact: int = 20, posterior: bool = True, libraries: tuple[str, ...] = ("popstar",)
) -> evaluation.TestAnswers:
    """Return answers to n_per_bin mocks around each of the magnitudes 16, 16.5 ... 22.

    The prior is uniform and the data are the truth with Gaussian noise, so the posterior is a truncated Gaussian.
    The model's has its centre a little off.
    """
    rng = np.random.default_rng(5)
    n = 13 * n_per_bin
    truth = rng.uniform(LOW, HIGH, size=(n, 3))
    magnitude = np.clip(np.repeat(np.arange(16, 22.25, 0.5), n_per_bin) + rng.uniform(-0.25, 0.25, n), 16, 22)
    sigma = SIGMA_AT_22 * np.maximum(10 ** (0.2 * (magnitude - 22)), 0.05)[:, None]
    seen = truth + sigma * rng.standard_normal((n, 3))
    exact, model = (_posterior(centre, sigma) for centre in (seen, seen + 0.2 * sigma * rng.standard_normal((n, 3))))
    percentiles = np.moveaxis(np.array([model.ppf(level) for level in (0.16, 0.5, 0.84)]), 0, -1)
    rows = np.sort(np.concatenate([start + np.arange(n_exact) for start in range(0, n, n_per_bin)]))
    return evaluation.TestAnswers(
        truth=truth,
        point=percentiles[:, :, 1],
        percentiles=percentiles if posterior else None,
        ranks=model.cdf(truth) if posterior else None,
        magnitude=magnitude,
        snr=1.08 / (0.0006 * 10 ** (0.4 * (magnitude - 16))),
        library=np.arange(n) % len(libraries),
        libraries=libraries,
        exact=evaluation.ExactAnswers(
            rows, exact.median()[rows], exact.cdf(truth)[rows], (exact.ppf(0.84) - exact.ppf(0.16))[rows]
        )
        if n_exact
        else None,
    )


def _posterior(centre: np.ndarray, sigma: np.ndarray):
    return truncnorm((LOW - centre) / sigma, (HIGH - centre) / sigma, centre, sigma)
