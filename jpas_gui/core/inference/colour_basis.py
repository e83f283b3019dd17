"""A few numbers that describe the colours of every population of some libraries, at any redshift."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jpas_gui.core.arrays import BoolArray, Float32Array, FloatArray
from jpas_gui.core.inference.band_grid import BandGrid, GridSettings, band_grid
from jpas_gui.core.inference.parameters import PRIOR_EBV, PRIOR_LOG_AGE
from jpas_gui.core.photometry.attenuation import ATTENUATION_LAWS, AttenuationLaw
from jpas_gui.core.photometry.filters import FilterSet
from jpas_gui.core.ssp.library import SSPLibrary

N_COMPONENTS = (16, 4)
"""Principal components of the first library, and of what each further one adds: 0.2 % (rms) is left."""

REDSHIFT_STEP = 0.001
"""The nearest is taken: a narrow band, 145 A wide, is then off by 4 A at most."""

_RIDGE = 1e-6
_MIN_AGE_STEP = 0.04
"""dex. PopStar has nodes closer to each other than J-PAS can tell apart."""


@dataclass(frozen=True, eq=False)
class ColourCells:
    """The cells between the nodes of a library, in which coefficients are linear in the parameters.

    Parameters
    ----------
    centre, half_width : ndarray, shape (n_cells, 2), float32
        log_age and metallicity.
    terms : ndarray, shape (n_cells, 4, n_components), float32
        Coefficients at the centre without dust, their change over half the cell in log_age and in metallicity, and
        with E(B-V) per mag.
    """

    centre: Float32Array
    half_width: Float32Array
    terms: Float32Array


@dataclass(frozen=True, eq=False)
class ColourBasis:
    """Principal components of ln flux.

    ln flux_nu of a population in the bands is ``mean + components @ coefficients`` but for its amplitude. The
    coefficients belong to the population, mean and components to the redshift.

    Parameters
    ----------
    redshift : ndarray, shape (n_redshifts,)
        In equal steps.
    mean : ndarray, shape (n_redshifts, n_bands), float32
    components : ndarray, shape (n_redshifts, n_bands, n_components), float32
    cells : ColourCells
        Of all libraries.
    """

    redshift: FloatArray
    mean: Float32Array
    components: Float32Array
    cells: ColourCells


def colour_basis(
    libraries: Sequence[SSPLibrary],
    filters: FilterSet,
    n_bands: int,
    redshift_range: tuple[float, float],
    law: AttenuationLaw = ATTENUATION_LAWS["calzetti"],
) -> ColourBasis:
    """Find the basis of some libraries, the most complete of them first.

    The coefficients of a population are found from its colours at the lowest, the middle and the highest redshift.
    Each further library is described by the components so far, and by components of what these cannot describe.

    Parameters
    ----------
    n_bands : int
        The first bands of the set are used.

    Raises
    ------
    InputError
        If a library covers no band.
    """
    low, high = redshift_range
    ends = np.unique([low, (low + high) / 2, high])
    redshift = np.linspace(low, high, max(2, round((high - low) / REDSHIFT_STEP) + 1)) if high > low else ends
    grids = [[_grid(library, filters, z, law) for z in ends] for library in libraries]
    tables = [_Stack.of(several, n_bands) for several in grids]
    mean, components = _components(tables)
    coefficients = [table.coefficients(mean, components) for table in tables]
    at_redshift = [_regress(libraries, filters, n_bands, float(z), coefficients, law) for z in redshift]
    cells = [_cells(several[0], c) for several, c in zip(grids, coefficients, strict=True)]
    return ColourBasis(
        redshift,
        np.stack([m for m, _ in at_redshift]).astype(np.float32),
        np.stack([c for _, c in at_redshift]).astype(np.float32),
        ColourCells(*(np.concatenate([getattr(c, n) for c in cells]) for n in ("centre", "half_width", "terms"))),
    )


def _grid(library: SSPLibrary, filters: FilterSet, redshift: float, law: AttenuationLaw) -> BandGrid:
    # Only the library's own nodes: between them the coefficients are linear.
    coarse = GridSettings(log_age=np.inf, metallicity=np.inf, ebv=0.5, log_age_range=PRIOR_LOG_AGE, ebv_range=PRIOR_EBV)
    return band_grid(library, filters, redshift, coarse, law)


@dataclass(frozen=True, eq=False)
class _Stack:
    """ln flux of populations, shape (n, n_values), in bands at several redshifts; False in mask: not covered."""

    log_flux: FloatArray
    mask: BoolArray

    @classmethod
    def of(cls, grids: Sequence[BandGrid], n_bands: int) -> "_Stack":
        rows = np.concatenate([g.log_flux[..., :n_bands].reshape(-1, n_bands) for g in grids], axis=1).astype(float)
        mask = np.concatenate([g.mask[:n_bands] for g in grids])
        rows = rows[np.isfinite(rows[:, 0])]
        return cls(rows - rows[:, mask].mean(axis=1, keepdims=True), mask)

    def coefficients(self, mean: FloatArray, components: FloatArray) -> FloatArray:
        """Return the coefficients, shape (n, n_components), with a free amplitude."""
        design = np.column_stack([np.ones(self.mask.sum()), components[self.mask]])
        ridge = _RIDGE * np.diag(np.r_[0.0, np.ones(components.shape[1])]) * self.mask.sum()
        residual = (self.log_flux - mean)[:, self.mask]
        return np.asarray(np.linalg.solve(design.T @ design + ridge, design.T @ residual.T).T[:, 1:])


def _components(tables: Sequence[_Stack]) -> tuple[FloatArray, FloatArray]:
    """Return mean, shape (n_values,), and components, shape (n_values, n_components), of unit variance."""
    first = tables[0].log_flux
    mean = first.mean(axis=0)
    components = _principal(first - mean, N_COMPONENTS[0])
    for table in tables[1:]:
        fitted = table.coefficients(mean, components) @ components.T
        rest = np.where(table.mask, table.log_flux - mean - fitted, 0)
        rest -= rest[:, table.mask].mean(axis=1, keepdims=True) * table.mask
        components = np.column_stack([components, _principal(rest, N_COMPONENTS[1])])
    return mean, components


def _principal(rows: FloatArray, n: int) -> FloatArray:
    _, strength, directions = np.linalg.svd(rows, full_matrices=False)
    return np.asarray(directions[:n].T * strength[:n] / np.sqrt(len(rows)))


def _regress(
    libraries: Sequence[SSPLibrary],
    filters: FilterSet,
    n_bands: int,
    redshift: float,
    coefficients: list[FloatArray],
    law: AttenuationLaw,
) -> tuple[FloatArray, FloatArray]:
    """Return mean and components of the bands at a redshift, by least squares over all that cover a band."""
    n_components = coefficients[0].shape[1]
    size = n_components + 1
    normal, right = np.zeros((n_bands, size, size)), np.zeros((n_bands, size))
    for library, own in zip(libraries, coefficients, strict=True):
        stack = _Stack.of([_grid(library, filters, redshift, law)], n_bands)
        design = np.column_stack([np.ones(len(own)), own])
        share = 1 / len(own)
        normal[stack.mask] += share * design.T @ design
        right[stack.mask] += share * (stack.log_flux.T @ design)[stack.mask]
    normal += _RIDGE * np.eye(size)
    solved = np.linalg.solve(normal, right[..., np.newaxis])[..., 0]
    return solved[:, 0], solved[:, 1:]


def _cells(grid: BandGrid, coefficients: FloatArray) -> ColourCells:
    known = np.isfinite(grid.log_flux[..., 0])
    table = np.full((*known.shape, coefficients.shape[1]), np.nan)
    table[known] = coefficients
    kept = _thinned(grid.log_age)
    age, table = grid.log_age[kept], table[kept]
    dust = (table[:, :, -1] - table[:, :, 0]) / (grid.ebv[-1] - grid.ebv[0])
    # The middle of the range of E(B-V) is fitted best, its ends a little less.
    bare = table.mean(axis=2) - dust * grid.ebv.mean()
    corners = [bare[:-1, :-1], bare[:-1, 1:], bare[1:, :-1], bare[1:, 1:]]
    young_poor, young_rich, old_poor, old_rich = corners
    terms = np.stack(
        [
            sum(corners) / 4,
            (old_poor + old_rich - young_poor - young_rich) / 4,
            (young_rich + old_rich - young_poor - old_poor) / 4,
            (dust[:-1, :-1] + dust[:-1, 1:] + dust[1:, :-1] + dust[1:, 1:]) / 4,
        ],
        axis=2,
    )
    low = np.stack(np.meshgrid(age[:-1], grid.metallicity[:-1], indexing="ij"), axis=-1)
    high = np.stack(np.meshgrid(age[1:], grid.metallicity[1:], indexing="ij"), axis=-1)
    whole = np.isfinite(terms).all(axis=(2, 3))
    return ColourCells(
        ((low + high) / 2)[whole].astype(np.float32),
        ((high - low) / 2)[whole].astype(np.float32),
        terms[whole].astype(np.float32),
    )


def _thinned(nodes: FloatArray) -> list[int]:
    """Return indices of nodes that are not too close to each other, the first and the last among them."""
    kept = [0]
    for number, node in enumerate(nodes[:-1]):
        if node - nodes[kept[-1]] >= _MIN_AGE_STEP - 1e-9 and nodes[-1] - node >= _MIN_AGE_STEP - 1e-9:
            kept.append(number)
    return [*kept, nodes.size - 1]
