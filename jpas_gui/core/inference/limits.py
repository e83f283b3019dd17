"""How well photometry can tell the parameters: against magnitude, and over a whole library."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from jpas_gui.core.arrays import BoolArray, FloatArray, IndexArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.band_grid import BandGrid
from jpas_gui.core.inference.exact.exact_posterior import ExactPosterior
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.core.magnitudes import flux_of_magnitude
from jpas_gui.core.photometry.noise import NoiseModel

_AGE_STEP = 0.1
"""dex between the nodes of a map."""

_LEVELS = (8, 4, 2, 1)
"""A map is filled with every eighth node first, then every fourth ..."""


@dataclass(frozen=True, eq=False)
class Survey:
    """How galaxies are observed.

    Parameters
    ----------
    noise : NoiseModel
        Of all bands of the grids.
    mask : ndarray of bool, shape (n_bands,)
        True where a band is used.
    one_magnitude : bool
        Every band has the relative error of the reference magnitude.
    """

    noise: NoiseModel
    mask: BoolArray
    one_magnitude: bool = False

    def observe(self, grid: BandGrid, parameters: FloatArray, magnitude: float) -> tuple[FloatArray, FloatArray]:
        """Return fluxes without noise of populations, shape (n, 3), and their errors, shape (n, n_bands) each."""
        flux = np.exp(grid.log_fluxes(parameters).astype(float)) * flux_of_magnitude(magnitude)
        return flux, self.noise.flux_nu_error(flux, magnitude if self.one_magnitude else None)

    def usable(self, flux_nu: FloatArray, flux_nu_error: FloatArray) -> BoolArray:
        """Return which bands of SEDs can be used."""
        return np.asarray(self.mask & np.isfinite(flux_nu) & (np.nan_to_num(flux_nu_error) > 0))


@dataclass(frozen=True, eq=False)
class Expected:
    """What an exact posterior would say of populations, shape (n, 3) each: NaN where there are no models.

    Parameters
    ----------
    error : ndarray
        Half the width between the 16 and 84 percentiles.
    bias : ndarray
        Median minus truth; under another library, what it would have them be.
    """

    error: FloatArray
    bias: FloatArray


def expected(
    exact: ExactPosterior, grid: BandGrid, survey: Survey, parameters: FloatArray, magnitude: float
) -> Expected:
    """Return what an exact posterior says of populations without noise in their fluxes, but with their errors.

    Parameters
    ----------
    exact : ExactPosterior
        Of all bands of `grid`, under its library or another one at the same redshift.
    grid : BandGrid
        Gives the populations.
    parameters : ndarray, shape (n, 3)
    """
    error, bias = np.full(parameters.shape, np.nan), np.full(parameters.shape, np.nan)
    fluxes, flux_errors = survey.observe(grid, parameters, magnitude)
    known = np.isfinite(fluxes).all(axis=1)
    for row in np.flatnonzero(known):
        used = survey.usable(fluxes[row], flux_errors[row]) & grid.mask
        try:
            low, median, high = exact(fluxes[row], flux_errors[row], used).percentiles()
        except InputError:
            continue
        error[row], bias[row] = (high - low) / 2, median - parameters[row]
    return Expected(error, bias)


@dataclass(frozen=True, eq=False)
class LibraryMap:
    """What is expected over the ages and metallicities of a library, as far as it is known.

    Parameters
    ----------
    log_age, metallicity : ndarray, shape (n_age,), (n_met,)
    error, bias : ndarray, shape (n_age, n_met, 3)
        Of `Expected`. A node that is still to come has the value of the nearest coarser one.
    n_known : int
        Number of nodes that are known.
    """

    log_age: FloatArray
    metallicity: FloatArray
    error: FloatArray
    bias: FloatArray
    n_known: int = 0

    @property
    def n_nodes(self) -> int:
        """Number of all nodes."""
        return self.log_age.size * self.metallicity.size

    @property
    def is_whole(self) -> bool:
        """Whether all nodes are known."""
        return self.n_known >= self.n_nodes

    @classmethod
    def empty(cls, grid: BandGrid) -> "LibraryMap":
        """Return a map of a library of which nothing is known yet."""
        low, high = grid.log_age[0], grid.log_age[-1]
        log_age = np.linspace(low, high, max(2, round((high - low) / _AGE_STEP) + 1))
        nothing = np.full((log_age.size, grid.metallicity.size, len(PARAMETERS)), np.nan)
        return cls(log_age, grid.metallicity, nothing, nothing)


def grown(
    library_map: LibraryMap, exact: ExactPosterior, grid: BandGrid, survey: Survey, ebv: float, magnitude: float, n: int
) -> LibraryMap:
    """Return a map with `n` more nodes, coarse ones first."""
    ages, metallicities = library_map.log_age, library_map.metallicity
    order, block = _order(ages.size, metallicities.size)
    part = slice(library_map.n_known, library_map.n_known + n)
    i, j = order[part].T
    parameters = np.column_stack([ages[i], metallicities[j], np.full(i.size, ebv)])
    found = expected(exact, grid, survey, parameters, magnitude)
    error, bias = library_map.error.copy(), library_map.bias.copy()
    for place in range(i.size):
        square = (slice(i[place], i[place] + block[part][place]), slice(j[place], j[place] + block[part][place]))
        error[square], bias[square] = found.error[place], found.bias[place]
    return replace(library_map, error=error, bias=bias, n_known=library_map.n_known + i.size)


def _order(n_age: int, n_met: int) -> tuple[IndexArray, IndexArray]:
    """Return the nodes, shape (n, 2), in the order in which they are computed, and how many each stands for, a side."""
    seen, order, block = set(), [], []
    for step in _LEVELS:
        for node in _every(n_age, n_met, step):
            if node not in seen:
                seen.add(node)
                order.append(node)
                block.append(step)
    return np.array(order, dtype=np.intp), np.array(block, dtype=np.intp)


def _every(n_age: int, n_met: int, step: int) -> Iterator[tuple[int, int]]:
    return ((i, j) for i in range(0, n_age, step) for j in range(0, n_met, step))
