"""A Markov chain over the populations of a grid: the posterior by other means."""

import emcee
import numpy as np

from jpas_gui.core.inference.band_grid import BandGrid

# Differential evolution jumps between the peaks that the library's nodes make. emcee's snooker move is left out: it
# makes chains too narrow.
_MOVES = ((emcee.moves.DEMove(), 0.5), (emcee.moves.StretchMove(), 0.5))


def chain_percentiles(
    grid: BandGrid, start: np.ndarray, flux: np.ndarray, error: np.ndarray, mask: np.ndarray, n_steps: int
) -> np.ndarray:
    """Return 16, 50 and 84 percentiles of each parameter, shape (3, 3).

    Parameters
    ----------
    start : ndarray, shape (n_walkers, 3)
        Draws from about the right posterior.
    flux, error, mask : ndarray, shape (n_bands,)
        In the bands of the grid.
    """
    low, high = np.array([axis[[0, -1]] for axis in grid.axes]).T
    root = np.where(mask & grid.mask, 1 / error, 0)

    def log_probability(parameters: np.ndarray) -> np.ndarray:
        inside = ((parameters > low) & (parameters < high)).all(axis=1)
        result = np.full(len(parameters), -np.inf)
        if inside.any():
            sed = np.exp(grid.log_fluxes(parameters[inside]).astype(float)) * root
            significance = np.maximum(sed @ (flux * root), 0) / np.sqrt((sed**2).sum(1))
            result[inside] = 0.5 * significance**2 - np.log(np.maximum(significance, 1))
        return result

    np.random.seed(7)  # noqa: NPY002  emcee draws from the global generator
    start = np.clip(start, low + 1e-6, high - 1e-6)
    sampler = emcee.EnsembleSampler(len(start), 3, log_probability, moves=list(_MOVES), vectorize=True)
    state = sampler.run_mcmc(start, n_steps // 6)
    sampler.reset()
    sampler.run_mcmc(state, n_steps)
    return np.asarray(np.percentile(sampler.get_chain(flat=True), [16, 50, 84], axis=0))
